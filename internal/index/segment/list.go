package segment

import (
	"encoding/binary"
	"math/bits"
)

const (
	pageBits = 16
	pageRows = 1 << pageBits
	// maxVarints is how many rows are read one by one at most.
	maxVarints = 128
)

// The forms of a list of rows.
const (
	formVarints   = iota // the first row, and then every gap
	formSteps            // see steps; without bits where no row is left out
	formBitmap           // a bit for each row of a page
	formDirectory        // of a posting in chunks, each a list
	forms
)

// list is some ascending rows as they lie in a block.
type list struct {
	form  uint8
	n     int
	base  uint32 // the first row; of a bitmap, of its first word
	span  uint32 // from base to the last row
	steps steps
	data  []byte // varints or bitmap, with the slack
}

// appendList appends ascending rows in the form that suits them. Rows of one
// page may become a bitmap.
func appendList(dst []byte, rows []uint32) []byte {
	n, base := len(rows), rows[0]
	span := rows[n-1] - base
	size := 0
	if int(span) != n-1 {
		size = sizeSteps(n, uint64(span))
	}
	// A bitmap is quicker to mark and may be a quarter larger.
	if base>>pageBits == rows[n-1]>>pageBits && 4*bitmapBytes(rows[n-1]-base&^63) <= 5*size {
		return appendBitmap(dst, rows)
	}
	size += uvarintSize(uint64(span))
	if n <= maxVarints && sizeVarints(rows) <= size {
		return appendVarints(dst, rows)
	}
	dst = binary.AppendUvarint(dst, uint64(n)*forms+formSteps)
	dst = binary.AppendUvarint(dst, uint64(base))
	dst = binary.AppendUvarint(dst, uint64(span))
	if int(span) == n-1 {
		return dst
	}
	return appendSteps(dst, rows)
}

func appendBitmap(dst []byte, rows []uint32) []byte {
	base := rows[0] &^ 63
	span := rows[len(rows)-1] - base
	dst = binary.AppendUvarint(dst, uint64(len(rows))*forms+formBitmap)
	dst = binary.AppendUvarint(dst, uint64(base))
	dst = binary.AppendUvarint(dst, uint64(span))
	from := len(dst)
	dst = append(dst, make([]byte, bitmapBytes(span))...)
	for _, row := range rows {
		dst[from+int((row-base)>>3)] |= 1 << (row & 7)
	}
	return dst
}

// bitmapBytes is how many bytes a bitmap takes, in whole words.
func bitmapBytes(span uint32) int { return int(span/64+1) * 8 }

func appendVarints(dst []byte, rows []uint32) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(rows))*forms+formVarints)
	dst = binary.AppendUvarint(dst, uint64(rows[0]))
	for i, row := range rows[1:] {
		dst = binary.AppendUvarint(dst, uint64(row-rows[i]-1))
	}
	return dst
}

// sizeVarints is how many bytes the gaps take.
func sizeVarints(rows []uint32) int {
	size := 0
	for i, row := range rows[1:] {
		size += uvarintSize(uint64(row - rows[i] - 1))
	}
	return size
}

func uvarintSize(v uint64) int { return (bits.Len64(v|1) + 6) / 7 }

// list reads what appendList appended, without the number of rows and the form
// in front of it. No row may reach limit.
func (p *parser) list(head uint64, limit uint32) list {
	l := list{form: uint8(head % forms), n: int(head / forms)}
	if head/forms > min(pageRows, uint64(limit)) || l.n == 0 {
		p.bad = true
		return l
	}
	l.base = uint32(p.below(uint64(limit)))
	switch l.form {
	case formVarints:
		if l.n > maxVarints {
			p.bad = true
		}
		l.data = p.data[p.at:]
	case formSteps:
		l.span = uint32(p.below(uint64(limit - l.base)))
		if l.full() {
			return l
		}
		if int(l.span) < l.n {
			p.bad = true
		}
		l.steps = p.steps(l.n, uint64(l.span))
	case formBitmap:
		l.span = uint32(p.below(uint64(limit - l.base)))
		if l.base%64 != 0 || l.base>>pageBits != (l.base+l.span)>>pageBits {
			p.bad = true
		}
		l.data = p.take(bitmapBytes(l.span))
	default:
		p.bad = true
	}
	return l
}

// only is the list of one row.
func only(row uint32) list { return list{form: formSteps, n: 1, base: row} }

// first is the first row.
func (l *list) first() uint32 {
	if l.form == formBitmap {
		return l.base + uint32(bits.TrailingZeros64(binary.LittleEndian.Uint64(l.data)))
	}
	return l.base
}

// full tells that no row is left out.
func (l *list) full() bool { return l.form == formSteps && int(l.span) == l.n-1 }

// top stands above the last row.
func (l *list) top() stand {
	if l.form == formSteps && !l.full() {
		return l.steps.top()
	}
	return stand{}
}

// down is the last row that is not above row; false if there is none. at is
// the list's own, and row never rises.
func (l *list) down(row uint32, at *stand, probes *int) (uint32, bool) {
	if row < l.base {
		return 0, false
	}
	switch {
	case l.form == formVarints:
		return l.downVarints(row, probes)
	case l.form == formBitmap:
		return l.downBitmap(row, probes)
	case l.full():
		*probes++
		return min(row, l.base+l.span), true
	}
	v, ok := l.steps.down(uint64(row-l.base), at, probes)
	return l.base + uint32(v), ok
}

func (l *list) downVarints(row uint32, probes *int) (uint32, bool) {
	p := parser{data: l.data}
	at := l.base
	for i := 1; i < l.n; i++ {
		*probes++
		next := at + uint32(p.uvarint()) + 1
		if next > row || p.bad {
			break
		}
		at = next
	}
	return at, !p.bad
}

func (l *list) downBitmap(row uint32, probes *int) (uint32, bool) {
	low := min(row-l.base, l.span)
	word := binary.LittleEndian.Uint64(l.data[low/64*8:]) << (63 - low%64)
	if word != 0 {
		*probes++
		return l.base + low - uint32(bits.LeadingZeros64(word)), true
	}
	for i := int(low/64) - 1; i >= 0; i-- {
		*probes++
		if word := binary.LittleEndian.Uint64(l.data[8*i:]); word != 0 {
			return l.base + uint32(64*i+63-bits.LeadingZeros64(word)), true
		}
	}
	return 0, false
}

// mark sets the bits of the rows with the upper bits; marked is false if there
// are none, ok if the list is not what it should be.
func (l *list) mark(w *[pageRows / 64]uint64, high uint32, probes *int) (marked, ok bool) {
	low := high << pageBits
	top := low | (pageRows - 1)
	if top < l.base {
		return false, true
	}
	switch {
	case l.form == formVarints:
		return l.markVarints(w, low, top, probes)
	case low > l.base+l.span:
		return false, true
	case l.form == formBitmap:
		words := w[uint16(l.base)/64:][:l.span/64+1]
		for i := range words {
			words[i] |= binary.LittleEndian.Uint64(l.data[8*i:])
		}
		*probes += len(words)
		return true, true
	case l.full():
		from, to := max(low, l.base), min(top, l.base+l.span)
		fill(w, uint16(from), uint16(to))
		*probes += int(to-from)/64 + 1
		return true, true
	}
	if low <= l.base && l.base+l.span <= top {
		return true, l.markPage(w, probes)
	}
	return l.markSteps(w, low, top, probes)
}

// markPage is markSteps of a list that lies in the page.
func (l *list) markPage(w *[pageRows / 64]uint64, probes *int) (ok bool) {
	s := &l.steps
	width, lowest := s.width, uint64(1)<<s.width-1
	i, at := 0, 0 // of the values, and of their low bits
	for k := 0; i < s.n; k++ {
		if 64*k >= s.ups {
			return false
		}
		*probes++
		for word := s.word(k); word != 0 && i < s.n; word &= word - 1 {
			up := uint64(64*k + bits.TrailingZeros64(word) - i)
			row := l.base + uint32(up<<width|binary.LittleEndian.Uint64(s.lows[at>>3:])>>(at&7)&lowest)
			w[uint16(row)/64] |= 1 << (row % 64)
			i, at = i+1, at+int(width)
		}
	}
	return true
}

func (l *list) markVarints(w *[pageRows / 64]uint64, low, top uint32, probes *int) (marked, ok bool) {
	p := parser{data: l.data}
	at := l.base
	for i := 1; ; i++ {
		if low <= at && at <= top {
			w[uint16(at)/64] |= 1 << (at % 64)
			marked = true
		}
		if i >= l.n || at > top || p.bad {
			return marked, !p.bad
		}
		*probes++
		at += uint32(p.uvarint()) + 1
	}
}

func (l *list) markSteps(w *[pageRows / 64]uint64, low, top uint32, probes *int) (marked, ok bool) {
	s, at := &l.steps, l.top()
	if l.base+l.span > top {
		row, ok := l.down(top, &at, probes)
		if !ok || row < low {
			return false, ok
		}
		w[uint16(row)/64] |= 1 << (row % 64)
		marked = true
	}
	least := uint64(max(low, l.base) - l.base)
	i, word := at.index, s.word(at.bit/64)&(1<<(at.bit%64)-1)
	for k := at.bit / 64; ; word = s.word(k) {
		*probes++
		for ; word != 0 && i > 0; i-- {
			up := bits.Len64(word) - 1
			word ^= 1 << up
			v := uint64(64*k+up-i+1)<<s.width | s.low(i-1)
			if v < least {
				return marked, true
			}
			row := l.base + uint32(v)
			w[uint16(row)/64] |= 1 << (row % 64)
			marked = true
		}
		if k--; k < 0 || i == 0 {
			return marked, i == 0
		}
	}
}

// fill sets the bits from one to another.
func fill(w *[pageRows / 64]uint64, from, to uint16) {
	first, last := ^uint64(0)<<(from%64), ^uint64(0)>>(63-to%64)
	if from/64 == to/64 {
		w[from/64] |= first & last
		return
	}
	w[from/64] |= first
	for i := from/64 + 1; i < to/64; i++ {
		w[i] = ^uint64(0)
	}
	w[to/64] |= last
}

// rows appends all rows; false if they are not as many as they should be, or
// do not ascend below limit.
func (l *list) rows(dst []uint32, limit uint32) ([]uint32, bool) {
	from := len(dst)
	ok := true
	switch {
	case l.form == formVarints:
		dst, ok = l.varints(dst)
	case l.form == formBitmap:
		for i := range int(l.span/64 + 1) {
			for word := binary.LittleEndian.Uint64(l.data[8*i:]); word != 0; word &= word - 1 {
				dst = append(dst, l.base+uint32(64*i+bits.TrailingZeros64(word)))
			}
		}
	case l.full():
		for i := range uint32(l.n) {
			dst = append(dst, l.base+i)
		}
	default:
		dst, ok = appendValues(dst, &l.steps, l.base)
	}
	rows := dst[from:]
	for i := 1; i < len(rows); i++ {
		ok = ok && rows[i-1] < rows[i]
	}
	return dst, ok && len(rows) == l.n && rows[len(rows)-1] < limit
}

func (l *list) varints(dst []uint32) ([]uint32, bool) {
	p := parser{data: l.data}
	at := uint64(l.base)
	dst = append(dst, l.base)
	for range l.n - 1 {
		at += p.uvarint() + 1
		dst = append(dst, uint32(at))
	}
	return dst, !p.bad && at>>32 == 0
}
