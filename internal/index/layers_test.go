package index

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/seed-1d76a664/entente/internal/index/segment"
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
// tail is sealed and segments are written, merged and opened again, the layers
// answer as a plain scan does.
func TestLayersAreTheModel(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		w, held := newWorld(t), map[Number][]Term{}
		a, m := newStorehouse(t, dir), new(model)
		defer a.close()
		a.words = w.related()
		a.tail.patience = rapid.SampledFrom([]int{0, 3, patience}).Draw(t, "patience")
		for range rapid.IntRange(1, 12).Draw(t, "batches") {
			changes := w.whole(w.batch(), held)
			w.micro += rapid.Int64Range(0, 3_000_000).Draw(t, "passes")
			if err := errors.Join(a.Apply(w.micro, changes), m.Apply(w.micro, changes)); err != nil {
				t.Fatal(err)
			}
			a.tend()
			compareLayers(t, a.Layers, m, w.query())
			compareSure(t, a.Layers, m, w.query(), Clause{All: w.clauses(2)})
			compareSharers(t, a.Layers, m, w.some("of"), w.some("among"))
		}
		a.settle()
		for range 3 {
			compareLayers(t, a.Layers, m, w.query())
		}
	})
}

// related says at random of which terms others are part, and parts of these again.
func (w *world) related() *vocabulary {
	v := newVocabulary()
	for n := range uint64(rapid.IntRange(0, 12).Draw(w.t, "words")) {
		of := func(terms []Term) Term { return rapid.SampledFrom(terms).Draw(w.t, "of a word") }
		terms := []Term{of(w.terms[6:]), of(w.terms[:3]), of(w.terms[3:6])}
		v.learn(wordKey{one: n, two: n}, terms, rapid.IntRange(0, 2).Draw(w.t, "beginnings"))
	}
	return v
}

// storehouse is layers whose sealings are planned, written and adopted at any time.
type storehouse struct {
	*Layers
	t       *rapid.T
	dir     string
	files   int
	pending *Sealing
	written *Segment
}

func newStorehouse(t *rapid.T, dir string) *storehouse {
	return &storehouse{Layers: NewLayers(), t: t, dir: dir}
}

// tend does one step of what has to be done, or none.
func (a *storehouse) tend() {
	switch {
	case rapid.Bool().Draw(a.t, "wait"):
	case a.pending == nil:
		if a.pending = a.Merge(); a.pending == nil {
			a.pending = a.Freeze()
		}
	case a.written == nil:
		a.written = a.write(a.pending)
	default:
		a.adopt()
	}
}

func (a *storehouse) write(s *Sealing) *Segment {
	a.files++
	path := filepath.Join(a.dir, strconv.Itoa(a.files))
	if _, err := s.Write(context.Background(), path, newSealer()); err != nil {
		a.t.Fatal(err)
	}
	r, err := segment.Open(path, newSealer(), segment.NewCache(1<<20))
	if err != nil {
		a.t.Fatal(err)
	}
	return a.open(r)
}

// open opens a segment that, of each three, makes masks at once, or soon, or late.
func (a *storehouse) open(r *segment.Reader) *Segment {
	s := OpenSegment(r, a.micros)
	s.disk.masks.after = []int{1, 2, maskAfter}[a.files%3]
	return s
}

func (a *storehouse) adopt() {
	old := a.pending.Replaces()
	a.Adopt(a.pending, a.written)
	for _, r := range old {
		if err := r.Close(); err != nil {
			a.t.Fatal(err)
		}
	}
	a.pending, a.written = nil, nil
}

// settle finishes what is pending, seals the tail and begins again from the files.
func (a *storehouse) settle() {
	if a.pending != nil && a.written == nil {
		a.written = a.write(a.pending)
	}
	if a.written != nil {
		a.adopt()
	}
	if a.pending = a.Freeze(); a.pending != nil {
		a.written = a.write(a.pending)
		a.adopt()
	}
	again := NewLayers()
	again.tail.patience = a.tail.patience
	again.pass(a.micros)
	var gone []Change // dead and taken over by nobody: the view tells them after the files
	for _, s := range a.sealed {
		again.Add(a.open(s.layer.(*disk).reader))
		for _, id := range s.dead.list() {
			gone = append(gone, Change{Number: s.number(id), Gone: true})
		}
	}
	for _, c := range gone {
		if held, _ := a.holder(uint32(c.Number)); held == nil {
			if err := again.Apply(a.micros, []Change{c}); err != nil && !errors.Is(err, ErrNumber) {
				a.t.Fatal(err)
			}
		}
	}
	a.Layers = again
}

func (a *storehouse) close() {
	for _, s := range a.sealed {
		if d, ok := s.layer.(*disk); ok {
			_ = d.reader.Close()
		}
	}
	if a.written != nil {
		_ = a.written.disk.reader.Close()
	}
}

// sealer seals blocks as the view does, under a key of its own.
type sealer struct{ cipher.AEAD }

func newSealer() sealer {
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return sealer{aead}
}

func (s sealer) Seal(dst, plain []byte, place uint64) []byte {
	return s.AEAD.Seal(dst, nil, plain, binary.BigEndian.AppendUint64(nil, place))
}

func (s sealer) Open(dst, sealed []byte, place uint64) ([]byte, error) {
	return s.AEAD.Open(dst, nil, sealed, binary.BigEndian.AppendUint64(nil, place))
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

// compareSure: the records of a query are visited as ever, each with what a scan
// says of a clause beside it.
func compareSure(t *rapid.T, x *Layers, m *model, q Query, sure Clause) {
	var got []Number
	x.SearchSure(q, sure, 100, func(n Number, told bool) bool {
		got = append(got, n)
		if want := m.find(n).holds(sure); told != want {
			t.Fatalf("%+v of %d: %v, want %v", sure, n, told, want)
		}
		return true
	})
	if want := numbers(m, q, 100); !slices.Equal(got, want) {
		t.Fatalf("%+v: %v, want %v", q, got, want)
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
