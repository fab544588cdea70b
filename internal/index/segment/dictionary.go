package segment

import (
	"encoding/binary"
	"math/bits"
)

// dictionary is an opened block of terms:
//
//	terms 4 | single 4 | offset width 1 | first term 8 | span 8 | terms, as steps |
//	which have more than one row, a bit each | the row of those with one |
//	where the record of those with more begins | records
//
// A record is a list, or the directory of the chunks of one.
type dictionary struct {
	n       int
	first   uint64
	terms   steps
	several []byte // with the slack, as all of these
	rows    []byte
	offsets []byte
	records []byte
	bits    dictionaryWidths
	singles int
}

// dictionaryWidths is how many bits a row and an offset take.
type dictionaryWidths struct{ row, offset uint }

// rowWidth is how many bits the place of a row takes.
func rowWidth(rows uint32) uint { return uint(bits.Len32(max(rows, 1) - 1)) }

// openDictionary reads a block of terms; false if it is none.
func openDictionary(block []byte, rows uint32) (d dictionary, ok bool) {
	p := parser{data: block}
	d.n, d.singles = int(p.uint32()), int(p.uint32())
	d.bits = dictionaryWidths{row: rowWidth(rows)}
	if width := p.take(1); width != nil {
		d.bits.offset = uint(width[0])
	}
	d.first = p.uint64()
	span := p.uint64()
	if p.bad || d.n == 0 || d.singles > d.n || d.bits.offset > 32 || span > ^d.first || span < uint64(d.n-1) {
		return d, false
	}
	d.terms = p.steps(d.n, span)
	d.several = p.take(bytesFor(d.n))
	d.rows = p.take(bytesFor(d.singles * int(d.bits.row)))
	d.offsets = p.take(bytesFor((d.n - d.singles) * int(d.bits.offset)))
	d.records = p.take(p.end() - p.at)
	return d, !p.bad
}

// find is the place of a term; false if it is not there.
func (d *dictionary) find(term uint64) (int, bool) {
	if term < d.first {
		return 0, false
	}
	at, probes := d.terms.top(), 0
	v, ok := d.terms.down(term-d.first, &at, &probes)
	return at.index, ok && v == term-d.first
}

// severalBefore is how many of the first i terms have more than one row.
func (d *dictionary) severalBefore(i int) int {
	n := 0
	for at := 0; at < i; at += 64 {
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
	if d.several[i/8]>>(i%8)&1 == 0 {
		if i-before >= d.singles {
			return 0, parser{bad: true}, false
		}
		return uint32(bitsAt(d.rows, (i-before)*int(d.bits.row), d.bits.row)), parser{}, false
	}
	if before >= d.n-d.singles {
		return 0, parser{bad: true}, false
	}
	p := parser{data: d.records, at: int(bitsAt(d.offsets, before*int(d.bits.offset), d.bits.offset))}
	p.bad = p.at >= p.end()
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
	return 6*len(d.terms) + 3*len(d.rows) + 2*len(d.offsets) + len(d.records)
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

// appendTo appends the block and leaves the draft empty.
func (d *dictionaryDraft) appendTo(dst []byte, rows uint32) []byte {
	n := len(d.terms)
	width := uint(bits.Len(uint(len(d.records))))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(n))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(d.rows)))
	dst = append(dst, byte(width))
	dst = binary.LittleEndian.AppendUint64(dst, d.terms[0])
	dst = binary.LittleEndian.AppendUint64(dst, d.terms[n-1]-d.terms[0])
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
	p = packer{dst: p.end()}
	for _, offset := range d.offsets {
		p.put(uint64(offset), width)
	}
	dst = append(p.end(), d.records...)
	d.terms, d.several, d.rows, d.offsets, d.records = d.terms[:0], d.several[:0], d.rows[:0], d.offsets[:0], d.records[:0]
	return dst
}
