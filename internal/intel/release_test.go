package intel

import (
	"testing"
	"time"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

func owner() OwnerFacts { return OwnerFacts{Agency: "fr-ofast", Region: "FR"} }

func goodRelease() *ententev1.Release {
	return &ententev1.Release{
		Audience: &ententev1.Audience{Agencies: []string{"agencies/uk-nca"}},
		Markings: &ententev1.Markings{Classification: ententev1.ClassificationCeiling_CLASSIFICATION_CEILING_NOT_CLASSIFIED},
	}
}

const (
	hit    = ententev1.Existence_EXISTENCE_HIT
	silent = ententev1.Existence_EXISTENCE_SILENT
	hidden = ententev1.Existence_EXISTENCE_HIDDEN
	red    = ententev1.TrafficLight_TRAFFIC_LIGHT_RED
)

type releaseCase struct {
	name      string
	change    func(*ententev1.Release)
	protected bool
	want      []string
}

func (c releaseCase) run(t *testing.T) {
	r := goodRelease()
	if err := protovalidate.Validate(r); err != nil {
		t.Fatal(err)
	}
	c.change(r)
	before := proto.CloneOf(r)
	complete, violations := CheckRelease(r, owner(), c.protected, noon)
	sameRefusals(t, violations, c.want...)
	if !proto.Equal(r, before) {
		t.Error("the release was changed")
	}
	if complete == nil {
		t.Error("nothing came back")
	}
}

func TestReleaseRules(t *testing.T) {
	someGroup := "agencies/fr-ofast/groups/" + someUUID
	for _, c := range []releaseCase{
		{"nothing", func(*ententev1.Release) {}, false, nil},
		{"its own alone", func(r *ententev1.Release) { r.Audience = nil }, false, nil},
		{"HIT to nobody", func(r *ententev1.Release) { r.Existence = hit }, false, refuses("hitAudience", ReasonHitAudience)},
		{"HIT to an empty audience", func(r *ententev1.Release) { r.Existence, r.HitAudience = hit, &ententev1.HitAudience{} }, false,
			refuses("hitAudience", ReasonHitAudience)},
		{"HIT to a unit", func(r *ententev1.Release) {
			r.Existence, r.HitAudience = hit, &ententev1.HitAudience{Units: []string{"agencies/uk-nca/units/aro"}}
		}, false, nil},
		{"HIT to a group", func(r *ententev1.Release) {
			r.Existence, r.HitAudience = hit, &ententev1.HitAudience{Groups: []string{someGroup}}
		}, false, nil},
		{"SILENT with a hit audience", func(r *ententev1.Release) {
			r.Existence, r.HitAudience = silent, &ententev1.HitAudience{Agencies: []string{"agencies/uk-nca"}}
		}, false, refuses("hitAudience", ReasonHitUnused)},
		{"RED to an agency", func(r *ententev1.Release) { r.Markings.TrafficLight = red }, false, refuses("audience", ReasonTLPRed)},
		{"RED to nobody", func(r *ententev1.Release) { r.Audience, r.Markings.TrafficLight = nil, red }, false, refuses("audience", ReasonTLPRed)},
		{"RED to units and all", func(r *ententev1.Release) {
			r.Audience, r.Markings.TrafficLight = &ententev1.Audience{Units: []string{"agencies/uk-nca/units/aro"}, AllPartners: true}, red
		}, false, refuses("audience", ReasonTLPRed)},
		{"RED to an officer and a group", func(r *ententev1.Release) {
			r.Audience, r.Markings.TrafficLight = &ententev1.Audience{Officers: []string{"agencies/uk-nca/officers/7"}, Groups: []string{someGroup}}, red
		}, false, refuses("audience", ReasonTLPRed)},
		{"RED to an officer and a unit", func(r *ententev1.Release) {
			r.Audience = &ententev1.Audience{Officers: []string{"agencies/uk-nca/officers/7"}, Units: []string{"agencies/uk-nca/units/aro"}}
			r.Markings.TrafficLight = red
		}, false, nil},
	} {
		t.Run(c.name, c.run)
	}
}

func TestMarkingRules(t *testing.T) {
	mark := func(change func(*ententev1.Markings)) func(*ententev1.Release) {
		return func(r *ententev1.Release) { change(r.Markings) }
	}
	type codes = []ententev1.EuropolHandlingCode
	for _, c := range []releaseCase{
		{"H0", mark(func(m *ententev1.Markings) { m.HandlingCodes = codes{1} }), false, nil},
		{"H0 and H2", mark(func(m *ententev1.Markings) { m.HandlingCodes = codes{1, 3} }), false, refuses("markings.handlingCodes", ReasonH0)},
		{"H1 and H2", mark(func(m *ententev1.Markings) { m.HandlingCodes = codes{2, 3} }), false, nil},
		{"H3 alone", mark(func(m *ententev1.Markings) { m.HandlingCodes = codes{4} }), false, refuses("markings.handlingInstructions", ReasonH3)},
		{"H3 and blanks", mark(func(m *ententev1.Markings) { m.HandlingCodes, m.HandlingInstructions = codes{4}, " " }), false,
			refuses("markings.handlingInstructions", ReasonH3)},
		{"H3 and its text", mark(func(m *ententev1.Markings) { m.HandlingCodes, m.HandlingInstructions = codes{4}, "Call us first." }), false, nil},
		{"UK P", mark(func(m *ententev1.Markings) { m.UkHandling = 1 }), false, nil},
		{"UK C alone", mark(func(m *ententev1.Markings) { m.UkHandling = 2 }), false,
			[]string{"markings.ukAction " + ReasonUKConditions, "markings.ukSanitisation " + ReasonUKConditions}},
		{"UK C with A", mark(func(m *ententev1.Markings) { m.UkHandling, m.UkAction = 2, 1 }), false, refuses("markings.ukSanitisation", ReasonUKConditions)},
		{"UK C with S", mark(func(m *ententev1.Markings) { m.UkHandling, m.UkSanitisation = 2, 1 }), false, refuses("markings.ukAction", ReasonUKConditions)},
		{"UK C with both", mark(func(m *ententev1.Markings) { m.UkHandling, m.UkAction, m.UkSanitisation = 2, 3, 2 }), false, nil},
		{"UK P with A", mark(func(m *ententev1.Markings) { m.UkHandling, m.UkAction = 1, 1 }), false, refuses("markings.ukAction", ReasonUKUnused)},
		{"S and no UK", mark(func(m *ententev1.Markings) { m.UkSanitisation = 2 }), false, refuses("markings.ukSanitisation", ReasonUKUnused)},
		{"REL TO nowhere", mark(func(m *ententev1.Markings) { m.ReleasableRegionCodes = []string{"GB", "UK"} }), false,
			refuses("markings.releasableRegionCodes[1]", "REGION_CODE")},
		{"REL TO abroad", mark(func(m *ententev1.Markings) { m.ReleasableRegionCodes = []string{"GB"} }), false, nil},
		{"NOFORN", mark(func(m *ententev1.Markings) { m.NationalCaveats = []ententev1.NationalCaveat{1} }), false, nil},
		{"NOFORN and REL TO home", mark(func(m *ententev1.Markings) {
			m.NationalCaveats, m.ReleasableRegionCodes = []ententev1.NationalCaveat{1}, []string{"FR"}
		}), false, nil},
		{"NOFORN and REL TO abroad", mark(func(m *ententev1.Markings) {
			m.NationalCaveats, m.ReleasableRegionCodes = []ententev1.NationalCaveat{1}, []string{"FR", "GB"}
		}), false, refuses("markings.releasableRegionCodes", ReasonNoforn)},
		{"restricted", mark(func(m *ententev1.Markings) { m.Classification = 2 }), false, nil},
		{"above", mark(func(m *ententev1.Markings) { m.Classification = 3 }), false, refuses("markings.classification", ReasonClassification)},
		{"above in words", mark(func(m *ententev1.Markings) { m.NationalMarking = "Top Secret" }), false, refuses("markings.nationalMarking", ReasonClassification)},
	} {
		t.Run(c.name, c.run)
	}
}

func TestNationalMarkings(t *testing.T) {
	for marking, above := range map[string]bool{
		"": false, "OFFICIAL": false, "OFFICIAL-SENSITIVE": false, "RESTREINT UE/EU RESTRICTED": false, "R-UE/EU-R": false, "NATO RESTRICTED": false,
		"Diffusion Restreinte": false, "VS-NfD": false, "VS - NUR FÜR DEN DIENSTGEBRAUCH": false, "RISERVATO": false, "PROTECTED B": false,
		"Diffusion Restreinte, secret de l'enquête": false, "LES//NOFORN": false, "not secret": false, "secretariat": false, "commercial in confidence": false,
		"SECRET": true, "secret": true, "UK SECRET": true, "TOP  SECRET": true, "TOP-SECRET": true, "SECRET//NOFORN": true, "TS//SI": true,
		"CONFIDENTIEL UE/EU CONFIDENTIAL": true, "SECRET UE": true, "TRÈS SECRET UE": true, "très secret": true, "NATO SECRET": true, "COSMIC TOP SECRET": true,
		"NC": true, "VS-Vertraulich": true, "Geheim": true, "STRENG GEHEIM": true, "segretissimo": true, "Confidential": true, "PROTECTED C": true, "(SECRET)": true,
	} {
		if aboveCeiling(marking) != above {
			t.Errorf("%q is above the ceiling: %v", marking, !above)
		}
	}
}

func TestProtectedReleases(t *testing.T) {
	needed := func(change func(*ententev1.Release)) func(*ententev1.Release) {
		return func(r *ententev1.Release) {
			r.Markings.NecessityStatement = "To find her before they do."
			change(r)
		}
	}
	for _, c := range []releaseCase{
		{"named agencies", needed(func(*ententev1.Release) {}), true, nil},
		{"nobody", needed(func(r *ententev1.Release) { r.Audience = nil }), true, nil},
		{"without need", func(*ententev1.Release) {}, true, refuses("markings.necessityStatement", ReasonNecessity)},
		{"as the originator says", func(r *ententev1.Release) { r.Markings.ContainsProtectedPersons = true }, false,
			refuses("markings.necessityStatement", ReasonNecessity)},
		{"all", needed(func(r *ententev1.Release) { r.Audience.AllPartners = true }), true, refuses("audience", ReasonProtectedAudience)},
		{"a group", needed(func(r *ententev1.Release) { r.Audience.Groups = []string{"agencies/fr-ofast/groups/" + someUUID} }), true,
			refuses("audience", ReasonProtectedAudience)},
		{"HIT", needed(func(r *ententev1.Release) {
			r.Existence, r.HitAudience = hit, &ententev1.HitAudience{Agencies: []string{"agencies/uk-nca"}}
		}), true, refuses("existence", ReasonProtectedExistence)},
		{"SILENT", needed(func(r *ententev1.Release) { r.Existence = silent }), true, refuses("existence", ReasonProtectedExistence)},
		{"returns", needed(func(r *ententev1.Release) {
			r.Markings.PermittedPurposes = []ententev1.ProcessingPurpose{ententev1.ProcessingPurpose_PROCESSING_PURPOSE_RETURNS}
		}), true, refuses("markings.permittedPurposes", ReasonProtectedReturns)},
		{"returns of others", func(r *ententev1.Release) {
			r.Markings.PermittedPurposes = []ententev1.ProcessingPurpose{ententev1.ProcessingPurpose_PROCESSING_PURPOSE_RETURNS}
		}, false, nil},
		{"a need and nobody protected", needed(func(*ententev1.Release) {}), false, nil},
	} {
		t.Run(c.name, c.run)
	}
}

func TestReleaseDefaults(t *testing.T) {
	r := goodRelease()
	r.Markings.NecessityStatement = "needed"
	plain, _ := CheckRelease(r, owner(), false, noon)
	if plain.GetExistence() != hidden || plain.GetMarkings().GetContainsProtectedPersons() || !plain.GetMarkings().GetReviewTime().AsTime().Equal(noon.AddDate(3, 0, 0)) {
		t.Errorf("%v", plain)
	}
	protected, _ := CheckRelease(r, owner(), true, noon)
	if !protected.GetMarkings().GetContainsProtectedPersons() || !protected.GetMarkings().GetReviewTime().AsTime().Equal(noon.AddDate(1, 0, 0)) {
		t.Errorf("%v", protected)
	}
	facts := owner()
	facts.Undetermined = true
	open, _ := CheckRelease(r, facts, true, noon)
	if !open.GetMarkings().GetReviewTime().AsTime().Equal(noon.AddDate(0, 0, 30)) {
		t.Errorf("%v", open)
	}
	nothing, violations := CheckRelease(nil, owner(), false, noon)
	if nothing.GetMarkings().GetReviewTime() == nil || len(violations) != 0 {
		t.Errorf("%v %v", nothing, violations)
	}
}

func TestReviewTimes(t *testing.T) {
	day := 24 * time.Hour
	passed := timestamppb.New(noon.Add(-day))
	inForce := &ententev1.Release{Markings: &ententev1.Markings{ReviewTime: passed}}
	for _, c := range []struct {
		name                    string
		at                      *timestamppb.Timestamp
		protected, undetermined bool
		inForce                 *ententev1.Release
		want                    string
	}{
		{"soon", timestamppb.New(noon.Add(time.Minute)), false, false, nil, ""},
		{"now", timestamppb.New(noon), false, false, nil, ReasonReviewPast},
		{"yesterday", passed, false, false, nil, ReasonReviewPast},
		{"yesterday, as it was", passed, false, false, inForce, ""},
		{"the day before, otherwise than it was", timestamppb.New(noon.Add(-2 * day)), false, false, inForce, ReasonReviewPast},
		{"three years", timestamppb.New(noon.AddDate(3, 0, 0)), false, false, nil, ""},
		{"three years and a week", timestamppb.New(noon.AddDate(3, 0, 7)), false, false, nil, ReasonReviewLate},
		{"three years, protected", timestamppb.New(noon.AddDate(3, 0, 0)), true, false, nil, ReasonReviewLate},
		{"a year, protected", timestamppb.New(noon.AddDate(1, 0, 0)), true, false, nil, ""},
		{"a year, undetermined", timestamppb.New(noon.AddDate(1, 0, 0)), true, true, nil, ReasonReviewLate},
		{"thirty days, undetermined", timestamppb.New(noon.AddDate(0, 0, 30)), true, true, nil, ""},
		{"never", &timestamppb.Timestamp{Seconds: 1 << 50}, false, false, nil, ReasonTimestamp},
	} {
		r := goodRelease()
		r.Markings.ReviewTime, r.Markings.NecessityStatement = c.at, "needed"
		_, violations := CheckRelease(r, OwnerFacts{Region: "FR", Undetermined: c.undetermined, InForce: c.inForce}, c.protected, noon)
		if got := len(violations) == 0; got != (c.want == "") || !got && (violations[0].Reason != c.want || violations[0].Field != "markings.reviewTime") {
			t.Errorf("%s: %v", c.name, violations)
		}
	}
}

// What was completed is in order, and completing it again changes nothing.
func TestCompletedIsStable(t *testing.T) {
	for _, protected := range []bool{false, true} {
		r := goodRelease()
		r.Markings.NecessityStatement = "needed"
		once, _ := CheckRelease(r, owner(), protected, noon)
		twice, violations := CheckRelease(once, owner(), protected, noon)
		if len(violations) > 0 || !proto.Equal(once, twice) || !Restates(r, once) || !Restates(once, once) {
			t.Errorf("%v then %v: %v", once, twice, violations)
		}
	}
}

func TestRestates(t *testing.T) {
	inForce, _ := CheckRelease(goodRelease(), owner(), false, noon.AddDate(-2, 0, 0))
	for name, change := range map[string]func(*ententev1.Release){
		"existence": func(r *ententev1.Release) { r.Existence = silent }, "audience": func(r *ententev1.Release) { r.Audience.AllPartners = true },
		"traffic light": func(r *ententev1.Release) { r.Markings.TrafficLight = 2 }, "review": func(r *ententev1.Release) { r.Markings.ReviewTime = timestamppb.New(noon) },
		"protected": func(r *ententev1.Release) { r.Markings.ContainsProtectedPersons = true }, "markings": func(r *ententev1.Release) { r.Markings = nil },
	} {
		r := goodRelease()
		if !Restates(r, inForce) {
			t.Error("the same differs")
		}
		change(r)
		if Restates(r, inForce) {
			t.Errorf("another %s is the same", name)
		}
	}
	if Restates(nil, inForce) {
		t.Error("nothing is the same")
	}
}

func TestForeign(t *testing.T) {
	r := &ententev1.Release{
		Audience: &ententev1.Audience{
			Agencies: []string{"agencies/fr-two", "agencies/uk-nca"}, Units: []string{"agencies/uk-nca/units/aro", "agencies/fr-ofast/units/aro"},
			Officers: []string{"agencies/it-gdf/officers/7"}, AllPartners: true,
		},
		HitAudience: &ententev1.HitAudience{Agencies: []string{"agencies/nobody", "nonsense"}, Units: []string{"agencies/it-gdf/units/aro"}},
	}
	countries := map[AgencyID]string{"fr-ofast": "FR", "fr-two": "FR", "uk-nca": "GB", "it-gdf": "IT"}
	region := func(a AgencyID) string { return countries[a] }
	if v := CheckForeign(r, owner(), region); v != nil {
		t.Errorf("without NOFORN: %v", v)
	}
	r.Markings = &ententev1.Markings{NationalCaveats: []ententev1.NationalCaveat{2, 1}}
	sameRefusals(t, CheckForeign(r, owner(), region), "audience.agencies[1] "+ReasonNoforn, "audience.units[0] "+ReasonNoforn,
		"audience.officers[0] "+ReasonNoforn, "hitAudience.units[0] "+ReasonNoforn)
}
