package index

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

var million = flag.Bool("million", false, "run the benchmarks also over a million records")

func sizes() []int {
	if *million {
		return []int{10_000, 100_000, 1_000_000}
	}
	return []int{10_000, 100_000}
}

// BenchmarkSearch asks what analysts and machines ask most, and reports the
// work counted beside the time.
func BenchmarkSearch(b *testing.B) {
	c := newCorpus()
	for _, size := range sizes() {
		x := New()
		c.fill(b, x, 1, size+1)
		for _, q := range c.questions(size) {
			b.Run(fmt.Sprintf("%s/%d", q.name, size), func(b *testing.B) {
				b.ReportAllocs()
				var cost Cost
				for i := range b.N {
					cost = cost.Plus(q.ask(x, i))
				}
				b.ReportMetric(float64(cost.Postings)/float64(b.N), "postings/op")
				b.ReportMetric(float64(cost.Rows)/float64(b.N), "rows/op")
				b.ReportMetric(float64(cost.Probes)/float64(b.N), "probes/op")
			})
		}
	}
}

// question is a kind of query, of which ask puts the i-th.
type question struct {
	name string
	ask  func(x *Index, i int) Cost
}

func (c corpus) questions(size int) []question {
	visit := func(Number) bool { return true }
	ask := func(x *Index, more ...AnyOf) Cost {
		return x.Search(Query{All: append(c.reader(), more...), Review: &Review{Owner: 4}}, 50, visit)
	}
	known := make([]Term, 512)
	for i := range known {
		n := 1 + (i*7919)%size
		known[i] = c.terms(n)[(i*31)%8]
	}
	return []question{
		{"identifier", func(x *Index, i int) Cost { return ask(x, AnyOf{c.sharedIdentifier(i, size)}) }},
		{"any_of_record", func(x *Index, i int) Cost { return ask(x, AnyOf{known[i%len(known)]}) }},
		{"two_terms_newest50", func(x *Index, i int) Cost {
			return ask(x, AnyOf{c.word(uint64(i % 20))}, AnyOf{c.word(uint64(20 + i%50))})
		}},
		{"fields_newest50", func(x *Index, i int) Cost {
			return ask(x, AnyOf{c.h.number(FieldCrimeArea, uint64(i%12))}, AnyOf{c.h.number(FieldRoute, uint64(i%11)), c.h.number(FieldRoute, 11)})
		}},
		{"week_newest50", func(x *Index, i int) Cost {
			week := Interval{From: int64(size/2) * 60, To: int64(size/2)*60 + 7*86400}
			return x.Search(Query{All: append(c.reader(), c.h.OverlapTerms(week)), Observed: &week}, 50, visit)
		}},
		{"newest50", func(x *Index, _ int) Cost { return ask(x) }},
		{"oldest50", func(x *Index, _ int) Cost {
			return x.Search(Query{All: c.reader(), Before: 500, Review: &Review{Owner: 4}}, 50, visit)
		}},
		{"count_two_terms", func(x *Index, i int) Cost {
			_, _, cost := x.Count(Query{All: append(c.reader(), AnyOf{c.word(uint64(i % 20))}, AnyOf{c.word(uint64(20 + i%50))}), Review: &Review{Owner: 4}}, size)
			return cost
		}},
		{"count_visible", func(x *Index, _ int) Cost {
			_, _, cost := x.Count(Query{All: c.reader(), Review: &Review{Owner: 4}}, size)
			return cost
		}},
	}
}

// sharedIdentifier is one that a record of the corpus may have in common with others.
func (c corpus) sharedIdentifier(i, size int) Term {
	return c.h.number(FieldIdentifier, 1<<40|uint64(i%(size/4)))
}

// BenchmarkApply takes a hundred new records into an index of the size.
func BenchmarkApply(b *testing.B) {
	c := newCorpus()
	for _, size := range sizes() {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			x, next := New(), size+1
			c.fill(b, x, 1, next)
			b.ResetTimer()
			for range b.N {
				b.StopTimer()
				changes := c.changes(next, next+100)
				next += 100
				b.StartTimer()
				if err := x.Apply(0, changes); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(100*b.N), "µs/record")
		})
	}
}

// BenchmarkRevise moves a hundred old records from one common term to another
// and back.
func BenchmarkRevise(b *testing.B) {
	c := newCorpus()
	halves := []Term{c.h.number(fieldHalf, 0), c.h.number(fieldHalf, 1)}
	for _, size := range sizes() {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			x := New()
			c.fill(b, x, 1, size+1)
			b.ResetTimer()
			for i := range b.N {
				changes := make([]Change, 100)
				for k := range changes {
					n := 1 + (i/2*100+k)*2%size
					changes[k] = Change{Number: Number(n), Remove: halves[i%2 : i%2+1], Add: halves[1-i%2 : 2-i%2], Columns: c.columns(n)}
				}
				if err := x.Apply(0, changes); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkMemory reports how many bytes of heap a record costs.
func BenchmarkMemory(b *testing.B) {
	c := newCorpus()
	for _, size := range sizes() {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			for range b.N {
				before := heapBytes()
				x := New()
				c.fill(b, x, 1, size+1)
				b.ReportMetric(float64(heapBytes()-before)/float64(size), "B/record")
				runtime.KeepAlive(x)
			}
		})
	}
}

func heapBytes() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkTail fills a tail with records that have four hundred terms of words
// each, and writes it.
func BenchmarkTail(b *testing.B) {
	const records, words = 1 << 14, 450
	c := newCorpus()
	zipf := rand.NewZipf(c.random(0), 1.1, 8, 1<<20)
	changes := make([]Change, records)
	for i := range changes {
		terms := c.terms(i + 1)
		for range words {
			terms = append(terms, c.word(zipf.Uint64()))
		}
		changes[i] = Change{Number: Number(i + 1), Add: unique(terms), Columns: c.columns(i + 1)}
	}
	x := NewLayers()
	b.Run("post", func(b *testing.B) {
		for b.Loop() {
			x = NewLayers()
			for part := range slices.Chunk(changes, 128) {
				if err := x.Apply(0, part); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(records*b.N), "µs/record")
	})
	sealing := x.Freeze()
	b.Run("write", func(b *testing.B) {
		path := filepath.Join(b.TempDir(), "a")
		for b.Loop() {
			if _, err := sealing.Write(b.Context(), path, newSealer()); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(records*b.N), "µs/record")
	})
}
