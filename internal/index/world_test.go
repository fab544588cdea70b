package index

import (
	"math"
	"slices"

	"pgregory.net/rapid"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
)

// world draws changes that fit together, as an applier would hand them over:
// it knows which numbers are in use and which terms each of them has.
type world struct {
	t     *rapid.T
	terms []Term
	held  map[Number][]Term
	order []Number // those in use, ascending
	last  Number
	micro int64
	first map[Number]int64
}

func newWorld(t *rapid.T) *world {
	return &world{
		t: t, held: map[Number][]Term{}, first: map[Number]int64{}, micro: 1_000_000,
		last: Number(rapid.SampledFrom([]uint64{0, 1, 63, 4095, 65_530}).Draw(t, "first")),
		// Some share a table and a slot, some are apart, and none what a segment keeps of it.
		terms: []Term{1 << 16, 2 << 16, 9 << 16, 17 << 16, 1 << 56, 1<<56 | 8<<16, 2<<56 | 3<<16, 0, math.MaxUint64, 0xfedc_ba98_7654_3210},
	}
}

// batch draws what one journal entry changes.
func (w *world) batch() []Change {
	changes := make([]Change, rapid.IntRange(0, 12).Draw(w.t, "changes"))
	for i := range changes {
		changes[i] = w.change()
	}
	return changes
}

func (w *world) change() Change {
	kind := rapid.IntRange(0, 9).Draw(w.t, "what")
	switch {
	case len(w.order) == 0 || kind < 5:
		return w.submit()
	case kind < 9:
		return w.revise()
	default:
		return w.purge()
	}
}

func (w *world) submit() Change {
	w.last += Number(rapid.SampledFrom([]int{1, 1, 1, 1, 1, 2, 60, 5000}).Draw(w.t, "gap"))
	w.micro += rapid.Int64Range(0, 2_000_000).Draw(w.t, "passes")
	terms := w.some("terms")
	w.held[w.last], w.first[w.last] = terms, w.micro
	w.order = append(w.order, w.last)
	return Change{Number: w.last, Add: terms, Columns: w.columns(w.last)}
}

func (w *world) revise() Change {
	n := rapid.SampledFrom(w.order).Draw(w.t, "revised")
	terms := w.some("terms")
	before := w.held[n]
	w.held[n] = terms
	if rapid.Bool().Draw(w.t, "whole lists") {
		return Change{Number: n, Remove: before, Add: terms, Columns: w.columns(n)}
	}
	return Change{Number: n, Remove: less(before, terms), Add: less(terms, before), Columns: w.columns(n)}
}

func (w *world) purge() Change {
	i := rapid.IntRange(0, len(w.order)-1).Draw(w.t, "purged")
	n := w.order[i]
	w.order = slices.Delete(slices.Clone(w.order), i, i+1)
	return Change{Number: n, Remove: w.held[n], Gone: true}
}

func (w *world) columns(n Number) Columns {
	c := Columns{
		Kind:         internalv1.RecordKind(rapid.IntRange(1, 2).Draw(w.t, "kind")),
		Owner:        rapid.Uint32Range(1, 3).Draw(w.t, "owner"),
		CreateMicros: w.first[n],
	}
	if rapid.Bool().Draw(w.t, "reviewed") {
		c.ReviewSeconds = rapid.Int64Range(1, 60).Draw(w.t, "review")
	}
	c.ObservedStart = rapid.Int64Range(0, 20).Draw(w.t, "from")
	if c.ObservedEnd = c.ObservedStart + rapid.Int64Range(0, 9).Draw(w.t, "span"); rapid.Bool().Draw(w.t, "open") {
		c.ObservedEnd = 0
	}
	for i := range rapid.IntRange(0, 2).Draw(w.t, "places") {
		c.Spots[i] = spotOf(w.point())
	}
	return c
}

// point draws one of few.
func (w *world) point() point {
	return point{float64(rapid.IntRange(0, 2).Draw(w.t, "latitude")), float64(rapid.IntRange(0, 2).Draw(w.t, "longitude"))}
}

func (w *world) some(label string) []Term {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(w.terms), 0, 6, func(t Term) Term { return t }).Draw(w.t, label)
}

// query draws a question; its terms are often among those that no record has.
func (w *world) query() Query {
	var q Query
	for range rapid.IntRange(0, 4).Draw(w.t, "conditions") {
		disjunct := AnyOf(w.some("any of"))
		if rapid.IntRange(0, 9).Draw(w.t, "unknown") == 0 {
			disjunct = append(disjunct, 12345<<16)
		}
		q.All = append(q.All, disjunct)
	}
	if rapid.Bool().Draw(w.t, "where") {
		q.Where = w.clauses(3)
	}
	if rapid.IntRange(0, 3).Draw(w.t, "bounded") == 0 {
		q.From = Number(rapid.Uint64Range(0, uint64(w.last)+2).Draw(w.t, "from"))
	}
	if rapid.Bool().Draw(w.t, "before") {
		q.Before = Number(rapid.Uint64Range(0, uint64(w.last)+2).Draw(w.t, "number"))
	}
	if rapid.IntRange(0, 3).Draw(w.t, "received") == 0 {
		q.Received = w.interval(w.micro)
	}
	if rapid.IntRange(0, 3).Draw(w.t, "observed") == 0 {
		q.Observed = w.interval(25)
	}
	if rapid.Bool().Draw(w.t, "review") {
		q.Review = &Review{
			At: rapid.Int64Range(-1, 70_000_000).Draw(w.t, "at"), Owner: rapid.Uint32Range(0, 4).Draw(w.t, "asker"),
			Due: rapid.Bool().Draw(w.t, "due"),
		}
	}
	return q
}

// clauses draws conditions of conditions, no deeper than so many.
func (w *world) clauses(deep int) []Clause {
	if deep == 0 {
		return nil
	}
	clauses := make([]Clause, rapid.IntRange(0, 2).Draw(w.t, "clauses"))
	for i := range clauses {
		c := &clauses[i]
		if rapid.IntRange(0, 3).Draw(w.t, "leaf") > 0 {
			c.AnyOf = w.some("any of")
		}
		if rapid.IntRange(0, 3).Draw(w.t, "near") == 0 {
			c.Near = &Near{areas: []area{disc{w.point(), 130e3}}, sure: rapid.Bool().Draw(w.t, "sure")}
		}
		c.All, c.Any, c.None = w.clauses(deep-1), w.clauses(deep-1), w.clauses(deep-1)
	}
	return clauses
}

func (w *world) interval(most int64) *Interval {
	i := Interval{From: rapid.Int64Range(0, most).Draw(w.t, "from"), To: rapid.Int64Range(0, most+1).Draw(w.t, "to")}
	if rapid.IntRange(0, 4).Draw(w.t, "open start") == 0 {
		i.From = math.MinInt64
	}
	if rapid.IntRange(0, 4).Draw(w.t, "open end") == 0 {
		i.To = math.MaxInt64
	}
	return &i
}

// less is what of a is not in b.
func less(a, b []Term) []Term {
	return slices.DeleteFunc(slices.Clone(a), func(t Term) bool { return slices.Contains(b, t) })
}
