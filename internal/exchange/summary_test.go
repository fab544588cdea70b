package exchange_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"google.golang.org/genproto/googleapis/type/money"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// drawn is a random report: a few assets of few types and currencies, with some values, and steps of which some are void.
func drawn(r *rand.Rand, release *ententev1.Release) *ententev1.SeizureReportDraft {
	d := report(release)
	c := d.GetPlain()
	c.Assets, d.RecoverySteps = nil, nil
	for i := range 1 + r.IntN(4) {
		a := &ententev1.Asset{AssetId: fmt.Sprint("a", i), Type: ententev1.AssetType(1 + r.IntN(3)), Description: strings.Repeat("x", r.IntN(50))}
		for range r.IntN(4) {
			a.Valuations = append(a.Valuations, drawnValue(r))
		}
		if r.IntN(3) == 0 {
			a.Place = &ententev1.Place{RegionCode: []string{"FR", "GB"}[r.IntN(2)]}
		}
		c.Assets = append(c.Assets, a)
		d.RecoverySteps = append(d.RecoverySteps, drawnSteps(r, a.GetAssetId(), int32(len(d.GetRecoverySteps())))...)
	}
	if r.IntN(2) == 0 {
		c.Places = []*ententev1.Place{{RegionCode: "TN"}}
	}
	return d
}

func drawnValue(r *rand.Rand) *ententev1.Valuation {
	return &ententev1.Valuation{
		Amount:   &money.Money{CurrencyCode: []string{"EUR", "GBP", "JPY"}[r.IntN(3)], Units: r.Int64N(1_000_000), Nanos: int32(r.IntN(1_000_000_000))},
		ValuedOn: []string{"", "2026", "2026-03", "2026-03-07", "2026-10-01"}[r.IntN(5)], Basis: ententev1.ValuationBasis(1 + r.IntN(4)),
	}
}

func drawnSteps(r *rand.Rand, asset string, before int32) (steps []*ententev1.RecoveryStep) {
	for _, stage := range []ententev1.RecoveryStage{ententev1.RecoveryStage_RECOVERY_STAGE_TRACED, ententev1.RecoveryStage_RECOVERY_STAGE_FROZEN, ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED} {
		if r.IntN(2) == 0 {
			continue
		}
		s := &ententev1.RecoveryStep{AssetId: asset, Stage: stage, StepDate: []string{"2026-05-05", "2026-09"}[r.IntN(2)]}
		if r.IntN(2) == 0 {
			s.Valuation = drawnValue(r)
		}
		steps = append(steps, s)
	}
	if len(steps) > 0 && r.IntN(2) == 0 {
		steps = append(steps, &ententev1.RecoveryStep{AssetId: asset, VoidsStepNumber: before + int32(len(steps))})
	}
	return steps
}

// scanned is the plain model: every report is read by name, as policy lets the caller, and added up with fractions.
func scanned(t *testing.T, w *world, reader string, names []string, req *ententev1.SummarizeSeizuresRequest) map[string]*big.Rat {
	t.Helper()
	counts := map[string]*big.Rat{}
	add := func(key string, n *big.Rat) {
		if counts[key] == nil {
			counts[key] = new(big.Rat)
		}
		counts[key].Add(counts[key], n)
	}
	for _, name := range names {
		answer, err := w.GetSeizureReport(t.Context(), call(reader), &ententev1.GetSeizureReportRequest{Justification: why(), Selector: &ententev1.GetSeizureReportRequest_Name{Name: name}})
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		x := received(t, answer).GetSeizureReport()
		if o := req.GetQuery().GetOriginators(); len(o) > 0 && !slices.Contains(o, x.GetMetadata().GetOriginator()) || x.GetMetadata().GetState() != ententev1.RecordState_RECORD_STATE_ACTIVE {
			continue
		}
		for _, a := range x.GetPlain().GetAssets() {
			group, counts := placed(x, a, req)
			if !counts {
				continue
			}
			add(group+"assets", big.NewRat(1, 1))
			for basis := int32(1); basis <= 4; basis++ {
				if v := lastSaid(x, a, ententev1.ValuationBasis(basis)); v != nil {
					add(fmt.Sprint(group, v.GetCurrencyCode(), basis), new(big.Rat).Add(big.NewRat(v.GetUnits(), 1), big.NewRat(int64(v.GetNanos()), 1_000_000_000)))
				}
			}
		}
	}
	return counts
}

// placed is the group of an asset, and whether it counts.
func placed(x *ententev1.SeizureReport, a *ententev1.Asset, req *ententev1.SummarizeSeizuresRequest) (string, bool) {
	g := &ententev1.SeizureGroup{}
	var stage ententev1.RecoveryStage
	day := ""
	for _, s := range intel.Standings(x.GetRecoverySteps()) {
		if s.GetAssetId() == a.GetAssetId() {
			stage, day = s.GetStage(), x.GetRecoverySteps()[s.GetStepNumber()-1].GetStepDate()
		}
	}
	q := req.GetQuery()
	if len(q.GetStages()) > 0 && !slices.Contains(q.GetStages(), stage) || len(q.GetAssetTypes()) > 0 && !slices.Contains(q.GetAssetTypes(), a.GetType()) {
		return "", false
	}
	for _, d := range req.GetGroupBy() {
		switch d {
		case ententev1.SeizureDimension_SEIZURE_DIMENSION_STAGE:
			g.Stage = stage
		case ententev1.SeizureDimension_SEIZURE_DIMENSION_ASSET_TYPE:
			g.AssetType = a.GetType()
		case ententev1.SeizureDimension_SEIZURE_DIMENSION_AGENCY:
			g.Agency = x.GetMetadata().GetOriginator()
		case ententev1.SeizureDimension_SEIZURE_DIMENSION_COUNTRY:
			if g.RegionCode = a.GetPlace().GetRegionCode(); g.GetRegionCode() == "" && len(x.GetPlain().GetPlaces()) == 1 {
				g.RegionCode = x.GetPlain().GetPlaces()[0].GetRegionCode()
			}
		default:
			if g.Period = day; len(day) > 7 {
				g.Period = day[:7]
			}
		}
	}
	return grouped(g), true
}

// lastSaid is the last of an asset's values of a basis, in the order of their days.
func lastSaid(x *ententev1.SeizureReport, a *ententev1.Asset, basis ententev1.ValuationBasis) *money.Money {
	type said struct {
		day    string
		amount *money.Money
	}
	var all []said
	for _, v := range a.GetValuations() {
		if v.GetBasis() == basis {
			all = append(all, said{v.GetValuedOn(), v.GetAmount()})
		}
	}
	for _, s := range x.GetRecoverySteps() {
		if v := s.GetValuation(); v != nil && !s.GetVoided() && s.GetAssetId() == a.GetAssetId() && v.GetBasis() == basis {
			day := v.GetValuedOn()
			if day == "" {
				day = s.GetStepDate()
			}
			all = append(all, said{day, v.GetAmount()})
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.SortStableFunc(all, func(a, b said) int { return strings.Compare(a.day, b.day) })
	return all[len(all)-1].amount
}

func grouped(g *ententev1.SeizureGroup) string {
	return fmt.Sprint(int32(g.GetStage()), "|", int32(g.GetAssetType()), "|", g.GetRegionCode(), "|", g.GetAgency(), "|", g.GetPeriod(), "|")
}

// answered is an answer in the form of the model.
func answered(t *testing.T, answer *ententev1.SummarizeSeizuresResponse) map[string]*big.Rat {
	t.Helper()
	groups := answer.GetGroups()
	if len(groups) == 0 && answer.GetTotal().GetAssetCount() > 0 {
		groups = []*ententev1.SeizureGroup{answer.GetTotal()}
	}
	counts := map[string]*big.Rat{}
	for _, g := range groups {
		counts[grouped(g)+"assets"] = big.NewRat(g.GetAssetCount(), 1)
		for _, s := range g.GetSums() {
			n, ok := new(big.Rat).SetString(s.GetAmount())
			if !ok {
				t.Fatalf("%q is no number", s.GetAmount())
			}
			counts[fmt.Sprint(grouped(g), s.GetCurrencyCode(), int32(s.GetBasis()))] = n
		}
	}
	return counts
}

func (w *world) summarize(id string, req *ententev1.SummarizeSeizuresRequest) *ententev1.SummarizeSeizuresResponse {
	w.t.Helper()
	answer, err := w.SummarizeSeizures(w.t.Context(), call(id), req)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer
}

// In random worlds every sum is that of a plain scan with policy decided for every record.
func TestSummaryIsAPlainScan(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	w := newWorld(t)
	agencies := []string{"fr-ofast", "gb-nca", "it-gdf"}
	w.enrol(agencies...)
	var names []string
	for range 40 {
		owner := agencies[r.IntN(3)]
		var audience []string
		for _, id := range agencies {
			if id != owner && r.IntN(2) == 0 {
				audience = append(audience, id)
			}
		}
		x := w.seize(owner, drawn(r, to(audience...)))
		names = append(names, x.GetName())
		if r.IntN(8) == 0 {
			if _, err := w.RecallSeizureReport(t.Context(), call(owner), &ententev1.RecallSeizureReportRequest{Justification: why(), Name: x.GetName(), Etag: x.GetEtag()}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for n := range 40 {
		req := &ententev1.SummarizeSeizuresRequest{Justification: why(), Query: &ententev1.SeizureReportQuery{}, PeriodOf: ententev1.SummaryDate_SUMMARY_DATE_STEP}
		for d := range 5 {
			if r.IntN(3) == 0 {
				req.GroupBy = append(req.GroupBy, ententev1.SeizureDimension(d+1))
			}
		}
		if r.IntN(3) == 0 {
			req.Query.AssetTypes = []ententev1.AssetType{ententev1.AssetType(1 + r.IntN(3))}
		}
		if r.IntN(3) == 0 {
			req.Query.Stages = []ententev1.RecoveryStage{ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED, ententev1.RecoveryStage_RECOVERY_STAGE_TRACED}
		}
		if r.IntN(3) == 0 {
			req.Query.Originators = []string{intel.AgencyID(agencies[r.IntN(3)]).Name()}
		}
		reader := agencies[n%3]
		got, wanted := answered(t, w.summarize(reader, req)), scanned(t, w, reader, names, req)
		if !slices.Equal(lines(got), lines(wanted)) {
			t.Fatalf("seed %d, %s, %v:\n%s\nnot\n%s", seed, reader, req, strings.Join(lines(got), "\n"), strings.Join(lines(wanted), "\n"))
		}
	}
}

// lines are the counts in order, exact.
func lines(counts map[string]*big.Rat) (list []string) {
	for key, n := range counts {
		list = append(list, key+" "+n.RatString())
	}
	slices.Sort(list)
	return list
}

// A cap counts what the caller sees: what is hidden moves neither it nor a sum. Where it was reached the caller goes on from there.
func TestSummaryCap(t *testing.T) {
	w := newWorldWith(t, exchange.Config{SummaryCap: 3})
	w.enrol("fr-ofast", "gb-nca", "it-gdf")
	w.seize("fr-ofast", report(to("gb-nca")))
	w.seize("fr-ofast", report(to("gb-nca")))
	ask := &ententev1.SummarizeSeizuresRequest{Justification: why()}
	for range 5 {
		w.seize("fr-ofast", report(to("it-gdf")))
	}
	w.seize("it-gdf", report(to("gb-nca")))
	if got := w.summarize("gb-nca", ask); got.GetCapped() || got.GetCountedFrom() != nil || got.GetTotal().GetReportCount() != 3 {
		t.Errorf("%v", got)
	}
	w.seize("fr-ofast", report(to("gb-nca")))
	got := w.summarize("gb-nca", ask)
	if !got.GetCapped() || got.GetTotal().GetReportCount() != 3 || got.GetTotal().GetAssetCount() != 6 {
		t.Errorf("%v", got)
	}
	ask.PageToken = got.GetNextPageToken()
	if got = w.summarize("gb-nca", ask); got.GetCapped() || got.GetNextPageToken() != "" || got.GetTotal().GetReportCount() != 1 {
		t.Errorf("the rest is %v", got)
	}
	ask.GroupBy = []ententev1.SeizureDimension{ententev1.SeizureDimension_SEIZURE_DIMENSION_STAGE}
	_, err := w.SummarizeSeizures(t.Context(), call("gb-nca"), ask)
	expect(t, err, fault.Invalid, "INVALID_REQUEST")
}

// Each originator whose reports were read learns of it, once a call.
func TestSummaryIsDisclosed(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca", "it-gdf")
	for range 3 {
		w.seize("fr-ofast", report(to("gb-nca")))
	}
	w.seize("it-gdf", report(to("gb-nca")))
	w.seize("it-gdf", report(to()))
	w.summarize("gb-nca", &ententev1.SummarizeSeizuresRequest{Justification: why()})
	for id, reports := range map[string]int{"fr-ofast": 3, "it-gdf": 1} {
		answer, err := w.ListDisclosures(t.Context(), call(id), &ententev1.ListDisclosuresRequest{Justification: why()})
		if err != nil {
			t.Fatal(err)
		}
		d := answer.GetDisclosures()
		if len(d) != 1 || len(d[0].GetNames()) != reports || d[0].GetKind() != ententev1.DisclosureKind_DISCLOSURE_KIND_LISTED {
			t.Errorf("%s: %v", id, d)
		}
	}
}

func TestSummaryTableRefused(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast")
	_, err := w.SummarizeSeizures(t.Context(), call("fr-ofast"), &ententev1.SummarizeSeizuresRequest{Justification: why(), Conversion: &ententev1.ConversionTable{
		Name: "N", Date: "2026-13-01", CurrencyCode: "EUR", Rates: []*ententev1.ConversionRate{{CurrencyCode: "GBP", Rate: "1"}},
	}})
	expect(t, err, fault.Invalid, "INVALID_REQUEST")
}

// BenchmarkSummary sums 5,000 reports of about 2 KB with three assets and four steps a call, without the edge: decided, added up, on record.
func BenchmarkSummary(b *testing.B) {
	w := newWorld(b)
	w.enrol("fr-ofast", "gb-nca")
	r := rand.New(rand.NewPCG(1, 2))
	var all sync.WaitGroup
	for range 50 {
		drafts := make([]*ententev1.SeizureReportDraft, 100)
		for i := range drafts {
			drafts[i] = drawn(r, to("gb-nca"))
			drafts[i].GetPlain().Narrative = strings.Repeat("Cash was found behind a wall panel. ", 45)
		}
		all.Go(func() {
			for _, d := range drafts {
				w.seize("fr-ofast", d)
			}
		})
	}
	all.Wait()
	b.ReportAllocs()
	b.ResetTimer()
	reports := int64(0)
	for b.Loop() {
		answer := w.summarize("gb-nca", &ententev1.SummarizeSeizuresRequest{Justification: why(), GroupBy: []ententev1.SeizureDimension{1, 2}})
		reports += answer.GetTotal().GetReportCount()
	}
	b.ReportMetric(float64(reports)/b.Elapsed().Seconds(), "reports/s")
}
