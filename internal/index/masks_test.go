package index

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// listed is a posting of a layer that has nothing else.
func listed(ids []uint32) *union {
	u := newUnion(1)
	c := newCursor(ids)
	u.add(&c)
	u.begin()
	return u
}

// A mask meets the ids that its disjunction meets: in steps, and in pages.
func TestMask(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	for _, last := range []uint32{1, 63, 64, 65_535, 65_536, 200_000} {
		var ids []uint32
		for id := uint32(1); id <= last; id++ {
			if id == last || chance.IntN(50) == 0 && id>>pageBits != 1 {
				ids = append(ids, id)
			}
		}
		m := newMask(listed(ids), last)
		if m.size() != len(ids) {
			t.Fatalf("up to %d: %d ids of %d", last, m.size(), len(ids))
		}
		var walked []uint32
		for n := m.seek(last+100, new(Cost)); n != 0; n = m.seek(n-1, new(Cost)) {
			walked = append(walked, n)
		}
		if slices.Reverse(walked); !slices.Equal(walked, ids) {
			t.Errorf("up to %d: the steps are others", last)
		}
		var marked []uint32
		for high := range last>>pageBits + 2 {
			var w words
			if m.mark(&w, high, new(Cost)) {
				for _, low := range w.members(1 << pageBits) {
					marked = append(marked, high<<pageBits|uint32(low))
				}
			}
		}
		if !slices.Equal(marked, ids) {
			t.Errorf("up to %d: the pages are others", last)
		}
	}
	if newMask(listed([]uint32{7}), 1<<20) != nil || newMask(nil, 10) != nil {
		t.Error("what hardly any id meets has a mask")
	}
}

// A disjunction gets a mask once it was asked for often enough, and what is
// remembered is bounded.
func TestMasks(t *testing.T) {
	m := newMasks()
	made := 0
	build := func() *mask {
		made++
		return new(mask)
	}
	for n := range maskAfter + 2 {
		if got := m.of([]Term{1, 2}, build); (got != nil) != (n+1 >= maskAfter) {
			t.Errorf("asked for %d times: %v", n+1, got)
		}
	}
	if m.known([]Term{1, 2}) == nil || m.known([]Term{2, 1}) != nil {
		t.Error("what is known is another")
	}
	if m.of([]Term{2, 1}, build) != nil || made != 1 {
		t.Errorf("others have one too, or it was made %d times", made)
	}
	for n := range Term(4 * countsKept) {
		if m.of([]Term{n, n + 1, n + 2}, build); len(m.counts) > countsKept || m.of([]Term{1, 2}, build) == nil {
			t.Fatalf("%d are counted, or what is asked for once drives out a mask", len(m.counts))
		}
	}
	for n := range Term(4 * masksKept) {
		for range maskAfter {
			if m.of([]Term{n, n + 2}, build); len(*m.made.Load()) > masksKept {
				t.Fatalf("%d have a mask", len(*m.made.Load()))
			}
		}
	}
}
