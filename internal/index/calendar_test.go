package index

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func aDay(t *rapid.T) day {
	return day(rapid.Int64Range(int64(firstDay), int64(lastDay)).Draw(t, "day"))
}

// TestNodesHoldTheirDays says that the days of a node are those that it is the
// node of, and that the node after begins where it ends.
func TestNodesHoldTheirDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := aDay(t)
		for l := levelDay; l <= levelCentury; l++ {
			n := nodeAt(l, d)
			if d < n.first() || d > n.last() {
				t.Fatalf("day %d is not in %+v, %d to %d", d, n, n.first(), n.last())
			}
			if nodeAt(l, n.first()) != n || nodeAt(l, n.last()) != n {
				t.Fatalf("%+v does not hold its ends", n)
			}
			if next := nodeAt(l, n.last()+1); next.key != n.key+1 {
				t.Fatalf("%+v follows %+v", next, n)
			}
		}
	})
}

// TestNodesNest says that a node lies whole in each node above it.
func TestNodesNest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := aDay(t)
		for l := levelDay; l < levelCentury; l++ {
			n, above := nodeAt(l, d), nodeAt(l+1, d)
			if n.first() < above.first() || n.last() > above.last() {
				t.Fatalf("%+v sticks out of %+v", n, above)
			}
		}
	})
}

// TestCover says that a cover holds each of its days once and no other.
func TestCover(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := aDay(t), aDay(t)
		if from > to {
			from, to = to, from
		}
		finest := level(rapid.IntRange(int(levelDay), int(levelYear)).Draw(t, "finest"))
		from, to = nodeAt(finest, from).first(), nodeAt(finest, to).last()
		next := from
		for _, n := range cover(from, to, finest) {
			if n.level < finest || n.first() != next {
				t.Fatalf("%+v begins at %d, want %d", n, n.first(), next)
			}
			next = n.last() + 1
		}
		if next != to+1 {
			t.Fatalf("ends before %d, want %d", next, to+1)
		}
	})
}

// TestCoverIsShort names the nodes of stretches that people speak of.
func TestCoverIsShort(t *testing.T) {
	on := func(year int, month time.Month, date int) day {
		return dayOf(time.Date(year, month, date, 12, 0, 0, 0, time.UTC).Unix())
	}
	for name, tc := range map[string]struct {
		from, to day
		nodes    int
	}{
		"a day":            {on(2026, 2, 28), on(2026, 2, 28), 1},
		"a leap day":       {on(2024, 2, 29), on(2024, 2, 29), 1},
		"a third":          {on(2026, 2, 21), on(2026, 2, 28), 1},
		"a month":          {on(2026, 2, 1), on(2026, 2, 28), 1},
		"a year":           {on(2026, 1, 1), on(2026, 12, 31), 1},
		"a decade":         {on(2020, 1, 1), on(2029, 12, 31), 1},
		"a century":        {on(2000, 1, 1), on(2099, 12, 31), 1},
		"a week":           {on(2026, 11, 23), on(2026, 11, 29), 7},
		"a year and a day": {on(2026, 1, 1), on(2027, 1, 1), 2},
	} {
		if nodes := cover(tc.from, tc.to, levelDay); len(nodes) != tc.nodes {
			t.Errorf("%s: %+v", name, nodes)
		}
	}
}

// TestDayOf rounds down, and to the ends of the calendar.
func TestDayOf(t *testing.T) {
	for seconds, want := range map[int64]day{
		0: 0, 86_399: 0, 86_400: 1, -1: -1, -86_400: -1, -86_401: -2, -1 << 62: firstDay, 1 << 62: lastDay,
	} {
		if got := dayOf(seconds); got != want {
			t.Errorf("%d: %d, want %d", seconds, got, want)
		}
	}
	if first := time.Unix(int64(firstDay)*secondsADay, 0).UTC(); first.Format(time.DateOnly) != "1900-01-01" {
		t.Error(first)
	}
	if last := time.Unix(int64(lastDay)*secondsADay, 0).UTC(); last.Format(time.DateOnly) != "2099-12-31" {
		t.Error(last)
	}
}
