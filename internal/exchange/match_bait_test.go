package exchange_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// ungraded is a draft to which its scheme gives the lowest grade.
func ungraded(d *ententev1.IntelligenceItemDraft) *ententev1.IntelligenceItemDraft {
	e := d.GetPlain().GetEvaluation().GetEuropol()
	e.Source, e.Information = ententev1.EuropolSourceEvaluation_EUROPOL_SOURCE_EVALUATION_X, ententev1.EuropolInformationEvaluation_EUROPOL_INFORMATION_EVALUATION_4
	return d
}

// A correction makes a record young again: nobody has read what it says now, and whoever asks for that is told with the day.
func TestACorrectionMayBeBait(t *testing.T) {
	w, c := matching(t)
	release := silent()
	release.Audience.Agencies = []string{"agencies/de-bka"}
	r := w.submit("fr-ofast", ungraded(phoned(boatPhone, release)))
	if _, err := w.get("de-bka", r.GetName()); err != nil {
		t.Fatal(err)
	}
	w.later(c, 30*time.Hour)
	w.checks("gb-nca", "NO_HIT", boatPhone)
	if got := w.hits("fr-ofast"); len(got) != 1 {
		t.Fatalf("of an old record France is told %v", got)
	}
	if _, err := w.ReviseIntelligenceItem(t.Context(), call("fr-ofast"), &ententev1.ReviseIntelligenceItemRequest{
		Justification: why(), Name: r.GetName(), Etag: r.GetEtag(), Content: &ententev1.ReviseIntelligenceItemRequest_Plain{Plain: ungraded(phoned(otherPhone, nil)).GetPlain()},
	}); err != nil {
		t.Fatal(err)
	}
	w.checks("gb-nca", "NO_HIT", otherPhone)
	if got := w.hits("fr-ofast"); len(got) != 1 {
		t.Errorf("of a number of today France is told at once: %v", got[1:])
	}
	if _, err := w.get("de-bka", r.GetName()); err != nil {
		t.Fatal(err)
	}
	w.checks("gb-nca", "NO_HIT", otherPhone)
	if got := w.hits("fr-ofast"); len(got) != 2 || got[1].GetPoolDay() != "" {
		t.Errorf("of what Germany has read France is told %v", got)
	}
	w.later(c, 24*time.Hour) // the day after, which the pool stands for
	w.later(c, 24*time.Hour)
	if got := w.hits("fr-ofast"); len(got) != 3 || got[2].GetPoolDay() == "" || len(got[2].GetAskers()) != 1 {
		t.Errorf("France is told %v", got)
	}
}

// No hit rests on a hash: what the index takes for the identifier is compared with it, in records that are shown and in those that only give a hit.
func TestAHashIsNoHit(t *testing.T) {
	w, _ := matching(t)
	w.submit("fr-ofast", phoned(boatPhone, to("gb-nca")))
	w.submit("de-bka", phoned(boatPhone, hitTo("gb-nca")))
	w.checks("gb-nca", "HIT 1 de-bka", boatPhone)
	told := len(w.hits("de-bka"))
	c := call("gb-nca")
	c.Method = "/entente.v1.MatchService/CheckIdentifiers"
	answer, err := exchange.Mistaken(t.Context(), w.Hub, c, &ententev1.CheckIdentifiersRequest{Justification: why(), Identifiers: phones(otherPhone)}, phones(boatPhone)[0])
	if err != nil {
		t.Fatal(err)
	}
	if row := answer.GetResults()[0]; row.GetResult() != ententev1.CheckResult_CHECK_RESULT_NO_HIT || row.GetRecordCount() != 0 || len(row.GetRecords())+len(row.GetPartners()) != 0 {
		t.Errorf("Britain is told %v", row)
	}
	if got := len(w.hits("de-bka")); got != told {
		t.Errorf("Germany is told of %d checks of what it has not", got-told)
	}
}

// However many calls come together, no more is spent than there is, and who is told he may not has told nobody of it.
func TestCallsTogetherPassNoBudget(t *testing.T) {
	w, _ := matching(t)
	w.submit("fr-ofast", phoned(boatPhone, hitTo("gb-nca")))
	if _, err := w.SetCheckBudget(t.Context(), operator("Budget"), &ententev1.SetCheckBudgetRequest{Agency: "agencies/gb-nca", PerDay: 10}); err != nil {
		t.Fatal(err)
	}
	var calling sync.WaitGroup
	var served, refused atomic.Int32
	for range 12 {
		calling.Go(func() {
			_, err := w.tryCheck("gb-nca", phones(boatPhone, otherPhone, boatPhone)...)
			switch f := fault.As(err); {
			case err == nil:
				served.Add(1)
			case f.Kind == fault.Exhausted && f.Reason == "CHECK_BUDGET_SPENT" && f.Quota != nil && f.RetryAfter > 0:
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	calling.Wait()
	if served.Load() != 3 || refused.Load() != 9 {
		t.Errorf("%d calls of 3 were served out of a budget of 10, %d were refused", served.Load(), refused.Load())
	}
	if got := len(w.hits("fr-ofast")); got != 3 {
		t.Errorf("France is told of %d checks", got)
	}
	w.checks("gb-nca", "HIT fr-ofast", boatPhone) // the tenth
}
