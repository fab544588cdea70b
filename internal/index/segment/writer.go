package segment

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"os"
	"path/filepath"
)

// Sealer seals and opens blocks. place is the block's file and position, to be
// authenticated with it, so that a block that was moved does not open. It is
// safe for concurrent use.
type Sealer interface {
	// Seal appends the sealed block to dst.
	Seal(dst, plain []byte, place uint64) []byte
	// Open appends the plain block to dst; an error if it was altered.
	Open(dst, sealed []byte, place uint64) ([]byte, error)
}

var (
	errOrder  = errors.New("segment: out of order")
	errRange  = errors.New("segment: out of range")
	errClosed = errors.New("segment: writer is closed")
)

// Writer writes a file: first all rows, then all postings. Its memory is
// bounded by the longest directory, and eight bytes a block. It is not safe for
// concurrent use. After an error every further call returns it.
type Writer struct {
	path    string
	file    *os.File
	out     *bufio.Writer
	digest  hash.Hash
	sealer  Sealer
	id      uint64
	at      int64
	table   []uint64 // where each block lies: offset, and length in the low 24 bits
	streams [streams]stream
	plain   []byte
	sealed  []byte
	err     error

	info    Info
	run     run
	columns [][]int64 // of the rows that are in no block yet

	terms  dictionaryDraft
	filter filterDraft
	last   uint64
	draft  postingDraft
}

// run is some rows whose numbers follow each other.
type run struct {
	first uint64 // number
	rows  uint64
	next  uint64 // the number behind the run before it
}

// Create begins a file. It is written under path and ".new", which may be
// left over from a crash, and appears under path when it is closed. version is
// the analyser's, columns is how many columns a row has.
func Create(path string, s Sealer, version uint32, columns int) (*Writer, error) {
	if columns < 0 || columns > maxColumns {
		return nil, errRange
	}
	file, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	w := &Writer{
		path: path, file: file, out: bufio.NewWriterSize(file, 256<<10), digest: sha256.New(), sealer: s,
		info: Info{Version: version, Columns: columns}, columns: make([][]int64, columns),
	}
	w.draft.block = -1
	var id [8]byte
	if _, err := rand.Read(id[:idBits/8]); err != nil {
		w.Abort()
		return nil, err
	}
	w.id = binary.LittleEndian.Uint64(id[:])
	w.write(append([]byte(magic), id[:]...))
	return w, nil
}

// Abort removes what there is. After Close it does nothing.
func (w *Writer) Abort() {
	if w.file == nil {
		return
	}
	_ = w.file.Close()             // nobody will read it
	_ = os.Remove(w.path + ".new") // what stays is overwritten by the next
	w.file = nil
	if w.err == nil {
		w.err = errClosed
	}
}

// fail keeps the first error.
func (w *Writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *Writer) write(b []byte) {
	if w.err != nil {
		return
	}
	w.digest.Write(b)
	n, err := w.out.Write(b)
	w.at += int64(n)
	if err != nil {
		w.fail(err)
	}
}

// reserve is the slot of a block that is yet to come.
func (w *Writer) reserve() int {
	if len(w.table) >= footerSlot/2 {
		w.fail(errRange)
	}
	w.table = append(w.table, 0)
	return len(w.table) - 1
}

// seal writes a block and returns its length.
func (w *Writer) seal(slot int, plain []byte) int {
	if w.err != nil {
		return 0
	}
	w.sealed = w.sealer.Seal(w.sealed[:0], plain, place(w.id, slot))
	if len(w.sealed) > maxBlock || w.at >= 1<<idBits {
		w.fail(errRange)
		return 0
	}
	w.write(w.sealed)
	return len(w.sealed)
}

// block writes a block into its slot.
func (w *Writer) block(slot int, plain []byte) {
	at := w.at
	w.table[slot] = uint64(at)<<blockBits | uint64(w.seal(slot, plain))
}

// stream is one of the streams, as far as it is not in blocks yet.
type stream struct {
	buf    []byte
	size   int
	pieces []uint32
}

// feed appends to a stream.
func (w *Writer) feed(which int, b []byte) {
	s := &w.streams[which]
	s.buf = append(s.buf, b...)
	if len(s.buf) >= pieceBytes {
		w.flush(s)
	}
}

func (w *Writer) feedFilter(line []byte) { w.feed(streamFilter, line) }

func (w *Writer) flush(s *stream) {
	if len(s.buf) == 0 {
		return
	}
	slot := w.reserve()
	w.block(slot, s.buf)
	s.pieces = append(s.pieces, uint32(slot))
	s.size += len(s.buf)
	s.buf = s.buf[:0]
}

// Row appends a row, with a number above all before it and a value for each
// column.
func (w *Writer) Row(number uint32, columns ...int64) error {
	switch {
	case len(columns) != len(w.columns) || w.info.Rows >= MaxRows:
		w.fail(errRange)
	case w.info.Rows > 0 && number <= w.info.Last, w.info.Terms > 0:
		w.fail(errOrder)
	}
	if w.err != nil {
		return w.err
	}
	if w.run.rows > 0 && uint64(number) != w.run.first+w.run.rows {
		w.endRun()
	}
	if w.run.rows == 0 {
		w.run.first = uint64(number)
	}
	w.run.rows++
	if w.info.Rows == 0 {
		w.info.First = number
	}
	w.info.Last = number
	w.info.Rows++
	for i, v := range columns {
		w.columns[i] = append(w.columns[i], v)
	}
	if w.info.Rows%columnRows == 0 {
		w.endColumns()
	}
	return w.err
}

func (w *Writer) endRun() {
	if w.run.rows == 0 {
		return
	}
	b := binary.AppendUvarint(nil, w.run.first-w.run.next)
	w.feed(streamRuns, binary.AppendUvarint(b, w.run.rows))
	w.run = run{next: w.run.first + w.run.rows}
}

func (w *Writer) endColumns() {
	for i, values := range w.columns {
		if len(values) == 0 {
			continue
		}
		slot := w.reserve()
		w.plain = appendColumn(w.plain[:0], values)
		w.block(slot, w.plain)
		w.feed(streamColumns, binary.LittleEndian.AppendUint32(nil, uint32(slot)))
		w.columns[i] = values[:0]
	}
}

// Posting appends the posting of a term above all before it: the places of its
// rows in the file, ascending, at least one. It keeps nothing of rows.
func (w *Writer) Posting(term uint64, rows []uint32) error {
	if err := w.begin(term); err != nil {
		return err
	}
	for i := 1; i < len(rows); i++ {
		if rows[i-1] >= rows[i] {
			w.fail(errOrder)
		}
	}
	w.add(rows)
	return w.end(term)
}

// Compound appends the posting of a term above all before it that has the rows of
// other terms, its parts, which ascend, and some of its own, as for Posting, which
// may be none. A part may be written before or after, and is no compound itself; one
// that is never written has no rows. total is about how many rows it has, its own and
// those of its parts.
func (w *Writer) Compound(term uint64, parts []uint64, rows []uint32, total int) error {
	if err := w.begin(term); err != nil {
		return err
	}
	w.add(rows)
	return w.endCompound(term, parts, total)
}

// Close writes what is left and makes the file last: file and folder are
// synced. The file stands under its path whole or not at all; after an error
// nothing is left of it, unless only the folder could not be synced.
func (w *Writer) Close() (Info, error) {
	if w.err == nil {
		w.finish()
	}
	if w.err != nil {
		w.Abort()
		return Info{}, w.err
	}
	err := w.file.Close()
	if err == nil {
		err = os.Rename(w.path+".new", w.path)
	}
	if err != nil {
		_ = os.Remove(w.path + ".new") // what stays is overwritten by the next
	} else {
		err = syncFolder(filepath.Dir(w.path))
	}
	w.file = nil
	if err != nil {
		w.fail(err)
		return Info{}, w.err
	}
	w.err = errClosed
	return w.info, nil
}

// finish writes everything up to the end, and to the disk.
func (w *Writer) finish() {
	w.endColumns()
	w.endRun()
	w.endChunks()
	w.endTerms()
	w.filter.end(w.feedFilter)
	for i := range w.streams {
		w.flush(&w.streams[i])
	}
	footer := w.footer(w.writeTable())
	if w.err != nil {
		return
	}
	w.info.Sum = sha256.Sum256(footer)
	n := w.seal(footerSlot, footer)
	w.write(append(binary.LittleEndian.AppendUint32(nil, uint32(n)), magic...))
	w.info.Bytes = w.at
	if w.err != nil {
		return
	}
	if err := w.out.Flush(); err != nil {
		w.fail(err)
		return
	}
	if err := w.file.Sync(); err != nil {
		w.fail(err)
	}
}

// writeTable writes where the blocks lie, in blocks behind them, and returns
// how long those are.
func (w *Writer) writeTable() (pieces []int) {
	for from := 0; from < len(w.table); from += tableEntries {
		w.plain = w.plain[:0]
		for _, at := range w.table[from:min(from+tableEntries, len(w.table))] {
			w.plain = binary.LittleEndian.AppendUint64(w.plain, at)
		}
		pieces = append(pieces, w.seal(len(w.table)+len(pieces), w.plain))
	}
	return pieces
}

func (w *Writer) footer(table []int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, w.id)
	for _, v := range []int{int(w.info.Version), w.info.Columns, w.info.Rows, int(w.info.First), int(w.info.Last), w.info.Terms, int(w.at), len(w.table)} {
		b = binary.AppendUvarint(b, uint64(v))
	}
	b = w.digest.Sum(b)
	for _, n := range table {
		b = binary.AppendUvarint(b, uint64(n))
	}
	for i := range w.streams {
		s := &w.streams[i]
		b = binary.AppendUvarint(b, uint64(s.size))
		b = binary.AppendUvarint(b, uint64(len(s.pieces)))
		for _, slot := range s.pieces {
			b = binary.AppendUvarint(b, uint64(slot))
		}
	}
	return b
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
