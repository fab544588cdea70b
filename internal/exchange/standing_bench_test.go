package exchange_test

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
)

// many makes a thousand standing queries of each of some agencies: each for numbers of its own, a third of them with other conditions that every record meets.
func (w *world) many(agencies ...string) {
	w.t.Helper()
	var creating errgroup.Group
	creating.SetLimit(64)
	for i, id := range agencies {
		for n := range 1_000 {
			creating.Go(func() error {
				numbers := []string{fmt.Sprintf("+3361%07d", i*1_000+n), fmt.Sprintf("+3362%07d", i*1_000+n)}
				d := numbersOf("numbers", numbers...)
				if n%3 == 0 {
					d = itemsWhere("numbers, and more", &ententev1.IntelligenceItemQuery{
						Identifiers: d.GetIdentifiers().GetIdentifiers(), CrimeAreas: []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING},
					})
				}
				_, err := w.CreateStandingQuery(w.t.Context(), call(id), &ententev1.CreateStandingQueryRequest{Justification: why(), Draft: d})
				return err
			})
		}
	}
	if err := creating.Wait(); err != nil {
		w.t.Fatal(err)
	}
	w.settle()
}

// agencies are so many, in countries that there are.
func agencies(n int) (ids []string) {
	for i := range n {
		ids = append(ids, fmt.Sprintf("gb-agency-%d", i))
	}
	return ids
}

// flood submits n items from 64 callers at once and waits until all have been matched.
func (w *world) flood(round, n int) time.Duration {
	w.t.Helper()
	began := time.Now()
	var submitting errgroup.Group
	submitting.SetLimit(64)
	for i := range n {
		submitting.Go(func() error {
			d := about("flood", to("gb-agency-0"), fmt.Sprintf("+3363%07d", round*10_000+i), fmt.Sprintf("+3364%07d", i))
			_, err := w.SubmitIntelligenceItem(w.t.Context(), call("fr-ofast"), &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: d})
			return err
		})
	}
	if err := submitting.Wait(); err != nil {
		w.t.Fatal(err)
	}
	w.settle()
	return time.Since(began)
}

// Side by side: submits where nobody looks for anything, and where there are ten thousand standing queries that find nothing. Matching is in the time.
func BenchmarkSubmitUnderStandingQueries(b *testing.B) {
	worlds := map[string]*world{"none": newWorld(b), "many": newWorld(b)}
	for name, w := range worlds {
		w.enrol(append(agencies(10), "fr-ofast")...)
		w.matching()
		if name == "many" {
			w.many(agencies(10)...)
		}
		w.flood(0, 500)
	}
	took := map[string]time.Duration{}
	const each = 500
	round := 0
	for b.Loop() {
		round++
		for _, name := range []string{"none", "many"} {
			took[name] += worlds[name].flood(round, each)
		}
	}
	rows := float64(round * each)
	b.ReportMetric(float64(took["none"].Microseconds())/rows, "µs/none")
	b.ReportMetric(float64(took["many"].Microseconds())/rows, "µs/10000")
	b.ReportMetric(float64(took["many"])/float64(took["none"]), "ratio")
}

// Ten thousand standing queries that do not match are not compared with a record; one among them that does is told.
func TestTenThousandStandingQueries(t *testing.T) {
	w := newWorld(t)
	w.enrol(append(agencies(10), "fr-ofast")...)
	stop := w.matching()
	w.many(agencies(10)...)
	r := w.submit("fr-ofast", about("for one of them", to("gb-agency-7"), "+33610007123"))
	w.submit("fr-ofast", about("for none of them", to("gb-agency-7"), "+33650007123"))
	if got := w.matches(call("gb-agency-7"), ""); len(got) != 1 {
		t.Errorf("%s: agency 7 is told %v", r.GetName(), got)
	}
	if got := w.matches(call("gb-agency-8"), ""); got != nil {
		t.Errorf("agency 8 is told %v", got)
	}
	stop()
	for number, most := range map[uint64]int{1: 2, 2: 1} { // the first that was filed could not know what would be rare
		if n, err := exchange.Considered(w.Hub, number); err != nil || n > most {
			t.Errorf("record %d is compared with %d of ten thousand standing queries, and with %d at most: %v", number, n, most, err)
		}
	}
}
