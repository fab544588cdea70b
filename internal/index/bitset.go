package index

import "math/bits"

// bitset is a set of rows. A second level says which words of the first hold
// anything, so that long stretches without a member are passed over.
type bitset struct{ words, blocks []uint64 }

func (b *bitset) set(i int) {
	for i/64 >= len(b.words) {
		if len(b.words)%64 == 0 {
			b.blocks = append(b.blocks, 0)
		}
		b.words = append(b.words, 0)
	}
	b.words[i/64] |= 1 << (i % 64)
	b.blocks[i/4096] |= 1 << (i / 64 % 64)
}

func (b *bitset) clear(i int) {
	if i/64 >= len(b.words) {
		return
	}
	b.words[i/64] &^= 1 << (i % 64)
	if b.words[i/64] == 0 {
		b.blocks[i/4096] &^= 1 << (i / 64 % 64)
	}
}

func (b *bitset) has(i int) bool { return i/64 < len(b.words) && b.words[i/64]>>(i%64)&1 == 1 }

// down is the highest member that is not above i; -1 if there is none.
func (b *bitset) down(i int, cost *Cost) int {
	i = min(i, 64*len(b.words)-1)
	if i < 0 {
		return -1
	}
	cost.Probes++
	if word := b.words[i/64] << (63 - i%64); word != 0 {
		return i - bits.LeadingZeros64(word)
	}
	word := highestBelow(b.blocks, i/64, cost)
	if word < 0 {
		return -1
	}
	return 64*word + 63 - bits.LeadingZeros64(b.words[word])
}

// highestBelow is the highest bit set below bit i; -1 if there is none.
func highestBelow(words []uint64, i int, cost *Cost) int {
	mask := uint64(1)<<(i%64) - 1
	for at := i / 64; at >= 0; at-- {
		cost.Probes++
		if word := words[at] & mask; word != 0 {
			return 64*at + 63 - bits.LeadingZeros64(word)
		}
		mask = ^uint64(0)
	}
	return -1
}
