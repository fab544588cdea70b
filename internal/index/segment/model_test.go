package segment

import (
	"path/filepath"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// draw draws what a file holds: numbers in runs or scattered, postings of all
// sizes and densities.
func draw(t *rapid.T, most int) *model {
	m := &model{postings: map[uint64][]uint32{}}
	n := rapid.SampledFrom([]int{1, 2, 100, 5000, 70_000, 200_000}).Filter(func(n int) bool { return n <= most }).Draw(t, "rows")
	number := rapid.SampledFrom([]uint32{0, 1, 1000, 1 << 31}).Draw(t, "first")
	gap := rapid.SampledFrom([]int{0, 1, 3, 1000}).Draw(t, "gap") // a run's length, 0 never ends
	columns := rapid.IntRange(0, 3).Draw(t, "columns")
	scale := rapid.SampledFrom([]int64{0, 1, 1_000_000, 1 << 62}).Draw(t, "scale")
	m.wide = columns
	for i := range n {
		m.numbers = append(m.numbers, number)
		number++
		if gap > 0 && i%gap == 0 {
			number += uint32(i % 7)
		}
		row := make([]int64, columns)
		for c := range row {
			row[c] = int64(i%(3+c)-1) * scale
		}
		m.columns = append(m.columns, row)
	}
	for range rapid.IntRange(0, 12).Draw(t, "terms") {
		term := rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 5), rapid.Uint64Range(1<<64-3, 1<<64-1)).Draw(t, "term")
		if rows := drawRows(t, n); len(rows) > 0 {
			m.postings[term] = rows
		}
	}
	m.drawParts(t)
	return m
}

// drawRows draws some stretches of rows.
func drawRows(t *rapid.T, n int) []uint32 {
	var rows []uint32
	next := 0
	for range rapid.IntRange(1, 4).Draw(t, "stretches") {
		next += rapid.OneOf(rapid.IntRange(0, 3), rapid.IntRange(0, n)).Draw(t, "skip")
		step := rapid.SampledFrom([]int{1, 1, 2, 3, 7, 60, 4000}).Draw(t, "step")
		jitter := rapid.SampledFrom([]int{1, 2, 40}).Draw(t, "jitter")
		for range rapid.SampledFrom([]int{1, 2, 100, 1500, 70_000}).Draw(t, "many") {
			if next >= n {
				return rows
			}
			rows = append(rows, uint32(next))
			next += step + next%jitter
		}
	}
	return rows
}

// TestModel holds files against a map of terms.
func TestModel(t *testing.T) {
	dir, s, i := t.TempDir(), newSealer(t), 0
	rapid.Check(t, func(t *rapid.T) {
		i++
		m := draw(t, 200_000)
		path := filepath.Join(dir, strconv.Itoa(i))
		info := m.write(t, path, s)
		r := open(t, path, s, NewCache(rapid.SampledFrom([]int64{0, 50_000, 1 << 24}).Draw(t, "cache")))
		if r.Info() != info {
			t.Fatalf("info %+v, want %+v", r.Info(), info)
		}
		m.check(t, r)
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if held := r.cache.Bytes(); held != 0 {
			t.Fatalf("%d bytes are held for a closed file", held)
		}
	})
}
