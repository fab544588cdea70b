package segment

import (
	"cmp"
	"flag"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
)

var benchRows = flag.Int("rows", 4000, "rows of the benchmarks' files")

const benchTerms = 550 // of a row

// crowd is what a file of rows with Zipf's terms holds: the terms ascending,
// each with its rows.
type crowd struct {
	rows     int
	numbers  func(row int) uint32
	terms    []uint64
	postings [][]uint32
	total    int
}

// newCrowd makes rows with words that follow Zipf, and ten terms of their own.
func newCrowd(rows int, seed uint64, numbers func(row int) uint32) *crowd {
	random := rand.New(rand.NewPCG(seed, 1))
	words := rand.NewZipf(random, 1.1, 8, 500_000)
	pairs := make([]uint64, 0, rows*benchTerms)
	for row := range uint64(rows) {
		own := uint64(numbers(int(row)))
		for i := range uint64(benchTerms) {
			word := words.Uint64()
			if i < 10 {
				word = 1<<31 | own*10 + i
			}
			pairs = append(pairs, word<<24|row)
		}
	}
	slices.Sort(pairs)
	pairs = slices.Compact(pairs)
	c := &crowd{rows: rows, numbers: numbers, total: len(pairs)}
	type word struct {
		term uint64
		rows []uint32
	}
	var all []word
	last := ^uint64(0)
	for _, p := range pairs {
		if p>>24 != last {
			last = p >> 24
			all = append(all, word{term: mix(last)})
		}
		w := &all[len(all)-1]
		w.rows = append(w.rows, uint32(p&(1<<24-1)))
	}
	slices.SortFunc(all, func(a, b word) int { return cmp.Compare(a.term, b.term) })
	for _, w := range all {
		c.terms = append(c.terms, w.term)
		c.postings = append(c.postings, w.rows)
	}
	return c
}

func (c *crowd) write(b *testing.B, path string, s Sealer) Info {
	b.Helper()
	w, err := Create(path, s, 1, 5)
	if err != nil {
		b.Fatal(err)
	}
	for row := range c.rows {
		at := 1_750_000_000_000_000 + int64(row)*1_734_123
		if err := w.Row(c.numbers(row), at, at-at%1_000_000, 0, at+1_000_000_000, int64(row%40)); err != nil {
			b.Fatal(err)
		}
	}
	for i, term := range c.terms {
		if err := w.Posting(term, c.postings[i]); err != nil {
			b.Fatal(err)
		}
	}
	info, err := w.Close()
	if err != nil {
		b.Fatal(err)
	}
	return info
}

// commonest is the place of the term with the nth longest posting.
func (c *crowd) commonest(n int) int {
	order := make([]int, len(c.terms))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return len(c.postings[b]) - len(c.postings[a]) })
	return order[n]
}

// BenchmarkFile is what a file costs: to write, to open, to look up and to seek in.
func BenchmarkFile(b *testing.B) {
	c := newCrowd(*benchRows, 1, func(row int) uint32 { return uint32(row + 1) })
	s, path := newSealer(b), filepath.Join(b.TempDir(), "a.seg")
	b.Run("write", func(b *testing.B) {
		var info Info
		for b.Loop() {
			info = c.write(b, path, s)
		}
		b.ReportMetric(float64(info.Bytes)/float64(c.total), "bytes/posting")
		b.ReportMetric(float64(info.Bytes)/float64(c.rows), "bytes/row")
		b.ReportMetric(float64(info.Terms), "terms")
		b.ReportMetric(float64(c.total)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpostings/s")
	})
	c.write(b, path, s)
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			if err := open(b, path, s, nil).Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
	r := open(b, path, s, NewCache(1<<30))
	b.Cleanup(func() { _ = r.Close() }) // only read
	b.Run("lookup", func(b *testing.B) { c.lookups(b, r, s, path) })
	b.Run("seek", func(b *testing.B) { c.seeks(b, r) })
	b.Run("column", func(b *testing.B) {
		i := uint32(0)
		for b.Loop() {
			i += 7919
			r.Column(int(i%5), i%uint32(c.rows))
		}
	})
}

func (c *crowd) lookups(b *testing.B, r *Reader, s Sealer, path string) {
	b.Run("absent", func(b *testing.B) {
		i := uint64(1 << 60)
		for b.Loop() {
			i++
			r.Posting(mix(i))
		}
	})
	find := func(r *Reader) func(b *testing.B) {
		return func(b *testing.B) {
			i, probes := 0, 0
			for b.Loop() {
				i = (i + 7919) % len(c.terms)
				p, _ := r.Posting(c.terms[i])
				cursor := p.Cursor()
				if _, ok := cursor.Seek(NoRow-1, &probes); !ok {
					b.Fatal("nothing is found")
				}
			}
		}
	}
	b.Run("warm", find(r))
	cold := open(b, path, s, nil)
	b.Cleanup(func() { _ = cold.Close() }) // only read
	b.Run("uncached", find(cold))
}

// seeks walks postings of different length by strides, and marks them.
func (c *crowd) seeks(b *testing.B, r *Reader) {
	for _, common := range []struct {
		name string
		rank int
	}{{"first", 0}, {"30th", 30}, {"300th", 300}, {"3000th", 3000}} {
		p, _ := r.Posting(c.terms[c.commonest(common.rank)])
		for _, stride := range []struct {
			name string
			rows uint32
		}{{"near", 1}, {"far", uint32(c.rows)/50 + 1}} {
			b.Run(common.name+"/"+stride.name, func(b *testing.B) {
				probes := 0
				for i := 0; i < b.N; {
					cursor := p.Cursor()
					for row := uint32(c.rows); i < b.N; i++ {
						got, ok := cursor.Seek(row, &probes)
						if !ok || got < stride.rows {
							break
						}
						row = got - stride.rows
					}
					i++
				}
				b.ReportMetric(float64(probes)/float64(b.N), "probes/op")
				b.ReportMetric(float64(p.Len()), "rows")
			})
		}
		b.Run(common.name+"/mark", func(b *testing.B) {
			probes, cursor := 0, p.Cursor()
			var w [1024]uint64
			for b.Loop() {
				cursor.Mark(&w, 0, &probes)
			}
		})
	}
}

// BenchmarkMerge merges two files whose numbers take turns, with a tenth of the
// rows dead, and eight neighbours, as bulk loading leaves them.
func BenchmarkMerge(b *testing.B) {
	b.Run("in_turns", func(b *testing.B) {
		mergeBench(b, 2, func(row, k int) int { return row/500*1000 + k*500 + row%500 }, func(row uint32) bool { return row%10 == 3 })
	})
	b.Run("neighbours", func(b *testing.B) {
		mergeBench(b, 8, func(row, k int) int { return k**benchRows + row }, nil)
	})
}

func mergeBench(b *testing.B, files int, number func(row, k int) int, dead func(uint32) bool) {
	s, dir := newSealer(b), b.TempDir()
	var inputs []Input
	total := 0
	for k := range files {
		c := newCrowd(*benchRows, uint64(k), func(row int) uint32 { return uint32(number(row, k)) })
		path := filepath.Join(dir, string(rune('a'+k)))
		c.write(b, path, s)
		r := open(b, path, s, nil)
		b.Cleanup(func() { _ = r.Close() }) // only read
		inputs = append(inputs, Input{Reader: r, Dead: dead})
		total += c.total
	}
	for b.Loop() {
		if _, err := Merge(b.Context(), filepath.Join(dir, "z"), s, inputs...); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(total)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpostings/s")
}
