package segment

import (
	"path/filepath"
	"slices"
	"testing"
)

// TestManyTerms writes, opens and merges files with more terms than the filter waits for before it settles its size, and lists that end at, lie
// across and begin behind the end of a page of 65,536 rows.
func TestManyTerms(t *testing.T) {
	const rows, terms = 2*pageRows + 100, filterAhead + 5000
	m := &model{wide: 1, postings: map[uint64][]uint32{}}
	for i := range uint32(rows) {
		m.numbers, m.columns = append(m.numbers, 1+i), append(m.columns, []int64{int64(i)})
	}
	for i := range uint64(terms) {
		at := uint32(mix(i) % (rows - 2))
		m.postings[mix(i+1)] = []uint32{at, at + 1 + uint32(i%2)}[:1+i%2]
	}
	for name, list := range map[uint64][]uint32{
		11: {pageRows - 1}, 12: {pageRows}, 13: {pageRows - 1, pageRows}, 14: {pageRows - 1, pageRows, 2*pageRows - 1, 2 * pageRows},
		15: every(1, 0, rows), 16: every(3, 5, rows), 17: every(700, pageRows-1400, rows), 18: every(1, pageRows-2000, pageRows+3),
	} {
		m.postings[name], m.postings[^name] = list, list
	}
	dir, s, cache := t.TempDir(), newSealer(t), NewCache(1<<26)
	m.write(t, filepath.Join(dir, "whole"), s)
	whole := open(t, filepath.Join(dir, "whole"), s, cache)
	m.check(t, whole)
	var inputs []Input
	for k, name := range []string{"early", "late"} {
		part, _ := m.part(func(row int) (here, dead bool) { return row/(pageRows+17) == k || k == 1 && row >= pageRows+17, false })
		part.write(t, filepath.Join(dir, name), s)
		inputs = append(inputs, Input{Reader: open(t, filepath.Join(dir, name), s, cache), Dead: func(uint32) bool { return false }})
	}
	if _, err := Merge(t.Context(), filepath.Join(dir, "merged"), s, inputs...); err != nil {
		t.Fatal(err)
	}
	merged := open(t, filepath.Join(dir, "merged"), s, cache)
	m.check(t, merged)
	for _, r := range slices.Concat(inputs, []Input{{Reader: whole}, {Reader: merged}}) {
		if err := r.Reader.Close(); err != nil {
			t.Error(err)
		}
	}
}

// every is one of so many rows, from one on.
func every(step, from, to uint32) (list []uint32) {
	for row := from; row < to; row += step {
		list = append(list, row)
	}
	return list
}
