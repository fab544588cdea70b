package segment

import (
	"encoding/binary"
	"math/bits"
)

// steps is an ascending list without repeats, the way Elias and Fano wrote it:
// of every value the low bits stand side by side, and the high bits are stairs,
// a bit of one for each value and a bit of zero for each step up. It takes about
// two bits more a value than the logarithm of the mean gap, and any place can be
// reached without reading what comes before. Values are relative to the first.
type steps struct {
	n      int
	span   uint64 // the last value
	width  uint   // of the low bits
	ups    int    // bits of the stairs
	stairs []byte // with the slack
	lows   []byte // with the slack
}

// shapeSteps is how n values up to span are laid out.
func shapeSteps(n int, span uint64) (width uint, ups int) {
	if gap := span / uint64(n); gap > 1 {
		width = uint(bits.Len64(gap) - 1)
	}
	return width, n + int(span>>width) + 1
}

// sizeSteps is how many bytes n values up to span take.
func sizeSteps(n int, span uint64) int {
	width, ups := shapeSteps(n, span)
	return bytesFor(ups) + bytesFor(n*int(width))
}

// appendSteps appends ascending values; n and span have to be kept elsewhere.
func appendSteps[T uint32 | uint64](dst []byte, values []T) []byte {
	n, base := len(values), values[0]
	width, ups := shapeSteps(n, uint64(values[n-1]-base))
	from := len(dst)
	dst = append(dst, make([]byte, bytesFor(ups))...)
	for i, v := range values {
		at := i + int(uint64(v-base)>>width)
		dst[from+at>>3] |= 1 << (at & 7)
	}
	p := packer{dst: dst}
	for _, v := range values {
		p.put(uint64(v-base)&(1<<width-1), width)
	}
	return p.end()
}

// steps reads what appendSteps appended.
func (p *parser) steps(n int, span uint64) steps {
	s := steps{n: n, span: span}
	// Every value has a bit of the stairs, which bounds n by the block.
	if n < 1 || n > 8*len(p.data) {
		p.bad = true
		return s
	}
	s.width, s.ups = shapeSteps(n, span)
	s.stairs = p.take(bytesFor(s.ups))
	s.lows = p.take(bytesFor(n * int(s.width)))
	return s
}

func (s *steps) low(i int) uint64 { return bitsAt(s.lows, i*int(s.width), s.width) }

// at is the value at a place; false if it is missing.
func (s *steps) at(i int) (uint64, bool) {
	for k, n := 0, i; 64*k < s.ups; k++ {
		word := s.word(k)
		if have := bits.OnesCount64(word); have <= n {
			n -= have
			continue
		}
		for ; n > 0; n-- {
			word &= word - 1
		}
		return uint64(64*k+bits.TrailingZeros64(word)-i)<<s.width | s.low(i), true
	}
	return 0, false
}

func (s *steps) word(i int) uint64 { return binary.LittleEndian.Uint64(s.stairs[8*i:]) }

// stand is how far down a list has been walked: values below index are left,
// their bits are below bit.
type stand struct{ bit, index int }

// top stands above the last value.
func (s *steps) top() stand { return stand{bit: s.ups, index: s.n} }

// down moves to the last value left that is not above v; false if there is
// none. What it returns is left no more.
func (s *steps) down(v uint64, at *stand, probes *int) (uint64, bool) {
	v = min(v, s.span)
	high := int(v >> s.width)
	if zeros := at.bit - at.index; high < zeros {
		s.drop(zeros-high, at, probes)
	}
	low := v & (1<<s.width - 1)
	for at.index > 0 && s.back(at, probes) {
		up := at.bit - at.index
		l := s.low(at.index)
		if up < high || l <= low {
			return uint64(up)<<s.width | l, true
		}
	}
	return 0, false
}

// drop moves down onto the nth bit of zero.
func (s *steps) drop(n int, at *stand, probes *int) {
	zeros := at.bit - at.index
	for i := (at.bit - 1) / 64; i >= 0; i-- {
		*probes++
		free := ^s.word(i)
		if top := at.bit - 64*i; top < 64 {
			free &= 1<<top - 1
		}
		have := bits.OnesCount64(free)
		if have < n {
			n -= have
			zeros -= have
			continue
		}
		for ; have > n; have-- {
			free &= free - 1
		}
		at.bit = 64*i + bits.TrailingZeros64(free)
		at.index = at.bit - (zeros - n)
		return
	}
	at.bit, at.index = 0, 0
}

// back moves down onto the next bit of one; false if there is none.
func (s *steps) back(at *stand, probes *int) bool {
	top := at.bit & 63
	for i := at.bit / 64; i >= 0; i-- {
		*probes++
		word := s.word(i)
		if i == at.bit/64 {
			word &= 1<<top - 1
		}
		if word != 0 {
			at.bit = 64*i + 63 - bits.LeadingZeros64(word)
			at.index--
			return true
		}
	}
	at.index = 0
	return false
}

// appendValues appends all values, base added; false if some are missing.
func appendValues[T uint32 | uint64](dst []T, s *steps, base T) ([]T, bool) {
	i := 0
	for at := 0; i < s.n; at += 64 {
		if at >= s.ups {
			return dst, false
		}
		for word := s.word(at / 64); word != 0 && i < s.n; word &= word - 1 {
			up := at + bits.TrailingZeros64(word) - i
			dst = append(dst, base+T(uint64(up)<<s.width|s.low(i)))
			i++
		}
	}
	return dst, true
}
