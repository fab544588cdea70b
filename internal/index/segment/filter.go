package segment

import (
	"encoding/binary"
	"math/bits"
)

const (
	lineBytes = 64 // of a filter: a line of the processor's cache
	// filterBits is how many bits of a filter a term has.
	filterBits   = 10
	filterProbes = 6
)

// filterLines is how many lines the filter of n terms has.
func filterLines(n int) int { return (n*filterBits + 8*lineBytes - 1) / (8 * lineBytes) }

// mix spreads a term over all bits, for the terms of a block have their upper
// bits in common.
func mix(term uint64) uint64 {
	term ^= term >> 32
	term *= 0x9e3779b97f4a7c15
	term ^= term >> 29
	term *= 0xbf58476d1ce4e5b9
	return term ^ term>>32
}

// filterLine is the line of a term among some, and the bits of it.
func filterLine(term uint64, lines int) (line int, places uint64) {
	h := mix(term)
	hi, _ := bits.Mul64(h, uint64(lines))
	return int(hi), h * 0x94d049bb133111eb >> (64 - 9*filterProbes)
}

// addFilter sets the bits of a term.
func addFilter(filter []byte, term uint64) {
	line, places := filterLine(term, len(filter)/lineBytes)
	for range filterProbes {
		bit := places & 511
		filter[line*lineBytes+int(bit>>3)] |= 1 << (bit & 7)
		places >>= 9
	}
}

// inFilter is false if a term is certainly not there.
func inFilter(filter []byte, term uint64) bool {
	line, places := filterLine(term, len(filter)/lineBytes)
	words := filter[line*lineBytes:][:lineBytes]
	for range filterProbes {
		bit := places & 511
		if binary.LittleEndian.Uint64(words[bit>>6<<3:])>>(bit&63)&1 == 0 {
			return false
		}
		places >>= 9
	}
	return true
}
