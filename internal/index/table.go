package index

import "math/bits"

// shards is how many tables the terms are spread over, by their upper eight
// bits. Each grows by itself, so that a writer never waits for more than one
// of them to be copied.
const (
	shards    = 1 << shardBits
	shardBits = 8
)

// table finds the posting of a term.
type table struct {
	shards [shards]shard
	lists  lists // of all shards
}

func newTable() *table {
	t := new(table)
	for i := range t.shards {
		t.shards[i].lists = &t.lists
	}
	return t
}

func (t *table) of(term Term) *shard { return &t.shards[term>>(64-shardBits)] }

// shard is an open-addressing hash table, probed linearly, from terms to
// postings. Terms are keyed hashes already: the bits below those of the shard
// choose the slot, so that the terms stand all but in order. It takes a line of
// the processor's cache to find a term, and there is nothing but the sets that
// the garbage collector has to look into.
type shard struct {
	slots []slot
	shift uint // of a term without the bits of the shard, to where it would best lie
	used  int
	lists *lists
	sets  pool[*set]
}

// slot is a term, in halves lest it be padded, and its posting. One with
// reference 0 is free. With the upper bit set, a reference is the one number of
// a posting: most terms are posted once. Otherwise it leads to a list or, with
// the next bit set, to a set.
type slot struct{ high, low, ref uint32 }

func (s *slot) term() Term { return Term(s.high)<<32 | Term(s.low) }

const (
	single = 1 << 31
	many   = 1 << 30
)

// firstSlots is the size that a shard begins with. A power of two, as all are.
const firstSlots = 8

// home is the slot where a term lies unless others are in its way.
func (s *shard) home(term Term) int { return int(term << shardBits >> s.shift) }

// slot is where a term is, or where it would go.
func (s *shard) slot(term Term) int {
	mask := len(s.slots) - 1
	i := s.home(term)
	for s.slots[i].ref != 0 && s.slots[i].term() != term {
		i = (i + 1) & mask
	}
	return i
}

// has tells whether a term has a posting.
func (s *shard) has(term Term) bool { return len(s.slots) > 0 && s.slots[s.slot(term)].ref != 0 }

// alone tells that no other term of the shard is the same in a file.
func (s *shard) alone(term Term) bool {
	mask := len(s.slots) - 1
	for i := s.home(term); len(s.slots) > 0 && s.slots[i].ref != 0; i = (i + 1) & mask {
		if other := s.slots[i].term(); other != term && onFile(other) == onFile(term) {
			return false
		}
	}
	return true
}

// posting is the posting of a term; false if there is none.
func (s *shard) posting(term Term) (cursor, bool) {
	if len(s.slots) == 0 {
		return cursor{}, false
	}
	switch ref := s.slots[s.slot(term)].ref; {
	case ref == 0:
		return cursor{}, false
	case ref&single != 0:
		return cursor{at: ref &^ single, total: 1}, true
	case ref&many != 0:
		return *(*s.sets.at(ref &^ many)).cursor(), true
	default:
		return newCursor(s.lists.at(ref)), true
	}
}

// end is the last number of the posting that a reference leads to, or 0: what has
// to be looked at before a number is put behind it.
func (s *shard) end(ref uint32) uint32 {
	switch {
	case ref == 0, ref&single != 0:
		return 0
	case ref&many != 0:
		return (*s.sets.at(ref &^ many)).end()
	default:
		room := s.lists.room(ref)
		return room[room[0]]
	}
}

// add puts some numbers into the posting of their term.
func (s *shard) add(list []posting) {
	if 4*(s.used+1) > 3*len(s.slots) {
		s.grow()
	}
	term := list[0].term
	at := &s.slots[s.slot(term)]
	for _, p := range list {
		s.put(at, term, p.n)
	}
}

// put puts a number into the posting of a term, at its slot; nothing changes if it
// is there.
func (s *shard) put(at *slot, term Term, n uint32) {
	switch ref := at.ref; {
	case ref == 0:
		*at = slot{high: uint32(term >> 32), low: uint32(term), ref: n | single}
		s.used++
	case ref == n|single:
	case ref&single != 0:
		at.ref = s.lists.hold(min(n, ref&^single), max(n, ref&^single))
	case ref&many != 0:
		(*s.sets.at(ref &^ many)).add(n)
	case len(s.lists.at(ref)) < longest:
		at.ref = s.lists.with(ref, n)
	default:
		numbers := newSet(s.lists.at(ref))
		if numbers.add(n); numbers.size > longest {
			at.ref = s.sets.hold(numbers) | many
			s.lists.release(ref)
		}
	}
}

// remove takes a number out of the posting of a term; nothing changes if it is
// not there. A posting that is left empty is forgotten.
func (s *shard) remove(term Term, n uint32) {
	if len(s.slots) == 0 {
		return
	}
	i := s.slot(term)
	at := &s.slots[i]
	switch ref := at.ref; {
	case ref == n|single:
		s.vacate(i)
	case ref == 0, ref&single != 0:
	case ref&many != 0:
		numbers := *s.sets.at(ref &^ many)
		if numbers.remove(n); numbers.size <= shortest {
			at.ref = s.lists.hold(numbers.list()...)
			s.sets.release(ref &^ many)
		}
	default:
		ref = s.lists.without(ref, n)
		if at.ref = ref; len(s.lists.at(ref)) == 1 {
			at.ref = s.lists.at(ref)[0] | single
			s.lists.release(ref)
		}
	}
}

// vacate frees a slot and moves up what was put behind it for want of space,
// so that no probe ends too early.
func (s *shard) vacate(hole int) {
	mask := len(s.slots) - 1
	for i := (hole + 1) & mask; s.slots[i].ref != 0; i = (i + 1) & mask {
		home := s.home(s.slots[i].term())
		if (i-home)&mask >= (i-hole)&mask {
			s.slots[hole] = s.slots[i]
			hole = i
		}
	}
	s.slots[hole] = slot{}
	s.used--
}

func (s *shard) grow() {
	old := s.slots
	n := max(2*len(old), firstSlots)
	s.slots, s.shift = make([]slot, n), uint(64-bits.Len(uint(n-1)))
	for i := range old {
		if old[i].ref != 0 {
			s.slots[s.slot(old[i].term())] = old[i]
		}
	}
}

// inOrder appends the slots that hold a term, in the order of the terms.
func (s *shard) inOrder(dst []slot) []slot {
	from := len(dst)
	var around []slot // from the end, where there was no space
	for i := range s.slots {
		switch at := s.slots[i]; {
		case at.ref == 0:
		case s.home(at.term()) > i:
			around = append(around, at)
		default:
			dst = append(dst, at)
		}
	}
	dst = append(dst, around...)
	nearly := dst[from:] // none is far from its place
	for i, one := range nearly {
		for ; i > 0 && nearly[i-1].term() > one.term(); i-- {
			nearly[i] = nearly[i-1]
		}
		nearly[i] = one
	}
	return dst
}

// numbers is the posting that a reference leads to, ascending: a single number
// lies in one, and all are good until the next change.
func (s *shard) numbers(ref uint32, one *[1]uint32) []uint32 {
	switch {
	case ref&single != 0:
		one[0] = ref &^ single
		return one[:]
	case ref&many != 0:
		return (*s.sets.at(ref &^ many)).list()
	default:
		return s.lists.at(ref)
	}
}
