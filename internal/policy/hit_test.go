package policy

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// hit is Hit as the rules have it, read off the history.
func (m model) hit(p person, purpose ententev1.ProcessingPurpose) bool {
	version := m.inForce(m.now())
	r := m.at(version).release
	to, marks := r.GetHitAudience(), r.GetMarkings()
	shielded := m.protected || marks.GetContainsProtectedPersons()
	recalled := slices.ContainsFunc(m.history, func(c command) bool { return c.act == recall })
	if r.GetExistence() != ententev1.Existence_EXISTENCE_HIT || shielded || recalled || p.agency == owner ||
		m.status(m.now(), p.agency) != active || m.status(m.now(), owner) != active {
		return false
	}
	if slices.Contains(marks.GetNationalCaveats(), ententev1.NationalCaveat_NATIONAL_CAVEAT_NOFORN) && country(p.agency) != country(owner) ||
		len(marks.GetReleasableRegionCodes()) > 0 && !slices.Contains(marks.GetReleasableRegionCodes(), country(p.agency)) ||
		!(Record{Release: r}).permits(purpose) {
		return false
	}
	if p.unit == desk && slices.Contains(to.GetUnits(), p.unitName()) {
		return true
	}
	if marks.GetTrafficLight() == ententev1.TrafficLight_TRAFFIC_LIGHT_RED {
		return false
	}
	in := slices.Contains(to.GetAgencies(), p.agency.Name())
	for group := uint32(1); group <= 2; group++ {
		if slices.Contains(to.GetGroups(), groupName(group)) {
			then := m.hitReleased(version, group)
			in = in || m.member(then, group, p.agency) && m.member(m.now(), group, p.agency)
		}
	}
	return in
}

// hitReleased is released, of the hit audience.
func (m model) hitReleased(version uint64, group uint32) uint64 {
	moment := version
	for _, v := range slices.Backward(m.versions()) {
		if v > version {
			continue
		}
		if !slices.Contains(m.at(v).release.GetHitAudience().GetGroups(), groupName(group)) {
			break
		}
		moment = v
		if m.at(v).open {
			break
		}
	}
	return moment
}

// A check finds exactly what Hit gives, also by terms that were made when the record last changed, where the owner is in standing.
func TestHitIsTheModelAndTheTerms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, purpose := drawWorld(t), drawPurpose(t)
		for _, p := range everybody() {
			r := p.reader(purpose)
			got := Hit(r, w.record(), w.roster)
			if want := w.hit(p, purpose); got != want {
				t.Fatalf("%+v for %v: %v, want %v\n%v", p, purpose, got, want, w.history)
			}
			if p.agency == owner || !w.Active(owner) || w.record().Recalled {
				continue
			}
			conjuncts := [][]Term{HitReaderTerms(r, w.roster), readerPurposes(r)}
			if found(append(slices.Clone(w.hits), purposeTerms(w.record())...), conjuncts) != got {
				t.Fatalf("%+v for %v: hit %v, terms %v\n%v", p, purpose, got, w.hits, w.history)
			}
		}
	})
}

// Who gets a hit from a release that restricts nothing else.
func TestHit(t *testing.T) {
	r := &ententev1.Release{Existence: ententev1.Existence_EXISTENCE_HIT, HitAudience: &ententev1.HitAudience{
		Agencies: []string{"agencies/gb-one"}, Units: []string{"agencies/de-one/units/desk"},
	}}
	m := released(r, false)
	for p, want := range map[person]bool{
		{agency: "gb-one"}: true, {agency: "gb-one", unit: desk, officer: "7"}: true, {agency: "de-one"}: false, {agency: "de-one", unit: desk}: true,
		{agency: "fr-two"}: false, {agency: owner}: false,
	} {
		if got := Hit(p.reader(investigation), m.record(), m); got != want {
			t.Errorf("%+v gets a hit: %v, want %v", p, got, want)
		}
	}
}

// What a record answers a check of somebody else's with is never about protected
// persons, never from or to an agency out of standing, and silence is no hit.
func TestChecksKeepTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, purpose := drawWorld(t), drawPurpose(t)
		rec := w.record()
		for _, p := range everybody() {
			r := p.reader(purpose)
			hit, silent := Hit(r, rec, w.roster), Silent(r, rec, w.roster)
			if hit && silent || (hit || silent) && (rec.protected() || rec.Recalled || !w.Active(p.agency) || !w.Active(owner) || p.agency == owner) {
				t.Fatalf("%+v: hit %v, silent %v\n%v", p, hit, silent, w.history)
			}
			if silent && (rec.Release.GetExistence() != ententev1.Existence_EXISTENCE_SILENT || Read(r, rec, w.roster) == Readable) {
				t.Fatalf("%+v: silent\n%v", p, w.history)
			}
			due := rec
			due.ReviewDue = true
			if Hit(r, due, w.roster) || Silent(r, due, w.roster) {
				t.Fatalf("%+v: a record past its review answers", p)
			}
		}
		if terms := HitTerms(rec, w.roster); rec.Release.GetExistence() <= ententev1.Existence_EXISTENCE_HIDDEN && len(terms) > 0 {
			t.Fatalf("a hidden record has %v", terms)
		}
	})
}
