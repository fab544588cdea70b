package main

import (
	"fmt"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/type/latlng"
	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// drafts makes an item of each row.
func drafts(rows []row, release *ententev1.Release, caseReference string) []*ententev1.IntelligenceItemDraft {
	all := make([]*ententev1.IntelligenceItemDraft, len(rows))
	for i, r := range rows {
		all[i] = &ententev1.IntelligenceItemDraft{
			Content: &ententev1.IntelligenceItemDraft_Plain{Plain: r.content()},
			Release: release,
			// The hub knows the incident by this key: what it has already is not
			// added again. It must not depend on when the program runs.
			OriginatorReference: "iom-missing-migrants/" + r.id,
			CaseReference:       caseReference,
		}
	}
	return all
}

// content is the item without who may see it. It depends on the row alone.
func (r row) content() *ententev1.IntelligenceContent {
	route, labels := routeOf(r.route)
	return &ententev1.IntelligenceContent{
		Title:           r.title(),
		Narrative:       r.narrative(),
		LanguageCode:    "en",
		RequestedAction: ententev1.RequestedAction_REQUESTED_ACTION_INFORMATION_ONLY,
		Evaluation:      evaluation(r.quality),
		CrimeAreas:      crimeAreas(r.cause),
		Route:           route,
		OtherLabels:     labels,
		Places: []*ententev1.Place{{
			Description:     r.place,
			Point:           &latlng.LatLng{Latitude: r.latitude, Longitude: r.longitude},
			PrecisionMeters: precision(r.place),
			Role:            ententev1.PlaceRole_PLACE_ROLE_INCIDENT,
		}},
		Observed:   day(r.day),
		LegalBasis: "Open data of the International Organization for Migration, licence CC BY 4.0",
	}
}

// day is all of a day. The file tells no time zone; this is the day in UTC.
func day(t time.Time) *ententev1.Interval {
	return &ententev1.Interval{StartTime: timestamppb.New(t), EndTime: timestamppb.New(t.Add(24*time.Hour - time.Second))}
}

// routeOf finds the hub's name of a route, where the row tells one. A route that
// the hub has no name for is OTHER, with the file's own name as its label.
func routeOf(name string) (route ententev1.SmugglingRoute, labels []string) {
	switch name {
	case "":
		return ententev1.SmugglingRoute_SMUGGLING_ROUTE_UNSPECIFIED, nil
	case "Central Mediterranean":
		return ententev1.SmugglingRoute_SMUGGLING_ROUTE_CENTRAL_MEDITERRANEAN, nil
	case "Eastern Mediterranean":
		return ententev1.SmugglingRoute_SMUGGLING_ROUTE_EASTERN_MEDITERRANEAN, nil
	case "Western Mediterranean":
		return ententev1.SmugglingRoute_SMUGGLING_ROUTE_WESTERN_MEDITERRANEAN, nil
	case "Western African":
		return ententev1.SmugglingRoute_SMUGGLING_ROUTE_WESTERN_AFRICAN, nil
	case "Western Balkans":
		return ententev1.SmugglingRoute_SMUGGLING_ROUTE_WESTERN_BALKAN, nil
	case "Calais to United Kingdom":
		return ententev1.SmugglingRoute_SMUGGLING_ROUTE_ENGLISH_CHANNEL, nil
	case "Central America to US", "Darien Gap":
		return ententev1.SmugglingRoute_SMUGGLING_ROUTE_SOUTH_TO_NORTH_AMERICA, nil
	default:
		return ententev1.SmugglingRoute_SMUGGLING_ROUTE_OTHER, []string{clip(name, 128)}
	}
}

// evaluation grades in the Admiralty scheme, which judges whether a thing is
// true; the two police schemes judge how the source knows it, which the file
// does not tell. The mapping is this program's own judgement of IOM's five steps.
func evaluation(quality int) *ententev1.Evaluation {
	a := &ententev1.AdmiraltyEvaluation{
		Reliability: ententev1.AdmiraltyReliability_ADMIRALTY_RELIABILITY_F, Credibility: ententev1.AdmiraltyCredibility_ADMIRALTY_CREDIBILITY_3,
	}
	switch quality {
	case 5: // officials, or several organisations in the field
		a.Reliability, a.Credibility = ententev1.AdmiraltyReliability_ADMIRALTY_RELIABILITY_A, ententev1.AdmiraltyCredibility_ADMIRALTY_CREDIBILITY_1
	case 4: // one organisation with direct knowledge
		a.Reliability, a.Credibility = ententev1.AdmiraltyReliability_ADMIRALTY_RELIABILITY_B, ententev1.AdmiraltyCredibility_ADMIRALTY_CREDIBILITY_2
	case 3: // several media
		a.Reliability, a.Credibility = ententev1.AdmiraltyReliability_ADMIRALTY_RELIABILITY_C, ententev1.AdmiraltyCredibility_ADMIRALTY_CREDIBILITY_2
	case 2: // witnesses, alone or in surveys: nobody can judge them from here
	case 1: // one medium
		a.Reliability = ententev1.AdmiraltyReliability_ADMIRALTY_RELIABILITY_D
	}
	return &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Admiralty{Admiralty: a}}
}

// crimeAreas adds violence where the cause of death tells of it.
func crimeAreas(cause string) []ententev1.CrimeArea {
	areas := []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING}
	for _, word := range []string{"shot", "stabbed", "murdered", "violence", "abuse", "rape", "tortured"} {
		if strings.Contains(strings.ToLower(cause), word) {
			return append(areas, ententev1.CrimeArea_CRIME_AREA_MURDER_GRIEVOUS_BODILY_INJURY)
		}
	}
	return areas
}

// precision is how far from the point the place may be, in metres. The file
// writes twelve decimals whatever it knows; the words tell more.
func precision(place string) float64 {
	const onLand, atSeaOrOnTheWay = 10_000, 50_000
	place = strings.ToLower(place)
	for _, word := range []string{"off ", "coast", "sea", "between", "unspecified", "unknown", "en route", "desert", "border"} {
		if strings.Contains(place, word) {
			return atSeaOrOnTheWay
		}
	}
	if place == "" {
		return atSeaOrOnTheWay
	}
	return onLand
}

func (r row) title() string {
	where := r.place
	if where == "" {
		where = r.region
	}
	return clip(where, 240) + ": " + r.toll()
}

// toll is "4 dead, 1 missing".
func (r row) toll() string {
	var parts []string
	if r.dead > 0 {
		parts = append(parts, fmt.Sprintf("%d dead", r.dead))
	}
	if r.missing > 0 {
		parts = append(parts, fmt.Sprintf("%d missing", r.missing))
	}
	if parts == nil {
		return "number of victims not known"
	}
	return strings.Join(parts, ", ")
}

func (r row) narrative() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("Incident %s of the Missing Migrants Project, reported for %s: %s.", r.id, r.day.Format("2 January 2006"), r.toll())
	line("Region: %s.", r.region)
	for _, fact := range []struct{ name, text string }{
		{"Place", r.place}, {"Route", r.route}, {"Cause of death", r.cause},
	} {
		if fact.text != "" {
			line("%s: %s.", fact.name, strings.TrimSuffix(fact.text, "."))
		}
	}
	for _, group := range []struct {
		name string
		n    count
	}{{"Survivors", r.survivors}, {"Women among the victims", r.women}, {"Men among the victims", r.men}, {"Children among the victims", r.children}} {
		if group.n != unknown {
			line("%s: %d.", group.name, group.n)
		}
	}
	line("Whether smugglers organised the journey, the project does not say.")
	if r.sources != "" {
		line("Sources: %s.", strings.TrimSuffix(r.sources, "."))
	}
	line("Quality of the sources, in the project's scale from 1 (one medium) to 5 (official): %d.", r.quality)
	if len(r.links) > 0 {
		line("Links:\n%s", strings.Join(r.links, "\n"))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// clip shortens a text to at most n characters.
func clip(text string, n int) string {
	if letters := []rune(text); len(letters) > n {
		return string(letters[:n-1]) + "\u2026"
	}
	return text
}
