package index

import (
	"math/bits"
	"math/rand/v2"
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

// merges plays what is merged of segments of some sizes, and says how much is written.
func merges(sizes []int) (left []int, written int) {
	for from, to := together(sizes); from < to; from, to = together(sizes) {
		size := 0
		for _, s := range sizes[from:to] {
			size += s
		}
		written += size
		sizes = slices.Replace(sizes, from, to, size)
	}
	return sizes, written
}

// TestFewSegmentsFewWrites bounds how many segments there are, and how often a
// record is written again, however many tails were sealed.
func TestFewSegmentsFewWrites(t *testing.T) {
	var sizes []int
	written := 0
	for sealed := 1; sealed <= 5000; sealed++ {
		var more int
		sizes, more = merges(append(sizes, 1))
		written += more
		doubles := bits.Len(uint(sealed))
		if len(sizes) > 1+doubles*3/2 || written > sealed*doubles {
			t.Fatalf("after %d tails %d were written, and there are %v", sealed, written, sizes)
		}
	}
}

// TestFewSegmentsOfAnySizes: so it is also of tails that were sealed too late, too early, or many before anything was merged.
func TestFewSegmentsOfAnySizes(t *testing.T) {
	chance := rand.New(rand.NewPCG(3, 4))
	for world := range 300 {
		var sizes []int
		written, total, most := 0, 0, 1+chance.IntN(200)
		for range 300 {
			for range chance.IntN(1 + world%40) {
				sizes = append(sizes, 1+chance.IntN(most))
				if world%3 == 0 { // each a little smaller
					sizes[len(sizes)-1] = max(1, most-len(sizes))
				}
				total += sizes[len(sizes)-1]
			}
			var more int
			sizes, more = merges(sizes)
			written += more
			doubles := bits.Len(uint(total))
			if len(sizes) > (mergeWidth-1)*doubles+1 || written > 2*total*doubles {
				t.Fatalf("world %d: of %d records %d were written, and there are %v", world, total, written, sizes)
			}
		}
	}
}
