package segment

import (
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// posting writes the posting of a term, as a compound if it may be one.
func (m *model) posting(w *Writer, term uint64) error {
	rows := m.postings[term]
	var parts []uint64
	own := slices.Clone(rows)
	for _, part := range m.parts[term] {
		taken := m.postings[part]
		if len(taken) == 0 || slices.ContainsFunc(taken, func(row uint32) bool {
			_, found := slices.BinarySearch(rows, row)
			return !found
		}) {
			continue
		}
		parts = append(parts, part)
		own = slices.DeleteFunc(own, func(row uint32) bool {
			_, found := slices.BinarySearch(taken, row)
			return found
		})
	}
	slices.Sort(parts)
	if parts == nil {
		return w.Posting(term, rows)
	}
	return w.Compound(term, parts, own, len(rows))
}

// drawParts makes some terms compounds of others.
func (m *model) drawParts(t *rapid.T) {
	terms := m.terms()
	m.parts = map[uint64][]uint64{}
	var wholes, others []uint64
	for _, term := range rapid.Permutation(terms).Draw(t, "order") {
		if rapid.Bool().Draw(t, "whole") {
			wholes = append(wholes, term)
		} else {
			others = append(others, term)
		}
	}
	for _, term := range wholes {
		for _, part := range others {
			if !rapid.Bool().Draw(t, "part") {
				continue
			}
			m.parts[term] = append(m.parts[term], part)
			if rapid.IntRange(0, 3).Draw(t, "all of it") > 0 { // what has most of them may have all
				rows := slices.Concat(m.postings[term], m.postings[part])
				slices.Sort(rows)
				m.postings[term] = slices.Compact(rows)
			}
		}
		slices.Sort(m.parts[term])
	}
}

// checkCompound walks and marks all that a compound is made of.
func checkCompound(t fataler, p *Posting, want []uint32) {
	t.Helper()
	var rows []uint32
	probes, marks := 0, map[uint32]*[1024]uint64{}
	for _, part := range p.Parts() {
		c, row := part.Cursor(), uint32(NoRow-1)
		for {
			at, ok := c.Seek(row, &probes)
			if !ok {
				break
			}
			rows = append(rows, at)
			high := at >> pageBits
			if marks[high] == nil {
				marks[high] = new([1024]uint64)
				for _, each := range p.Parts() {
					all := each.Cursor()
					all.Mark(marks[high], high, &probes)
				}
			}
			if marks[high][uint16(at)/64]>>(at%64)&1 == 0 {
				t.Fatalf("row %d is not marked", at)
			}
			if row = at - 1; at == 0 {
				break
			}
		}
	}
	slices.Sort(rows)
	if rows = slices.Compact(rows); !slices.Equal(rows, want) {
		t.Fatalf("a compound of %d rows, want %d", len(rows), len(want))
	}
	own := p.Cursor()
	if _, ok := own.Seek(NoRow-1, &probes); ok != (p.own > 0) {
		t.Fatalf("rows of its own: %v, want %d", ok, p.own)
	}
}

// TestCompound is terms with rows of their own in one list, in chunks, and none.
func TestCompound(t *testing.T) {
	m := plain(70_000, 9)
	every := func(n uint32) (rows []uint32) {
		for row := uint32(0); row < 70_000; row += n {
			rows = append(rows, row)
		}
		return rows
	}
	m.postings[1], m.postings[2], m.postings[3], m.postings[4], m.postings[5], m.postings[6] = every(2), every(10), every(40), every(400), every(10), every(100)
	m.parts = map[uint64][]uint64{1: {3, 4}, 5: {2, 3}, 6: {4}}
	s, path := newSealer(t), file(t)
	m.write(t, path, s)
	r := open(t, path, s, nil)
	defer r.Close()
	m.check(t, r)
	for term, want := range map[uint64]struct{ own, parts int }{1: {33_250, 3}, 5: {0, 2}, 6: {525, 2}} {
		p, _ := r.Posting(term)
		if n := len(p.Parts()); p.own != want.own || n != want.parts || p.Len() != len(m.postings[term]) {
			t.Errorf("term %d: %d rows, %d of its own, and %d parts; want %+v", term, p.Len(), p.own, n, want)
		}
	}
	if p, _ := r.Posting(4); p.Parts() != nil {
		t.Error("a term without parts has some")
	}
}

// TestMergeOfCompounds merges a file in which a term is a part of another with one in
// which it is none, as it has a row that the other has not.
func TestMergeOfCompounds(t *testing.T) {
	s, path := newSealer(t), file(t)
	write := func(name string, first uint32, postings map[uint64][]uint32) Input {
		m := &model{postings: postings, parts: map[uint64][]uint64{1: {2, 3}}}
		for i := range uint32(10) {
			m.numbers, m.columns = append(m.numbers, first+i), append(m.columns, nil)
		}
		m.write(t, path+name, s)
		return Input{Reader: open(t, path+name, s, nil)}
	}
	all := &model{postings: map[uint64][]uint32{1: {1, 2, 3, 4, 11, 13}, 2: {1, 2, 12}, 3: {3, 13}}}
	for i := range uint32(20) {
		all.numbers, all.columns = append(all.numbers, i+1), append(all.columns, nil)
	}
	inputs := []Input{
		write("a", 1, map[uint64][]uint32{1: {1, 2, 3, 4}, 2: {1, 2}, 3: {3}}),
		write("b", 11, map[uint64][]uint32{1: {1, 3}, 2: {2}, 3: {3}}),
	}
	if _, err := Merge(t.Context(), path, s, inputs...); err != nil {
		t.Fatal(err)
	}
	r := open(t, path, s, nil)
	all.check(t, r)
	if p, _ := r.Posting(1); !slices.Equal(p.parts, []uint64{3}) || p.own != 4 {
		t.Errorf("parts %v and %d rows beside, want 3 alone, and 4", p.parts, p.own)
	}
	for _, in := range append(inputs, Input{Reader: r}) {
		if err := in.Reader.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestPartsInDisorder: parts ascend, and there is one at least.
func TestPartsInDisorder(t *testing.T) {
	for name, parts := range map[string][]uint64{"none": nil, "down": {3, 2}, "again": {2, 2}} {
		w, err := Create(filepath.Join(t.TempDir(), "a"), newSealer(t), 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Row(1); err != nil {
			t.Fatal(err)
		}
		if w.Compound(1, parts, nil, 1) == nil {
			t.Errorf("%s: written", name)
		}
		w.Abort()
	}
}

// TestPartsAreNoCompounds: a compound of compounds is damage, and so is one of itself.
func TestPartsAreNoCompounds(t *testing.T) {
	path, s := file(t), newSealer(t)
	w, err := Create(path, s, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Row(1); err != nil {
		t.Fatal(err)
	}
	for _, term := range []uint64{1, 2} {
		if err := w.Compound(term, []uint64{1}, nil, 1); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := open(t, path, s, nil)
	defer r.Close()
	for _, term := range []uint64{1, 2} {
		if p, _ := r.Posting(term); !damaged(t, func() { p.Parts() }) {
			t.Errorf("term %d has an end", term)
		}
	}
}
