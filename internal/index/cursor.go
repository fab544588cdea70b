package index

import "slices"

// cursor walks a posting, a short list or a set, from its newest number down.
type cursor struct {
	at    uint32   // the number it stands at; 0 behind the last
	total int      // numbers in the posting
	rest  []uint32 // of a short list: the numbers below
	pages []page   // of a set: the page of at, and those below
	lows  []uint16 // of a set, where that page has a list: what of it is below at
}

func (c *cursor) stands() uint32 { return c.at }
func (c *cursor) size() int      { return c.total }

// newCursor stands at the newest number of an ascending list.
func newCursor(list []uint32) cursor {
	c := cursor{total: len(list)}
	c.stand(list)
	return c
}

func (c *cursor) stand(list []uint32) {
	last := len(list) - 1
	if last < 0 {
		c.at, c.rest = 0, nil
		return
	}
	c.at, c.rest = list[last], list[:last]
}

// seek moves down to the newest number that is not above n.
func (c *cursor) seek(n uint32, cost *Cost) {
	if c.at <= n {
		return
	}
	cost.Postings++
	if len(c.pages) == 0 {
		c.stand(c.rest[:upTo(c.rest, n, cost)])
		return
	}
	c.seekPage(n, cost)
}

func (c *cursor) seekPage(n uint32, cost *Cost) {
	last := len(c.pages) - 1
	if high := n >> pageBits; high != c.pages[last].high {
		i, found := pageOf(c.pages, high)
		if !found {
			c.pages = c.pages[:i]
			c.settle()
			return
		}
		c.pages, c.lows = c.pages[:i+1], c.pages[i].list
	}
	p := &c.pages[len(c.pages)-1]
	low := -1
	if p.bits != nil {
		low = p.bits.down(uint16(n), cost)
	} else if k := upTo(c.lows, uint16(n), cost); k > 0 {
		low, c.lows = int(c.lows[k-1]), c.lows[:k-1]
	}
	if low < 0 {
		c.pages = c.pages[:len(c.pages)-1]
		c.settle()
		return
	}
	c.at = p.high<<pageBits | uint32(low)
}

// settle stands at the newest number of the pages that are left.
func (c *cursor) settle() {
	last := len(c.pages) - 1
	if last < 0 {
		*c = cursor{total: c.total}
		return
	}
	p := &c.pages[last]
	if p.bits != nil {
		c.at = p.high<<pageBits | uint32(p.bits.down(1<<pageBits-1, new(Cost)))
		return
	}
	c.at, c.lows = p.high<<pageBits|uint32(p.list[p.size-1]), p.list[:p.size-1]
}

// mark sets in w the bits of the numbers, not above at, that have the upper
// bits; false if there are none. The cursor stays where it is.
func (c *cursor) mark(w *words, high uint32, cost *Cost) bool {
	if len(c.pages) > 0 {
		return c.markPage(w, high, cost)
	}
	if c.at == 0 || c.at>>pageBits < high {
		return false
	}
	first, _ := slices.BinarySearch(c.rest, high<<pageBits)
	marked := c.at>>pageBits == high
	if marked {
		w.mark([]uint16{uint16(c.at)})
	}
	for _, n := range c.rest[first:] {
		if n>>pageBits != high {
			break
		}
		cost.Probes++
		w.mark([]uint16{uint16(n)})
		marked = true
	}
	if marked {
		cost.Postings++
	}
	return marked
}

func (c *cursor) markPage(w *words, high uint32, cost *Cost) bool {
	i, found := pageOf(c.pages, high)
	if !found {
		return false
	}
	cost.Postings++
	p := &c.pages[i]
	if p.bits == nil {
		cost.Probes += len(p.list)
		w.mark(p.list)
		return true
	}
	cost.Probes += pageWords
	for i, word := range p.bits {
		w[i] |= word
	}
	return true
}
