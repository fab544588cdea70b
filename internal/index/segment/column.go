package segment

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// appendColumn appends the values of a column: the least of them, the largest
// unit in which all of them differ from it, and of each by how many units. So a
// time of whole seconds costs no more than its seconds, even if some rows have
// none.
func appendColumn(dst []byte, values []int64) []byte {
	base := slices.Min(values)
	unit, most := uint64(0), uint64(0)
	for _, v := range values {
		over := uint64(v) - uint64(base)
		unit, most = divisor(unit, over), max(most, over)
	}
	unit = max(unit, 1)
	width := uint(bits.Len64(most / unit))
	dst = binary.LittleEndian.AppendUint64(dst, uint64(base))
	dst = binary.LittleEndian.AppendUint64(dst, unit)
	p := packer{dst: append(dst, byte(width))}
	for _, v := range values {
		p.put((uint64(v)-uint64(base))/unit, width)
	}
	return p.end()
}

// divisor is the greatest that two numbers have in common; 0 is divided by all.
func divisor(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// columnAt is the ith of n values of a block; false if the block is none.
func columnAt(block []byte, i, n int) (int64, bool) {
	if len(block) < columnHead+slack {
		return 0, false
	}
	width := uint(block[columnHead-1])
	if width > 64 || len(block) != columnHead+bytesFor(n*int(width))+slack {
		return 0, false
	}
	over := bitsAt(block[columnHead:], i*int(width), width)
	return int64(binary.LittleEndian.Uint64(block) + over*binary.LittleEndian.Uint64(block[8:])), true
}
