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

// Then decides whether a reader was entitled to a record between two commands,
// from included, until not; until 0 is now. It is asked of old revisions, beside
// Read: those need entitlement then and now. Membership counts where it held at
// the beginning or the end of a version's share of that time: a membership that
// began and ended within shows nothing, which errs on the side of the originator.
func Then(r Reader, versions []Version, fromOrdinal, untilOrdinal uint64, m Members) bool {
	for _, v := range versions {
		first, last, overlaps := share(v, fromOrdinal, untilOrdinal)
		if overlaps && (entitledAt(r, v.Record, first, m) || entitledAt(r, v.Record, last, m)) {
			return true
		}
	}
	return false
}

// forever stands for the end of what has not ended.
const forever = ^uint64(0)

// share is the first and last command under which a version was in force between
// two others.
func share(v Version, from, until uint64) (first, last uint64, overlaps bool) {
	if until == 0 {
		until = forever
	}
	to := v.ToOrdinal
	if to == 0 {
		to = forever
	}
	first, to = max(v.FromOrdinal, from), min(to, until)
	return first, to - 1, first < to
}

// entitledAt is Read as of a command, recall and purpose aside.
func entitledAt(r Reader, rec Record, ordinal uint64, m Members) bool {
	if r.Agency == rec.Owner {
		return Own(r, rec)
	}
	if r.Operator || !m.MemberAtOrdinal(AllPartners, r.Agency, ordinal) || !rec.releasableTo(r.Region) {
		return false
	}
	if addressedByName(r, rec, m) {
		return true
	}
	if rec.red() || rec.protected() {
		return false
	}
	for _, s := range rec.Stamps {
		if m.MemberAt(s.GetGroup(), r.Agency, s.GetGeneration()) && m.MemberAtOrdinal(s.GetGroup(), r.Agency, ordinal) {
			return true
		}
	}
	return false
}

// addressedByName is addressed without groups.
func addressedByName(r Reader, rec Record, m Members) bool {
	return namesOfficer(r, rec) || namesUnit(r, rec) && m.HasUnit(r.Agency, r.Unit) ||
		!rec.red() && slices.Contains(rec.audience().GetAgencies(), r.Agency.Name())
}
