package policy

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

func codes(c ...ententev1.EuropolHandlingCode) *ententev1.Markings {
	return &ententev1.Markings{HandlingCodes: c}
}

func words(s string) *ententev1.Markings { return &ententev1.Markings{HandlingInstructions: s} }

func uk(a ententev1.UkActionCondition, s ententev1.UkSanitisationCondition) *ententev1.Markings {
	return &ententev1.Markings{UkHandling: ententev1.UkHandlingCode_UK_HANDLING_CODE_C, UkAction: a, UkSanitisation: s}
}

func tlp(l ententev1.TrafficLight) *ententev1.Markings { return &ententev1.Markings{TrafficLight: l} }

func rel(r ...string) *ententev1.Markings { return &ententev1.Markings{ReleasableRegionCodes: r} }

// Each restriction must be carried along, and nothing more.
func TestDerived(t *testing.T) {
	const (
		h0, h1, h2 = ententev1.EuropolHandlingCode_EUROPOL_HANDLING_CODE_H0, ententev1.EuropolHandlingCode_EUROPOL_HANDLING_CODE_H1,
			ententev1.EuropolHandlingCode_EUROPOL_HANDLING_CODE_H2
		clear, amber = ententev1.TrafficLight_TRAFFIC_LIGHT_CLEAR, ententev1.TrafficLight_TRAFFIC_LIGHT_AMBER
		p            = ententev1.UkHandlingCode_UK_HANDLING_CODE_P
	)
	none := &ententev1.Markings{}
	redTo := func(p ...ententev1.ProcessingPurpose) *ententev1.Markings {
		return &ententev1.Markings{TrafficLight: tlpRed, PermittedPurposes: p}
	}
	for _, c := range []struct {
		name            string
		derived, source *ententev1.Markings
		want            string
	}{
		{"nothing of nothing", nil, nil, ""},
		{"stricter than nothing", redTo(investigation), none, ""},
		{"a laxer light", tlp(amber), tlp(tlpRed), "trafficLight"},
		{"the same light", tlp(amber), tlp(amber), ""},
		{"CLEAR restricts nothing", none, tlp(clear), ""},
		{"a code left out", codes(h2), codes(h1, h2), "handlingCodes"},
		{"codes in another order", codes(h2, h1), codes(h1, h2), ""},
		{"H0 within H1", codes(h1), codes(h0), ""},
		{"H0 left out", none, codes(h0), "handlingCodes"},
		{"H0 for H1", codes(h0), codes(h1), "handlingCodes"},
		{"words left out", none, words("Ask us."), "handlingInstructions"},
		{"other words", words("Feel free."), words("Ask us."), "handlingInstructions"},
		{"words among others", words("Ours: wait.\n\nAsk  us."), words("Ask us. "), ""},
		{"half a word", words("Do not ask us.x"), words("ask us."), "handlingInstructions"},
		{"blank words", none, words(" \n"), ""},
		{"P restricts nothing", none, &ententev1.Markings{UkHandling: p}, ""},
		{"P for C", &ententev1.Markings{UkHandling: p}, uk(1, 2), "ukHandling,ukAction,ukSanitisation"},
		{"A1 for A2", uk(1, 2), uk(2, 2), ""},
		{"A2 for A1", uk(2, 2), uk(1, 2), "ukAction"},
		{"S1 for S2", uk(1, 1), uk(1, 2), "ukSanitisation"},
		{"NOFORN left out", none, &ententev1.Markings{NationalCaveats: []ententev1.NationalCaveat{noforn}}, "nationalCaveats"},
		{"fewer countries", rel("FR"), rel("FR", "GB"), ""},
		{"another country", rel("FR", "DE"), rel("FR", "GB"), "releasableRegionCodes"},
		{"every country", none, rel("FR"), "releasableRegionCodes"},
		{"fewer purposes", purposesOnly(investigation), purposesOnly(investigation, prosecution), ""},
		{"every purpose", none, purposesOnly(investigation), "permittedPurposes"},
		{"machines let in to RED", redTo(systemDelivery), redTo(), "permittedPurposes"},
		{"machines that were let in to RED", redTo(systemDelivery), redTo(systemDelivery, investigation), ""},
		{"machines let in to what is RED only here", redTo(systemDelivery), none, ""},
		{"a lower classification", &ententev1.Markings{Classification: 1}, &ententev1.Markings{Classification: 2}, "classification"},
		{"protected persons forgotten", none, &ententev1.Markings{ContainsProtectedPersons: true}, "containsProtectedPersons"},
		{"what is each record's own", none, &ententev1.Markings{NationalMarking: "OFFICIAL-SENSITIVE", NecessityStatement: "Because."}, ""},
	} {
		var fields []string
		for _, v := range Derived(c.derived, c.source) {
			if v.Reason != "DERIVED_LOOSER" || v.Description == "" {
				t.Errorf("%s: %+v", c.name, v)
			}
			fields = append(fields, v.Field)
		}
		if got := strings.Join(fields, ","); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Every marking that there is is judged, or known to be each record's own.
func TestDerivedKnowsEveryMarking(t *testing.T) {
	own := []string{"national_marking", "review_time", "necessity_statement"}
	strictest := &ententev1.Markings{
		TrafficLight: tlpRed, HandlingCodes: values[ententev1.EuropolHandlingCode](2, 4), HandlingInstructions: "Ask us.",
		UkHandling: ententev1.UkHandlingCode_UK_HANDLING_CODE_C, UkAction: 1, UkSanitisation: 2,
		NationalCaveats: values[ententev1.NationalCaveat](1, 2), ReleasableRegionCodes: []string{"FR"},
		PermittedPurposes: []ententev1.ProcessingPurpose{investigation}, Classification: 2, ContainsProtectedPersons: true,
	}
	fields := strictest.ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		name := string(fields.Get(i).Name())
		looser := proto.CloneOf(strictest)
		looser.ProtoReflect().Clear(fields.Get(i))
		v := Derived(looser, strictest)
		switch judged := len(v) == 1 && v[0].Field == fields.Get(i).JSONName(); {
		case slices.Contains(own, name) && len(v) != 0:
			t.Errorf("%s is each record's own: %v", name, v)
		case !slices.Contains(own, name) && !judged:
			t.Errorf("%s left out: %v", name, v)
		}
	}
}

// Carrying along is an order: each record carries its own, and what is carried
// twice is carried.
func TestDerivedIsAnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawMarkings(t)
		b := tightened(t, a)
		if len(Derived(a, a)) != 0 {
			t.Fatalf("%v is looser than itself: %v", a, Derived(a, a))
		}
		if len(Derived(b, a)) != 0 {
			t.Fatalf("tightening\n%v\nto\n%v\nloosened %v", a, b, Derived(b, a))
		}
		c := tightened(t, b)
		if len(Derived(c, a)) != 0 {
			t.Fatalf("%v carries %v carries %v, and not the first the last", c, b, a)
		}
	})
}

// tightened draws markings that carry along those given.
func tightened(t *rapid.T, m *ententev1.Markings) *ententev1.Markings {
	m = proto.CloneOf(m)
	m.TrafficLight = ententev1.TrafficLight(rapid.Int32Range(int32(m.TrafficLight), 5).Draw(t, "lights"))
	m.Classification = ententev1.ClassificationCeiling(rapid.Int32Range(int32(m.Classification), 2).Draw(t, "classes"))
	m.HandlingCodes = append(m.HandlingCodes, few(t, "more codes", values[ententev1.EuropolHandlingCode](2, 4))...)
	m.HandlingInstructions = rapid.SampledFrom([]string{"", "First read this: "}).Draw(t, "more words") + m.HandlingInstructions
	m.NationalCaveats = append(m.NationalCaveats, few(t, "more caveats", values[ententev1.NationalCaveat](1, 2))...)
	m.ContainsProtectedPersons = m.ContainsProtectedPersons || rapid.Bool().Draw(t, "more protected")
	if m.UkAction > 0 {
		m.UkAction = ententev1.UkActionCondition(rapid.Int32Range(1, int32(m.UkAction)).Draw(t, "less action"))
	}
	m.ReleasableRegionCodes = fewer(t, "fewer countries", m.ReleasableRegionCodes)
	m.PermittedPurposes = fewer(t, "fewer purposes", m.PermittedPurposes)
	return m
}

// fewer draws a part of a list, and never nothing of something.
func fewer[T any](t *rapid.T, label string, list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list[:rapid.IntRange(1, len(list)).Draw(t, label)]
}

// Several sources can be carried at once: their union carries each. So nobody is
// asked for the impossible.
func TestDerivedFromSeveral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawMarkings(t), drawMarkings(t)
		both := union(a, b)
		if both == nil {
			t.Skip("nobody may read what derives from both")
		}
		for _, source := range []*ententev1.Markings{a, b} {
			if v := Derived(both, source); len(v) != 0 {
				t.Fatalf("%v\ndoes not carry\n%v\n%v", both, source, v)
			}
		}
	})
}

// union adds restrictions up, H0 left out beside stricter codes; nil where lists
// that limit have nothing in common.
func union(a, b *ententev1.Markings) *ententev1.Markings {
	m := &ententev1.Markings{
		TrafficLight: max(a.TrafficLight, b.TrafficLight), Classification: max(a.Classification, b.Classification),
		HandlingCodes:        slices.Concat(a.HandlingCodes, b.HandlingCodes),
		HandlingInstructions: a.HandlingInstructions + " " + b.HandlingInstructions,
		UkHandling:           max(a.UkHandling, b.UkHandling), UkSanitisation: max(a.UkSanitisation, b.UkSanitisation),
		UkAction:                 max(a.UkAction, b.UkAction),
		NationalCaveats:          slices.Concat(a.NationalCaveats, b.NationalCaveats),
		ReleasableRegionCodes:    common(a.ReleasableRegionCodes, b.ReleasableRegionCodes),
		PermittedPurposes:        common(a.PermittedPurposes, b.PermittedPurposes),
		ContainsProtectedPersons: a.ContainsProtectedPersons || b.ContainsProtectedPersons,
	}
	if a.UkAction > 0 && b.UkAction > 0 {
		m.UkAction = min(a.UkAction, b.UkAction)
	}
	slices.Sort(m.HandlingCodes)
	m.HandlingCodes = slices.Compact(m.HandlingCodes)
	if len(m.HandlingCodes) > 1 && m.HandlingCodes[0] == ententev1.EuropolHandlingCode_EUROPOL_HANDLING_CODE_H0 {
		m.HandlingCodes = m.HandlingCodes[1:]
	}
	limited := func(a, b, both int) bool { return a > 0 && b > 0 && both == 0 }
	if limited(len(a.ReleasableRegionCodes), len(b.ReleasableRegionCodes), len(m.ReleasableRegionCodes)) ||
		limited(len(a.PermittedPurposes), len(b.PermittedPurposes), len(m.PermittedPurposes)) {
		return nil
	}
	// A machine that one of two RED sources withholds is withheld.
	withheld := func(s *ententev1.Markings) bool {
		return s.TrafficLight == tlpRed && !slices.Contains(s.PermittedPurposes, systemDelivery)
	}
	if (withheld(a) || withheld(b)) && slices.Contains(m.PermittedPurposes, systemDelivery) {
		m.PermittedPurposes = slices.DeleteFunc(m.PermittedPurposes, func(p ententev1.ProcessingPurpose) bool { return p == systemDelivery })
		if len(m.PermittedPurposes) == 0 {
			return nil
		}
	}
	return m
}

// common is what two lists that limit have in common; an empty one limits nothing.
func common[T comparable](a, b []T) []T {
	switch {
	case len(a) == 0:
		return slices.Clone(b)
	case len(b) == 0:
		return slices.Clone(a)
	}
	return slices.DeleteFunc(slices.Clone(a), func(x T) bool { return !slices.Contains(b, x) })
}

// Whoever may read a derived record might read a source of the same audience.
func TestDerivedOpensNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, purpose := drawWorld(t), drawPurpose(t)
		derived := w.record()
		source := derived
		source.Release = proto.CloneOf(derived.Release)
		source.Release.Markings = rapid.SampledFrom([]*ententev1.Markings{
			drawMarkings(t), redOf(derived.Release.GetMarkings()), {ContainsProtectedPersons: true}, tlp(tlpRed),
		}).Draw(t, "source")
		if len(Derived(derived.Release.GetMarkings(), source.Release.GetMarkings())) != 0 {
			derived.Release = proto.CloneOf(source.Release)
			derived.Release.Markings = tightened(t, source.Release.GetMarkings())
		}
		for _, p := range everybody() {
			r := p.reader(purpose)
			if p.agency != owner && Read(r, derived, w.roster) > Read(r, source, w.roster) {
				t.Fatalf("%+v for %v reads what derives and not the source\n%v\n%v", p, purpose, derived.Release, source.Release)
			}
		}
	})
}

func redOf(m *ententev1.Markings) *ententev1.Markings {
	m = proto.CloneOf(m)
	m.TrafficLight, m.PermittedPurposes = tlpRed, nil
	return m
}

// A violation tells the field and no value.
func TestDerivedTellsNoValue(t *testing.T) {
	const secret = "canary-4711"
	for _, v := range Derived(&ententev1.Markings{}, &ententev1.Markings{HandlingInstructions: secret, ReleasableRegionCodes: []string{"XQ"}}) {
		if strings.Contains(v.Description+v.Field+v.Reason, secret) || strings.Contains(v.Description, "XQ") {
			t.Errorf("%+v tells what the source says", v)
		}
	}
}

// The names in these tests are those that the package reads.
func TestNamesOfTheCast(t *testing.T) {
	p := person{agency: "gb-one", unit: desk, officer: "7"}
	if p.unitName() != intel.UnitName(p.agency, p.unit) || p.officerName() != intel.OfficerName(p.agency, p.officer) {
		t.Error("the model spells names its own way")
	}
}
