package index

import (
	"math/bits"
	"slices"
	"sync"
)

// Who asks belongs to the same audiences in every query, and a segment never
// changes. So what a segment has of a disjunction that is asked for again and
// again is worked out once, as a bit for each of its ids.
const (
	// maskAfter is how often a disjunction is asked for before it gets a mask.
	maskAfter = 4
	// masksKept is how many masks a segment has at most, which is as much memory as
	// a column of eight bytes; then it begins anew. Of those that have none it
	// remembers so many, apart: most are asked for once, such as the squares of a
	// circle, and must not drive out the masks.
	masksKept  = 64
	countsKept = 256
	// What fewer than one id in sparse meets is as quick without.
	sparse = 256
)

// masks are those of one segment. Any number may ask at once.
type masks struct {
	mu     sync.Mutex
	after  int
	made   map[uint64]*masked // that have a mask
	counts map[uint64]*masked // the others
}

// masked is a disjunction that was asked for.
type masked struct {
	terms []Term
	asked int
	mask  *mask
}

func newMasks() masks {
	return masks{after: maskAfter, made: map[uint64]*masked{}, counts: map[uint64]*masked{}}
}

// of is the mask of a disjunction; nil where there is none. build makes it once
// it was asked for often enough, or nil where it is not worth one.
func (m *masks) of(terms []Term, build func() *mask) *mask {
	key := keyOf(terms)
	made, due := m.ask(key, terms)
	if !due {
		return made
	}
	if made = build(); made != nil {
		m.keep(key, &masked{terms: slices.Clone(terms), mask: made})
	}
	return made
}

func keyOf(terms []Term) uint64 {
	key := uint64(len(terms))
	for _, t := range terms {
		key = bits.RotateLeft64(key, 7)*0x9e3779b97f4a7c15 ^ uint64(t)
	}
	return key
}

// ask finds the mask of a disjunction, or counts that it was asked for and tells
// whether it is due.
func (m *masks) ask(key uint64, terms []Term) (made *mask, due bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if one := m.made[key]; one != nil {
		if !slices.Equal(one.terms, terms) {
			return nil, false
		}
		return one.mask, false
	}
	one := m.counts[key]
	if one == nil {
		if len(m.counts) == countsKept {
			clear(m.counts)
		}
		one = &masked{terms: slices.Clone(terms)}
		m.counts[key] = one
	}
	if !slices.Equal(one.terms, terms) {
		return nil, false
	}
	one.asked++
	return nil, one.asked == m.after
}

func (m *masks) keep(key uint64, one *masked) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.made) == masksKept {
		clear(m.made)
	}
	delete(m.counts, key)
	m.made[key] = one
}

// mask is a condition as a bit for each id, in whole pages.
type mask struct {
	words []uint64
	total int
}

// newMask works out who meets a disjunction; nil where so few do that it is not
// worth it. last is the highest id.
func newMask(u *union, last uint32) *mask {
	if u == nil || u.total < int(last/sparse) {
		return nil
	}
	m := &mask{words: make([]uint64, int(last>>pageBits+1)*pageWords)}
	for high := range last>>pageBits + 1 {
		u.mark((*words)(m.words[high*pageWords:]), high, new(Cost))
	}
	for _, word := range m.words {
		m.total += bits.OnesCount64(word)
	}
	return m
}

func (m *mask) size() int { return m.total }

func (m *mask) has(id uint32) bool {
	i := int(id / 64)
	return i < len(m.words) && m.words[i]>>(id%64)&1 != 0
}

func (m *mask) seek(n uint32, cost *Cost) uint32 {
	cost.Postings++
	n = min(n, uint32(len(m.words)*64-1))
	i := int(n / 64)
	if word := m.words[i] << (63 - n%64); word != 0 {
		return n - uint32(bits.LeadingZeros64(word))
	}
	for i--; i >= 0; i-- {
		cost.Probes++
		if word := m.words[i]; word != 0 {
			return uint32(64*i + 63 - bits.LeadingZeros64(word))
		}
	}
	return 0
}

func (m *mask) mark(w *words, high uint32, cost *Cost) bool {
	if int(high)*pageWords >= len(m.words) {
		return false
	}
	cost.Postings++
	cost.Probes += pageWords
	for i, word := range m.words[int(high)*pageWords:][:pageWords] {
		w[i] |= word
	}
	return true
}
