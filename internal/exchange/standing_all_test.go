package exchange_test

import (
	"fmt"
	"testing"

	"google.golang.org/genproto/googleapis/type/latlng"
	"google.golang.org/genproto/googleapis/type/money"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// valued is a report about so much money and a telephone that was found with it.
func valued(euros int64, phoneNumber string, release *ententev1.Release) *ententev1.SeizureReportDraft {
	d := report(release)
	cash := d.GetPlain().GetAssets()[1]
	cash.Valuations = []*ententev1.Valuation{{Amount: &money.Money{CurrencyCode: "EUR", Units: euros}, Basis: ententev1.ValuationBasis_VALUATION_BASIS_FACE}}
	cash.Identifiers = []*ententev1.Identifier{phone(phoneNumber)}
	return d
}

// Standing queries ask of reports as of items: by what only reports have, and by identifiers in either kind; a correction is told when it is what brings the
// match, and when it leaves it. A recovery step has an event of its own and asks nothing anew.
func TestStandingQueriesOfReports(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca", "de-bka")
	w.matching()
	rich := w.stand(call("gb-nca"), &ententev1.StandingQueryDraft{DisplayName: "more than a thousand", Subject: &ententev1.StandingQueryDraft_SeizureReports{
		SeizureReports: &ententev1.SeizureReportQuery{
			Values: []*ententev1.ValueBand{{CurrencyCode: "EUR", AtLeast: 1000}}, Stages: []ententev1.RecoveryStage{ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED},
		},
	}})
	number := w.stand(call("gb-nca"), numbersOf("either kind", "+33612345601"))
	poor := w.seize("fr-ofast", valued(10, "+33612345609", to("gb-nca")))
	w.seize("fr-ofast", valued(5000, "+33612345601", to("de-bka"))) // hidden from Britain
	both := w.seize("fr-ofast", valued(2000, "+33612345601", to("gb-nca")))
	an := w.submit("fr-ofast", about("an item", to("gb-nca"), "+33612345601"))
	told := []string{match(rich.GetName(), both.GetName(), 1), match(number.GetName(), both.GetName(), 1), match(number.GetName(), an.GetName(), 1)}
	want(t, "new", w.matches(call("gb-nca"), ""), told)

	if _, err := w.ReviseSeizureReport(t.Context(), call("fr-ofast"), &ententev1.ReviseSeizureReportRequest{
		Justification: why(), Name: poor.GetName(), Etag: poor.GetEtag(),
		Content: &ententev1.ReviseSeizureReportRequest_Plain{Plain: valued(1000, "+33612345609", nil).GetPlain()},
	}); err != nil {
		t.Fatal(err)
	}
	told = append(told, match(rich.GetName(), poor.GetName(), 2))
	want(t, "corrected", w.matches(call("gb-nca"), ""), told)
	if _, err := w.RecordRecoveryStep(t.Context(), call("fr-ofast"), &ententev1.RecordRecoveryStepRequest{
		Justification: why(), Name: poor.GetName(), Step: &ententev1.RecoveryStep{AssetId: "cash", Stage: ententev1.RecoveryStage_RECOVERY_STAGE_FROZEN, StepDate: "2026-11-02"},
	}); err != nil {
		t.Fatal(err)
	}
	want(t, "after a step", w.matches(call("gb-nca"), ""), told)
}

// Whatever a query may ask, by words, names, places, parts of numbers and attributes, is asked of each new record.
func TestStandingQueriesAskAllThatQueriesDo(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	w.matching()
	d := about("Boats", to("gb-nca"), "+33612345601")
	d.GetPlain().Subjects = append(d.GetPlain().Subjects, &ententev1.Subject{SubjectId: "v", Kind: &ententev1.Subject_Vessel{Vessel: &ententev1.Vessel{
		DisplayName: "محمد كريمي", FlagRegionCode: "PA", VesselType: "Fishing boat",
	}}})
	d.GetPlain().Places = []*ententev1.Place{{Point: &latlng.LatLng{Latitude: 50.99, Longitude: 2.13}}}
	near := func(metres float64) []*ententev1.GeoArea {
		return []*ententev1.GeoArea{{Area: &ententev1.GeoArea_Radius{Radius: &ententev1.GeoRadius{Center: &latlng.LatLng{Latitude: 50.95, Longitude: 1.86}, RadiusMeters: metres}}}}
	}
	corridor := func(r ententev1.SmugglingRoute) []*ententev1.GeoArea {
		return []*ententev1.GeoArea{{Area: &ententev1.GeoArea_RouteCorridor{RouteCorridor: r}}}
	}
	part := func(ends string) []*ententev1.IdentifierPart {
		return []*ententev1.IdentifierPart{{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, Part: &ententev1.IdentifierPart_EndsWith{EndsWith: ends}}}
	}
	var found []string
	r := map[bool][]*ententev1.IntelligenceItemQuery{
		true: {
			{Names: []string{"Mohammed Karimi"}}, {Names: []string{"Karimi"}}, {Places: near(30_000)}, {Places: corridor(ententev1.SmugglingRoute_SMUGGLING_ROUTE_ENGLISH_CHANNEL)},
			{IdentifierParts: part("45601")}, {Subjects: []*ententev1.SubjectAttributes{{RegionCode: "PA", VesselType: "boat"}}}, {Text: "inflatab*"},
			{Originators: []string{"agencies/fr-ofast"}, NoneOf: []*ententev1.Filter{{Places: near(1_000)}}},
			{AnyOf: []*ententev1.Filter{{Text: "lorry"}, {IdentifierParts: part("601")}}},
		},
		false: {
			{Names: []string{"Ali Hassan"}}, {Places: near(5_000)}, {Places: corridor(ententev1.SmugglingRoute_SMUGGLING_ROUTE_CENTRAL_MEDITERRANEAN)},
			{IdentifierParts: part("45602")}, {Subjects: []*ententev1.SubjectAttributes{{RegionCode: "PA", VesselType: "tanker"}}}, {Text: "lorr*"},
			{Originators: []string{"agencies/fr-ofast"}, NoneOf: []*ententev1.Filter{{Places: near(30_000)}}},
		},
	}
	var expected []string
	for finds, list := range r {
		for i, q := range list {
			name := w.stand(call("gb-nca"), itemsWhere(fmt.Sprint(finds, i), q)).GetName()
			if finds {
				expected = append(expected, name)
			}
		}
	}
	item := w.submit("fr-ofast", d).GetName()
	for _, name := range expected {
		found = append(found, match(name, item, 1))
	}
	want(t, "gb-nca", w.matches(call("gb-nca"), ""), found)
}
