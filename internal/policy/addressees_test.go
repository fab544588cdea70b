package policy

import (
	"fmt"
	"slices"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

func inboxes(list []Addressee) string {
	var names []string
	for _, to := range list {
		names = append(names, string(to.Agency)+"/"+string(to.Unit))
	}
	return fmt.Sprint(names)
}

// Whose inboxes hear of a record, and who of them is told of its corrections.
func TestAddressees(t *testing.T) {
	const who = "gb-one"
	audience := func(a *ententev1.Audience) *ententev1.Release { return &ententev1.Release{Audience: a} }
	red := func(r *ententev1.Release) *ententev1.Release {
		r.Markings = tlp(tlpRed)
		return r
	}
	joins, suspends := command{act: join, group: 1, agency: who}, command{act: suspend, agency: who}
	to := func(r *ententev1.Release) command { return command{act: release, release: r} }
	for _, c := range []struct {
		name            string
		life            history
		protected       bool
		told, corrected string
	}{
		{"nobody", history{to(nil)}, false, "[]", "[]"},
		{"all but the owner", history{to(toAll(nil))}, false, "[de-one/ fr-two/ gb-one/]", "[de-one/ fr-two/ gb-one/]"},
		{"a group", history{joins, to(toGroup(1))}, false, "[gb-one/]", "[gb-one/]"},
		{"a group that grew since", history{to(toGroup(1)), joins}, false, "[]", "[]"},
		{"a group and a name", history{joins, to(audience(&ententev1.Audience{
			Agencies: []string{"agencies/gb-one"}, Groups: []string{groupName(1)},
		}))}, false, "[gb-one/]", "[gb-one/]"},
		{"a unit, and not its agency", history{to(audience(&ententev1.Audience{Units: []string{"agencies/gb-one/units/desk"}}))}, false,
			"[gb-one/desk]", "[gb-one/desk]"},
		{"a unit that there is not", history{to(audience(&ententev1.Audience{Units: []string{"agencies/gb-one/units/lab"}}))}, false, "[]", "[]"},
		{"the owner's units", history{to(audience(&ententev1.Audience{
			Agencies: []string{"agencies/fr-one"}, Units: []string{"agencies/fr-one/units/desk"},
		}))}, false, "[fr-one/desk]", "[fr-one/desk]"},
		{"officers have no inbox", history{to(audience(&ententev1.Audience{Officers: []string{"agencies/gb-one/officers/7"}}))}, false, "[]", "[]"},
		{"TLP:RED", history{to(red(toEverybody(nil)))}, false,
			"[de-one/desk fr-two/desk gb-one/desk]", "[de-one/desk fr-two/desk gb-one/desk]"},
		{"REL TO", history{to(toAll(rel("GB")))}, false, "[gb-one/]", "[gb-one/]"},
		{"protected", history{to(toAll(nil))}, true, "[]", "[]"},
		{"suspended, had it", history{joins, to(toGroup(1)), suspends}, false, "[]", "[gb-one/]"},
		{"suspended, of all partners", history{to(toAll(nil)), suspends}, false, "[de-one/ fr-two/]", "[de-one/ fr-two/ gb-one/]"},
		{"suspended before", history{joins, suspends, to(toGroup(1))}, false, "[]", "[]"},
		{"suspended, and off the list since", history{joins, to(toGroup(1)), suspends, {act: leave, group: 1, agency: who}}, false, "[]", "[]"},
		{"expelled", history{joins, to(toGroup(1)), {act: expel, agency: who}}, false, "[]", "[]"},
	} {
		m := replay(append(enrolled(), c.life...), c.protected)
		if got := inboxes(Addressees(m.record(), m)); got != c.told {
			t.Errorf("%s: told %s, want %s", c.name, got, c.told)
		}
		if got := inboxes(Holders(m.record(), m)); got != c.corrected {
			t.Errorf("%s: corrections to %s, want %s", c.name, got, c.corrected)
		}
	}
}

// Asking does not touch the lists that Members shares.
func TestAddresseesKeepSharedLists(t *testing.T) {
	m := released(toEverybody(nil), false)
	shared := sharing{roster: m, current: m.Current(AllPartners)}
	before := slices.Clone(shared.current)
	Addressees(m.record(), shared)
	Holders(m.record(), shared)
	RecordTerms(m.record(), shared)
	if !slices.Equal(shared.current, before) {
		t.Errorf("%v became %v", before, shared.current)
	}
}

// sharing hands out one list of members, as a hub does.
type sharing struct {
	*roster
	current []intel.AgencyID
}

func (s sharing) Current(uint32) []intel.AgencyID { return s.current }
