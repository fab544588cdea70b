package index

import (
	"math/bits"
	"slices"
)

const (
	pageBits  = 16
	pageWords = 1 << pageBits / 64
	// A page has a bitmap from as many numbers on as make a list of the same
	// size, and a list again when they are half as many.
	bitmapFrom = 4096
	listAgain  = bitmapFrom / 2
)

// words is one bit for each number of a page.
type words [pageWords]uint64

// page holds the numbers of a set that have their upper bits in common: their
// lower halves as an ascending list or, where there are many, as a bitmap. So
// neither its size nor what it costs to change it grows without bound.
type page struct {
	high uint32 // the upper bits
	size int
	list []uint16 // nil where there is a bitmap
	bits *words   // nil where there is a list
}

func (p *page) add(low uint16) {
	if p.bits == nil {
		p.list = with(p.list, low)
		if p.size = len(p.list); p.size >= bitmapFrom {
			p.bits = new(words)
			p.bits.mark(p.list)
			p.list = nil
		}
		return
	}
	if word, bit := &p.bits[low/64], uint64(1)<<(low%64); *word&bit == 0 {
		*word |= bit
		p.size++
	}
}

func (p *page) has(low uint16) bool {
	if p.bits != nil {
		return p.bits[low/64]&(1<<(low%64)) != 0
	}
	_, found := slices.BinarySearch(p.list, low)
	return found
}

func (p *page) remove(low uint16) {
	if p.bits == nil {
		p.list = without(p.list, low)
		p.size = len(p.list)
		return
	}
	word, bit := &p.bits[low/64], uint64(1)<<(low%64)
	if *word&bit == 0 {
		return
	}
	*word &^= bit
	if p.size--; p.size <= listAgain {
		p.list, p.bits = p.bits.members(p.size), nil
	}
}

// mark sets the bits of a list.
func (w *words) mark(list []uint16) {
	for _, low := range list {
		w[low/64] |= 1 << (low % 64)
	}
}

// without clears the bits that are set in another.
func (w *words) without(other *words) {
	for i, word := range other {
		w[i] &^= word
	}
}

// unmark clears the bits of a page.
func (p *page) unmark(w *words) {
	if p.bits != nil {
		w.without(p.bits)
		return
	}
	for _, low := range p.list {
		w[low/64] &^= 1 << (low % 64)
	}
}

// members lists the bits that are set, size in number.
func (w *words) members(size int) []uint16 {
	list := make([]uint16, 0, size)
	for i, word := range w {
		for ; word != 0; word &= word - 1 {
			list = append(list, uint16(64*i+bits.TrailingZeros64(word)))
		}
	}
	return list
}

// down is the highest bit set that is not above low; -1 if there is none.
func (w *words) down(low uint16, cost *Cost) int {
	word := w[low/64] << (63 - low%64)
	if word != 0 {
		return int(low) - bits.LeadingZeros64(word)
	}
	for i := int(low/64) - 1; i >= 0; i-- {
		cost.Probes++
		if w[i] != 0 {
			return 64*i + 63 - bits.LeadingZeros64(w[i])
		}
	}
	return -1
}

// count is how many bits are set.
func (w *words) count() int {
	n := 0
	for _, word := range w {
		n += bits.OnesCount64(word)
	}
	return n
}

// between clears the bits below from and above to.
func (w *words) between(from, to uint16) {
	clear(w[:from/64])
	w[from/64] &= ^uint64(0) << (from % 64)
	w[to/64] &= ^uint64(0) >> (63 - to%64)
	clear(w[to/64+1:])
}
