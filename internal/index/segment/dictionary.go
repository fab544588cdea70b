package segment

import (
	"encoding/binary"
	"math/bits"
)

// dictionary is an opened block of terms:
//
//	terms 4 | single 4 | last record 4 | shift 1 | first term 8 | span 8 |
//	how far the terms are above the first, shifted, as steps |
//	which have more than one row, a bit each | the row of those with one |
//	where the record of those with more begins, as steps | records
//
// A record is a list, or the directory of the chunks of one.
type dictionary struct {
	n       int
	first   uint64
	shift   uint // bits of zero at the end of what the terms are above the first
	terms   steps
	several []byte // with the slack, as all of these
	rows    []byte
	offsets steps
	records []byte
	bits    uint // of a row
	singles int
	ranks   []rank // see rank; nil where the block is read once, in order
}

// rank is what lies before every rankWords words of a dictionary: bits of zero in
// the stairs of its terms, and terms that have more than one row. With it a term is
// found by looking at a few words of either.
type rank struct{ zeros, several uint32 }

const rankWords = 4

// rowWidth is how many bits the place of a row takes.
func rowWidth(rows uint32) uint { return uint(bits.Len32(max(rows, 1) - 1)) }

// openDictionary reads a block of terms; false if it is none.
func openDictionary(block []byte, rows uint32) (d dictionary, ok bool) {
	p := parser{data: block}
	d.n, d.singles = int(p.uint32()), int(p.uint32())
	d.bits = rowWidth(rows)
	last := p.uint32()
	if b := p.take(1); b != nil {
		d.shift = uint(b[0])
	}
	d.first = p.uint64()
	span := p.uint64()
	if p.bad || d.n == 0 || d.singles > d.n || d.shift > 63 || span > ^d.first>>d.shift || span < uint64(d.n-1) {
		return d, false
	}
	d.terms = p.steps(d.n, span)
	d.several = p.take(bytesFor(d.n))
	d.rows = p.take(bytesFor(d.singles * int(d.bits)))
	if d.singles < d.n {
		d.offsets = p.steps(d.n-d.singles, uint64(last))
	}
	d.records = p.take(p.end() - p.at)
	return d, !p.bad
}

// rank makes the ranks.
func (d *dictionary) rank() {
	words := (d.terms.ups + 63) / 64
	d.ranks = make([]rank, 0, words/rankWords+1)
	var r rank
	for i := range words {
		if i%rankWords == 0 {
			d.ranks = append(d.ranks, r)
		}
		r.zeros += uint32(bits.OnesCount64(^d.terms.word(i)))
		if 64*i < d.n {
			r.several += uint32(bits.OnesCount64(binary.LittleEndian.Uint64(d.several[8*i:])))
		}
	}
}

// find is the place of a term; false if it is not there. It needs the ranks.
func (d *dictionary) find(term uint64) (int, bool) {
	if term < d.first {
		return 0, false
	}
	v := (term - d.first) >> d.shift
	if v > d.terms.span || d.first+v<<d.shift != term {
		return 0, false
	}
	high, low := int(v>>d.terms.width), v&(1<<d.terms.width-1)
	bit := 0 // of the stairs, the first behind as many steps up as v is high
	if high > 0 {
		bit = d.afterZeros(high)
	}
	for i := bit - high; i < d.n && d.terms.word(bit/64)>>(bit%64)&1 != 0; i, bit = i+1, bit+1 {
		if l := d.terms.low(i); l >= low {
			return i, l == low
		}
	}
	return 0, false
}

// afterZeros is the bit of the stairs behind the nth of zero, or their end.
func (d *dictionary) afterZeros(n int) int {
	low, high := 0, len(d.ranks) // ranks[low].zeros < n
	for high-low > 1 {
		if mid := (low + high) / 2; int(d.ranks[mid].zeros) < n {
			low = mid
		} else {
			high = mid
		}
	}
	n -= int(d.ranks[low].zeros)
	for i := low * rankWords; 64*i < d.terms.ups; i++ {
		free := ^d.terms.word(i)
		have := bits.OnesCount64(free)
		if have < n {
			n -= have
			continue
		}
		for ; n > 1; n-- {
			free &= free - 1
		}
		return 64*i + bits.TrailingZeros64(free) + 1
	}
	return d.terms.ups
}

// all appends all terms; false if some are missing.
func (d *dictionary) all(dst []uint64) ([]uint64, bool) {
	from := len(dst)
	dst, ok := appendValues(dst, &d.terms, 0)
	for i := from; i < len(dst); i++ {
		dst[i] = d.first + dst[i]<<d.shift
	}
	return dst, ok
}

// hasSeveral tells whether the term at a place has more than one row.
func (d *dictionary) hasSeveral(i int) bool { return d.several[i/8]>>(i%8)&1 != 0 }

// severalBefore is how many of the first i terms have more than one row. It needs
// the ranks.
func (d *dictionary) severalBefore(i int) int {
	from := i / (64 * rankWords)
	n := int(d.ranks[from].several)
	for at := from * 64 * rankWords; at < i; at += 64 {
		word := binary.LittleEndian.Uint64(d.several[at/8:])
		if i-at < 64 {
			word &= 1<<(i-at) - 1
		}
		n += bits.OnesCount64(word)
	}
	return n
}

// entry is the row of the term at a place or, if it has more than one, where
// its record is to be read. before is severalBefore of the place.
func (d *dictionary) entry(i, before int) (row uint32, record parser, several bool) {
	if !d.hasSeveral(i) {
		if i-before >= d.singles {
			return 0, parser{bad: true}, false
		}
		return uint32(bitsAt(d.rows, (i-before)*int(d.bits), d.bits)), parser{}, false
	}
	if before >= d.n-d.singles {
		return 0, parser{bad: true}, false
	}
	at, ok := d.offsets.at(before)
	p := parser{data: d.records, at: int(at)}
	p.bad = !ok || p.at >= p.end()
	return 0, p, true
}

// dictionaryDraft gathers the terms of a block.
type dictionaryDraft struct {
	terms   []uint64
	several []bool
	rows    []uint32 // of those with one
	offsets []uint32 // of those with more
	records []byte
}

// size is about how large the block will be.
func (d *dictionaryDraft) size() int {
	return 6*len(d.terms) + 3*len(d.rows) + len(d.offsets) + len(d.records)
}

func (d *dictionaryDraft) single(term uint64, row uint32) {
	d.terms = append(d.terms, term)
	d.several = append(d.several, false)
	d.rows = append(d.rows, row)
}

// record adds a term; what follows in records is its record.
func (d *dictionaryDraft) record(term uint64) {
	d.terms = append(d.terms, term)
	d.several = append(d.several, true)
	d.offsets = append(d.offsets, uint32(len(d.records)))
}

// shift makes the terms how far they are above the first of them, without the
// bits of zero that all of these end with, and returns how many bits those are.
func (d *dictionaryDraft) shift() uint {
	first, all := d.terms[0], uint64(0)
	for i := range d.terms {
		d.terms[i] -= first
		all |= d.terms[i]
	}
	shift := uint(bits.TrailingZeros64(all)) % 64
	for i := range d.terms {
		d.terms[i] >>= shift
	}
	return shift
}

// appendTo appends the block and leaves the draft empty.
func (d *dictionaryDraft) appendTo(dst []byte, rows uint32) []byte {
	n, first := len(d.terms), d.terms[0]
	shift := d.shift()
	last := uint32(0)
	if several := len(d.offsets); several > 0 {
		last = d.offsets[several-1]
	}
	dst = binary.LittleEndian.AppendUint32(dst, uint32(n))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(d.rows)))
	dst = binary.LittleEndian.AppendUint32(dst, last)
	dst = append(dst, byte(shift))
	dst = binary.LittleEndian.AppendUint64(dst, first)
	dst = binary.LittleEndian.AppendUint64(dst, d.terms[n-1])
	dst = appendSteps(dst, d.terms)
	p := packer{dst: dst}
	for _, several := range d.several {
		bit := uint64(0)
		if several {
			bit = 1
		}
		p.put(bit, 1)
	}
	p = packer{dst: p.end()}
	for _, row := range d.rows {
		p.put(uint64(row), rowWidth(rows))
	}
	if dst = p.end(); len(d.offsets) > 0 {
		dst = appendSteps(dst, d.offsets)
	}
	dst = append(dst, d.records...)
	d.terms, d.several, d.rows, d.offsets, d.records = d.terms[:0], d.several[:0], d.rows[:0], d.offsets[:0], d.records[:0]
	return dst
}
