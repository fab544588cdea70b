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
	// filterAhead is how many terms are waited for before it is settled how many
	// lines the filter has.
	filterAhead = 1 << 16
	// filterMost is for how many terms a filter has lines at most.
	filterMost = 1 << 32
)

// filterLine is the line of a term among some: those of terms that follow each
// other follow each other, so that a filter is written as the terms come, and is
// asked without looking for the block first. Terms are evenly spread.
func filterLine(term uint64, lines int) int {
	hi, _ := bits.Mul64(term, uint64(lines))
	return int(hi)
}

// filterPlaces is the bits of a term within its line, nine bits each.
func filterPlaces(term uint64) uint64 { return mix(term) >> (64 - 9*filterProbes) }

// mix spreads a term over all bits, for the terms of a line have their upper
// bits in common.
func mix(term uint64) uint64 {
	term ^= term >> 32
	term *= 0x9e3779b97f4a7c15
	term ^= term >> 29
	term *= 0xbf58476d1ce4e5b9
	return term ^ term>>32
}

// inFilter is false if a term is certainly not there.
func inFilter(filter []byte, term uint64) bool {
	lines := len(filter) / lineBytes
	if lines == 0 {
		return false
	}
	words := filter[filterLine(term, lines)*lineBytes:][:lineBytes]
	places := filterPlaces(term)
	for range filterProbes {
		bit := places & 511
		if binary.LittleEndian.Uint64(words[bit>>6<<3:])>>(bit&63)&1 == 0 {
			return false
		}
		places >>= 9
	}
	return true
}

// filterDraft is the filter of a file that is being written, as far as it has
// not been fed to its stream.
type filterDraft struct {
	ahead []uint64 // terms, until the number of lines is settled
	lines int      // 0 until then
	at    int      // the line that is being filled
	line  [lineBytes]byte
}

// add adds a term above all before it.
func (f *filterDraft) add(term uint64, feed func([]byte)) {
	if f.lines > 0 {
		f.set(term, feed)
		return
	}
	if f.ahead = append(f.ahead, term); len(f.ahead) == filterAhead {
		// Terms are evenly spread: the share of them that have come is that of
		// their range.
		total, _ := bits.Div64(filterAhead, 0, max(term, filterAhead+1))
		f.settle(total, feed)
	}
}

// settle makes lines for a number of terms, and fills in those that waited.
func (f *filterDraft) settle(terms uint64, feed func([]byte)) {
	const lineBits = 8 * lineBytes
	f.lines = int((min(terms, filterMost)*filterBits + lineBits - 1) / lineBits)
	for _, term := range f.ahead {
		f.set(term, feed)
	}
	f.ahead = nil
}

// set sets the bits of a term.
func (f *filterDraft) set(term uint64, feed func([]byte)) {
	f.upTo(filterLine(term, f.lines), feed)
	places := filterPlaces(term)
	for range filterProbes {
		bit := places & 511
		f.line[bit>>3] |= 1 << (bit & 7)
		places >>= 9
	}
}

// upTo feeds the lines below one, which nothing is added to any more.
func (f *filterDraft) upTo(line int, feed func([]byte)) {
	for ; f.at < line; f.at++ {
		feed(f.line[:])
		f.line = [lineBytes]byte{}
	}
}

// end feeds what is left.
func (f *filterDraft) end(feed func([]byte)) {
	if f.lines == 0 {
		f.settle(uint64(len(f.ahead)), feed)
	}
	f.upTo(f.lines, feed)
}
