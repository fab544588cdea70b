package policy

import (
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

const (
	investigation = ententev1.ProcessingPurpose_PROCESSING_PURPOSE_INVESTIGATION
	prosecution   = ententev1.ProcessingPurpose_PROCESSING_PURPOSE_PROSECUTION
)

// everyone enrolled, before the record's release.
func enrolled() history {
	var h history
	for _, a := range cast() {
		h = append(h, command{act: enrol, agency: a})
	}
	return h
}

// released is a hub on which the cast is enrolled and the record released.
func released(r *ententev1.Release, protected bool) *roster {
	return replay(append(enrolled(), command{act: release, release: r}), protected)
}

func toAll(m *ententev1.Markings) *ententev1.Release {
	return &ententev1.Release{Audience: &ententev1.Audience{AllPartners: true}, Markings: m}
}

// toEverybody names every partner in every way that there is.
func toEverybody(m *ententev1.Markings) *ententev1.Release {
	r := toAll(m)
	for _, a := range cast() {
		if a == owner {
			continue
		}
		r.Audience.Agencies = append(r.Audience.Agencies, a.Name())
		r.Audience.Units = append(r.Audience.Units, a.Name()+"/units/desk")
		r.Audience.Officers = append(r.Audience.Officers, a.Name()+"/officers/7")
	}
	return r
}

// What each marking does, one at a time, as the field has it.
func TestMarkings(t *testing.T) {
	house, neighbour := person{agency: owner}, person{agency: "fr-two"}
	abroad, inDesk, officer := person{agency: "gb-one"}, person{agency: "gb-one", unit: desk}, person{agency: "gb-one", officer: "7"}
	german := person{agency: "de-one"}
	type reads map[person]Verdict
	for _, c := range []struct {
		name      string
		release   *ententev1.Release
		protected bool
		purpose   ententev1.ProcessingPurpose
		want      reads
	}{
		{"no audience", &ententev1.Release{}, false, investigation,
			reads{house: Readable, neighbour: Absent, abroad: Absent, inDesk: Absent, officer: Absent}},
		{"no release at all", nil, false, investigation, reads{house: Readable, neighbour: Absent, officer: Absent}},
		{"all partners", toAll(nil), false, investigation,
			reads{house: Readable, neighbour: Readable, abroad: Readable, inDesk: Readable, officer: Readable}},
		{"NOFORN", toEverybody(&ententev1.Markings{NationalCaveats: []ententev1.NationalCaveat{noforn}}), false, investigation,
			reads{house: Readable, neighbour: Readable, abroad: Absent, inDesk: Absent, officer: Absent}},
		{"REL TO", toEverybody(&ententev1.Markings{ReleasableRegionCodes: []string{"GB", "JP"}}), false, investigation,
			reads{house: Readable, neighbour: Absent, abroad: Readable, inDesk: Readable, officer: Readable, german: Absent}},
		{"REL TO and NOFORN add up", toEverybody(&ententev1.Markings{
			ReleasableRegionCodes: []string{"GB"}, NationalCaveats: []ententev1.NationalCaveat{noforn},
		}), false, investigation, reads{house: Readable, neighbour: Absent, abroad: Absent, officer: Absent}},
		{"TLP:RED", toEverybody(&ententev1.Markings{TrafficLight: tlpRed}), false, investigation,
			reads{house: Readable, neighbour: Absent, abroad: Absent, inDesk: Readable, officer: Readable,
				{agency: "gb-one", officer: "8"}: Absent, {agency: "gb-one", unit: lab}: Absent}},
		{"TLP:AMBER+STRICT is shown only", toAll(&ententev1.Markings{
			TrafficLight: ententev1.TrafficLight_TRAFFIC_LIGHT_AMBER_STRICT,
		}), false, investigation, reads{abroad: Readable}},
		{"a handling code is shown only", toAll(&ententev1.Markings{HandlingCodes: values[ententev1.EuropolHandlingCode](2, 4)}), false,
			investigation, reads{abroad: Readable}},
		{"protected by the content", toAll(nil), true, investigation, reads{house: Readable, neighbour: Absent, officer: Absent}},
		{"protected by the marking", toAll(&ententev1.Markings{ContainsProtectedPersons: true}), false, investigation,
			reads{house: Readable, neighbour: Absent, officer: Absent}},
		{"protected, named one by one", toEverybody(nil), true, investigation,
			reads{house: Readable, neighbour: Readable, abroad: Readable, inDesk: Readable, officer: Readable}},
		{"protected, for returns", toEverybody(nil), true, returns,
			reads{house: WrongPurpose, neighbour: WrongPurpose, officer: WrongPurpose}},
		{"returns of others", toAll(nil), false, returns, reads{house: Readable, abroad: Readable}},
		{"a purpose that is permitted", toAll(purposesOnly(investigation)), false, investigation, reads{house: Readable, abroad: Readable}},
		{"a purpose that is not", toAll(purposesOnly(investigation)), false, prosecution, reads{house: Readable, abroad: WrongPurpose}},
		{"a purpose tells outsiders nothing", &ententev1.Release{Markings: purposesOnly(investigation)}, false, prosecution, reads{abroad: Absent}},
		{"no purpose", toAll(nil), false, 0, reads{abroad: WrongPurpose}},
		{"no known purpose", toAll(nil), false, 99, reads{abroad: WrongPurpose}},
		{"machines", toAll(purposesOnly(investigation)), false, systemDelivery, reads{abroad: Readable}},
		{"machines and TLP:RED", toEverybody(&ententev1.Markings{TrafficLight: tlpRed}), false, systemDelivery,
			reads{house: Readable, abroad: Absent, inDesk: WrongPurpose}},
		{"machines named with TLP:RED", toEverybody(&ententev1.Markings{
			TrafficLight: tlpRed, PermittedPurposes: []ententev1.ProcessingPurpose{systemDelivery},
		}), false, systemDelivery, reads{inDesk: Readable}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := released(c.release, c.protected)
			for p, want := range c.want {
				r := p.reader(c.purpose)
				if got := Read(r, m.record(), m); got != want {
					t.Errorf("%+v: %d, want %d", p, got, want)
				}
				if got := found(m.terms, ReaderTerms(r, m)); got != (want == Readable) {
					t.Errorf("%+v: found %v, read %d", p, got, want)
				}
			}
		})
	}
}

func purposesOnly(p ...ententev1.ProcessingPurpose) *ententev1.Markings {
	return &ententev1.Markings{PermittedPurposes: p}
}

// What others may learn of a record has no say in who reads it.
func TestExistenceIsNoAudience(t *testing.T) {
	for e := range ententev1.Existence_name {
		m := released(&ententev1.Release{
			Existence:   ententev1.Existence(e),
			HitAudience: &ententev1.HitAudience{Agencies: []string{"agencies/gb-one"}, Units: []string{"agencies/gb-one/units/desk"}},
		}, false)
		for _, p := range everybody() {
			if p.agency != owner && Read(p.reader(investigation), m.record(), m) != Absent {
				t.Errorf("existence %d lets %+v read", e, p)
			}
		}
		if len(Addressees(m.record(), m)) != 0 {
			t.Errorf("existence %d tells somebody", e)
		}
	}
}

// Recalled, a record is its owner's alone, however wide it went.
func TestRecalled(t *testing.T) {
	m := released(toEverybody(nil), false)
	m.apply(command{act: recall})
	for _, p := range everybody() {
		want := Absent
		if p.agency == owner {
			want = Readable
		}
		if got := Read(p.reader(investigation), m.record(), m); got != want {
			t.Errorf("%+v: %d, want %d", p, got, want)
		}
	}
	if len(Addressees(m.record(), m))+len(Holders(m.record(), m)) != 0 {
		t.Error("a recalled record tells somebody")
	}
}

// Units of the owner that the release names narrow its own house; named officers
// stay in, and partners notice nothing.
func TestOwnUnitsNarrow(t *testing.T) {
	r := toAll(nil)
	r.Audience.Units = []string{"agencies/fr-one/units/desk"}
	r.Audience.Officers = []string{"agencies/fr-one/officers/8"}
	m := released(r, false)
	for p, want := range map[person]Verdict{
		{agency: owner}: Absent, {agency: owner, unit: lab}: Absent, {agency: owner, officer: "7"}: Absent,
		{agency: owner, unit: desk}: Readable, {agency: owner, officer: "8"}: Readable,
		{agency: "gb-one"}: Readable, {agency: "gb-one", officer: "8"}: Readable,
	} {
		reader := p.reader(investigation)
		if got := Read(reader, m.record(), m); got != want {
			t.Errorf("%+v: %d, want %d", p, got, want)
		}
		if p.agency == owner && Own(reader, m.record()) != (want == Readable) {
			t.Errorf("%+v: Own differs from Read", p)
		}
	}
	if Own(person{agency: "gb-one"}.reader(investigation), m.record()) {
		t.Error("a partner owns it")
	}
}

// A release that names officers of the owner and none of its units narrows nothing.
func TestOwnOfficersDoNotNarrow(t *testing.T) {
	m := released(&ententev1.Release{Audience: &ententev1.Audience{Officers: []string{"agencies/fr-one/officers/8"}}}, false)
	if Read(person{agency: owner}.reader(investigation), m.record(), m) != Readable {
		t.Error("the owner's house is shut out")
	}
}
