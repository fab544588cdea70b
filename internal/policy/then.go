package policy

import "slices"

// Version is a release that was in force, with the record as it was under it.
type Version struct {
	// FromOrdinal is the command that brought it, ToOrdinal the one that replaced
	// it; 0 while it is in force.
	FromOrdinal, ToOrdinal uint64
	// Record under this release.
	Record Record
}

// Then decides whether a reader was entitled to a record at any moment between
// two commands: from included, until not; until 0 is still. The moment n is the
// state in which command n left the hub. It is asked of old revisions, beside
// Read: those need entitlement then and now. Recall and purposes are Read's. The
// unit, the officer and the protected persons are those of today, whose history
// is not kept: for them the answer is as if they had always been so.
func Then(r Reader, versions []Version, fromOrdinal, untilOrdinal uint64, m Members) bool {
	r = r.bound(m)
	if r.nobody() {
		return false
	}
	return slices.ContainsFunc(versions, func(v Version) bool {
		from, until, overlaps := v.during(fromOrdinal, untilOrdinal)
		return overlaps && entitledWithin(r, v.Record, from, until, m)
	})
}

// during is the part of a time in which the version was in force; until 0 is still.
func (v Version) during(from, until uint64) (uint64, uint64, bool) {
	from = max(from, v.FromOrdinal)
	if v.ToOrdinal != 0 && (until == 0 || v.ToOrdinal < until) {
		until = v.ToOrdinal
	}
	return from, until, until == 0 || from < until
}

// entitledWithin is Read at some moment of a time, recall and purpose aside.
func entitledWithin(r Reader, rec Record, from, until uint64, m Members) bool {
	if r.Agency == rec.Owner {
		return Own(r, rec)
	}
	if !rec.releasableTo(r.Region) {
		return false
	}
	if named(r, rec) && m.MemberWithin(AllPartners, r.Agency, from, until) {
		return true
	}
	return slices.ContainsFunc(rec.opened(), func(s *stamp) bool {
		return m.MemberAt(s.GetGroup(), r.Agency, s.GetGeneration()) && m.MemberWithin(s.GetGroup(), r.Agency, from, until)
	})
}
