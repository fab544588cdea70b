package policy

import (
	"slices"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Narrowed to a unit of its owner and released to all, a record is not even
// counted for the rest of the owner's house, a partner like the others.
func TestNarrowedIsNotFoundByTheHouse(t *testing.T) {
	r := toAll(nil)
	r.Audience.Units = []string{"agencies/fr-one/units/desk"}
	m := released(r, false)
	for p, want := range map[person]bool{
		{agency: owner}: false, {agency: owner, unit: desk}: true, {agency: "gb-one"}: true,
	} {
		if got := found(m.terms, ReaderTerms(p.reader(investigation), m)); got != want {
			t.Errorf("%+v finds it: %v, want %v", p, got, want)
		}
	}
}

// A list that ends up with no country at all is not found as if it had no limit.
func TestNoCountryIsNotEveryCountry(t *testing.T) {
	m := released(toAll(&ententev1.Markings{
		NationalCaveats: []ententev1.NationalCaveat{noforn}, ReleasableRegionCodes: []string{"GB"},
	}), false)
	for _, p := range everybody() {
		if got := found(m.terms, ReaderTerms(p.reader(investigation), m)); got != (p.agency == owner) {
			t.Errorf("%+v finds it: %v", p, got)
		}
	}
}

// No two things of different kinds have the same term, whatever they are called.
func TestTermsDoNotCollide(t *testing.T) {
	terms := []Term{
		agencyTerm("gb-one"), unitTerm("agencies/gb-one/units/desk"), officerTerm("agencies/gb-one/officers/desk"),
		purposeTerm(1), purposeTerm(11), anyPurpose, ownPurpose("gb-one", false), ownPurpose("gb-one", true),
		groupTerm(1, 11, anyMember), groupTerm(11, 1, anyMember), groupTerm(1, 11, "gb-one"), groupTerm(1, 1, "gb-one"),
	}
	slices.Sort(terms)
	if len(slices.Compact(slices.Clone(terms))) != len(terms) {
		t.Errorf("two are the same: %v", terms)
	}
}

// One group costs a record one term and its reader two a generation, where every
// member may read.
func TestTermsAreFew(t *testing.T) {
	m := released(toAll(nil), false)
	if len(m.terms) != 4 { // the owner, its purposes, all partners, all purposes
		t.Errorf("a record for all has %v", m.terms)
	}
	terms := ReaderTerms(person{agency: "gb-one"}.reader(investigation), m)
	if len(terms) != 2 || len(terms[0]) != 1+2*2 { // third to enrol of four
		t.Errorf("a reader has %v", terms)
	}
}

func BenchmarkRead(b *testing.B) {
	m := released(toAll(purposesOnly(investigation)), false)
	rec, r := m.record(), person{agency: "gb-one", unit: desk}.reader(investigation)
	b.ReportAllocs()
	for b.Loop() {
		if Read(r, rec, m) != Readable {
			b.Fatal("not readable")
		}
	}
}

func BenchmarkAddressees(b *testing.B) {
	m := released(toAll(nil), false)
	rec := m.record()
	b.ReportAllocs()
	for b.Loop() {
		Addressees(rec, m)
	}
}
