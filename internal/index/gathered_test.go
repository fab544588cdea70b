package index

import "testing"

// TestGatheredWhole says that no posting is lost on its way, of a record that
// has more terms than are gathered and of those around it.
func TestGatheredWhole(t *testing.T) {
	h := NewHasher([32]byte{1})
	terms := make([]Term, mostGathered+1000)
	for i := range terms {
		terms[i] = h.number(FieldStem, uint64(i))
	}
	x := New()
	var changes []Change
	for n, has := range [][]Term{terms[:5], terms, terms[3:9]} {
		changes = append(changes, Change{Number: Number(n + 1), Add: has, Columns: Columns{Kind: item}})
	}
	if err := x.Apply(0, changes); err != nil {
		t.Fatal(err)
	}
	for i, term := range terms {
		want := uint64(1) << 2
		if i < 5 {
			want |= 1 << 1
		}
		if i >= 3 && i < 9 {
			want |= 1 << 3
		}
		var got words
		if c, ok := x.posting(term); !ok || !c.mark(&got, 0, new(Cost)) || got[0] != want {
			t.Fatalf("term %d has %b, not %b", i, got[0], want)
		}
	}
}

// TestGatheredInOrder says that a batch which gives a record terms, takes some
// away and gives others leaves those that it says last.
func TestGatheredInOrder(t *testing.T) {
	x := New()
	columns := Columns{Kind: item}
	err := x.Apply(0, []Change{
		{Number: 1, Add: []Term{1, 2, 3}, Columns: columns},
		{Number: 1, Remove: []Term{1, 2}, Add: []Term{2, 4}, Columns: columns},
		{Number: 2, Add: []Term{1}, Columns: columns},
		{Number: 2, Remove: []Term{1}, Gone: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	for term, want := range map[Term]bool{1: false, 2: true, 3: true, 4: true} {
		if _, ok := x.posting(term); ok != want {
			t.Errorf("term %d: %t", term, ok)
		}
	}
}
