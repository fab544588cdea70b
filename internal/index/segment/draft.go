package segment

import "encoding/binary"

// postingDraft is the posting that is being written, and the chunks that are
// in no block yet.
type postingDraft struct {
	rows      []uint32 // not in a chunk yet
	older     int      // how many of them are of pages that are whole
	n         int
	directory []byte
	chunks    []byte
	block     int // the slot of chunks, -1 if none is reserved
}

// begin begins the posting of a term.
func (w *Writer) begin(term uint64) error {
	if w.err == nil && w.info.Terms > 0 && term <= w.last {
		w.fail(errOrder)
	}
	d := &w.draft
	d.rows, d.older, d.n, d.directory = d.rows[:0], 0, 0, d.directory[:0]
	return w.err
}

// add adds the next rows to the posting, ascending. A chunk never ends within a
// page: a page that has enough rows is a chunk, the others go together until they
// have.
func (w *Writer) add(rows []uint32) {
	d := &w.draft
	for len(rows) > 0 && w.err == nil {
		n := samePage(rows)
		if k := len(d.rows); k > 0 {
			if d.rows[k-1] >= rows[0] {
				w.fail(errOrder)
			}
			if rows[0]>>pageBits != d.rows[k-1]>>pageBits {
				w.turn()
			}
		}
		if rows[n-1] >= uint32(w.info.Rows) {
			w.fail(errRange)
		}
		d.rows = append(d.rows, rows[:n]...)
		d.n += n
		rows = rows[n:]
	}
}

// samePage is how many of the first rows are of one page.
func samePage(rows []uint32) int {
	if rows[0]>>pageBits == rows[len(rows)-1]>>pageBits {
		return len(rows)
	}
	n := 1
	for rows[n]>>pageBits == rows[0]>>pageBits {
		n++
	}
	return n
}

// turn is called when a page is whole.
func (w *Writer) turn() {
	d := &w.draft
	switch {
	case len(d.rows)-d.older >= chunkRows:
		w.chunk(d.rows[:d.older])
		w.chunk(d.rows[d.older:])
	case len(d.rows) >= chunkRows:
		w.chunk(d.rows)
	default:
		d.older = len(d.rows)
		return
	}
	d.rows, d.older = d.rows[:0], 0
}

// chunk puts rows into a chunk.
func (w *Writer) chunk(rows []uint32) {
	if len(rows) == 0 {
		return
	}
	d := &w.draft
	if d.block < 0 {
		d.block = w.reserve()
	}
	d.directory = binary.LittleEndian.AppendUint32(d.directory, rows[0])
	d.directory = binary.LittleEndian.AppendUint32(d.directory, uint32(d.block))
	d.directory = binary.LittleEndian.AppendUint32(d.directory, uint32(len(d.chunks)))
	d.chunks = appendList(d.chunks, rows)
	if len(d.chunks) >= chunkTarget {
		w.endChunks()
	}
}

// endChunks writes the chunks that are in no block yet.
func (w *Writer) endChunks() {
	d := &w.draft
	if d.block >= 0 {
		w.block(d.block, d.chunks)
	}
	d.chunks, d.block = d.chunks[:0], -1
}

// end ends the posting of a term.
func (w *Writer) end(term uint64) error {
	d := &w.draft
	if d.n == 0 {
		w.fail(errRange)
	}
	if w.err != nil {
		return w.err
	}
	if d.n == 1 {
		w.terms.single(term, d.rows[0])
	} else {
		w.terms.record(term)
		w.record()
	}
	return w.ended(term)
}

// record appends the rows of the posting to the records.
func (w *Writer) record() {
	d := &w.draft
	if len(d.directory) == 0 && len(d.rows) < chunkRows {
		w.terms.records = appendList(w.terms.records, d.rows)
		return
	}
	if len(d.rows) > 0 {
		w.turn()
	}
	w.chunk(d.rows)
	b := binary.AppendUvarint(w.terms.records, uint64(d.n)*forms+formDirectory)
	b = binary.AppendUvarint(b, uint64(len(d.directory)/entryBytes))
	w.terms.records = append(b, d.directory...)
}

// ended counts a term that was written.
func (w *Writer) ended(term uint64) error {
	w.filter.add(term, w.feedFilter)
	w.last = term
	w.info.Terms++
	if w.terms.size() >= dictionarySize {
		w.endTerms()
	}
	return w.err
}

// endTerms writes the terms that are in no block yet.
func (w *Writer) endTerms() {
	if len(w.terms.terms) == 0 {
		return
	}
	slot := w.reserve()
	b := binary.LittleEndian.AppendUint64(nil, w.terms.terms[0])
	b = binary.LittleEndian.AppendUint32(b, uint32(slot))
	w.plain = w.terms.appendTo(w.plain[:0], uint32(w.info.Rows))
	w.block(slot, w.plain)
	w.feed(streamTerms, b)
}
