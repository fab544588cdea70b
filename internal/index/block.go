package index

// block is the answer to a query over the numbers that have their upper bits
// in common, worked out at once: the conditions' postings as bitmaps, 64
// numbers a step.
type block struct {
	high   uint32
	loaded bool
	answer words
	met    words // what one condition is met by
}

// load works out the answer of the walk's next numbers; false if it is empty.
func (b *block) load(w *walk) bool {
	b.high, b.loaded = w.next>>pageBits, true
	b.answer = words{}
	if !w.sources[0].mark(&b.answer, b.high, &w.cost) {
		return false
	}
	for _, s := range w.sources[1:] {
		b.met = words{}
		if !s.mark(&b.met, b.high, &w.cost) {
			return false
		}
		for i, word := range b.met {
			b.answer[i] &= word
		}
	}
	from := uint32(0)
	if w.low>>pageBits == b.high {
		from = w.low
	}
	b.answer.between(uint16(from), uint16(w.next))
	return true
}

// down is the newest number left in the answer, over as many blocks as it
// takes; 0 if there is none.
func (b *block) down(w *walk) uint32 {
	for w.next != 0 && w.next >= w.low {
		if (b.loaded && b.high == w.next>>pageBits) || b.load(w) {
			if low := b.answer.down(uint16(w.next), &w.cost); low >= 0 {
				return b.high<<pageBits | uint32(low)
			}
		}
		if b.high == 0 {
			break
		}
		w.next = b.high<<pageBits - 1
	}
	return 0
}

// whole counts what is meant of the walk's next numbers and is done with them,
// where that can be told from postings alone and pays; else it is 0, and
// nothing has been done.
func (w *walk) whole() int {
	const few = 64 // numbers that are sooner agreed on one by one
	if !w.exact || w.next == 0 || w.next < w.low {
		return 0
	}
	if pages := int(w.next>>pageBits-w.low>>pageBits) + 1; w.sources[0].size() < few*pages {
		return 0
	}
	if w.block == nil {
		w.block = new(block)
	}
	n := 0
	for n == 0 && w.next != 0 && w.next >= w.low {
		if w.block.load(w) {
			n = w.block.answer.count()
		}
		w.next = max(w.block.high<<pageBits, 1) - 1
	}
	return n
}
