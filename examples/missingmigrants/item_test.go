package main

import (
	"strings"
	"testing"
	"time"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// checkValid wants a draft that keeps the rules that the hub has in its schema.
func checkValid(t *testing.T, r row) *ententev1.IntelligenceItemDraft {
	t.Helper()
	release, err := releaseTo("all")
	if err != nil {
		t.Fatal(err)
	}
	d := drafts([]row{r}, release, "CASE 1")[0]
	if err := protovalidate.Validate(d); err != nil {
		t.Fatalf("incident %s: %v", r.id, err)
	}
	return d
}

func TestSampleKeepsTheRules(t *testing.T) {
	rows, _ := sample(t)
	seen := map[string]bool{}
	for _, r := range rows {
		d := checkValid(t, r)
		if seen[d.GetOriginatorReference()] || !strings.HasSuffix(d.GetOriginatorReference(), "/"+r.id) {
			t.Errorf("incident %s has the reference %q", r.id, d.GetOriginatorReference())
		}
		seen[d.GetOriginatorReference()] = true
		if !proto.Equal(d, checkValid(t, r)) {
			t.Errorf("incident %s makes another item each time", r.id)
		}
	}
}

func TestContent(t *testing.T) {
	rows, _ := sample(t)
	c := rows[0].content()
	if c.GetTitle() != "Off the coast of Sample Bay, Libya: 3 dead, 2 missing" {
		t.Errorf("title %q", c.GetTitle())
	}
	const narrative = `Incident 900001 of the Missing Migrants Project, reported for 9 March 2019: 3 dead, 2 missing.
Region: Mediterranean.
Place: Off the coast of Sample Bay, Libya.
Route: Central Mediterranean.
Cause of death: Drowning.
Survivors: 41.
Women among the victims: 1.
Men among the victims: 2.
Children among the victims: 1.
Whether smugglers organised the journey, the project does not say.
Sources: Harbour Watch.
Quality of the sources, in the project's scale from 1 (one medium) to 5 (official): 4.
Links:
https://news.example/a
https://news.example/b`
	if c.GetNarrative() != narrative {
		t.Errorf("narrative\n%s", c.GetNarrative())
	}
	start, end := c.GetObserved().GetStartTime().AsTime(), c.GetObserved().GetEndTime().AsTime()
	if start.Format(time.DateTime) != "2019-03-09 00:00:00" || end.Format(time.DateTime) != "2019-03-09 23:59:59" {
		t.Errorf("observed from %s to %s", start, end)
	}
	p := c.GetPlaces()[0]
	if p.GetPoint().GetLatitude() != 32.9 || p.GetPoint().GetLongitude() != 13.2 || p.GetPrecisionMeters() != 50_000 {
		t.Errorf("place %v", p)
	}
}

// What is not known is left out, and never taken for nobody.
func TestContentOfLittle(t *testing.T) {
	r := row{id: "1", region: "Europe", day: time.Date(2020, 1, 5, 0, 0, 0, 0, time.UTC), quality: 2,
		dead: unknown, missing: unknown, survivors: unknown, women: unknown, men: unknown, children: unknown}
	c := checkValid(t, r).GetPlain()
	if c.GetTitle() != "Europe: number of victims not known" || strings.Contains(c.GetNarrative(), "-1") || strings.Contains(c.GetNarrative(), "Survivors") || strings.Contains(c.GetNarrative(), "Links") {
		t.Errorf("%s\n%s", c.GetTitle(), c.GetNarrative())
	}
}

func TestRouteOf(t *testing.T) {
	for name, want := range map[string]string{
		"": "UNSPECIFIED", "Central Mediterranean": "CENTRAL_MEDITERRANEAN", "Eastern Mediterranean": "EASTERN_MEDITERRANEAN",
		"Western Mediterranean": "WESTERN_MEDITERRANEAN", "Western African": "WESTERN_AFRICAN", "Western Balkans": "WESTERN_BALKAN",
		"Calais to United Kingdom": "ENGLISH_CHANNEL", "Central America to US": "SOUTH_TO_NORTH_AMERICA", "Darien Gap": "SOUTH_TO_NORTH_AMERICA",
		"Italy to France": "OTHER", strings.Repeat("\u00e7", 200): "OTHER",
	} {
		route, labels := routeOf(name)
		if route.String() != "SMUGGLING_ROUTE_"+want || (want == "OTHER") != (len(labels) == 1) {
			t.Errorf("%q = %v %q", name, route, labels)
		}
		if want == "OTHER" && len([]rune(labels[0])) > 128 {
			t.Errorf("%q has a label of %d characters", name, len([]rune(labels[0])))
		}
	}
}

// The better the quality, the better both axes; witnesses alone are not judged.
func TestEvaluation(t *testing.T) {
	for quality, want := range map[int]string{5: "A1", 4: "B2", 3: "C2", 2: "F3", 1: "D3"} {
		a := evaluation(quality).GetAdmiralty()
		got := strings.TrimPrefix(a.GetReliability().String(), "ADMIRALTY_RELIABILITY_") + strings.TrimPrefix(a.GetCredibility().String(), "ADMIRALTY_CREDIBILITY_")
		if got != want {
			t.Errorf("quality %d is %s, want %s", quality, got, want)
		}
	}
}

func TestCrimeAreas(t *testing.T) {
	for cause, want := range map[string]int{"": 1, "Drowning": 1, "Shot or stabbed": 2, "Starvation, Excessive Physical Abuse": 2, "Unknown (violence)": 2, "Hit by train": 1} {
		if got := crimeAreas(cause); len(got) != want {
			t.Errorf("%q: %v", cause, got)
		}
	}
}

func TestPrecision(t *testing.T) {
	for place, want := range map[string]float64{"": 50_000, "Off the coast of Sample Bay": 50_000, "Sahara Desert": 50_000, "Market square, Agadez": 10_000} {
		if got := precision(place); got != want {
			t.Errorf("%q: %v m", place, got)
		}
	}
}

func TestReleaseTo(t *testing.T) {
	const group = "agencies/fr-ofast/groups/0192f0c4-7b1a-7c3d-8e4f-5a6b7c8d9e0f"
	r, err := releaseTo(" agencies/gb-nca, " + group + ",agencies/de-bka,agencies/gb-nca,")
	if err != nil || strings.Join(r.GetAudience().GetAgencies(), " ") != "agencies/de-bka agencies/gb-nca" ||
		strings.Join(r.GetAudience().GetGroups(), " ") != group || r.GetAudience().GetAllPartners() {
		t.Errorf("%v, %v", r, err)
	}
	if r, err = releaseTo("all"); err != nil || !r.GetAudience().GetAllPartners() {
		t.Errorf("%v, %v", r, err)
	}
	if r, err = releaseTo(""); err != nil || proto.Size(r.GetAudience()) != 0 || protovalidate.Validate(r) != nil {
		t.Errorf("%v, %v", r, err)
	}
	if _, err = releaseTo("fr-ofast"); err == nil {
		t.Error("a name without agencies/ is taken")
	}
}
