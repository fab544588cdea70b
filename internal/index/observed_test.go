package index

import (
	"math"
	"slices"
	"testing"

	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// interval is a wire interval of Unix seconds; 0 leaves an end open.
func interval(from, to int64) *ententev1.Interval {
	i := new(ententev1.Interval)
	if from != 0 {
		i.StartTime = &timestamppb.Timestamp{Seconds: from}
	}
	if to != 0 {
		i.EndTime = &timestamppb.Timestamp{Seconds: to}
	}
	return i
}

// anInterval draws one of any length, from minutes to centuries, also beyond
// what the calendar knows.
func anInterval(t *rapid.T) (from, to int64) {
	from = rapid.OneOf(
		rapid.Int64Range(1.7e9, 1.8e9), rapid.Int64Range(-2.3e9, 4.2e9), rapid.Int64Range(-1e11, 1e11),
	).Draw(t, "from")
	span := rapid.SampledFrom([]int64{0, 3600, 3 * secondsADay, 40 * secondsADay, 500 * secondsADay, 2000 * secondsADay, 9000 * secondsADay, 1e10}).Draw(t, "span")
	to = from + rapid.Int64Range(0, span).Draw(t, "of span")
	if rapid.IntRange(0, 5).Draw(t, "open start") == 0 {
		from = 0
	}
	if rapid.IntRange(0, 5).Draw(t, "open end") == 0 {
		to = 0
	}
	return from, to
}

func share(a, b []Term) bool {
	return slices.ContainsFunc(a, func(t Term) bool { return slices.Contains(b, t) })
}

// TestOverlapTermsMissNothing says that whatever overlaps shares a term, and
// that what shares one is at most two years off, as far as long ends are
// rounded.
func TestOverlapTermsMissNothing(t *testing.T) {
	h := NewHasher([32]byte{3})
	rapid.Check(t, func(t *rapid.T) {
		from, to := anInterval(t)
		askedFrom, askedTo := anInterval(t)
		if from != 0 && from < to && rapid.Bool().Draw(t, "inside") {
			askedFrom = from + rapid.Int64Range(0, to-from).Draw(t, "asked from")
			askedTo = askedFrom + rapid.Int64Range(0, 3*secondsADay).Draw(t, "asked span")
		}
		i := openEnds(askedFrom, askedTo)
		posted := h.observed(nil, interval(from, to))
		start, end := Observed(interval(from, to))
		if stated := start != 0 || end != 0; stated != (len(posted) > 0) {
			t.Fatalf("stated: %v, %d terms", stated, len(posted))
		}
		shares := share(posted, h.OverlapTerms(i))
		if i.overlaps(start, end) && !shares {
			t.Fatalf("%d to %d overlaps %+v and shares no term", from, to, i)
		}
		if wide := wider(i, 2*366*secondsADay); shares && !wide.overlaps(start, end) && inCalendar(from, to) && inCalendar(askedFrom, askedTo) {
			t.Fatalf("%d to %d shares a term with %+v, far away", from, to, i)
		}
	})
}

func wider(i Interval, by int64) Interval {
	if i.From != math.MinInt64 {
		i.From -= by
	}
	if i.To != math.MaxInt64 {
		i.To += by
	}
	return i
}

// inCalendar leaves out what lies where moments count as their nearest day.
func inCalendar(from, to int64) bool {
	const first, last = int64(firstDay) * secondsADay, int64(lastDay) * secondsADay
	return from > first && from < last && to > first && to < last
}

// TestOverlapListsAreShort bounds how many terms an interval costs.
func TestOverlapListsAreShort(t *testing.T) {
	h := NewHasher([32]byte{3})
	if n := len(h.observed(nil, interval(1.7e9, 1.7e9+3600))); n != 6 {
		t.Errorf("an hour posts %d terms, want 6", n)
	}
	rapid.Check(t, func(t *rapid.T) {
		from, to := anInterval(t)
		if n := len(h.observed(nil, interval(from, to))); n > 90 {
			t.Fatalf("%d to %d posts %d terms", from, to, n)
		}
		if n := len(h.OverlapTerms(openEnds(from, to))); n > 70 {
			t.Fatalf("%d to %d asks for %d terms", from, to, n)
		}
	})
}

// TestEmptyIntervalAsksForNothing is one that ends before it starts.
func TestEmptyIntervalAsksForNothing(t *testing.T) {
	h := NewHasher([32]byte{3})
	if terms := h.OverlapTerms(Interval{From: 2, To: 1}); terms != nil {
		t.Error(terms)
	}
	if start, end := Observed(interval(2, 1)); start != 0 || end != 0 {
		t.Error(start, end)
	}
	if terms := h.observed(nil, nil); terms != nil {
		t.Error(terms)
	}
}

// TestAskedIntervals says how a wire interval becomes whole seconds, and
// microseconds of which those inside and no others count.
func TestAskedIntervals(t *testing.T) {
	at := func(seconds int64, nanos int32) *timestamppb.Timestamp {
		return &timestamppb.Timestamp{Seconds: seconds, Nanos: nanos}
	}
	for name, tc := range map[string]struct {
		in              *ententev1.Interval
		seconds, micros *Interval
	}{
		"nil":   {nil, nil, nil},
		"empty": {&ententev1.Interval{}, nil, nil},
		"start": {&ententev1.Interval{StartTime: at(5, 1)}, &Interval{5, math.MaxInt64}, &Interval{5_000_001, math.MaxInt64}},
		"end":   {&ententev1.Interval{EndTime: at(5, 1999)}, &Interval{math.MinInt64, 5}, &Interval{math.MinInt64, 5_000_001}},
		"both":  {&ententev1.Interval{StartTime: at(-5, 1000), EndTime: at(0, 0)}, &Interval{-5, 0}, &Interval{-4_999_999, 0}},
		"wild": {
			&ententev1.Interval{StartTime: at(math.MinInt64, 0), EndTime: at(math.MaxInt64, 999_999_999)},
			&Interval{math.MinInt64, math.MaxInt64}, &Interval{-(1 << 42) * 1e6, (1<<42)*1e6 + 999_999},
		},
	} {
		for what, pair := range map[string][2]*Interval{"seconds": {askedSeconds(tc.in), tc.seconds}, "micros": {askedMicros(tc.in), tc.micros}} {
			if got, want := pair[0], pair[1]; (got == nil) != (want == nil) || got != nil && *got != *want {
				t.Errorf("%s in %s: %+v, want %+v", name, what, got, want)
			}
		}
	}
}
