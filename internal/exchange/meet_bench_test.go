package exchange_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/testnet/corpus"
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

// BenchmarkCompareCorpus compares the records of the corpus, eight identifiers each that recur across thirteen agencies, once all of them are there: what a record costs
// the matcher, and apply where it is told of, in processor time.
func BenchmarkCompareCorpus(b *testing.B) {
	const each = 250
	records, spent := 0, time.Duration(0)
	for b.Loop() {
		w := newWorld(b)
		agencies := corpus.Agencies()
		w.enrol(agencies...)
		if _, err := w.SetCheckBudget(b.Context(), operator("Set"), &ententev1.SetCheckBudgetRequest{PerDay: 1 << 40}); err != nil {
			b.Fatal(err)
		}
		drafts := corpus.New(1)
		var submitting errgroup.Group
		submitting.SetLimit(64)
		for n := range each * len(agencies) {
			submitting.Go(func() error {
				_, err := w.SubmitIntelligenceItem(b.Context(), call(agencies[drafts.Owner(n)]), &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: drafts.Item(n)})
				return err
			})
		}
		if err := submitting.Wait(); err != nil {
			b.Fatal(err)
		}
		before := processor(b)
		stop := w.matching()
		w.settle()
		spent, records = spent+processor(b)-before, records+each*len(agencies)
		stop()
	}
	b.ReportMetric(float64(spent.Microseconds())/float64(records), "cpu-µs/record")
}

// processor is what the process has had of the processor.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
