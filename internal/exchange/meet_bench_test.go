package exchange_test

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// drive submits n items of an agency from 64 callers at once, with four numbers each, and waits until all have been compared.
func (w *world) drive(id string, release *ententev1.Release, n int, number func(i, j int) string) time.Duration {
	w.t.Helper()
	began := time.Now()
	var submitting errgroup.Group
	submitting.SetLimit(64)
	for i := range n {
		submitting.Go(func() error {
			d := about("flood", release, number(i, 0), number(i, 1), number(i, 2), number(i, 3))
			_, err := w.SubmitIntelligenceItem(w.t.Context(), call(id), &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: d})
			return err
		})
	}
	if err := submitting.Wait(); err != nil {
		w.t.Fatal(err)
	}
	w.settle()
	return time.Since(began)
}

// Side by side: submits whose four numbers wait for a budget, that meet nobody, and of which each
// meets a record of another agency. Comparing and telling are in the time.
func BenchmarkSubmitCompared(b *testing.B) {
	w := newWorld(b)
	w.enrol("fr-ofast", "gb-nca", "de-bka")
	w.matching()
	for id, perDay := range map[string]int64{"fr-ofast": 1 << 40, "gb-nca": 1 << 40, "de-bka": 0} {
		if _, err := w.SetCheckBudget(b.Context(), operator("Set"), &ententev1.SetCheckBudgetRequest{Agency: "agencies/" + id, PerDay: perDay}); err != nil {
			b.Fatal(err)
		}
	}
	const each = 500
	took := map[string]time.Duration{}
	round := 0
	for b.Loop() {
		round++
		numbers := func(prefix string) func(i, j int) string {
			return func(i, j int) string { return fmt.Sprintf("+336%s%07d", prefix, (round*each+i)*4+j) }
		}
		took["wait"] += w.drive("de-bka", to(), each, numbers("1"))
		took["none"] += w.drive("fr-ofast", hitTo("gb-nca"), each, numbers("2"))
		took["meet"] += w.drive("gb-nca", hitTo("fr-ofast"), each, numbers("2"))
	}
	for name, d := range took {
		b.ReportMetric(float64(d.Microseconds())/float64(round*each), "µs/"+name)
	}
}
