package segment

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
)

var (
	errSum   = errors.New("the sum of the bytes is another")
	errCount = errors.New("not as many as there should be")
)

// Verify reads the whole file and checks every byte and every block: the sum of
// the bytes, all columns, all terms and all rows of all postings.
func (r *Reader) Verify() (err error) {
	defer caught(&err)
	r.verifySum()
	r.verifyColumns()
	r.verifyTerms()
	return nil
}

func (r *Reader) verifySum() {
	f := r.footer(r.frame())
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(r.file, 0, f.start)); err != nil {
		panic(r.damage("file that cannot be read", -1, err))
	}
	if !bytes.Equal(sum.Sum(nil), f.digest[:]) {
		panic(r.damage("file", -1, errSum))
	}
}

func (r *Reader) verifyColumns() {
	for column := range r.info.Columns {
		blocks := &held{slot: -1}
		for row := 0; row < r.info.Rows; row += columnRows {
			r.column(column, uint32(row), blocks)
		}
	}
}

func (r *Reader) verifyTerms() {
	terms, rows := 0, []uint32(nil)
	for w := newTermWalk(r); w.next(); terms++ {
		if !inFilter(r.filter, w.term) {
			panic(r.damage("filter", -1, nil))
		}
		p := w.posting()
		rows = verifyPosting(&p, rows)
	}
	if terms != r.info.Terms {
		panic(r.damage("terms", -1, errCount))
	}
}

// verifyPosting reads a whole posting. It uses the memory of rows.
func verifyPosting(p *Posting, rows []uint32) []uint32 {
	n, last := 0, int64(-1)
	v := newRowWalk(p, rows)
	for v.next() {
		if int64(v.rows[0]) <= last {
			panic(p.reader.damage("order of a posting", -1, nil))
		}
		n += len(v.rows)
		last = int64(v.rows[len(v.rows)-1])
	}
	if n != p.own {
		panic(p.reader.damage("length of a posting", -1, errCount))
	}
	return v.rows
}

// rowWalk is the rows of a posting, ascending, a list at a time.
type rowWalk struct {
	posting *Posting // nil has no rows
	chunk   int      // the next
	rows    []uint32
}

// newRowWalk walks a posting. It may use the memory of rows.
func newRowWalk(p *Posting, rows []uint32) rowWalk { return rowWalk{posting: p, rows: rows} }

// next reads the rows of the next list; false if there is none.
func (w *rowWalk) next() bool {
	p := w.posting
	if p == nil {
		return false
	}
	l := p.one
	if p.directory == nil && (w.chunk > 0 || p.own == 0) || p.directory != nil && w.chunk*entryBytes >= len(p.directory) {
		return false
	}
	if p.directory != nil {
		l = p.reader.chunk(p.directory[w.chunk*entryBytes:], p.blocks)
	}
	w.chunk++
	var ok bool
	if w.rows, ok = l.rows(w.rows[:0], uint32(p.reader.info.Rows)); !ok {
		panic(p.reader.damage("rows of a posting", -1, nil))
	}
	return true
}
