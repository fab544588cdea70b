package policy

import (
	"slices"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// Hit decides whether a reader who may not read a record learns that its owner
// holds it, and whom to ask: existence is HIT and the hit audience holds the
// reader. Both agencies must be in standing; what restricts the reading of the
// record restricts its hits too, and persons whom the law protects give none.
func Hit(r Reader, rec Record, m Members) bool {
	r = r.bound(m)
	return rec.hits() && answers(r, rec, m) && rec.releasableTo(r.Region) && rec.permits(r.Purpose) && hitAddressed(r, rec, m)
}

// Silent decides whether the originator is told that a reader, who may not read
// the record and does not learn of it, has asked for what is in it.
func Silent(r Reader, rec Record, m Members) bool {
	return rec.silent() && answers(r, rec, m) && Read(r, rec, m) != Readable
}

// answers tells whether a record takes part in the checks of another agency at all.
func answers(r Reader, rec Record, m Members) bool {
	return !r.nobody() && r.Agency != rec.Owner && m.Active(r.Agency) && m.Active(rec.Owner) && !rec.ReviewDue
}

func (rec Record) hits() bool {
	return rec.Release.GetExistence() == ententev1.Existence_EXISTENCE_HIT && !rec.Recalled && !rec.protected()
}

func (rec Record) silent() bool {
	return rec.Release.GetExistence() == ententev1.Existence_EXISTENCE_SILENT && !rec.Recalled && !rec.protected()
}

// hitAddressed tells whether the hit audience holds the reader now. Groups open
// to those who were members when the release first named them there, as for
// reading; TLP:RED opens to units alone.
func hitAddressed(r Reader, rec Record, m Members) bool {
	to := rec.Release.GetHitAudience()
	if r.Unit != "" && slices.Contains(to.GetUnits(), intel.UnitName(r.Agency, r.Unit)) {
		return true
	}
	if rec.red() {
		return false
	}
	return slices.Contains(to.GetAgencies(), r.Agency.Name()) || slices.ContainsFunc(rec.HitStamps, func(s *stamp) bool {
		return m.MemberNow(s.GetGroup(), r.Agency) && m.MemberAt(s.GetGroup(), r.Agency, s.GetGeneration())
	})
}

// HitTerms are the terms under which a check finds a record that its asker may
// not read: those of its hit audience, or the one of an owner that wants to be
// told in silence. They lie beside RecordTerms, whose purposes bind them too. The
// owner's standing and the review time are not in them: both come with time.
func HitTerms(rec Record, m Members) []Term {
	switch {
	case rec.silent():
		return []Term{SilentTerm(rec.Owner)}
	case !rec.hits():
		return nil
	}
	to := rec.Release.GetHitAudience()
	var terms []Term
	add := func(a intel.AgencyID, ok bool, t Term) {
		if ok && a != rec.Owner && rec.releasableTo(m.Region(a)) {
			terms = append(terms, t)
		}
	}
	for _, name := range to.GetUnits() {
		a, _, ok := intel.ParseUnitName(name)
		add(a, ok, unitTerm(name))
	}
	if rec.red() {
		return terms
	}
	for _, name := range to.GetAgencies() {
		a, ok := intel.ParseAgencyName(name)
		add(a, ok, agencyTerm(a))
	}
	for _, s := range rec.HitStamps {
		if rec.releasableEverywhere() {
			terms = append(terms, groupTerm(s.GetGroup(), s.GetGeneration(), anyMember))
			continue
		}
		eachListed(AllPartners, m, func(a intel.AgencyID) {
			if m.MemberAt(s.GetGroup(), a, s.GetGeneration()) {
				add(a, true, groupTerm(s.GetGroup(), s.GetGeneration(), a))
			}
		})
	}
	return terms
}

// HitReaderTerms are what a reader gets a hit by: a record that has one of them,
// and meets the reader's purposes, gives it one. Own records are among them where
// a group of the hit audience is the owner's own; Hit is asked about each.
func HitReaderTerms(r Reader, m Members) []Term {
	r = r.bound(m)
	if r.nobody() || !m.Active(r.Agency) {
		return nil
	}
	r.Officer = "" // officers are no hit audience
	return memberships(r, m)
}

// SilentTerm is the term of what an owner holds in silence.
func SilentTerm(owner intel.AgencyID) Term { return Term("s" + string(owner)) }
