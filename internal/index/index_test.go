package index

import (
	"errors"
	"math"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
)

const item = internalv1.RecordKind_RECORD_KIND_INTELLIGENCE_ITEM

// numbers collects what a search visits.
func numbers(s Searcher, q Query, limit int) []Number {
	var found []Number
	s.Search(q, limit, func(n Number) bool { found = append(found, n); return true })
	return found
}

// pages collects the same page by page.
func pages(s Searcher, q Query, size int) []Number {
	var all []Number
	for {
		page := numbers(s, q, size)
		if all = append(all, page...); len(page) < size {
			return all
		}
		q.Before = page[len(page)-1]
	}
}

// TestModel holds the index against the model in random worlds.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, x, m := newWorld(t), New(), new(model)
		x.patience = rapid.SampledFrom([]int{0, 5, 20, patience}).Draw(t, "patience")
		for range rapid.IntRange(1, 12).Draw(t, "entries") {
			now := rapid.Int64Range(0, 65_000_000).Draw(t, "now")
			changes := w.batch()
			if err := errors.Join(x.Apply(now, changes), m.Apply(now, changes)); err != nil {
				t.Fatal(err)
			}
			if x.Len() != m.Len() {
				t.Fatalf("%d records, want %d", x.Len(), m.Len())
			}
			for range 4 {
				compare(t, x, m, w.query())
			}
		}
	})
}

// compare asks both the same question in every way.
func compare(t *rapid.T, x *Index, m *model, q Query) {
	limit := rapid.IntRange(-1, 9).Draw(t, "limit")
	if got, want := numbers(x, q, limit), numbers(m, q, limit); !slices.Equal(got, want) {
		t.Fatalf("%+v limit %d: %v, want %v", q, limit, got, want)
	}
	n, more, _ := x.Count(q, limit)
	wantN, wantMore, _ := m.Count(q, limit)
	if n != wantN || more != wantMore {
		t.Fatalf("%+v limit %d: %d %v, want %d %v", q, limit, n, more, wantN, wantMore)
	}
	all := numbers(m, q, math.MaxInt)
	if got := pages(x, q, rapid.IntRange(1, 5).Draw(t, "page")); !slices.Equal(got, all) {
		t.Fatalf("%+v by pages: %v, want %v", q, got, all)
	}
	if n, more, _ := x.Count(q, math.MaxInt); n != len(all) || more {
		t.Fatalf("%+v: counted %d %v, want %d", q, n, more, len(all))
	}
}

// TestModelRebuilt says that an index built again from the lists, in other
// batches, answers as the one that lived through the changes.
func TestModelRebuilt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, lived, m := newWorld(t), New(), new(model)
		changes := slices.Concat(w.batch(), w.batch(), w.batch())
		for at := range slices.Chunk(changes, 3) {
			if err := errors.Join(lived.Apply(0, at), m.Apply(0, at)); err != nil {
				t.Fatal(err)
			}
		}
		now := rapid.Int64Range(0, 65_000_000).Draw(t, "now")
		rebuilt, batch := New(), []Change(nil)
		for _, n := range w.order {
			batch = append(batch, Change{Number: n, Add: w.held[n], Columns: m.find(n).columns})
		}
		if err := errors.Join(lived.Apply(now, nil), m.Apply(now, nil), rebuilt.Apply(now, batch)); err != nil {
			t.Fatal(err)
		}
		for range 4 {
			q := w.query()
			compare(t, lived, m, q)
			compare(t, rebuilt, m, q)
		}
	})
}

// TestPagingWhileThingsChange says that what stays meant while somebody pages
// is found exactly once, whatever comes, goes and changes meanwhile.
func TestPagingWhileThingsChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, x, m := newWorld(t), New(), new(model)
		entry := func() {
			changes := w.batch()
			if err := errors.Join(x.Apply(0, changes), m.Apply(0, changes)); err != nil {
				t.Fatal(err)
			}
		}
		entry()
		entry()
		q := Query{All: []AnyOf{w.terms[:5]}}
		stays := numbers(m, q, math.MaxInt)
		var found []Number
		for {
			page := numbers(x, q, 2)
			if found = append(found, page...); len(page) < 2 {
				break
			}
			q.Before = page[len(page)-1]
			entry()
			now := numbers(m, Query{All: q.All}, math.MaxInt)
			stays = slices.DeleteFunc(stays, func(n Number) bool { return !slices.Contains(now, n) })
		}
		if !slices.IsSortedFunc(found, func(a, b Number) int { return int(b) - int(a) }) {
			t.Fatalf("%v: not newest first, or twice", found)
		}
		for _, n := range stays {
			if !slices.Contains(found, n) {
				t.Fatalf("%d stayed and was not found in %v", n, found)
			}
		}
	})
}

// TestVisitStops says that a visitor is asked no more once it has said no.
func TestVisitStops(t *testing.T) {
	x := filled(t, 10)
	var seen []Number
	x.Search(Query{}, 10, func(n Number) bool { seen = append(seen, n); return n > 8 })
	if !slices.Equal(seen, []Number{10, 9, 8}) {
		t.Fatal(seen)
	}
}

// filled is an index of n records without terms, a second apart.
func filled(t testing.TB, n int) *Index {
	t.Helper()
	x := New()
	for i := range n {
		change := Change{Number: Number(i + 1), Columns: Columns{Kind: item, Owner: 1, CreateMicros: int64(i+1) * 1e6}}
		if err := x.Apply(0, []Change{change}); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

// TestEmpty says what an index without records answers.
func TestEmpty(t *testing.T) {
	for _, q := range []Query{
		{},
		{All: []AnyOf{{1}}},
		{All: []AnyOf{nil}},
		{Before: 7},
		{Received: &Interval{math.MinInt64, math.MaxInt64}},
		{Review: &Review{Due: true, Owner: 1}},
		{Review: &Review{}},
	} {
		x := New()
		if found := numbers(x, q, 5); found != nil {
			t.Errorf("%+v: %v", q, found)
		}
		if n, more, _ := x.Count(q, 5); n != 0 || more {
			t.Errorf("%+v: %d %v", q, n, more)
		}
		if err := x.Apply(1, nil); err != nil || x.Len() != 0 {
			t.Error(err, x.Len())
		}
	}
}

// TestRefusedChanges says which changes contradict an index of the numbers 5
// and 7, of which 5 is gone, and that model and index agree on it.
func TestRefusedChanges(t *testing.T) {
	at := func(micros int64) Columns { return Columns{Kind: item, CreateMicros: micros} }
	for name, tc := range map[string]struct {
		change Change
		want   error
	}{
		"no number":          {Change{Columns: at(10)}, ErrNumber},
		"too high a number":  {Change{Number: MaxNumber + 1, Columns: at(10)}, ErrNumber},
		"far too high":       {Change{Number: math.MaxUint64, Columns: at(10)}, ErrNumber},
		"left out":           {Change{Number: 6, Columns: at(10)}, ErrNumber},
		"below the first":    {Change{Number: 1, Columns: at(10)}, ErrNumber},
		"gone":               {Change{Number: 5, Columns: at(10)}, ErrNumber},
		"gone again":         {Change{Number: 5, Gone: true}, ErrNumber},
		"gone before it was": {Change{Number: 8, Gone: true}, ErrNumber},
		"no kind":            {Change{Number: 8, Columns: Columns{CreateMicros: 10}}, ErrColumns},
		"kind lost":          {Change{Number: 7, Columns: Columns{CreateMicros: 10}}, ErrColumns},
		"time fell":          {Change{Number: 8, Columns: at(9)}, ErrColumns},
		"time changed":       {Change{Number: 7, Columns: at(11)}, ErrColumns},
	} {
		x, m := New(), new(model)
		start := []Change{
			{Number: 5, Add: []Term{1}, Columns: at(10)}, {Number: 7, Add: []Term{1}, Columns: at(10)},
			{Number: 5, Remove: []Term{1}, Gone: true},
		}
		if err := errors.Join(x.Apply(0, start), m.Apply(0, start)); err != nil {
			t.Fatal(err)
		}
		tc.change.Add = []Term{1}
		for _, s := range []interface{ Apply(int64, []Change) error }{x, m} {
			if err := s.Apply(0, []Change{tc.change}); !errors.Is(err, tc.want) {
				t.Errorf("%s: %T: %v, want %v", name, s, err, tc.want)
			}
		}
		if found := numbers(x, Query{All: []AnyOf{{1}}}, 9); !slices.Equal(found, []Number{7}) {
			t.Errorf("%s: left %v behind", name, found)
		}
	}
}

// TestNumbersNeedNotStartAtOne says that an index may begin at any number and
// reach the highest.
func TestNumbersNeedNotStartAtOne(t *testing.T) {
	x := New()
	for _, n := range []Number{MaxNumber - 2, MaxNumber} {
		if err := x.Apply(0, []Change{{Number: n, Add: []Term{1}, Columns: Columns{Kind: item}}}); err != nil {
			t.Fatal(err)
		}
	}
	want := []Number{MaxNumber, MaxNumber - 2}
	for _, q := range []Query{{}, {All: []AnyOf{{1}}}, {Before: MaxNumber + 5}, {Review: &Review{}}} {
		if found := numbers(x, q, 9); !slices.Equal(found, want) {
			t.Errorf("%+v: %v", q, found)
		}
	}
}

// TestModelAtLength is TestModel over thousands of records, on both sides of
// the end of a page of postings, with all forms that a posting takes.
func TestModelAtLength(t *testing.T) {
	const first, last = 64_000, 70_000
	var start []Change
	for n := first; n < last; n++ {
		start = append(start, repeating(n))
	}
	rapid.Check(t, func(t *rapid.T) {
		x, m, gone := New(), new(model), map[Number]bool{}
		x.patience = rapid.SampledFrom([]int{0, 100, patience}).Draw(t, "patience")
		changes := start
		for range 4 {
			if err := errors.Join(x.Apply(0, changes), m.Apply(0, changes)); err != nil {
				t.Fatal(err)
			}
			compareAtLength(t, x, m, queryAtLength(t, first, last))
			changes = changesAtLength(t, gone, first, last)
		}
	})
}

func compareAtLength(t *rapid.T, x *Index, m *model, q Query) {
	limit := rapid.SampledFrom([]int{0, 1, 50, 700, 5000, math.MaxInt}).Draw(t, "limit")
	if got, want := numbers(x, q, limit), numbers(m, q, limit); !slices.Equal(got, want) {
		t.Fatalf("%+v: %d found, want %d", q, len(got), len(want))
	}
	n, more, _ := x.Count(q, limit)
	if wantN, wantMore, _ := m.Count(q, limit); n != wantN || more != wantMore {
		t.Fatalf("%+v: %d %v, want %d %v", q, n, more, wantN, wantMore)
	}
}

// changesAtLength gives and takes terms of some records, and takes some out.
func changesAtLength(t *rapid.T, gone map[Number]bool, first, last int) []Change {
	var changes []Change
	for range rapid.IntRange(0, 20).Draw(t, "changes") {
		n := Number(rapid.IntRange(first, last-1).Draw(t, "number"))
		if gone[n] {
			continue
		}
		c := repeating(int(n))
		if gone[n] = rapid.IntRange(0, 9).Draw(t, "gone") == 0; gone[n] {
			c.Gone = true
			c.Remove = allTerms()
		} else {
			c.Remove = rapid.SliceOf(rapid.SampledFrom(allTerms())).Draw(t, "remove")
			c.Add = rapid.SliceOf(rapid.SampledFrom(allTerms())).Draw(t, "add")
		}
		changes = append(changes, c)
	}
	return changes
}

func allTerms() []Term {
	return []Term{
		always, everyone, toAgency + 1, toAgency + 2, toAgency + 3, toAgency + 4, toAgency + 5,
		toNine, even, third, oneInEight, oneInFiveNeverEight,
	}
}

func queryAtLength(t *rapid.T, first, last int) Query {
	var q Query
	for range rapid.IntRange(0, 3).Draw(t, "conditions") {
		q.All = append(q.All, rapid.SliceOfN(rapid.SampledFrom(allTerms()), 1, 4).Draw(t, "any of"))
	}
	if rapid.Bool().Draw(t, "reviewed") {
		q.Review = &Review{Owner: rapid.Uint32Range(0, 6).Draw(t, "owner"), At: rapid.SampledFrom([]int64{0, 10_000_000}).Draw(t, "at")}
	}
	if rapid.Bool().Draw(t, "before") {
		q.Before = Number(rapid.IntRange(first, last).Draw(t, "number"))
	}
	if rapid.IntRange(0, 2).Draw(t, "received") == 0 {
		q.Received = &Interval{int64(rapid.IntRange(first, last).Draw(t, "from")), int64(rapid.IntRange(first, last).Draw(t, "to"))}
	}
	if rapid.IntRange(0, 2).Draw(t, "observed") == 0 {
		q.Observed = &Interval{int64(rapid.IntRange(1, 500).Draw(t, "start")), int64(rapid.IntRange(1, 1000).Draw(t, "end"))}
	}
	return q
}

// TestReadersTogether lets many search and count at once; the race detector
// sees whether one of them writes.
func TestReadersTogether(t *testing.T) {
	x := archive(t, New(), 70_000)
	q := Query{All: []AnyOf{{always}, {oneInEight}, {oneInFiveNeverEight}}, Review: &Review{Owner: 1}}
	want := numbers(x, q, 9)
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for range 20 {
				if found := numbers(x, q, 9); !slices.Equal(found, want) {
					t.Error(found)
				}
				if n, more, _ := x.Count(q, 100); n != 70 || more {
					t.Error(n, more)
				}
			}
		})
	}
	readers.Wait()
}
