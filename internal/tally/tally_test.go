package tally_test

import (
	"fmt"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/type/money"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/tally"
)

const (
	cash   = int32(ententev1.AssetType_ASSET_TYPE_CASH)
	vessel = int32(ententev1.AssetType_ASSET_TYPE_VESSEL)

	frozen      = int32(ententev1.RecoveryStage_RECOVERY_STAGE_FROZEN)
	seized      = int32(ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED)
	confiscated = int32(ententev1.RecoveryStage_RECOVERY_STAGE_CONFISCATED)

	face      = int32(ententev1.ValuationBasis_VALUATION_BASIS_FACE)
	appraisal = int32(ententev1.ValuationBasis_VALUATION_BASIS_APPRAISAL)
	realised  = int32(ententev1.ValuationBasis_VALUATION_BASIS_REALISED)

	byStage   = ententev1.SeizureDimension_SEIZURE_DIMENSION_STAGE
	byType    = ententev1.SeizureDimension_SEIZURE_DIMENSION_ASSET_TYPE
	byCountry = ententev1.SeizureDimension_SEIZURE_DIMENSION_COUNTRY
	byAgency  = ententev1.SeizureDimension_SEIZURE_DIMENSION_AGENCY
	byPeriod  = ententev1.SeizureDimension_SEIZURE_DIMENSION_PERIOD
)

func valued(basis int32, currency string, units int64, nanos int32, on string) *internalv1.CountedValuation {
	return &internalv1.CountedValuation{Amount: &money.Money{CurrencyCode: currency, Units: units, Nanos: nanos}, Basis: basis, ValuedOn: on}
}

func asset(id string, kind int32, values ...*internalv1.CountedValuation) *internalv1.CountedAsset {
	return &internalv1.CountedAsset{AssetId: id, Type: kind, Valuations: values}
}

func report(steps []*internalv1.CountedStep, assets ...*internalv1.CountedAsset) tally.Report {
	return tally.Report{
		Agency: "agencies/fr-ofast", Received: time.Date(2026, 11, 24, 23, 30, 0, 0, time.UTC),
		Content: &internalv1.CountedContent{Assets: assets}, Steps: steps,
	}
}

func summary(q tally.Question, reports ...tally.Report) *ententev1.SummarizeSeizuresResponse {
	t := tally.New(q)
	for _, r := range reports {
		t.Add(r)
	}
	return t.Answer()
}

// sums are those of a group, a line each.
func sums(g *ententev1.SeizureGroup) (lines []string) {
	for _, s := range g.GetSums() {
		lines = append(lines, fmt.Sprint(s.GetAmount(), " ", s.GetCurrencyCode(), " ", int32(s.GetBasis()), " of ", s.GetAssetCount()))
	}
	return lines
}

func want(t *testing.T, got []string, wanted ...string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(wanted) {
		t.Errorf("%q, not %q", got, wanted)
	}
}

// An asset is worth what was said of it last, by each basis, whatever stages it went through.
func TestAssetCountsOnce(t *testing.T) {
	steps := []*internalv1.CountedStep{
		{AssetId: "a", Stage: frozen, StepDate: "2026-03-01", Valuation: valued(appraisal, "EUR", 90, 0, "")},
		{AssetId: "a", Stage: seized, StepDate: "2026-04", Valuation: valued(appraisal, "EUR", 80, 0, "")},
		{AssetId: "a", Stage: confiscated, StepDate: "2026-05-01", Valuation: valued(realised, "EUR", 50, 500_000_000, "2026-06-01")},
	}
	a := asset("a", vessel, valued(appraisal, "EUR", 100, 0, "2026-02-01"))
	got := summary(tally.Question{By: []ententev1.SeizureDimension{byStage}}, report(steps, a, asset("b", cash)))
	if got.GetTotal().GetAssetCount() != 2 || got.GetTotal().GetReportCount() != 1 || got.GetTotal().GetUnvaluedAssetCount() != 1 || len(got.GetGroups()) != 2 {
		t.Errorf("%v", got)
	}
	want(t, sums(got.GetTotal()), "80.00 EUR 3 of 1", "50.50 EUR 4 of 1")
	if g := got.GetGroups()[1]; int32(g.GetStage()) != confiscated || g.GetAssetCount() != 1 {
		t.Errorf("%v", g)
	}

	void := append(steps, &internalv1.CountedStep{AssetId: "a", VoidsStepNumber: 3}, &internalv1.CountedStep{AssetId: "b", VoidsStepNumber: 1})
	got = summary(tally.Question{By: []ententev1.SeizureDimension{byStage}}, report(void, a))
	want(t, sums(got.GetTotal()), "80.00 EUR 3 of 1")
	if g := got.GetGroups()[0]; int32(g.GetStage()) != seized {
		t.Errorf("%v", g)
	}
}

// A value without a day is the oldest; of two of one day the last stated counts, also in another currency.
func TestLatestValue(t *testing.T) {
	for _, c := range []struct {
		values []*internalv1.CountedValuation
		want   string
	}{
		{[]*internalv1.CountedValuation{valued(face, "EUR", 1, 0, "2026"), valued(face, "EUR", 2, 0, "")}, "1.00 EUR 1 of 1"},
		{[]*internalv1.CountedValuation{valued(face, "EUR", 1, 0, "2026-01-01"), valued(face, "EUR", 2, 0, "2026")}, "1.00 EUR 1 of 1"},
		{[]*internalv1.CountedValuation{valued(face, "EUR", 1, 0, "2026-01"), valued(face, "USD", 2, 0, "2026-01")}, "2.00 USD 1 of 1"},
		{[]*internalv1.CountedValuation{valued(face, "EUR", 1, 0, ""), valued(face, "JPY", 2, 0, "")}, "2 JPY 1 of 1"},
	} {
		want(t, sums(summary(tally.Question{}, report(nil, asset("a", cash, c.values...))).GetTotal()), c.want)
	}
}

// Sums are exact beyond what a machine's numbers hold.
func TestSumsAreExact(t *testing.T) {
	var assets []*internalv1.CountedAsset
	for i := range 10 {
		assets = append(assets, asset(fmt.Sprint(i), cash, valued(face, "EUR", 9_223_372_036_854_775_807, 999_999_999, "")))
	}
	assets = append(assets, asset("mill", cash, valued(face, "TND", 0, 1, "")))
	table, wrong := tally.NewTable(&ententev1.ConversionTable{Name: "N", Date: "2026-11-24", CurrencyCode: "TND", Rates: []*ententev1.ConversionRate{{CurrencyCode: "EUR", Rate: "0.000000000001"}}})
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	got := summary(tally.Question{Table: table}, report(nil, assets...)).GetTotal()
	want(t, sums(got), "92233720368547758079.99999999 EUR 1 of 10", "0.000000001 TND 1 of 1")
	if c := got.GetConvertedSums(); len(c) != 1 || c[0].GetAmount() != "92233720.36854775907999999999" || c[0].GetTableName() != "N" || c[0].GetTableDate() != "2026-11-24" {
		t.Errorf("%v", c)
	}
}

// What the table has no rate for is named and left out.
func TestUnconverted(t *testing.T) {
	table, _ := tally.NewTable(&ententev1.ConversionTable{Name: "N", Date: "2026-11-24", CurrencyCode: "EUR", Rates: []*ententev1.ConversionRate{{CurrencyCode: "USD", Rate: "0.9"}}})
	got := summary(tally.Question{Table: table}, report(nil,
		asset("a", cash, valued(face, "USD", 100, 0, "")), asset("b", cash, valued(face, "JPY", 5, 0, "")), asset("c", cash, valued(realised, "EUR", 1, 0, "")),
	)).GetTotal().GetConvertedSums()
	if len(got) != 2 || got[0].GetAmount() != "90.00" || got[0].GetAssetCount() != 1 || fmt.Sprint(got[0].GetUnconvertedCurrencyCodes()) != "[JPY]" || got[1].GetAmount() != "1.00" {
		t.Errorf("%v", got)
	}
}

func TestTableRefused(t *testing.T) {
	rate := func(code, rate string) []*ententev1.ConversionRate {
		return []*ententev1.ConversionRate{{CurrencyCode: "USD", Rate: "0.9"}, {CurrencyCode: code, Rate: rate}}
	}
	for _, c := range []struct {
		date, target string
		rates        []*ententev1.ConversionRate
		field        string
		reason       string
	}{
		{"2026-02-30", "EUR", rate("GBP", "1"), "date", "TABLE_DATE"},
		{"2026-02-03", "XXX", rate("GBP", "1"), "currencyCode", "CURRENCY_CODE"},
		{"2026-02-03", "EUR", rate("XTS", "1"), "rates[1].currencyCode", "CURRENCY_CODE"},
		{"2026-02-03", "EUR", rate("GBP", "0.000"), "rates[1].rate", "RATE_FORM"},
		{"2026-02-03", "EUR", rate("GBP", "1.0000000000001"), "rates[1].rate", "RATE_FORM"},
		{"2026-02-03", "EUR", rate("EUR", "1"), "rates[1].currencyCode", "RATE_OF_ITSELF"},
		{"2026-02-03", "EUR", rate("USD", "1"), "rates[1].currencyCode", "RATE_TWICE"},
	} {
		_, wrong := tally.NewTable(&ententev1.ConversionTable{Name: "N", Date: c.date, CurrencyCode: c.target, Rates: c.rates})
		if len(wrong) != 1 || wrong[0].Field != c.field || wrong[0].Reason != c.reason {
			t.Errorf("%v, not %s of %s", wrong, c.reason, c.field)
		}
	}
}

func TestPeriods(t *testing.T) {
	r := report([]*internalv1.CountedStep{{AssetId: "a", Stage: seized, StepDate: "2025-07"}}, asset("a", cash))
	r.Content.Observed = &internalv1.CountedInterval{StartTime: timestamppb.New(time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC))}
	for _, c := range []struct {
		of     ententev1.SummaryDate
		length ententev1.SummaryPeriod
		want   string
	}{
		{0, 0, "2026-11"}, {1, 2, "2026-Q4"}, {1, 3, "2026"}, {2, 1, "2026-02"}, {2, 2, "2026-Q1"}, {3, 1, "2025-07"}, {3, 2, "2025-Q3"}, {3, 3, "2025"},
	} {
		got := summary(tally.Question{By: []ententev1.SeizureDimension{byPeriod}, PeriodOf: c.of, Period: c.length}, r)
		if p := got.GetGroups()[0].GetPeriod(); p != c.want {
			t.Errorf("%v by %v: %s, not %s", c.of, c.length, p, c.want)
		}
	}
	vague := report([]*internalv1.CountedStep{{AssetId: "a", Stage: seized, StepDate: "2025"}}, asset("a", cash))
	got := summary(tally.Question{By: []ententev1.SeizureDimension{byPeriod}, PeriodOf: 3, Period: 2}, vague, report(nil, asset("a", cash)))
	if len(got.GetGroups()) != 2 || got.GetGroups()[0].GetPeriod() != "" || got.GetGroups()[1].GetPeriod() != "2025" {
		t.Errorf("%v", got.GetGroups())
	}
}

func TestCountries(t *testing.T) {
	place := func(region, subdivision, locode string) *internalv1.CountedPlace {
		return &internalv1.CountedPlace{RegionCode: region, SubdivisionCode: subdivision, UnLocode: locode}
	}
	r := report(nil, asset("here", cash), asset("there", cash), asset("port", cash))
	r.Content.Assets[1].Place, r.Content.Assets[2].Place = place("TN", "", ""), place("", "", "GBDVR")
	r.Content.Places = []*internalv1.CountedPlace{place("", "FR-62", ""), place("FR", "", ""), place("", "", "")}
	countries := func() (got []string) {
		for _, g := range summary(tally.Question{By: []ententev1.SeizureDimension{byCountry}}, r).GetGroups() {
			got = append(got, g.GetRegionCode())
		}
		return got
	}
	want(t, countries(), "FR", "GB", "TN")
	r.Content.Places = append(r.Content.Places, place("BE", "", ""))
	want(t, countries(), "", "GB", "TN")
}

// Where the question names types or stages, other assets of the same report do not count.
func TestOnlyAssetsAskedFor(t *testing.T) {
	steps := []*internalv1.CountedStep{{AssetId: "a", Stage: seized}}
	r := report(steps, asset("a", cash, valued(face, "EUR", 1, 0, "")), asset("b", cash, valued(face, "EUR", 2, 0, "")), asset("c", vessel, valued(face, "EUR", 4, 0, "")))
	total := func(q tally.Question) []string { return sums(summary(q, r).GetTotal()) }
	want(t, total(tally.Question{Types: []ententev1.AssetType{ententev1.AssetType_ASSET_TYPE_CASH}}), "3.00 EUR 1 of 2")
	want(t, total(tally.Question{Stages: []ententev1.RecoveryStage{ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED}}), "1.00 EUR 1 of 1")
	want(t, total(tally.Question{Types: []ententev1.AssetType{ententev1.AssetType_ASSET_TYPE_AIRCRAFT}}))
}

// Of more groups than an answer holds the largest are shown, and nothing is lost.
func TestRest(t *testing.T) {
	c := tally.New(tally.Question{By: []ententev1.SeizureDimension{byAgency, byType}})
	for i := range tally.GroupsAtMost + 20 {
		r := report(nil, asset("a", cash, valued(face, "EUR", 1, 0, "")))
		if r.Agency = fmt.Sprintf("agencies/a%04d", i); i%2 == 0 {
			r.Content.Assets = append(r.Content.Assets, asset("b", cash))
		}
		c.Add(r)
	}
	got := c.Answer()
	if len(got.GetGroups()) != tally.GroupsAtMost || got.GetRestGroupCount() != 20 || got.GetRest().GetAssetCount() != 20 || got.GetRest().GetReportCount() != 0 {
		t.Errorf("%d groups, rest %v", len(got.GetGroups()), got.GetRest())
	}
	want(t, sums(got.GetRest()), "20.00 EUR 1 of 20")
	want(t, sums(got.GetTotal()), "1020.00 EUR 1 of 1020")
	if g := got.GetGroups(); g[0].GetAgency() != "agencies/a0000" || g[999].GetAgency() != "agencies/a1018" {
		t.Errorf("%s to %s", g[0].GetAgency(), g[999].GetAgency())
	}
}

// What is counted are parts of the real messages: the same names, numbers and kinds of fields.
func TestCountedPartsAreParts(t *testing.T) {
	for _, pair := range [][2]proto.Message{
		{new(internalv1.CountedContent), new(ententev1.SeizureContent)}, {new(internalv1.CountedAsset), new(ententev1.Asset)},
		{new(internalv1.CountedPlace), new(ententev1.Place)}, {new(internalv1.CountedInterval), new(ententev1.Interval)},
		{new(internalv1.CountedValuation), new(ententev1.Valuation)}, {new(internalv1.CountedStep), new(ententev1.RecoveryStep)},
	} {
		part, whole := pair[0].ProtoReflect().Descriptor(), pair[1].ProtoReflect().Descriptor()
		for i := range part.Fields().Len() {
			p := part.Fields().Get(i)
			w := whole.Fields().ByNumber(p.Number())
			if w == nil || w.Name() != p.Name() || w.Cardinality() != p.Cardinality() || wire(w.Kind()) != wire(p.Kind()) {
				t.Errorf("%s is no part of %s", p.FullName(), whole.FullName())
			}
		}
	}
}

// wire is a kind as it lies on the wire: an enum is a number there.
func wire(k protoreflect.Kind) protoreflect.Kind {
	if k == protoreflect.EnumKind {
		return protoreflect.Int32Kind
	}
	return k
}

// The answers of the pages of a question add up to that of the whole.
func TestMerge(t *testing.T) {
	table := func() *tally.Table {
		made, _ := tally.NewTable(&ententev1.ConversionTable{Name: "N", Date: "2026-11-24", CurrencyCode: "EUR", Rates: []*ententev1.ConversionRate{{CurrencyCode: "GBP", Rate: "1.1"}}})
		return made
	}
	q := tally.Question{By: []ententev1.SeizureDimension{byType, byStage}, Table: table()}
	one := report([]*internalv1.CountedStep{{AssetId: "a", Stage: seized}}, asset("a", cash, valued(face, "EUR", 10, 1, "")), asset("b", vessel, valued(realised, "JPY", 7, 0, "")))
	two := report(nil, asset("a", cash, valued(face, "GBP", 3, 5, "")), asset("b", vessel), asset("c", vessel, valued(appraisal, "CHF", 1, 0, "")))
	three := report([]*internalv1.CountedStep{{AssetId: "a", Stage: seized}}, asset("a", cash, valued(face, "EUR", 5, 0, ""), valued(appraisal, "TND", 2, 0, "")))
	got := summary(q, one)
	if !tally.Merge(got, summary(q, two)) || !tally.Merge(got, summary(q, three)) {
		t.Fatal("they do not add up")
	}
	if want := summary(q, one, two, three); !proto.Equal(got, want) {
		t.Errorf("%v\nnot\n%v", got, want)
	}
	if tally.Merge(got, &ententev1.SummarizeSeizuresResponse{Rest: &ententev1.SeizureGroup{}}) {
		t.Error("what is in a rest was added up")
	}
}
