package index

import (
	"cmp"
	"slices"
)

// relation says that a part is posted wherever something is said that is also posted
// as the whole: a stem and how its word begins.
type relation struct{ whole, part Term }

// relations are those of the words that are remembered, in the order of the wholes,
// each once. A word's stem is part of its longest beginning. The shorter one has its
// own list: of its words there may be thousands, and a count would read them all.
func (v *vocabulary) relations() []relation {
	var all []relation
	for i := range v.places {
		p := &v.places[i]
		turn, about := p.turn.Load(), p.about.Load()
		longest := min(int(about>>4&0xf), termsOfWord-1)
		r := relation{Term(p.terms[longest].Load()), Term(p.terms[0].Load())}
		if longest > 0 && turn%2 == 0 && p.turn.Load() == turn {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b relation) int {
		return cmp.Or(cmp.Compare(a.whole, b.whole), cmp.Compare(a.part, b.part))
	})
	return slices.Compact(all)
}

// kin finds the terms of a frozen tail whose rows are for the most part those of
// others, which are then not written again. It takes the relations for a hint: a part
// is one that has no row which the whole has not.
type kin struct {
	relations []relation // of the wholes that are still to come
	tail      *Index
	ids       *places
	here      []uint64 // rows of the whole, a bit each
	left      []uint64 // those that no part has
	parts     []uint64
	own       []uint32
}

// newKin needs no words.
func newKin(words *vocabulary, x *Index, ids *places) *kin {
	k := &kin{tail: x, ids: ids}
	if words != nil {
		k.relations = words.relations()
		k.here, k.left = make([]uint64, ids.last/64+1), make([]uint64, ids.last/64+1)
	}
	return k
}

// of is the parts of a term as it is in the file, and the rows that none of them has.
// Terms come ascending. What it returns is good until the next.
func (k *kin) of(term uint64, rows []uint32) (parts []uint64, own []uint32) {
	for len(k.relations) > 0 && onFile(k.relations[0].whole) < term {
		k.relations = k.relations[1:]
	}
	n := 0
	for n < len(k.relations) && onFile(k.relations[n].whole) == term {
		n++
	}
	if n == 0 {
		return nil, rows
	}
	k.begin(rows)
	for _, r := range k.relations[:n] {
		if k.take(r.part) {
			k.parts = append(k.parts, onFile(r.part))
		}
	}
	for _, row := range rows {
		if k.left[row/64]>>(row%64)&1 != 0 {
			k.own = append(k.own, row)
		}
	}
	slices.Sort(k.parts)
	return slices.Compact(k.parts), k.own
}

// begin begins with the rows of a whole.
func (k *kin) begin(rows []uint32) {
	clear(k.here)
	for _, row := range rows {
		k.here[row/64] |= 1 << (row % 64)
	}
	copy(k.left, k.here)
	k.parts, k.own = k.parts[:0], k.own[:0]
}

// take takes the rows of a part; false, and none, if it has others than the whole, or
// none, or is in the file the same as another term.
func (k *kin) take(part Term) bool {
	s := k.tail.terms.of(part)
	if !s.has(part) || !s.alone(part) {
		return false
	}
	var one [1]uint32
	numbers := s.numbers(s.slots[s.slot(part)].ref, &one)
	for _, n := range numbers {
		if row := k.ids.of(n); k.here[row/64]>>(row%64)&1 == 0 {
			return false
		}
	}
	for _, n := range numbers {
		row := k.ids.of(n)
		k.left[row/64] &^= 1 << (row % 64)
	}
	return true
}
