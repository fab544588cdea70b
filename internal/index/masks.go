package index

import (
	"maps"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
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

// masks are those of one segment. Any number may ask at once; who asks for one
// that is there waits for nobody.
type masks struct {
	after  int
	made   atomic.Pointer[map[uint64]*masked] // that have a mask; replaced, never changed
	mu     sync.Mutex
	counts map[uint64]*masked // the others
}

// masked is a disjunction that was asked for.
type masked struct {
	terms []Term
	asked int
	mask  *mask
}

func newMasks() *masks {
	m := &masks{after: maskAfter, counts: map[uint64]*masked{}}
	m.made.Store(&map[uint64]*masked{})
	return m
}

// of is the mask of a disjunction; nil where there is none. build makes it once
// it was asked for often enough, or nil where it is not worth one.
func (m *masks) of(terms []Term, build func() *mask) *mask {
	key := keyOf(terms)
	if made := m.at(key, terms); made != nil || !m.due(key, terms) {
		return made
	}
	made := build()
	if made != nil {
		m.keep(key, &masked{terms: slices.Clone(terms), mask: made})
	}
	return made
}

// known is the mask of a disjunction where it has been made. It counts nothing.
func (m *masks) known(terms []Term) *mask { return m.at(keyOf(terms), terms) }

func (m *masks) at(key uint64, terms []Term) *mask {
	if one := (*m.made.Load())[key]; one != nil && slices.Equal(one.terms, terms) {
		return one.mask
	}
	return nil
}

func keyOf(terms []Term) uint64 {
	key := uint64(len(terms))
	for _, t := range terms {
		key = bits.RotateLeft64(key, 7)*0x9e3779b97f4a7c15 ^ uint64(t)
	}
	return key
}

// due counts that a disjunction was asked for, and tells whether a mask is to be
// made of it.
func (m *masks) due(key uint64, terms []Term) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	one := m.counts[key]
	if one == nil {
		if len(m.counts) == countsKept {
			clear(m.counts)
		}
		one = &masked{terms: slices.Clone(terms)}
		m.counts[key] = one
	}
	if !slices.Equal(one.terms, terms) {
		return false
	}
	one.asked++
	return one.asked == m.after
}

func (m *masks) keep(key uint64, one *masked) {
	m.mu.Lock()
	defer m.mu.Unlock()
	made := map[uint64]*masked{}
	if old := *m.made.Load(); len(old) < masksKept {
		maps.Copy(made, old)
	}
	made[key] = one
	m.made.Store(&made)
	delete(m.counts, key)
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
