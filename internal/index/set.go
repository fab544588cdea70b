package index

import (
	"cmp"
	"slices"
)

// set is any amount of numbers, in pages. No page is empty.
type set struct {
	pages []page // ascending by their upper bits
	size  int
}

// newSet is the set of an ascending list.
func newSet(list []uint32) *set {
	s := new(set)
	for _, n := range list {
		s.add(n)
	}
	return s
}

// list is the set as an ascending list.
func (s *set) list() []uint32 {
	list := make([]uint32, 0, s.size)
	for i := range s.pages {
		p := &s.pages[i]
		lows := p.list
		if p.bits != nil {
			lows = p.bits.members(p.size)
		}
		for _, low := range lows {
			list = append(list, p.high<<pageBits|uint32(low))
		}
	}
	return list
}

func (s *set) add(n uint32) {
	i, found := pageOf(s.pages, n>>pageBits)
	if !found {
		s.pages = slices.Insert(s.pages, i, page{high: n >> pageBits})
	}
	p := &s.pages[i]
	s.size -= p.size
	p.add(uint16(n))
	s.size += p.size
}

// end is the last number of the last page's list, or 0.
func (s *set) end() uint32 {
	if last := len(s.pages) - 1; last >= 0 && len(s.pages[last].list) > 0 {
		list := s.pages[last].list
		return s.pages[last].high<<pageBits | uint32(list[len(list)-1])
	}
	return 0
}

func (s *set) remove(n uint32) {
	i, found := pageOf(s.pages, n>>pageBits)
	if !found {
		return
	}
	p := &s.pages[i]
	s.size -= p.size
	p.remove(uint16(n))
	s.size += p.size
	if p.size == 0 {
		s.pages = slices.Delete(s.pages, i, i+1)
	}
}

// page is the page of numbers with the upper bits; nil if there is none.
func (s *set) page(high uint32) *page {
	if s == nil || len(s.pages) == 0 {
		return nil
	}
	if i, found := pageOf(s.pages, high); found {
		return &s.pages[i]
	}
	return nil
}

func (s *set) has(n uint32) bool {
	p := s.page(n >> pageBits)
	return p != nil && p.has(uint16(n))
}

// cursor stands at the newest number.
func (s *set) cursor() *cursor {
	c := &cursor{pages: s.pages, total: s.size}
	c.settle()
	return c
}

// pageOf finds the page of numbers with the upper bits, or where it would be.
func pageOf(pages []page, high uint32) (int, bool) {
	if last := len(pages) - 1; last < 0 || pages[last].high < high {
		return len(pages), false
	} else if pages[last].high == high {
		return last, true
	}
	return slices.BinarySearchFunc(pages, high, func(p page, high uint32) int { return cmp.Compare(p.high, high) })
}

// fill adds a range of numbers to a set that has none of them, above all that
// it has.
func (s *set) fill(from, to uint32) {
	for from <= to && from != 0 {
		high := from >> pageBits
		end := min(to, high<<pageBits|(1<<pageBits-1))
		p := page{high: high, size: int(end-from) + 1, bits: new(words)}
		for i := range p.bits {
			p.bits[i] = ^uint64(0)
		}
		p.bits.between(uint16(from), uint16(end))
		s.pages = append(s.pages, p)
		s.size += p.size
		from = end + 1
	}
}
