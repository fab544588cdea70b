package intel

import (
	"slices"
	"testing"

	"google.golang.org/genproto/googleapis/type/money"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

func TestReportRules(t *testing.T) {
	value := func(change func(*ententev1.Valuation)) func(*ententev1.SeizureContent) {
		return func(c *ententev1.SeizureContent) { change(c.Assets[0].Valuations[0]) }
	}
	for _, c := range []struct {
		name   string
		change func(*ententev1.SeizureContent)
		want   []string
	}{
		{"nothing", func(*ententev1.SeizureContent) {}, nil},
		{"no such language", func(c *ententev1.SeizureContent) { c.LanguageCode = "zzzz" }, refuses("languageCode", "LANGUAGE_CODE")},
		{"OTHER route", func(c *ententev1.SeizureContent) { c.Route = ententev1.SmugglingRoute_SMUGGLING_ROUTE_OTHER }, refuses("otherLabels", ReasonOtherLabel)},
		{"OTHER crime", func(c *ententev1.SeizureContent) { c.CrimeAreas[0] = ententev1.CrimeArea_CRIME_AREA_OTHER }, refuses("otherLabels", ReasonOtherLabel)},
		{"twice the same asset", func(c *ententev1.SeizureContent) { c.Assets[1].AssetId = "cash" }, refuses("assets[1].assetId", ReasonAssetTwice)},
		{"OTHER asset", func(c *ententev1.SeizureContent) { c.Assets[1].Type = ententev1.AssetType_ASSET_TYPE_OTHER }, refuses("assets[1].otherLabel", ReasonOtherLabel)},
		{"an unknown holder", func(c *ententev1.SeizureContent) { c.Assets[0].HolderSubjectId = "x" }, refuses("assets[0].holderSubjectId", ReasonSubjectUnknown)},
		{"an unknown owner", func(c *ententev1.SeizureContent) { c.Assets[0].OwnerSubjectId = "x" }, refuses("assets[0].ownerSubjectId", ReasonSubjectUnknown)},
		{"a malformed identifier", func(c *ententev1.SeizureContent) { c.Assets[1].Identifiers[0].RawValue = "1HGCM82633A00435O" },
			refuses("assets[1].identifiers[0].rawValue", "VIN_CHARSET")},
		{"no place", func(c *ententev1.SeizureContent) { c.Assets[0].Place = nil }, nil},
		{"an empty place", func(c *ententev1.SeizureContent) { c.Assets[0].Place = &ententev1.Place{} }, refuses("assets[0].place", ReasonPlaceEmpty)},
		{"no amount", value(func(v *ententev1.Valuation) { v.Amount = nil }), refuses("assets[0].valuations[0].amount", "CURRENCY_CODE")},
		{"no currency", value(func(v *ententev1.Valuation) { v.Amount.CurrencyCode = "XXX" }), refuses("assets[0].valuations[0].amount", "CURRENCY_CODE")},
		{"too many nanos", value(func(v *ententev1.Valuation) { v.Amount.Nanos = 1e9 }), refuses("assets[0].valuations[0].amount", "MONEY_NANOS")},
		{"below zero", value(func(v *ententev1.Valuation) { v.Amount.Units = -1 }), refuses("assets[0].valuations[0].amount", ReasonNegative)},
		{"an old currency of its day", value(func(v *ententev1.Valuation) { v.Amount.CurrencyCode, v.ValuedOn = "BGN", "2020" }), nil},
		{"an old currency of no day", value(func(v *ententev1.Valuation) { v.Amount.CurrencyCode, v.ValuedOn = "HRK", "" }),
			refuses("assets[0].valuations[0].valuedOn", ReasonValuedOn)},
		{"today's currency of no day", value(func(v *ententev1.Valuation) { v.ValuedOn = "" }), nil},
		{"of tomorrow's day", value(func(v *ententev1.Valuation) { v.ValuedOn = "2026-11-27" }), refuses("assets[0].valuations[0].valuedOn", ReasonFuture)},
		{"of no day of any calendar", value(func(v *ententev1.Valuation) { v.ValuedOn = "2026-04-31" }), refuses("assets[0].valuations[0].valuedOn", "DATE_DAY")},
		{"observed never", func(c *ententev1.SeizureContent) { c.Observed.StartTime = &timestamppb.Timestamp{Nanos: -1} }, refuses("observed.startTime", ReasonTimestamp)},
	} {
		t.Run(c.name, func(t *testing.T) {
			content := goodReport()
			c.change(content)
			before := proto.CloneOf(content)
			_, violations := ReadSeizure(content, nil, noon)
			sameRefusals(t, violations, c.want...)
			if !proto.Equal(before, content) {
				t.Error("the content was changed")
			}
		})
	}
}

// Assets come before subjects, as in the schema.
func TestReportReading(t *testing.T) {
	c := goodReport()
	c.Assets = append(c.Assets, &ententev1.Asset{AssetId: "more", Type: ententev1.AssetType_ASSET_TYPE_CASH,
		Valuations: []*ententev1.Valuation{{Amount: &money.Money{CurrencyCode: "EUR"}, Basis: 1}}})
	r, violations := ReadSeizure(c, nil, noon)
	sameRefusals(t, violations)
	if !slices.Equal(r.AssetIDs, []string{"cash", "car", "more"}) {
		t.Error(r.AssetIDs)
	}
	var paths []string
	for _, f := range r.Findings {
		paths = append(paths, f.Path)
	}
	if !slices.Equal(paths, []string{"assets[1].identifiers[0]", "subjects[0].identifiers[0]", "subjects[0].identifiers[1]"}) {
		t.Error(paths)
	}
	want := &ententev1.SeizureSummary{
		Title: c.Title, LanguageCode: "it", CrimeAreas: c.CrimeAreas, Observed: c.Observed,
		AssetTypes: []ententev1.AssetType{1, 5}, AssetCount: 3, SubjectCount: 3,
	}
	if !proto.Equal(r.Summary, want) {
		t.Errorf("%v", r.Summary)
	}
}
