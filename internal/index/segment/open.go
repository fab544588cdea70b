package segment

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"sync/atomic"
)

var (
	errForeign = errors.New("not a segment of this format")
	errSize    = errors.New("the file has another size")
)

// Open opens a file: it reads the footer, the runs of numbers, the first term
// of every block and the filters, and nothing else. Blocks are kept in c, which
// may be nil. What is altered, short or foreign is a [Damage]; that there is no
// such file, or that it may not be opened, is the error of package os.
func Open(path string, s Sealer, c *Cache) (r *Reader, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if c == nil {
		c = NewCache(0)
	}
	r = &Reader{path: path, file: file, sealer: s, cache: c}
	defer func() {
		if err != nil {
			err = errors.Join(err, file.Close())
			r = nil
		}
	}()
	defer caught(&err)
	r.load()
	return r, nil
}

// load reads what the reader keeps in memory, or panics with the damage.
func (r *Reader) load() {
	f := r.footer(r.frame())
	r.loadTable(&f)
	r.loadRuns(r.stream(&f))
	r.loadColumns(r.stream(&f))
	r.loadTerms(r.stream(&f))
	filter := r.stream(&f)
	r.filter = filter.data[:filter.end()]
	if f.bad || f.at != f.end() || len(r.filter)%lineBytes != 0 || (len(r.filter) == 0) != (r.info.Terms == 0) {
		panic(r.damage("footer", -1, nil))
	}
}

// frame checks both ends of the file and returns its size.
func (r *Reader) frame() int64 {
	stat, err := r.file.Stat()
	if err != nil {
		panic(r.damage("file that cannot be read", -1, err))
	}
	size := stat.Size()
	if size < headBytes+tailBytes {
		panic(r.damage("file", -1, io.ErrUnexpectedEOF))
	}
	head := r.raw(0, headBytes)
	r.id = binary.LittleEndian.Uint64(head[8:])
	if string(head[:8]) != magic || r.id>>idBits != 0 {
		panic(r.damage("head", -1, errForeign))
	}
	return size
}

// raw reads a few bytes as they are.
func (r *Reader) raw(at int64, n int) []byte {
	b := make([]byte, n)
	if _, err := r.file.ReadAt(b, at); err != nil {
		panic(r.damage("file that cannot be read", -1, err))
	}
	return b
}

// footer is the opened footer, read up to the streams.
type footer struct {
	parser
	start  int64 // where it lies in the file
	blocks int
	digest [sha256.Size]byte // of everything in front of it
	pieces []int             // of the table, how long each is
}

func (r *Reader) footer(size int64) footer {
	tail := r.raw(size-tailBytes, tailBytes)
	n := int64(binary.LittleEndian.Uint32(tail))
	if string(tail[4:]) != magic {
		panic(r.damage("end", -1, errForeign))
	}
	start := size - tailBytes - n
	if start < headBytes || n > maxBlock {
		panic(r.damage("end", -1, errSize))
	}
	f := footer{parser: parser{data: r.read(footerSlot, start, int(n))}, start: start}
	r.info = Info{Bytes: size, Sum: sha256.Sum256(f.data[:f.parser.end()])}
	id := f.uint64()
	r.info.Version, r.info.Columns = uint32(f.below(1<<32)), int(f.below(maxColumns+1))
	r.info.Rows = int(f.below(MaxRows + 1))
	r.info.First, r.info.Last = uint32(f.below(1<<32)), uint32(f.below(1<<32))
	r.info.Terms = int(f.below(math.MaxInt64))
	end := f.below(1 << idBits)
	f.blocks = int(f.below(footerSlot))
	copy(f.digest[:], f.take(sha256.Size))
	for i := 0; i < f.blocks; i += tableEntries {
		f.pieces = append(f.pieces, int(f.below(maxBlock+1)))
	}
	if f.bad || id != r.id || int64(end) != start {
		panic(r.damage("footer", -1, errSize))
	}
	return f
}

// loadTable reads where the blocks lie. It is the last thing in front of the
// footer. Together the blocks fill the file.
func (r *Reader) loadTable(f *footer) {
	at := f.start
	for _, n := range f.pieces {
		at -= int64(n)
	}
	total, end := int64(headBytes), at
	for i, n := range f.pieces {
		if at < headBytes {
			panic(r.damage("table", -1, errSize))
		}
		piece := parser{data: r.read(f.blocks+i, at, n)}
		for piece.more() {
			lies := piece.uint64()
			r.table = append(r.table, lies)
			total += int64(lies & maxBlock)
			if int64(lies>>blockBits)+int64(lies&maxBlock) > end {
				piece.bad = true
			}
		}
		if piece.bad {
			panic(r.damage("table", f.blocks+i, nil))
		}
		at += int64(n)
	}
	if len(r.table) != f.blocks || total != end {
		panic(r.damage("table", -1, errSize))
	}
	r.slots = make([]atomic.Pointer[cached], f.blocks)
}

// stream reads a stream whole. What it grows to is what its pieces hold.
func (r *Reader) stream(f *footer) parser {
	size, pieces := f.uvarint(), f.uvarint()
	var all []byte
	for ; pieces > 0 && !f.bad; pieces-- {
		slot := int(f.below(uint64(f.blocks)))
		if f.bad {
			break
		}
		plain := r.read(slot, int64(r.table[slot]>>blockBits), int(r.table[slot]&maxBlock))
		all = append(all, plain[:len(plain)-slack]...)
	}
	if f.bad || uint64(len(all)) != size {
		panic(r.damage("stream", -1, errSize))
	}
	return parser{data: append(all, make([]byte, slack)...)}
}

// loadRuns reads the numbers.
func (r *Reader) loadRuns(p parser) {
	number, row := uint64(0), uint64(0)
	for p.more() {
		number += p.uvarint()
		n := p.below(MaxRows + 1)
		if p.bad || n == 0 || number+n > 1<<32 || row+n > uint64(r.info.Rows) {
			panic(r.damage("numbers", -1, nil))
		}
		r.numbers = append(r.numbers, uint32(number))
		r.starts = append(r.starts, uint32(row))
		number += n
		row += n
	}
	if row != uint64(r.info.Rows) || row > 0 && (r.numbers[0] != r.info.First || number-1 != uint64(r.info.Last)) {
		panic(r.damage("numbers", -1, nil))
	}
}

// loadColumns reads which blocks the columns are in.
func (r *Reader) loadColumns(p parser) {
	for p.more() {
		r.columns = append(r.columns, p.uint32())
	}
	if p.bad || len(r.columns) != (r.info.Rows+columnRows-1)/columnRows*r.info.Columns {
		panic(r.damage("columns", -1, nil))
	}
}

// loadTerms reads which blocks the terms are in.
func (r *Reader) loadTerms(p parser) {
	for p.more() {
		r.firsts = append(r.firsts, p.uint64())
		r.terms = append(r.terms, p.uint32())
		if i := len(r.firsts) - 1; i > 0 && r.firsts[i-1] >= r.firsts[i] {
			p.bad = true
		}
	}
	if p.bad || (len(r.firsts) == 0) != (r.info.Terms == 0) {
		panic(r.damage("index of terms", -1, nil))
	}
}
