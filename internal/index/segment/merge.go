package segment

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
)

var (
	errInputs = errors.New("segment: inputs of different versions or columns, or none")
	errTwice  = errors.New("segment: a number is alive twice")
)

// pause is after how many rows or postings a merge looks whether it shall go on
// and lets others run.
const pause = 1 << 14

// Input is a file to be merged.
type Input struct {
	Reader *Reader
	// Dead tells which rows are to be left out; nil leaves none out. It is
	// asked once for each row, ascending.
	Dead func(row uint32) bool
}

// Merge writes what is left of some files into one: the rows that are not dead,
// by number. A number may be alive in one of them at most. The result may be
// without rows. It reads past the caches, and its memory is bounded: besides
// the writer's, twelve bytes for every run of rows that stay together, and a
// few blocks and a page of rows for each input. When ctx ends it stops with
// the cause, and nothing is left; so it is after any error.
func Merge(ctx context.Context, path string, s Sealer, inputs ...Input) (info Info, err error) {
	if len(inputs) == 0 {
		return Info{}, errInputs
	}
	first := inputs[0].Reader.info
	for _, in := range inputs {
		if i := in.Reader.info; i.Version != first.Version || i.Columns != first.Columns {
			return Info{}, errInputs
		}
	}
	w, err := Create(path, s, first.Version, first.Columns)
	if err != nil {
		return Info{}, err
	}
	defer w.Abort()
	m := &merge{ctx: ctx, writer: w}
	for _, in := range inputs {
		m.inputs = append(m.inputs, newSource(in))
	}
	if err := m.run(); err != nil {
		return Info{}, err
	}
	return w.Close()
}

// merge is a merge under way.
type merge struct {
	ctx    context.Context
	writer *Writer
	inputs []*source
	inTurn bool // the rows of each input go behind those of the one before
	work   int  // since the last pause
}

func (m *merge) run() (err error) {
	defer caught(&err)
	if err := m.rows(); err != nil {
		return err
	}
	m.inTurn = m.follow()
	return m.terms()
}

// follow tells whether the rows of each input go behind those of the one before.
func (m *merge) follow() bool {
	end := uint32(0)
	for _, s := range m.inputs {
		if n := len(s.moved); n > 0 {
			if s.moved[0].to < end {
				return false
			}
			end = s.moved[n-1].to + s.moved[n-1].n
		}
	}
	return true
}

// worked counts work, and pauses now and then.
func (m *merge) worked(n int) error {
	if m.work += n; m.work < pause {
		return nil
	}
	m.work = 0
	runtime.Gosched()
	return context.Cause(m.ctx)
}

// source is an input, and where it stands.
type source struct {
	Input
	row     uint32 // the next that is alive
	number  uint64 // of row; math.MaxUint64 behind the last
	run     int    // of row
	columns []held
	moved   moves
	walk    *termWalk
	left    bool // walk stands at a term that was not merged yet

	inChunks bool // so the term that is merged has its rows
	posting  Posting
	chunks   rowWalk
	merged   []uint32 // rows of the list, as they are called in the result
	buffer   []uint32
	lookups  lookups
}

func newSource(in Input) *source {
	s := &source{Input: in, columns: make([]held, in.Reader.info.Columns), walk: newTermWalk(in.Reader), lookups: newLookups(in.Reader)}
	for i := range s.columns {
		s.columns[i].slot = -1
	}
	s.row = NoRow
	s.step()
	return s
}

// step moves to the next row that is alive.
func (s *source) step() {
	r := s.Reader
	for s.row++; int(s.row) < r.info.Rows; s.row++ {
		if s.Dead != nil && s.Dead(s.row) {
			continue
		}
		for s.run+1 < len(r.starts) && r.starts[s.run+1] <= s.row {
			s.run++
		}
		s.number = uint64(r.numbers[s.run] + (s.row - r.starts[s.run]))
		return
	}
	s.number = math.MaxUint64
}

// rows writes the rows, and remembers where they went.
func (m *merge) rows() error {
	values := make([]int64, m.writer.info.Columns)
	for to := uint32(0); ; to++ {
		next := m.inputs[0]
		for _, s := range m.inputs[1:] {
			if s.number < next.number {
				next = s
			}
		}
		if next.number == math.MaxUint64 {
			return nil
		}
		if to > 0 && next.number == uint64(m.writer.info.Last) {
			return fmt.Errorf("%w: %d", errTwice, next.number)
		}
		for i := range values {
			values[i] = next.Reader.column(i, next.row, &next.columns[i])
		}
		if err := m.writer.Row(uint32(next.number), values...); err != nil {
			return err
		}
		next.moved.add(next.row, to)
		next.step()
		if err := m.worked(1); err != nil {
			return err
		}
	}
}

// terms writes the postings.
func (m *merge) terms() error {
	var here []*source
	for {
		here = m.least(here[:0])
		if len(here) == 0 {
			return nil
		}
		if err := m.posting(here[0].walk.term, here); err != nil {
			return err
		}
		for _, s := range here {
			s.left = false
		}
	}
}

// least is the inputs that have the least term left.
func (m *merge) least(here []*source) []*source {
	for _, s := range m.inputs {
		if !s.left && !s.walk.next() {
			continue
		}
		s.left = true
		if len(here) > 0 && here[0].walk.term < s.walk.term {
			continue
		}
		if len(here) > 0 && here[0].walk.term > s.walk.term {
			here = here[:0]
		}
		here = append(here, s)
	}
	return here
}

// posting writes the posting of a term that some inputs have.
func (m *merge) posting(term uint64, here []*source) error {
	if err := m.writer.begin(term); err != nil {
		return err
	}
	for _, s := range here {
		s.begin()
	}
	parts, total := m.parts(here)
	add := m.mixed
	if m.inTurn {
		add = m.oneByOne
	}
	switch n, err := add(here); {
	case err != nil:
		return err
	case len(parts) > 0:
		return m.writer.endCompound(term, parts, total)
	case n == 0: // all are dead
		return m.worked(1)
	default:
		return m.writer.end(term)
	}
}

// oneByOne adds all rows of an input before those of the next.
func (m *merge) oneByOne(here []*source) (total int, err error) {
	for _, s := range here {
		for s.more() {
			n := len(s.merged)
			m.writer.add(s.merged)
			s.merged = nil
			total += n
			if err := m.worked(n); err != nil {
				return 0, err
			}
		}
	}
	return total, nil
}

// mixed adds the lowest rows first, whichever input has them.
func (m *merge) mixed(here []*source) (total int, err error) {
	for _, s := range here {
		s.more()
	}
	for {
		next, limit := lowest(here)
		if next == nil {
			return total, nil
		}
		n := below(next.merged, limit)
		m.writer.add(next.merged[:n])
		next.merged = next.merged[n:]
		total += n
		if err := m.worked(n); err != nil {
			return 0, err
		}
		next.more()
	}
}

// below is how many of ascending rows are below a limit.
func below(rows []uint32, limit uint64) int {
	if uint64(rows[len(rows)-1]) < limit {
		return len(rows)
	}
	n, _ := slices.BinarySearch(rows, uint32(limit))
	return n
}

// lowest is the input whose next row is the lowest, and the next row of the
// others.
func lowest(here []*source) (next *source, limit uint64) {
	limit = math.MaxUint64
	for _, s := range here {
		switch {
		case len(s.merged) == 0:
		case next == nil || s.merged[0] < next.merged[0]:
			if next != nil {
				limit = uint64(next.merged[0])
			}
			next = s
		default:
			limit = min(limit, uint64(s.merged[0]))
		}
	}
	return next, limit
}

// begin begins the posting that the walk stands at.
func (s *source) begin() {
	var whole bool
	s.posting.parts, s.posting.n = nil, 0
	s.buffer, whole = s.walk.rows(s.buffer[:0])
	s.merged = s.moved.of(s.buffer)
	if s.inChunks = !whole; s.inChunks {
		s.posting = s.walk.posting()
		s.chunks = newRowWalk(&s.posting, s.buffer)
	}
}

// more sees to it that merged has the next rows that are alive; false if none
// are left.
func (s *source) more() bool {
	for len(s.merged) == 0 && s.inChunks && s.chunks.next() {
		s.buffer = s.chunks.rows
		s.merged = s.moved.of(s.buffer)
	}
	return len(s.merged) > 0
}

// moves is where the rows of an input went, in runs.
type moves []move

// move is some rows, next to each other before and after.
type move struct{ from, n, to uint32 }

func (v *moves) add(from, to uint32) {
	if i := len(*v) - 1; i >= 0 {
		if last := &(*v)[i]; last.from+last.n == from && last.to+last.n == to {
			last.n++
			return
		}
	}
	*v = append(*v, move{from, 1, to})
}

// of puts in the place of ascending rows where they went; those that are dead went
// nowhere.
func (v moves) of(rows []uint32) []uint32 {
	if len(rows) == 0 {
		return nil
	}
	i := v.after(rows[0])
	if i < len(v) && v[i].from <= rows[0] && rows[len(rows)-1]-v[i].from < v[i].n {
		by := v[i].to - v[i].from
		for k := range rows { // all stay together
			rows[k] += by
		}
		return rows
	}
	live := rows[:0]
	for _, row := range rows {
		if i < len(v) && row-v[i].from >= v[i].n && row >= v[i].from {
			if i++; i < len(v) && row >= v[i].from+v[i].n {
				i += v[i:].after(row)
			}
		}
		if i == len(v) {
			break
		}
		if row >= v[i].from {
			live = append(live, v[i].to+(row-v[i].from))
		}
	}
	return live
}

// after is the first run that ends behind a row.
func (v moves) after(row uint32) int {
	low, high := 0, len(v)
	for low < high {
		if mid := int(uint(low+high) >> 1); v[mid].from+v[mid].n <= row {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}
