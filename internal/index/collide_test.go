package index

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestTermsThatCollide: where terms differ in bits alone that a segment does not keep, nothing is missed that has one of those asked for, nothing is found that has
// not even one that looks alike, each once and in order; and what is counted and paged is what is found.
func TestTermsThatCollide(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		w, held := newWorld(t), map[Number][]Term{}
		w.terms = []Term{7 << 8, 7<<8 | 1, 7<<8 | 255, 8 << 8, 1 << 56, 1<<56 | 1, 0, 1, math.MaxUint64, math.MaxUint64 - 1}
		a, exact, alike := newStorehouse(t, dir), new(model), new(model)
		defer a.close()
		compare := func() {
			q := w.query()
			q.Where = positive(q.Where)
			got, least, most := numbers(a.Layers, q, 1000), numbers(exact, q, 1000), numbers(alike, looking(q), 1000)
			if !contained(least, got) || !contained(got, most) || !slices.IsSortedFunc(got, func(a, b Number) int { return int(b) - int(a) }) {
				t.Fatalf("%+v: %v, want %v at least and %v at most", q, got, least, most)
			}
			if n, more, _ := a.Count(q, 1000); n != len(got) || more {
				t.Fatalf("%+v: %d are counted, %v are found", q, n, got)
			}
			if paged := pages(a.Layers, q, 3); !slices.Equal(paged, got) {
				t.Fatalf("%+v: %v in pages, not %v", q, paged, got)
			}
		}
		for range rapid.IntRange(1, 12).Draw(t, "batches") {
			changes := w.whole(w.batch(), held)
			if err := errors.Join(a.Apply(w.micro, changes), exact.Apply(w.micro, changes), alike.Apply(w.micro, alikeChanges(changes))); err != nil {
				t.Fatal(err)
			}
			a.tend()
			compare()
		}
		a.settle()
		compare()
	})
}

// contained tells whether all of a, which has each once, is in b.
func contained(a, b []Number) bool {
	seen := map[Number]bool{}
	for _, n := range a {
		if seen[n] || !slices.Contains(b, n) {
			return false
		}
		seen[n] = true
	}
	return true
}

// positive leaves out what asks for the absence of something: what looks alike is absent less often.
func positive(list []Clause) []Clause {
	for i := range list {
		list[i] = Clause{AnyOf: list[i].AnyOf, Near: list[i].Near, All: positive(list[i].All), Any: positive(list[i].Any)}
	}
	return list
}

// looking is a question for whatever looks alike in a segment.
func looking(q Query) Query {
	q.All, q.Where = slices.Clone(q.All), looks(q.Where)
	for i := range q.All {
		q.All[i] = looksLike(q.All[i])
	}
	return q
}

func looks(list []Clause) []Clause {
	list = slices.Clone(list)
	for i, c := range list {
		list[i] = Clause{AnyOf: looksLike(c.AnyOf), Near: c.Near, All: looks(c.All), Any: looks(c.Any)}
	}
	return list
}

func looksLike(terms []Term) []Term {
	terms = slices.Clone(terms)
	for i, t := range terms {
		terms[i] = Term(onFile(t))
	}
	return terms
}

func alikeChanges(changes []Change) []Change {
	changes = slices.Clone(changes)
	for i := range changes {
		changes[i].Add, changes[i].Remove = looksLike(changes[i].Add), looksLike(changes[i].Remove)
	}
	return changes
}
