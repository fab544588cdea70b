package index

import (
	"fmt"
	"testing"
)

// The records of these tests repeat every thousand numbers, so that the newest
// of a small archive and of a large one are alike, and what differs in cost is
// due to the archive. All of them carry always; of each ten one is released to
// everyone, five are to agencies 1 to 5, and of each thousand one to agency 9.
const (
	always Term = 1 << 40 * iota
	everyone
	toAgency // and the agency's number
	toNine
	even
	third // of each thousand, 333
	oneInEight
	oneInFiveNeverEight // together with oneInEight: once in a thousand
)

func repeating(n int) Change {
	terms := []Term{always}
	add := func(when bool, t Term) {
		if when {
			terms = append(terms, t)
		}
	}
	at := n % 1000
	add(n%10 == 0, everyone)
	add(n%10 > 4, toAgency+Term(n%10-4))
	add(at == 500, toNine)
	add(n%2 == 0, even)
	add(at < 999 && at%3 == 0, third)
	add(n%8 == 0, oneInEight)
	add(n%8 != 0 && n%5 == 0 || at == 504, oneInFiveNeverEight)
	return Change{
		Number: Number(n), Add: terms,
		Columns: Columns{Kind: item, Owner: uint32(n%5) + 1, CreateMicros: int64(n), ObservedStart: int64(at + 1), ReviewSeconds: 9},
	}
}

// archive is an index, or the model, of n records that repeat.
func archive[S interface{ Apply(int64, []Change) error }](t testing.TB, s S, n int) S {
	t.Helper()
	changes := make([]Change, n)
	for i := range changes {
		changes[i] = repeating(i + 1)
	}
	if err := s.Apply(0, changes); err != nil {
		t.Fatal(err)
	}
	return s
}

// page is a page that somebody asks for.
type page50 struct {
	name string
	q    Query
	size int
}

func askedPages() []page50 {
	one := AnyOf{toAgency + 1, everyone}
	nine := AnyOf{toNine}
	visible := func(audience AnyOf, more ...AnyOf) []AnyOf { return append([]AnyOf{{always}, audience}, more...) }
	review := &Review{Owner: 2}
	return []page50{
		{"newest visible", Query{All: visible(one), Review: review}, 50},
		{"newest of half", Query{All: visible(one, AnyOf{even}), Review: review}, 50},
		{"two conditions", Query{All: visible(one, AnyOf{even, oneInEight}, AnyOf{third}), Review: review}, 50},
		{"observed", Query{All: visible(one), Observed: &Interval{1, 800}, Review: review}, 50},
		{"one in a thousand", Query{All: visible(nine), Review: review}, 10},
		{"one in a thousand, before", Query{All: visible(nine), Before: 9000, Review: review}, 8},
		{"one in a thousand of half", Query{All: visible(nine, AnyOf{even}), Review: review}, 10},
		{"a pair that seldom meets", Query{All: visible(AnyOf{always}, AnyOf{oneInEight}, AnyOf{oneInFiveNeverEight}), Review: review}, 5},
		{"nobody", Query{All: visible(nil), Review: review}, 50},
		{"an audience without records", Query{All: visible(AnyOf{toAgency + 8}), Review: review}, 50},
	}
}

// spent is what a page costs, and how many it holds.
func spent(s Searcher, p page50) (Cost, int) {
	n := 0
	cost := s.Search(p.q, p.size, func(Number) bool { n++; return true })
	return cost, n
}

// TestNoScans proves by counters that the postings and records touched for a
// page do not depend on how many records there are, also for who may see one
// in a thousand. The model, which scans, shows that the proof can fail.
func TestNoScans(t *testing.T) {
	small, large := archive(t, New(), 10_000), archive(t, New(), 100_000)
	plain := archive(t, new(model), 10_000)
	for _, p := range askedPages() {
		t.Run(p.name, func(t *testing.T) {
			inSmall, n := spent(small, p)
			inLarge, m := spent(large, p)
			t.Logf("%d found: %+v at 10,000, %+v at 100,000", n, inSmall, inLarge)
			if _, want := spent(plain, p); n != want || m != want {
				t.Fatalf("%d and %d found, want %d", n, m, want)
			}
			if inSmall.Postings != inLarge.Postings || inSmall.Rows != inLarge.Rows {
				t.Fatalf("%+v at 10,000, but %+v at 100,000", inSmall, inLarge)
			}
			if most := max(inSmall.Probes, pageWords) * 4; inLarge.Probes > most {
				t.Fatalf("%d probes, want at most %d", inLarge.Probes, most)
			}
		})
	}
}

// TestNoScansControl says that the counters of who does scan differ.
func TestNoScansControl(t *testing.T) {
	p := page50{q: Query{All: []AnyOf{{toNine}}}, size: 50}
	small, _ := spent(archive(t, new(model), 10_000), p)
	large, _ := spent(archive(t, new(model), 100_000), p)
	if small.Rows == large.Rows {
		t.Fatalf("a scan costs %+v and %+v", small, large)
	}
}

// TestPageOfFiftyOfOneInAThousand is the same for a full page of 50, which
// such an asker has only from 50,000 records on.
func TestPageOfFiftyOfOneInAThousand(t *testing.T) {
	p := page50{q: Query{All: []AnyOf{{always}, {toNine}}, Review: &Review{}}, size: 50}
	var costs []Cost
	for _, size := range []int{60_000, 120_000} {
		cost, n := spent(archive(t, New(), size), p)
		if n != 50 {
			t.Fatalf("%d found", n)
		}
		costs = append(costs, cost)
	}
	if costs[0].Postings != costs[1].Postings || costs[0].Rows != 50 || costs[1].Rows != 50 {
		t.Fatalf("%+v", costs)
	}
}

// TestLatePageCostsAsTheFirst says that it costs no more to go on from far down.
func TestLatePageCostsAsTheFirst(t *testing.T) {
	x := archive(t, New(), 100_000)
	p := page50{q: Query{All: []AnyOf{{always}, {everyone, toAgency + 1}, {even}}, Review: &Review{}}, size: 50}
	first, _ := spent(x, p)
	for _, before := range []Number{90_001, 50_001, 3001} {
		p.q.Before = before
		if late, n := spent(x, p); n != 50 || late.Rows != first.Rows || late.Postings > first.Postings+8 {
			t.Errorf("before %d: %d found for %+v; the first page costs %+v", before, n, late, first)
		}
	}
}

// TestReviewedAreNotWalkedPast says that records which are due for review cost
// nothing to whom they are not shown, nor those that are not due to who asks
// for what is.
func TestReviewedAreNotWalkedPast(t *testing.T) {
	for _, size := range []int{10_000, 100_000} {
		x := archive(t, New(), size)
		late := []Change{repeating(3), repeating(size / 2)}
		for i := range late {
			late[i].Columns.ReviewSeconds = 1000
			late[i].Columns.Owner = 7
		}
		if err := x.Apply(20e6, late); err != nil {
			t.Fatal(err)
		}
		for name, review := range map[string]Review{"what others see": {At: 20e6}, "what is mine": {At: 20e6, Owner: 7}} {
			cost, n := spent(x, page50{q: Query{All: []AnyOf{{always}}, Review: &review}, size: 50})
			if n != 2 || cost.Rows != 2 || cost.Postings > 12 {
				t.Errorf("%s of %d: %d found for %+v", name, size, n, cost)
			}
		}
		if err := x.Apply(2000e6, nil); err != nil {
			t.Fatal(err)
		}
		cost, n := spent(x, page50{q: Query{All: []AnyOf{{always}}, Review: &Review{Owner: 7, Due: true}}, size: 50})
		if n != 2 || cost.Rows != 2 || cost.Postings > 12 {
			t.Errorf("due of %d: %d found for %+v", size, n, cost)
		}
	}
}

// TestNothingCostsMoreThanItsPages bounds what conditions cost that are often
// met and never together: patience, then each cursor once a page of postings.
func TestNothingCostsMoreThanItsPages(t *testing.T) {
	const size = 200_000
	x := New()
	changes := make([]Change, size)
	for i := range changes {
		changes[i] = Change{Number: Number(i + 1), Add: []Term{Term(i % 2)}, Columns: Columns{Kind: item}}
	}
	if err := x.Apply(0, changes); err != nil {
		t.Fatal(err)
	}
	q := Query{All: []AnyOf{{0}, {1}}}
	cost := x.Search(q, 50, func(n Number) bool { t.Fatal(n); return false })
	if most := patience + 2*(size>>pageBits+2); cost.Postings > most {
		t.Errorf("%+v, want at most %d postings", cost, most)
	}
	if n, _, cost := x.Count(Query{All: []AnyOf{{0}}, Review: &Review{}}, size); n != size/2 || cost.Postings > 16 || cost.Rows != 0 {
		t.Errorf("counted %d for %+v", n, cost)
	}
}

// TestRarestLeads says that the order in which conditions are written does not
// matter: whichever fewest records meet goes in front.
func TestRarestLeads(t *testing.T) {
	x := archive(t, New(), 10_000)
	conditions := []AnyOf{{always}, {toNine, toAgency + 8}, {even}}
	var costs []Cost
	for i := range conditions {
		turned := append(conditions[i:len(conditions):len(conditions)], conditions[:i]...)
		cost, n := spent(x, page50{q: Query{All: turned}, size: 10})
		if n != 10 {
			t.Fatalf("%d found", n)
		}
		costs = append(costs, cost)
	}
	if costs[0] != costs[1] || costs[0] != costs[2] || costs[0].Postings > 3*10+3 {
		t.Errorf("%+v", costs)
	}
}

// TestCountStops says that a count looks no further than it has to.
func TestCountStops(t *testing.T) {
	x := archive(t, New(), 100_000)
	for _, limit := range []int{0, 1, 9, 100_000, 1 << 40} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			n, more, cost := x.Count(Query{All: []AnyOf{{toNine}}}, limit)
			if n != min(limit, 100) || more != (limit < 100) || cost.Rows > limit+1 {
				t.Fatalf("%d %v for %+v", n, more, cost)
			}
		})
	}
}

// TestLayersWithoutATermCostNothing says that what only one layer has, as an
// identifier, is not looked for among audiences in the others.
func TestLayersWithoutATermCostNothing(t *testing.T) {
	cost := map[int]Cost{}
	for _, layers := range []int{2, 6} {
		x := NewLayers()
		for l := range layers {
			changes := make([]Change, 1000)
			for i := range changes {
				changes[i] = Change{Number: Number(1000*l + i + 1), Add: []Term{always, everyone}, Columns: Columns{Kind: item}}
			}
			if l == 0 {
				changes[7].Add = append(changes[7].Add, toNine)
			}
			if err := x.Apply(0, changes); err != nil {
				t.Fatal(err)
			}
			x.Freeze()
		}
		q := Query{All: []AnyOf{{everyone}, {always}, {toNine}}, Review: &Review{}}
		if n, _, counted := x.Count(q, 9); n != 1 || counted.Postings > 8 {
			t.Errorf("%d counted for %+v", n, counted)
		}
		cost[layers] = x.Search(q, 9, func(n Number) bool { return n == 8 })
	}
	if cost[2] != cost[6] || cost[2].Postings == 0 {
		t.Errorf("%+v in two layers, %+v in six", cost[2], cost[6])
	}
}
