package index

import (
	"container/heap"
	"math"
	"sort"

	"github.com/seed-1d76a664/entente/internal/index/segment"
)

// The columns of a segment's rows, in the order of the file.
const (
	columnKind = iota
	columnOwner
	columnCreate
	columnReview
	columnObservedStart
	columnObservedEnd
	columnSpot
	columnOtherSpot
	columnCount
)

// disk is a layer over a segment file. Its ids are the file's rows; row 0 is
// nobody's, so that 0 is no id here too, and has the number 0.
type disk struct {
	reader  *segment.Reader
	last    uint32 // the highest id; 0 without any
	reviews reviews
	masks   *masks
}

// Segment is a segment file that is ready to become a layer.
type Segment struct{ disk *disk }

// OpenSegment reads what a segment keeps in memory: who was due for review at a
// moment, Unix microseconds, and when the others are. It takes its time, some
// 100 ns a record: call it before the layers are locked.
func OpenSegment(r *segment.Reader, nowMicros int64) *Segment {
	d := &disk{reader: r, last: uint32(r.Info().Rows) - 1, reviews: reviews{due: map[uint32]*set{}}, masks: newMasks()}
	d.reviews.open.fill(1, d.last)
	for id := uint32(1); id <= d.last; id++ {
		if at := r.Column(columnReview, id); at != 0 {
			d.reviews.waiting = append(d.reviews.waiting, appointment{at, id})
		}
	}
	heap.Init(&d.reviews.waiting)
	d.pass(nowMicros)
	return &Segment{d}
}

func (d *disk) posting(term Term) (stepper, bool) {
	p, ok := d.reader.Posting(onFile(term))
	if !ok {
		return nil, false
	}
	if all := p.Parts(); all != nil {
		return d.several(all)
	}
	c := d.cursor(&p)
	return c, c.at != 0
}

// cursor stands at the newest row of a posting, or at 0.
func (d *disk) cursor(p *segment.Posting) *diskCursor {
	c := &diskCursor{cursor: p.Cursor(), total: p.Len()}
	c.seek(d.last, new(Cost))
	return c
}

// several stands at the newest row of some postings; false if there is none.
func (d *disk) several(postings []segment.Posting) (stepper, bool) {
	u := newUnion(len(postings))
	for i := range postings {
		if c := d.cursor(&postings[i]); c.at != 0 {
			u.add(c)
		}
	}
	u.begin()
	return several{u}, len(u.heap) > 0
}

// several is a union as one posting.
type several struct{ *union }

func (s several) stands() uint32 {
	if len(s.heap) == 0 {
		return 0
	}
	return s.heap[0].at
}

func (s several) seek(n uint32, cost *Cost) { s.union.seek(n, cost) }

func (d *disk) united(terms []Term, counts bool) (source, bool) {
	if !counts {
		m := d.masks.known(terms)
		return m, m != nil
	}
	m := d.masks.of(terms, func() *mask { return newMask(openUnion(d, terms, new(Cost)), d.last) })
	return m, m != nil
}

func (d *disk) may(term Term) bool { return d.reader.May(onFile(term)) }

// keptBits is how many bits of a term a segment keeps. A count rests on terms alone,
// so that an audience must not share its term: among the three million terms of a
// million records, one of a thousand audiences does so in one hub of twenty million
// (with 48 bits: of a hundred thousand).
const keptBits = 56

func onFile(t Term) uint64 { return uint64(t) >> (64 - keptBits) << (64 - keptBits) }

func (d *disk) every() source { return upTo32(d.last) }

func (d *disk) gate(r *Review) (source, bool, int64) {
	return d.reviews.gate(r, int(d.last))
}

func (d *disk) span(q *Query, cost *Cost) (low, high uint32, exact bool) {
	low, high = 1, d.last
	if q.Before != 0 && q.Before <= MaxNumber {
		high = min(high, d.idUpTo(uint32(q.Before)-1))
	}
	if q.From > 1 {
		if low = math.MaxUint32; q.From <= MaxNumber {
			low = d.idUpTo(uint32(q.From)-1) + 1
		}
	}
	if q.Received != nil {
		low = max(low, d.firstAt(q.Received.From, cost))
		if q.Received.To != math.MaxInt64 {
			high = min(high, d.firstAt(q.Received.To+1, cost)-1)
		}
	}
	return low, high, true
}

// idUpTo is the id of the highest number that is not above n; 0 if there is
// none.
func (d *disk) idUpTo(n uint32) uint32 {
	id, _ := d.reader.Row(n)
	return id
}

// firstAt is the first id whose time of submission is not before a moment.
func (d *disk) firstAt(micros int64, cost *Cost) uint32 {
	return 1 + uint32(sort.Search(int(d.last), func(i int) bool {
		cost.Probes++
		return d.reader.Column(columnCreate, uint32(i)+1) >= micros
	}))
}

func (d *disk) columns(id uint32, asked columns) (c Columns, ok bool) {
	if asked&createColumn != 0 {
		c.CreateMicros = d.reader.Column(columnCreate, id)
	}
	if asked&reviewColumns != 0 {
		c.Owner, c.ReviewSeconds = uint32(d.reader.Column(columnOwner, id)), d.reader.Column(columnReview, id)
	}
	if asked&observedColumns != 0 {
		c.ObservedStart, c.ObservedEnd = d.reader.Column(columnObservedStart, id), d.reader.Column(columnObservedEnd, id)
	}
	return c, true
}

func (d *disk) spots(id uint32) Spots {
	if id > d.last {
		return Spots{}
	}
	return Spots{d.reader.Column(columnSpot, id), d.reader.Column(columnOtherSpot, id)}
}

func (d *disk) number(id uint32) Number { return Number(d.reader.Number(id)) }

func (d *disk) newest(n Number) Number {
	last := Number(d.reader.Info().Last)
	if n >= last {
		return last
	}
	return d.number(d.idUpTo(uint32(n)))
}

func (d *disk) id(n uint32) (uint32, bool) {
	id, ok := d.reader.Row(n)
	return id, ok && id != 0
}

func (d *disk) live() int { return int(d.last) }

func (d *disk) pass(nowMicros int64) {
	d.reviews.advance(wholeSeconds(nowMicros), func(id uint32) (int64, uint32, bool) {
		return d.reader.Column(columnReview, id), uint32(d.reader.Column(columnOwner, id)), true
	})
}

// diskCursor is a segment's posting as a stepper.
type diskCursor struct {
	cursor segment.Cursor
	at     uint32
	total  int
}

func (c *diskCursor) stands() uint32 { return c.at }

func (c *diskCursor) size() int { return c.total }

func (c *diskCursor) seek(n uint32, cost *Cost) {
	cost.Postings++
	at, ok := c.cursor.Seek(n, &cost.Probes)
	if !ok {
		at = 0
	}
	c.at = at
}

func (c *diskCursor) mark(w *words, high uint32, cost *Cost) bool {
	if c.at>>pageBits < high {
		return false
	}
	cost.Postings++
	return c.cursor.Mark((*[pageWords]uint64)(w), high, &cost.Probes)
}

// upTo32 is the condition that all ids up to a highest meet.
type upTo32 uint32

func (u upTo32) size() int { return int(u) }

func (u upTo32) seek(n uint32, cost *Cost) uint32 {
	cost.Postings++
	return min(n, uint32(u))
}

func (u upTo32) mark(w *words, high uint32, cost *Cost) bool {
	cost.Postings++
	if uint32(u)>>pageBits < high {
		return false
	}
	for i := range w {
		w[i] = math.MaxUint64
	}
	return true
}
