package policy

import (
	"slices"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

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
	switch {
	case r.Operator || r.Agency == "" || !m.Active(r.Agency):
		return Absent
	case r.Agency == rec.Owner:
		if Own(r, rec) { // bindings name no unit that the agency does not have
			return Readable // an originator is not bound by its own purposes
		}
		return Absent
	case rec.Recalled || !rec.releasableTo(r.Region) || !addressed(r, rec, m):
		return Absent
	case !permitted(r.Purpose, rec):
		return WrongPurpose
	}
	return Readable
}

// Listed decides whether a record may stand in a list for a reader now: it is
// readable, and its review is not due unless it is the reader's own.
func Listed(r Reader, rec Record, m Members) bool {
	return Read(r, rec, m) == Readable && (!rec.ReviewDue || r.Agency == rec.Owner)
}

// Own tells whether a record is the reader's agency's own, and not narrowed to
// units or officers that the reader is none of. It does not ask for standing.
func Own(r Reader, rec Record) bool {
	if r.Operator || r.Agency == "" || r.Agency != rec.Owner {
		return false
	}
	units := rec.ownUnits()
	return len(units) == 0 || r.Unit != "" && slices.Contains(units, r.Unit) || namesOfficer(r, rec)
}

func namesOfficer(r Reader, rec Record) bool {
	return r.Officer != "" && slices.Contains(rec.audience().GetOfficers(), intel.OfficerName(r.Agency, r.Officer))
}

func namesUnit(r Reader, rec Record) bool {
	return r.Unit != "" && slices.Contains(rec.audience().GetUnits(), intel.UnitName(r.Agency, r.Unit))
}

// addressed tells whether the audience holds the reader, who is not the owner.
func addressed(r Reader, rec Record, m Members) bool {
	switch {
	case namesOfficer(r, rec), namesUnit(r, rec) && m.HasUnit(r.Agency, r.Unit):
		return true
	case rec.red():
		return false
	case slices.Contains(rec.audience().GetAgencies(), r.Agency.Name()):
		return true
	case rec.protected():
		return false
	}
	for _, s := range rec.Stamps {
		if m.MemberNow(s.GetGroup(), r.Agency) && m.MemberAt(s.GetGroup(), r.Agency, s.GetGeneration()) {
			return true
		}
	}
	return false
}

// permitted tells whether the release permits a purpose to those who are not its
// originator. Machines deliver whatever people may read, but TLP:RED only where
// the originator said so; returns never reach protected persons.
func permitted(p ententev1.ProcessingPurpose, rec Record) bool {
	only := rec.Release.GetMarkings().GetPermittedPurposes()
	switch {
	case p == ententev1.ProcessingPurpose_PROCESSING_PURPOSE_RETURNS && rec.protected():
		return false
	case p == ententev1.ProcessingPurpose_PROCESSING_PURPOSE_SYSTEM_DELIVERY:
		return !rec.red() || slices.Contains(only, p)
	}
	return len(only) == 0 || slices.Contains(only, p)
}
