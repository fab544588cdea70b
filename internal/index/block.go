package index

// block is the answer to a query over the ids that have their upper bits in
// common, worked out at once: the conditions' postings as bitmaps, 64 ids a
// step.
type block struct {
	high   uint32
	loaded bool
	answer words
}

// load works out the answer of the ids up to n; false if it is empty.
func (k *block) load(b *both, n uint32, cost *Cost) bool {
	k.high, k.loaded = n>>pageBits, true
	k.answer = words{}
	if !b.markAll(&k.answer, k.high, cost) {
		k.answer = words{}
		return false
	}
	from := uint32(0)
	if b.low>>pageBits == k.high {
		from = b.low
	}
	k.answer.between(uint16(from), uint16(n))
	return true
}

// down is the newest id in the answer that is not above n, over as many blocks
// as it takes; 0 if there is none.
func (k *block) down(b *both, n uint32, cost *Cost) uint32 {
	for n != 0 && n >= b.low {
		if (k.loaded && k.high == n>>pageBits) || k.load(b, n, cost) {
			if low := k.answer.down(uint16(n), cost); low >= 0 {
				return k.high<<pageBits | uint32(low)
			}
		}
		if k.high == 0 {
			break
		}
		n = k.high<<pageBits - 1
	}
	return 0
}

// whole counts what is meant of the walk's next ids and is done with them,
// where that can be told from postings alone and pays; else it is 0, and
// nothing has been done.
func (w *walk) whole() int {
	const few = 64 // ids that are sooner agreed on one by one
	if w.compared != 0 || w.next == 0 || w.next < w.low {
		return 0
	}
	if pages := int(w.next>>pageBits-w.low>>pageBits) + 1; w.size() < few*pages {
		return 0
	}
	if w.block == nil {
		w.block = new(block)
	}
	n := 0
	for n == 0 && w.next != 0 && w.next >= w.low {
		if w.block.load(&w.both, w.next, &w.cost) {
			if p := w.dead.page(w.block.high); p != nil {
				p.unmark(&w.block.answer)
			}
			n = w.block.answer.count()
		}
		w.next = max(w.block.high<<pageBits, 1) - 1
	}
	return n
}
