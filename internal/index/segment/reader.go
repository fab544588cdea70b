package segment

import (
	"encoding/binary"
	"iter"
	"math/bits"
	"os"
	"slices"
	"sync"
	"sync/atomic"
)

// Reader reads a file. It is safe for concurrent use. Blocks are read with
// ReadAt and not mapped: a file that is cut while it is open, or a disk that
// fails, is thereby damage and not the end of the process.
type Reader struct {
	path   string
	file   *os.File
	sealer Sealer
	cache  *Cache
	closed atomic.Bool
	sealed sync.Pool // of *[]byte

	info  Info
	id    uint64
	table []uint64                 // see Writer
	slots []atomic.Pointer[cached] // of each block

	numbers []uint32 // of every run, the first
	starts  []uint32 // of every run, the first row
	columns []uint32 // blocks, those of the same rows together
	firsts  []uint64 // of every block of terms, the first
	terms   []uint32 // blocks of terms
	filter  []byte
}

// Close closes the file and takes its blocks out of the cache. Nobody may be
// reading: what comes too late finds a file that cannot be read, a damage.
func (r *Reader) Close() error {
	if r.closed.Swap(true) {
		return nil
	}
	r.cache.forget(r)
	return r.file.Close()
}

// Info is what the file is.
func (r *Reader) Info() Info { return r.info }

// Number is the number of a row; row must be in the file.
func (r *Reader) Number(row uint32) uint32 {
	i := runOf(r.starts, row)
	return r.numbers[i] + (row - r.starts[i])
}

// Row is the place of a number in the file and true, or the place of the next
// lower number that is there and false. Below the first number it is [NoRow],
// which is no place at all, and false.
func (r *Reader) Row(number uint32) (row uint32, ok bool) {
	i := runOf(r.numbers, number)
	if i < 0 {
		return NoRow, false
	}
	end := uint32(r.info.Rows)
	if i+1 < len(r.starts) {
		end = r.starts[i+1]
	}
	row = r.starts[i] + min(number-r.numbers[i], end-r.starts[i]-1)
	return row, number-r.numbers[i] < end-r.starts[i]
}

// runOf is the last run that begins at or below v; -1 if there is none.
func runOf(runs []uint32, v uint32) int {
	i, found := slices.BinarySearch(runs, v)
	if found {
		return i
	}
	return i - 1
}

// Column is a row's value; column and row must be in the file.
func (r *Reader) Column(column int, row uint32) int64 { return r.column(column, row, nil) }

func (r *Reader) column(column int, row uint32, blocks *held) int64 {
	from := row / columnRows
	slot := r.columns[int(from)*r.info.Columns+column]
	n := min(columnRows, r.info.Rows-int(from)*columnRows)
	v, ok := columnAt(r.block(slot, blocks), int(row%columnRows), n)
	if !ok {
		panic(r.damage("column", int(slot), nil))
	}
	return v
}

// May is false if certainly no row has a term. It opens nothing.
func (r *Reader) May(term uint64) bool {
	return inFilter(r.filter, term)
}

// Posting is the posting of a term; false if no row has it.
func (r *Reader) Posting(term uint64) (Posting, bool) {
	if !inFilter(r.filter, term) {
		return Posting{}, false
	}
	return r.lookUp(term)
}

// lookUp is Posting without asking the filter, for what is most likely there.
func (r *Reader) lookUp(term uint64) (Posting, bool) {
	i := r.termsOf(term)
	if i < 0 {
		return Posting{}, false
	}
	d := r.openedDictionary(i)
	place, ok := d.find(term)
	if !ok {
		return Posting{}, false
	}
	return r.posting(d, place, d.severalBefore(place), nil), true
}

// termsOf is the last block of terms that begins at or below a term; -1 if
// there is none. Terms are evenly spread, so the first guess is near.
func (r *Reader) termsOf(term uint64) int {
	n := len(r.firsts)
	if n == 0 || term < r.firsts[0] {
		return -1
	}
	guess, _ := bits.Mul64(term, uint64(n))
	low, high := int(guess), int(guess)+1 // firsts[low] <= term < firsts[high], at last
	for step := 1; low > 0 && r.firsts[low] > term; step *= 2 {
		high = low
		low = max(low-step, 0)
	}
	for step := 1; high < n && r.firsts[high] <= term; step *= 2 {
		low = high
		high = min(high+step, n)
	}
	for high-low > 1 {
		if mid := (low + high) / 2; r.firsts[mid] <= term {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

func (r *Reader) dictionary(i int, blocks *held) dictionary {
	d, ok := openDictionary(r.block(r.terms[i], blocks), uint32(r.info.Rows))
	if !ok || d.first != r.firsts[i] {
		panic(r.damage("terms", int(r.terms[i]), nil))
	}
	return d
}

// openedDictionary is dictionary by way of the cache, read once for as long as its
// block is there.
func (r *Reader) openedDictionary(i int) *dictionary {
	slot := r.terms[i]
	if uint64(slot) < uint64(len(r.slots)) {
		if e := r.slots[slot].Load(); e != nil {
			if d := e.terms.Load(); d != nil {
				e.touch()
				return d
			}
		}
	}
	d := r.dictionary(i, nil)
	d.rank()
	if e := r.slots[slot].Load(); e != nil {
		e.terms.Store(&d)
	}
	return &d
}

// posting is the posting of the term at a place of a block.
func (r *Reader) posting(d *dictionary, i, before int, blocks *held) Posting {
	row, p, several := d.entry(i, before)
	out := Posting{reader: r, blocks: blocks, n: 1, own: 1}
	if !several {
		p.bad = p.bad || row >= uint32(r.info.Rows)
		out.one = only(row)
	} else {
		out.read(&p, p.uvarint())
	}
	if p.bad {
		panic(r.damage("record of a term", -1, nil))
	}
	return out
}

// read reads a record behind its head. A directory without chunks is that of a compound.
func (p *Posting) read(from *parser, head uint64) {
	rows := uint32(p.reader.info.Rows)
	if head%forms != formDirectory {
		p.one = from.list(head, rows)
		p.n, p.own = p.one.n, p.one.n
		return
	}
	chunks := int(from.below(MaxRows/pageRows + 1))
	if from.bad = from.bad || head/forms > uint64(rows); chunks == 0 {
		p.compound(from, int(head/forms))
		return
	}
	p.n, p.own = int(head/forms), int(head/forms)
	if p.directory = from.take(chunks * entryBytes); !from.bad {
		p.directory = p.directory[:len(p.directory)-slack]
	}
}

// chunk is the list that the first entry of a directory is about.
func (r *Reader) chunk(entry []byte, blocks *held) list {
	slot := binary.LittleEndian.Uint32(entry[4:])
	p := parser{data: r.block(slot, blocks), at: int(binary.LittleEndian.Uint32(entry[8:]))}
	p.bad = p.at >= p.end()
	l := p.list(p.uvarint(), uint32(r.info.Rows))
	if first := binary.LittleEndian.Uint32(entry); p.bad || first != l.first() {
		panic(r.damage("chunk of a posting", int(slot), nil))
	}
	return l
}

// Terms is all terms, ascending, with their postings. It reads past the cache.
// Its postings are not for concurrent use.
func (r *Reader) Terms() iter.Seq2[uint64, Posting] {
	return func(yield func(uint64, Posting) bool) {
		for w := newTermWalk(r); w.next(); {
			if !yield(w.term, w.posting()) {
				return
			}
		}
	}
}

// termWalk walks all terms.
type termWalk struct {
	term uint64 // that it stands at

	reader  *Reader
	block   int  // of terms, the next
	place   int  // in the block, the next
	before  int  // of the terms in front of it, those with more than one row
	several bool // it has more than one row itself
	dict    dictionary
	terms   []uint64
	blocks  held
	chunks  held
}

func newTermWalk(r *Reader) *termWalk {
	return &termWalk{reader: r, blocks: held{slot: -1}, chunks: held{slot: -1}}
}

// next moves to the next term; false if there is none.
func (w *termWalk) next() bool {
	r := w.reader
	for w.place == len(w.terms) {
		if w.block == len(r.terms) {
			return false
		}
		w.dict = r.dictionary(w.block, &w.blocks)
		var ok bool
		w.terms, ok = w.dict.all(w.terms[:0])
		if !ok || w.block > 0 && w.terms[0] <= w.term {
			panic(r.damage("terms", int(r.terms[w.block]), nil))
		}
		w.block, w.place, w.before, w.several = w.block+1, 0, 0, false
	}
	if w.place > 0 && w.terms[w.place] <= w.term {
		panic(r.damage("order of the terms", int(r.terms[w.block-1]), nil))
	}
	w.term = w.terms[w.place]
	if w.several {
		w.before++
	}
	w.several = w.dict.hasSeveral(w.place)
	w.place++
	return true
}

// posting is the posting of the term where it stands.
func (w *termWalk) posting() Posting {
	return w.reader.posting(&w.dict, w.place-1, w.before, &w.chunks)
}

// rows appends the rows of the term where it stands; false, and none, where they
// lie in chunks.
func (w *termWalk) rows(dst []uint32) ([]uint32, bool) {
	limit := uint32(w.reader.info.Rows)
	row, p, _ := w.dict.entry(w.place-1, w.before)
	if !w.several {
		if p.bad || row >= limit {
			panic(w.reader.damage("record of a term", -1, nil))
		}
		return append(dst, row), true
	}
	head := p.uvarint()
	if head%forms == formDirectory {
		return dst, false
	}
	l := p.list(head, limit)
	dst, ok := l.rows(dst, limit)
	if p.bad || !ok {
		panic(w.reader.damage("record of a term", -1, nil))
	}
	return dst, true
}

// held is the block that was read last, for who reads them in order and past
// the cache.
type held struct {
	slot  int64
	plain []byte
}

// block is an opened block.
func (r *Reader) block(slot uint32, blocks *held) []byte {
	if uint64(slot) >= uint64(len(r.slots)) {
		panic(r.damage("reference to a block", int(slot), nil))
	}
	if blocks != nil && blocks.slot == int64(slot) {
		return blocks.plain
	}
	if e := r.slots[slot].Load(); e != nil {
		e.touch()
		return e.plain
	}
	plain := r.read(int(slot), int64(r.table[slot]>>blockBits), int(r.table[slot]&maxBlock))
	if blocks != nil {
		blocks.slot, blocks.plain = int64(slot), plain
	} else {
		r.cache.keep(r, &r.slots[slot], plain)
	}
	return plain
}

// read reads and opens a block, and adds the slack.
func (r *Reader) read(slot int, at int64, n int) []byte {
	buf, _ := r.sealed.Get().(*[]byte)
	if buf == nil {
		buf = new([]byte)
	}
	defer r.sealed.Put(buf)
	*buf = slices.Grow((*buf)[:0], n)[:n]
	if _, err := r.file.ReadAt(*buf, at); err != nil {
		panic(r.damage("block that cannot be read", slot, err))
	}
	plain, err := r.sealer.Open(make([]byte, 0, n+slack), *buf, place(r.id, slot))
	if err != nil {
		panic(r.damage("block that does not open", slot, err))
	}
	return append(plain, make([]byte, slack)...)
}

func (r *Reader) damage(what string, block int, err error) *Damage {
	return &Damage{Path: r.path, What: what, Block: block, Err: err}
}
