package index

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// compareSharers holds what is told of the records with one of some terms against the model: whose they are, and that one of which it is said that it lacks
// other terms has none of them.
func compareSharers(t *rapid.T, x *Layers, m *model, terms, among AnyOf) {
	var got []Number
	x.Sharers(terms, among, 100, func(s Sharer) bool {
		got = append(got, s.Number)
		r := m.find(s.Number)
		if r == nil || r.columns.Owner != s.Owner {
			t.Fatalf("%+v of %+v", s, r)
		}
		if s.Lacks && slices.ContainsFunc(among, func(t Term) bool { return r.terms[t] }) {
			t.Fatalf("%d has one of %v", s.Number, among)
		}
		return true
	})
	if want := numbers(m, Query{All: []AnyOf{terms}}, 100); !slices.Equal(got, want) {
		t.Fatalf("%v: %v, want %v", terms, got, want)
	}
}

// TestSharersInMemoryAreTold: of records in memory it is known what they lack, unless it would take long; and no more are visited than are wanted.
func TestSharersInMemoryAreTold(t *testing.T) {
	x := NewLayers()
	var changes []Change
	for n := range Number(4) {
		changes = append(changes, Change{Number: n + 1, Add: []Term{1, Term(2 + n%2)}, Columns: Columns{Kind: item, Owner: uint32(n)}})
	}
	if err := x.Apply(0, changes); err != nil {
		t.Fatal(err)
	}
	told := func(among AnyOf, limit, stop int) (list []Sharer) {
		x.Sharers(AnyOf{1}, among, limit, func(s Sharer) bool {
			list = append(list, s)
			return len(list) < stop
		})
		return list
	}
	for name, c := range map[string]struct{ got, want []Sharer }{
		"all":    {told(AnyOf{2}, 9, 9), []Sharer{{4, 3, true}, {3, 2, false}, {2, 1, true}, {1, 0, false}}},
		"a few":  {told(AnyOf{2}, 1, 9), []Sharer{{4, 3, true}}},
		"enough": {told(AnyOf{2}, 9, 1), []Sharer{{4, 3, true}}},
		"long":   {told(make(AnyOf, lookAtMost+1), 1, 9), []Sharer{{4, 3, false}}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
}
