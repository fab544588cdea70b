package index

import (
	"math"
	"sort"
)

// pageRows is how many rows lie together. Rows grow by pages, so that nothing
// large is ever copied.
const pageRows = 1024

// rows hold the columns of each number, from a first one on. A number that
// never came or is gone is a row without a kind; it keeps a time, so that the
// times never fall from row to row. Records that were taken over from an older
// layer lie beside them.
type rows struct {
	base  uint32 // the first number; 0 until it is known
	count int    // rows, up to the highest number
	live  int    // rows with a record, those taken over among them
	pages []*[pageRows]Columns
	older map[uint32]*Columns // by number, all below base
	high  uint32              // the highest number that older has held
}

// newest is the highest number that the rows have held; 0 before the first.
func (r *rows) newest() uint32 {
	if r.count == 0 {
		return 0
	}
	return r.base + uint32(r.count) - 1
}

// row is the place of a number, which must be one of the range.
func (r *rows) row(n uint32) int { return int(n - r.base) }

// at is the row in a place.
func (r *rows) at(row int) *Columns { return &r.pages[row/pageRows][row%pageRows] }

// get is the row of a number that there is a record of; else nil.
func (r *rows) get(n uint32) *Columns {
	if n < r.base {
		return r.older[n]
	}
	if r.count == 0 || n > r.newest() {
		return nil
	}
	if c := r.at(r.row(n)); c.Kind != 0 {
		return c
	}
	return nil
}

// append adds a number above the newest, and the numbers left out between.
func (r *rows) append(n uint32, c Columns) {
	gap := Columns{CreateMicros: math.MinInt64}
	if r.base == 0 {
		r.base = n
	}
	if r.count > 0 {
		gap.CreateMicros = r.at(r.count - 1).CreateMicros
	}
	for r.count < r.row(n) {
		r.push(gap)
	}
	r.push(c)
	r.live++
}

func (r *rows) push(c Columns) {
	if r.count == len(r.pages)*pageRows {
		r.pages = append(r.pages, new([pageRows]Columns))
	}
	r.count++
	*r.at(r.count - 1) = c
}

// takeOver adds a number below base.
func (r *rows) takeOver(n uint32, c Columns) {
	if r.older == nil {
		r.older = map[uint32]*Columns{}
	}
	r.older[n] = &c
	r.high = max(r.high, n)
	r.live++
}

// olderHigh bounds the numbers that were taken over; 0 without any.
func (r *rows) olderHigh() uint32 { return r.high }

// review is the review time and the owner of a number; false if there is no
// record.
func (r *rows) review(n uint32) (seconds int64, owner uint32, ok bool) {
	if c := r.get(n); c != nil {
		return c.ReviewSeconds, c.Owner, true
	}
	return 0, 0, false
}

// drop makes a number one without a record.
func (r *rows) drop(n uint32) {
	r.live--
	if n < r.base {
		delete(r.older, n)
		return
	}
	c := r.at(r.row(n))
	*c = Columns{CreateMicros: c.CreateMicros}
}

// received narrows a range of numbers to those first submitted in an interval.
func (r *rows) received(low, high uint32, i Interval, cost *Cost) (uint32, uint32) {
	from := r.firstAt(i.From, cost)
	to := r.count
	if i.To != math.MaxInt64 {
		to = r.firstAt(i.To+1, cost)
	}
	return max(low, r.base+uint32(from)), min(high, r.base+uint32(to)-1)
}

// firstAt is the first row whose time is not before a moment.
func (r *rows) firstAt(micros int64, cost *Cost) int {
	return sort.Search(r.count, func(row int) bool {
		cost.Probes++
		return r.at(row).CreateMicros >= micros
	})
}
