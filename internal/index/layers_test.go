package index

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// whole turns the changes of a batch into such as name all terms of a record,
// as a change of one that may lie in a sealed layer has to.
func (w *world) whole(changes []Change, held map[Number][]Term) []Change {
	for i := range changes {
		c := &changes[i]
		if c.Gone {
			delete(held, c.Number)
			continue
		}
		after := slices.Concat(less(held[c.Number], c.Remove), c.Add)
		held[c.Number] = unique(after)
		c.Add = held[c.Number]
	}
	return changes
}

// TestLayersAreTheModel: however records come, change and go, and whenever the
// tail is sealed, the layers answer as a plain scan does.
func TestLayersAreTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, held := newWorld(t), map[Number][]Term{}
		x, m := NewLayers(), new(model)
		x.tail.patience = rapid.SampledFrom([]int{0, 3, patience}).Draw(t, "patience")
		for range rapid.IntRange(1, 8).Draw(t, "batches") {
			changes := w.whole(w.batch(), held)
			w.micro += rapid.Int64Range(0, 3_000_000).Draw(t, "passes")
			if err := errors.Join(x.Apply(w.micro, changes), m.Apply(w.micro, changes)); err != nil {
				t.Fatal(err)
			}
			if rapid.Bool().Draw(t, "freeze") {
				x.Freeze()
			}
			compareLayers(t, x, m, w.query())
		}
	})
}

func compareLayers(t *rapid.T, x *Layers, m *model, q Query) {
	if x.Len() != m.Len() {
		t.Fatalf("%d records, want %d", x.Len(), m.Len())
	}
	limit := rapid.SampledFrom([]int{0, 1, 5, 100}).Draw(t, "limit")
	if got, want := numbers(x, q, limit), numbers(m, q, limit); !slices.Equal(got, want) {
		t.Fatalf("%+v: %v, want %v", q, got, want)
	}
	n, more, _ := x.Count(q, limit)
	if wantN, wantMore, _ := m.Count(q, limit); n != wantN || more != wantMore {
		t.Fatalf("%+v: %d %v, want %d %v", q, n, more, wantN, wantMore)
	}
	if got, want := pages(x, q, 3), pages(m, q, 3); !slices.Equal(got, want) {
		t.Fatalf("%+v in pages: %v, want %v", q, got, want)
	}
}

// TestLayersRefuse: what contradicts a sealed layer is refused as an Index does.
func TestLayersRefuse(t *testing.T) {
	x := NewLayers()
	start := []Change{{Number: 5, Add: []Term{1}, Columns: Columns{Kind: item, CreateMicros: 7}}}
	if err := x.Apply(0, start); err != nil {
		t.Fatal(err)
	}
	if x.Freeze() == nil || x.Freeze() != nil {
		t.Fatal("a tail is frozen once")
	}
	for name, row := range map[string]struct {
		change Change
		want   error
	}{
		"never there":  {Change{Number: 4, Columns: Columns{Kind: item}}, ErrNumber},
		"no number":    {Change{Columns: Columns{Kind: item}}, ErrNumber},
		"another time": {Change{Number: 5, Columns: Columns{Kind: item, CreateMicros: 8}}, ErrColumns},
		"no kind":      {Change{Number: 5, Columns: Columns{CreateMicros: 7}}, ErrColumns},
	} {
		if err := x.Apply(0, []Change{row.change}); !errors.Is(err, row.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	gone := []Change{{Number: 5, Gone: true}}
	if err := x.Apply(0, gone); err != nil || x.Len() != 0 {
		t.Error(err, x.Len())
	}
	if err := x.Apply(0, gone); !errors.Is(err, ErrNumber) {
		t.Error(err)
	}
}
