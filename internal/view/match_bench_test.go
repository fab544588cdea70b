package view

import (
	"fmt"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/index"
)

// BenchmarkHoldings walks the index for one identifier and for what others hold of it in silence: every fifth record is one's own, the others are the reader's,
// a hit, a silence or hidden, and eight share a value.
func BenchmarkHoldings(b *testing.B) {
	w := populated(b)
	existences := []ententev1.Existence{0, ententev1.Existence_EXISTENCE_HIT, ententev1.Existence_EXISTENCE_SILENT, 1}
	const records = 4000
	for i := range records {
		x := &item{owner: cast()[i%4], release: to(), content: fmt.Sprint("number", i/8)}
		if x.release.Existence = existences[i/4%4]; x.release.GetExistence() == 0 {
			x.release.Audience.Agencies = []string{"agencies/" + japan}
		}
		if x.release.GetExistence() == ententev1.Existence_EXISTENCE_HIT {
			x.release.HitAudience = &ententev1.HitAudience{Agencies: []string{"agencies/" + japan}}
		}
		w.submit(x)
	}
	terms := make([]index.AnyOf, records/8)
	for i := range terms {
		terms[i] = index.AnyOf{w.Hasher().Term(index.FieldOriginator, fmt.Sprint("word number", i))}
	}
	for _, what := range []string{"holdings", "with silence"} {
		b.Run(what, func(b *testing.B) {
			err := w.Query(func(s *Snapshot) error {
				for i := 0; b.Loop(); i++ {
					s.Holdings(w.reader(japan), terms[i%len(terms)], 51)
					if what == "holdings" {
						continue
					}
					if err := s.Silence(w.reader(japan), terms[i%len(terms)], 21, func(uint32, []uint64) error { return nil }); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}
