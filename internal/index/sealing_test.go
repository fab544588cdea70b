package index

import (
	"math/bits"
	"path/filepath"
	"slices"
	"testing"

	"github.com/seed-1d76a664/entente/internal/index/segment"
)

// sealedFile puts the tail into a file.
func sealedFile(t *testing.T, x *Layers) *segment.Reader {
	t.Helper()
	sealing, path := x.Freeze(), filepath.Join(t.TempDir(), "a")
	if _, err := sealing.Write(t.Context(), path, newSealer()); err != nil {
		t.Fatal(err)
	}
	r, err := segment.Open(path, newSealer(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := r.Verify(); err != nil {
		t.Fatal(err)
	}
	x.Adopt(sealing, OpenSegment(r, 1))
	return r
}

// TestTermsOfAFile seals two terms that differ in bits which a segment does not
// keep: they are one there, and every record of either is found, once, until it is
// corrected.
func TestTermsOfAFile(t *testing.T) {
	const one, two, other = Term(7 << 8), Term(7<<8 | 1), Term(8 << 8)
	x := NewLayers()
	var changes []Change
	for i, terms := range [][]Term{{two}, {one, two}, {one}, {other}} {
		changes = append(changes, Change{Number: Number(i + 1), Add: terms, Columns: Columns{Kind: item}})
	}
	if err := x.Apply(1, changes); err != nil {
		t.Fatal(err)
	}
	sealedFile(t, x)
	find := func(when string, wanted map[Term][]Number) {
		for term, want := range wanted {
			var got []Number
			q := Query{All: []AnyOf{{term}}}
			x.Search(q, 10, func(n Number) bool { got = append(got, n); return true })
			if n, _, _ := x.Count(q, 10); !slices.Equal(got, want) || n != len(want) {
				t.Errorf("%s, %#x is found in %v and counted %d times, want %v", when, term, got, n, want)
			}
		}
	}
	find("sealed", map[Term][]Number{one: {3, 2, 1}, two: {3, 2, 1}, other: {4}, 9 << 8: nil})
	if err := x.Apply(2, []Change{{Number: 2, Remove: []Term{two}, Add: []Term{one}, Columns: Columns{Kind: item}}}); err != nil {
		t.Fatal(err)
	}
	find("corrected", map[Term][]Number{one: {3, 2, 1}, two: {3, 1}, other: {4}})
}

// TestFewSegmentsFewWrites bounds how many segments there are, and how often a
// record is written again, however many tails were sealed.
func TestFewSegmentsFewWrites(t *testing.T) {
	var sizes []int
	written := 0
	for sealed := 1; sealed <= 5000; sealed++ {
		sizes = append(sizes, 1)
		for n := together(sizes); n > 0; n = together(sizes) {
			size := 0
			for _, s := range sizes[len(sizes)-n:] {
				size += s
			}
			written += size
			sizes = append(sizes[:len(sizes)-n], size)
		}
		doubles := bits.Len(uint(sealed))
		if len(sizes) > 1+doubles*3/2 || written > sealed*doubles {
			t.Fatalf("after %d tails %d were written, and there are %v", sealed, written, sizes)
		}
	}
}
