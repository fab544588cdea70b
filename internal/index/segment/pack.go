package segment

import "encoding/binary"

// slack is how many bytes of zeros follow every opened block in memory, so that
// bits can be read eight bytes at a time up to its end.
const slack = 16

// packer appends numbers of any width in bits, the lowest bit first.
type packer struct {
	dst  []byte
	bits uint64
	held uint // bits that are not in dst yet, below 64
}

// put appends a number below 2^width.
func (p *packer) put(v uint64, width uint) {
	p.bits |= v << p.held
	if p.held+width < 64 {
		p.held += width
		return
	}
	p.dst = binary.LittleEndian.AppendUint64(p.dst, p.bits)
	p.bits = v >> (64 - p.held)
	p.held += width - 64
}

// end fills the last byte up and returns everything.
func (p *packer) end() []byte {
	for i := uint(0); i < p.held; i += 8 {
		p.dst = append(p.dst, byte(p.bits>>i))
	}
	return p.dst
}

// bitsAt is the number of some width that begins at a bit.
func bitsAt(data []byte, at int, width uint) uint64 {
	b := data[at>>3:]
	shift := uint(at & 7)
	v := binary.LittleEndian.Uint64(b) >> shift
	if shift+width > 64 {
		v |= uint64(b[8]) << (64 - shift)
	}
	return v & (1<<width - 1)
}

// bytesFor is how many bytes some bits take.
func bytesFor(bits int) int { return (bits + 7) / 8 }

// parser reads the parts of an opened block one after the other. What is not
// there makes it bad, and it stays so.
type parser struct {
	data []byte // with the slack
	at   int
	bad  bool
}

func (p *parser) end() int { return len(p.data) - slack }

// more tells that it is worth going on.
func (p *parser) more() bool { return !p.bad && p.at < p.end() }

// take is the next n bytes, and the slack behind them.
func (p *parser) take(n int) []byte {
	if n < 0 || p.bad || n > p.end()-p.at {
		p.bad = true
		return nil
	}
	from := p.at
	p.at += n
	return p.data[from : p.at+slack]
}

func (p *parser) uvarint() uint64 {
	if p.bad || p.at >= p.end() {
		p.bad = true
		return 0
	}
	if b := p.data[p.at]; b < 0x80 {
		p.at++
		return uint64(b)
	}
	v, n := binary.Uvarint(p.data[p.at:p.end()])
	if n <= 0 {
		p.bad = true
		return 0
	}
	p.at += n
	return v
}

// below is the next varint, which must be below a limit.
func (p *parser) below(limit uint64) uint64 {
	v := p.uvarint()
	if v >= limit {
		p.bad = true
		return 0
	}
	return v
}

func (p *parser) uint32() uint32 {
	if b := p.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (p *parser) uint64() uint64 {
	if b := p.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}
