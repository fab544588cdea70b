package index

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestShard holds a shard against a map while terms that crowd each other's
// slots come and go.
func TestShard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := shard{lists: new(lists)}
		want := map[Term]map[uint32]bool{}
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			slot := rapid.SampledFrom([]Term{0, 0, 0, 1, 3, 6, 7, 7, 7}).Draw(t, "slot") << (64 - shardBits - 3)
			term := slot | rapid.SampledFrom([]Term{0, 1, 2, 7, 8, 1 << 20, 1 << 51, 1 << 52}).Draw(t, "term")
			n := rapid.Uint32Range(1, 4).Draw(t, "number")
			if rapid.Bool().Draw(t, "add") {
				s.add([]posting{{term, n}})
				if want[term] == nil {
					want[term] = map[uint32]bool{}
				}
				want[term][n] = true
			} else {
				s.remove(term, n)
				if delete(want[term], n); len(want[term]) == 0 {
					delete(want, term)
				}
			}
			same(t, &s, want)
		}
	})
}

func same(t *rapid.T, s *shard, want map[Term]map[uint32]bool) {
	if s.used != len(want) {
		t.Fatalf("%d terms, want %d", s.used, len(want))
	}
	for term, numbers := range want {
		c, ok := s.posting(term)
		if !ok {
			t.Fatalf("%d is lost", term)
		}
		walkDown(t, c, slices.Sorted(maps.Keys(numbers)))
	}
	if _, ok := s.posting(5); ok {
		t.Fatal("a posting that was never made")
	}
	var terms []Term
	for _, at := range s.inOrder(nil) {
		terms = append(terms, at.term())
	}
	if !slices.Equal(terms, slices.Sorted(maps.Keys(want))) {
		t.Fatalf("in order: %x", terms)
	}
}

// TestTermsOfOneSlot says that nothing is lost among terms that all want the
// same slot of the same shard, nor when those in front of them leave.
func TestTermsOfOneSlot(t *testing.T) {
	const terms, apart = 500, 1 << 20
	s := shard{lists: new(lists)}
	for i := range terms {
		s.add([]posting{{Term(i * apart), uint32(i + 1)}})
	}
	for i := range terms / 2 {
		s.remove(Term(i*apart), uint32(i+1))
	}
	for i := range terms {
		c, ok := s.posting(Term(i * apart))
		if ok != (i >= terms/2) || ok && c.at != uint32(i+1) {
			t.Fatalf("term %d: %v at %d", i, ok, c.at)
		}
	}
}

// rooms is how much a shard has room for.
func (s *shard) rooms() int {
	room := len(s.slots)
	for size, n := range s.lists.rooms {
		room += int(n) << (smallestRoom + size)
	}
	for _, set := range s.sets.things {
		if set != nil {
			room += 64 * len(set.pages)
		}
	}
	return room + len(s.sets.things)
}

// TestNoGrowthByChange says that what is removed leaves no room taken: after
// thousands of rounds of change over the same records a shard is no larger.
func TestNoGrowthByChange(t *testing.T) {
	s := shard{lists: new(lists)}
	round := func(r int) {
		for i := range 64 {
			term := Term(r*64 + i)
			for n := uint32(1); n <= uint32(1+i*10); n++ {
				s.add([]posting{{term, n}})
			}
		}
		for i := range 64 {
			term := Term(r*64 + i)
			for n := uint32(1); n <= uint32(1+i*10); n++ {
				s.remove(term, n)
			}
		}
	}
	round(0)
	before := s.rooms()
	for r := range 100 {
		round(r)
	}
	if s.used != 0 || s.rooms() != before {
		t.Fatalf("%d terms in use, room for %d, before for %d", s.used, s.rooms(), before)
	}
}

// TestListShrinks says that a list which has lost most of its numbers gives
// the room back.
func TestListShrinks(t *testing.T) {
	var list []uint32
	for n := range uint32(200) {
		list = with(list, n)
	}
	for n := range uint32(195) {
		list = without(list, n)
	}
	if !slices.Equal(list, []uint32{195, 196, 197, 198, 199}) || cap(list) > 32 {
		t.Fatal(list, cap(list))
	}
}

// TestPool says that places are used again.
func TestPool(t *testing.T) {
	var p pool[string]
	a, b := p.hold("a"), p.hold("b")
	p.release(a)
	c := p.hold("c")
	if c != a || *p.at(b) != "b" || *p.at(c) != "c" || len(p.things) != 2 {
		t.Fatal(a, b, c, p)
	}
}
