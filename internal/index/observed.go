package index

import (
	"math"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// How an overlap becomes an equality of terms. The observed time of a record,
// and the one asked for, is each covered by few calendar nodes. The two overlap
// if and only if a node of one cover is, or lies in, a node of the other. So a
// record posts
//
//	within(n)  for each node n of its cover and each node above,
//	cover(n)   for each node n of its cover that is more than a day,
//
// and a query asks for any of
//
//	within(n)  for each node n of its cover: the record has a part in n,
//	cover(n)   for each node n above: the record fills all around it.
//
// A day, the usual case, is six terms in a record, and a month four in a query.
// The ends of a long interval are rounded outwards, to keep lists short; the
// columns rule out what is found too much.

// Observed is an interval as Columns and the stored envelope hold it: whole
// Unix seconds, 0 for an open end, both 0 for not stated. An interval that ends
// before it starts counts as not stated.
func Observed(i *ententev1.Interval) (start, end int64) {
	start, end = i.GetStartTime().GetSeconds(), i.GetEndTime().GetSeconds()
	if start != 0 && end != 0 && start > end {
		return 0, 0
	}
	return start, end
}

// observed posts the time observed.
func (h *Hasher) observed(terms []Term, i *ententev1.Interval) []Term {
	start, end := Observed(i)
	if start == 0 && end == 0 {
		return terms
	}
	nodes := roughCover(openEnds(start, end))
	for _, n := range nodes {
		terms = append(terms, h.node(FieldObservedWithin, n))
		if n.level > levelDay {
			terms = append(terms, h.node(FieldObservedCover, n))
		}
	}
	for _, n := range ancestors(nodes) {
		terms = append(terms, h.node(FieldObservedWithin, n))
	}
	return terms
}

// OverlapTerms ask for the records whose observed time may overlap an interval
// of Unix seconds: all that do, and few others, which Query.Observed rules out.
// It is empty where the interval is.
func (h *Hasher) OverlapTerms(i Interval) AnyOf {
	if i.From > i.To {
		return nil
	}
	var terms AnyOf
	nodes := roughCover(i)
	for _, n := range nodes {
		terms = append(terms, h.node(FieldObservedWithin, n))
	}
	for _, n := range ancestors(nodes) {
		terms = append(terms, h.node(FieldObservedCover, n))
	}
	return terms
}

func (h *Hasher) node(field Field, n node) Term {
	return h.number(field, uint64(n.level)<<32|uint64(uint32(n.key)))
}

// openEnds turns 0 for open into the interval's own way of saying so.
func openEnds(start, end int64) Interval {
	i := Interval{From: start, To: end}
	if start == 0 {
		i.From = math.MinInt64
	}
	if end == 0 {
		i.To = math.MaxInt64
	}
	return i
}

// roughCover covers an interval of Unix seconds, the ends of a long one rounded
// outwards: to thirds of months above one year, to months above three, to
// years above ten. One with an open end is not rounded: its one end is what
// tells it from others, and costs half the nodes.
func roughCover(i Interval) []node {
	from, to := dayOf(i.From), dayOf(i.To)
	finest := levelDay
	if open := from == firstDay || to == lastDay; !open {
		finest = fineness(to - from)
	}
	return cover(nodeAt(finest, from).first(), nodeAt(finest, to).last(), finest)
}

func fineness(span day) level {
	const year = 366
	switch {
	case span > 10*year:
		return levelYear
	case span > 3*year:
		return levelMonth
	case span > year:
		return levelThird
	default:
		return levelDay
	}
}

// overlaps compares with an observed time as Columns hold it.
func (i Interval) overlaps(start, end int64) bool {
	if start == 0 && end == 0 {
		return false
	}
	return i.From <= i.To && (start == 0 || start <= i.To) && (end == 0 || end >= i.From)
}

// askedSeconds is what a query's interval asks for, in whole seconds; nil where
// it asks nothing.
func askedSeconds(i *ententev1.Interval) *Interval {
	return asked(i, (*timestamppb.Timestamp).GetSeconds, (*timestamppb.Timestamp).GetSeconds)
}

// askedMicros is the same in microseconds: those that are not before its start
// and not after its end.
func askedMicros(i *ententev1.Interval) *Interval {
	return asked(i, microsUp, microsDown)
}

func asked(i *ententev1.Interval, from, to func(*timestamppb.Timestamp) int64) *Interval {
	if i.GetStartTime() == nil && i.GetEndTime() == nil {
		return nil
	}
	out := Interval{From: math.MinInt64, To: math.MaxInt64}
	if i.GetStartTime() != nil {
		out.From = from(i.GetStartTime())
	}
	if i.GetEndTime() != nil {
		out.To = to(i.GetEndTime())
	}
	return &out
}

func microsDown(t *timestamppb.Timestamp) int64 {
	// The wire's timestamps end with the year 9999; the bound keeps a wilder
	// one from wrapping around.
	const most = 1 << 42
	return min(max(t.GetSeconds(), -most), most)*1e6 + int64(t.GetNanos())/1000
}

func microsUp(t *timestamppb.Timestamp) int64 {
	up := microsDown(t)
	if t.GetNanos()%1000 != 0 {
		up++
	}
	return up
}
