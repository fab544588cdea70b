package policy

// Verdict is the answer to whether a reader may read a record.
type Verdict uint8

// The verdicts. The zero value tells a reader nothing.
const (
	// Absent: for this reader there is no such record.
	Absent Verdict = iota
	// WrongPurpose: the reader may read it, but not for the purpose stated.
	WrongPurpose
	// Readable: here it is.
	Readable
)

// Read decides whether a reader may read a record now.
func Read(r Reader, rec Record, m Members) Verdict {
	r = r.bound(m)
	switch {
	case r.nobody() || !m.Active(r.Agency):
		return Absent
	case r.Agency == rec.Owner && !Own(r, rec):
		return Absent
	case r.Agency == rec.Owner:
		return verdict(rec.permitsOwner(r.Purpose))
	case rec.Recalled || !rec.releasableTo(r.Region) || !addressed(r, rec, m):
		return Absent
	}
	return verdict(rec.permits(r.Purpose))
}

// verdict on a reader who may read, if not for every purpose.
func verdict(purpose bool) Verdict {
	if purpose {
		return Readable
	}
	return WrongPurpose
}

// Listed decides whether a record may stand in a list for a reader now: it is
// readable, and its review is not due unless it is the reader's own.
func Listed(r Reader, rec Record, m Members) bool {
	return Read(r, rec, m) == Readable && (!rec.ReviewDue || r.Agency == rec.Owner)
}

// Own tells whether a record is the reader's agency's own, and not narrowed to
// units or officers that the reader is none of. It asks neither for standing nor
// for the purpose: it is also what an originator's change of its record rests on.
func Own(r Reader, rec Record) bool {
	if r.nobody() || r.Agency != rec.Owner {
		return false
	}
	return len(rec.ownUnits()) == 0 || namesUnit(r, rec) || namesOfficer(r, rec)
}
