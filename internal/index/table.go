package index

import (
	"cmp"
	"slices"
)

// shards is how many tables the terms are spread over, by their upper eight
// bits. Each grows by itself, so that a writer never waits for more than one
// of them to be copied.
const shards = 256

// table finds the posting of a term.
type table [shards]shard

func (t *table) of(term Term) *shard { return &t[term>>56] }

// shard is an open-addressing hash table, probed linearly, from terms to
// postings. Keys and references lie in arrays of their own: twelve bytes a
// slot, and but for the lists nothing that the garbage collector has to look
// into. Terms are keyed hashes already, so their lower bits choose the slot.
//
// A slot with reference 0 is free. With the upper bit set, a reference is the
// one number of a posting: most terms are posted once. Otherwise it leads to a
// list or, with the next bit set, to a set.
type shard struct {
	terms []Term
	refs  []uint32
	used  int
	lists pool[[]uint32]
	sets  pool[*set]
}

const (
	single = 1 << 31
	many   = 1 << 30
	// A list that grows longer than longest becomes a set, and a set that
	// shrinks to shortest a list.
	longest  = 256
	shortest = longest / 2
)

// firstSlots is the size that a shard begins with. A power of two, as all are.
const firstSlots = 8

// slot is where a term is, or where it would go.
func (s *shard) slot(term Term) int {
	mask := len(s.terms) - 1
	i := int(term) & mask
	for s.refs[i] != 0 && s.terms[i] != term {
		i = (i + 1) & mask
	}
	return i
}

// posting is the posting of a term; false if there is none.
func (s *shard) posting(term Term) (cursor, bool) {
	if len(s.terms) == 0 {
		return cursor{}, false
	}
	switch ref := s.refs[s.slot(term)]; {
	case ref == 0:
		return cursor{}, false
	case ref&single != 0:
		return cursor{at: ref &^ single, total: 1}, true
	case ref&many != 0:
		return *(*s.sets.at(ref &^ many)).cursor(), true
	default:
		return newCursor(*s.lists.at(ref)), true
	}
}

// add puts a number into the posting of a term; nothing changes if it is there.
func (s *shard) add(term Term, n uint32) {
	if 4*(s.used+1) > 3*len(s.terms) {
		s.grow()
	}
	i := s.slot(term)
	switch ref := s.refs[i]; {
	case ref == 0:
		s.terms[i], s.refs[i] = term, n|single
		s.used++
	case ref == n|single:
	case ref&single != 0:
		s.refs[i] = s.lists.hold([]uint32{min(n, ref&^single), max(n, ref&^single)})
	case ref&many != 0:
		(*s.sets.at(ref &^ many)).add(n)
	default:
		list := s.lists.at(ref)
		if *list = with(*list, n); len(*list) > longest {
			s.refs[i] = s.sets.hold(newSet(*list)) | many
			s.lists.release(ref)
		}
	}
}

// remove takes a number out of the posting of a term; nothing changes if it is
// not there. A posting that is left empty is forgotten.
func (s *shard) remove(term Term, n uint32) {
	if len(s.terms) == 0 {
		return
	}
	i := s.slot(term)
	switch ref := s.refs[i]; {
	case ref == n|single:
		s.vacate(i)
	case ref == 0, ref&single != 0:
	case ref&many != 0:
		numbers := *s.sets.at(ref &^ many)
		if numbers.remove(n); numbers.size <= shortest {
			s.refs[i] = s.lists.hold(numbers.list())
			s.sets.release(ref &^ many)
		}
	default:
		list := s.lists.at(ref)
		if *list = without(*list, n); len(*list) == 1 {
			s.refs[i] = (*list)[0] | single
			s.lists.release(ref)
		}
	}
}

// vacate frees a slot and moves up what was put behind it for want of space,
// so that no probe ends too early.
func (s *shard) vacate(hole int) {
	mask := len(s.terms) - 1
	for i := (hole + 1) & mask; s.refs[i] != 0; i = (i + 1) & mask {
		home := int(s.terms[i]) & mask
		if (i-home)&mask >= (i-hole)&mask {
			s.terms[hole], s.refs[hole] = s.terms[i], s.refs[i]
			hole = i
		}
	}
	s.refs[hole] = 0
	s.used--
}

func (s *shard) grow() {
	old := *s
	slots := max(2*len(old.terms), firstSlots)
	s.terms, s.refs = make([]Term, slots), make([]uint32, slots)
	for i, ref := range old.refs {
		if ref != 0 {
			at := s.slot(old.terms[i])
			s.terms[at], s.refs[at] = old.terms[i], ref
		}
	}
}

// inOrder lists the slots that hold a term, in the order of the terms.
func (s *shard) inOrder() []int {
	slots := make([]int, 0, s.used)
	for i, ref := range s.refs {
		if ref != 0 {
			slots = append(slots, i)
		}
	}
	slices.SortFunc(slots, func(a, b int) int { return cmp.Compare(s.terms[a], s.terms[b]) })
	return slots
}

// numbers is the posting in a slot, ascending; good until the next change.
func (s *shard) numbers(slot int) []uint32 {
	switch ref := s.refs[slot]; {
	case ref&single != 0:
		return []uint32{ref &^ single}
	case ref&many != 0:
		return (*s.sets.at(ref &^ many)).list()
	default:
		return *s.lists.at(ref)
	}
}
