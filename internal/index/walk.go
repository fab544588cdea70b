package index

import (
	"cmp"
	"math"
	"slices"
)

// source is one condition of a query, walked from the newest number down.
type source interface {
	// seek is the newest number that is not above n and meets the condition;
	// 0 if there is none. n never rises from call to call.
	seek(n uint32, cost *Cost) uint32
	// mark sets the bits of the numbers, of those with the upper bits, that
	// meet the condition; false if there are none. Numbers above the last that
	// was sought may be missing or not.
	mark(w *words, high uint32, cost *Cost) bool
	// size is about how many numbers meet the condition.
	size() int
}

// every is the condition that all rows meet.
type every struct{ rows *rows }

func (e every) size() int { return e.rows.count }

func (e every) seek(n uint32, cost *Cost) uint32 {
	cost.Postings++
	if n < e.rows.base {
		return 0
	}
	return min(n, e.rows.newest())
}

func (e every) mark(w *words, high uint32, cost *Cost) bool {
	cost.Postings++
	for i := range w {
		w[i] = math.MaxUint64
	}
	return e.rows.base>>pageBits <= high && high <= e.rows.newest()>>pageBits
}

// patience is how many moves of cursors a walk spends on agreeing on numbers
// one by one. A query that has not found its page by then asks for conditions
// that are often met and seldom together; it goes on by whole pages of
// postings, so that no query costs more than the archive's pages.
const patience = 1024

// walk finds, from the newest number down, the records that a query means.
type walk struct {
	rows     *rows
	query    *Query
	seconds  int64    // the moment at which review times are judged
	exact    bool     // who meets all conditions is meant: columns add nothing
	sources  []source // the rarest first
	low      uint32   // no number below it is meant
	next     uint32   // no number above it is left
	patience int      // moves left to agreeing one by one, see the constant
	block    *block   // once patience is at an end
	cost     Cost
}

// newWalk plans a query: it opens the postings, narrows the range of numbers,
// and puts the condition that fewest records meet in front.
func (x *Index) newWalk(q *Query) *walk {
	w := &walk{rows: &x.rows, query: q, patience: x.patience}
	if !w.open(x, q) {
		return w
	}
	w.low, w.next = x.rows.base, x.rows.newest()
	if q.Before != 0 && q.Before <= Number(w.next) {
		w.next = uint32(q.Before) - 1
	}
	if q.Received != nil {
		w.low, w.next = x.rows.received(w.low, w.next, *q.Received, &w.cost)
	}
	return w
}

// open opens what the query's conditions stand on; false if one is met by no
// record.
func (w *walk) open(x *Index, q *Query) bool {
	w.sources = make([]source, 0, len(q.All)+1)
	if !w.openTerms(x, q.All) {
		return false
	}
	if q.Review != nil {
		gate, exact := x.reviews.gate(q.Review)
		if gate.size() == 0 {
			return false
		}
		w.seconds = max(wholeSeconds(q.Review.At), x.reviews.seconds)
		w.exact = exact && q.Observed == nil
		w.cost.Postings += len(gate.heap)
		w.sources = append(w.sources, gate)
	}
	if len(w.sources) == 0 {
		w.sources = append(w.sources, every{&x.rows})
	}
	slices.SortStableFunc(w.sources, func(a, b source) int { return cmp.Compare(a.size(), b.size()) })
	return true
}

func (w *walk) openTerms(x *Index, all []AnyOf) bool {
	terms := 0
	for _, disjunct := range all {
		terms += len(disjunct)
	}
	cursors := make([]cursor, 0, terms)
	for _, disjunct := range all {
		first := len(cursors)
		for _, term := range disjunct {
			if c, ok := x.terms.of(term).posting(term); ok {
				cursors = append(cursors, c)
			}
		}
		if len(cursors) == first {
			return false
		}
		w.cost.Postings += len(cursors) - first
		w.sources = append(w.sources, newUnion(cursors[first:]))
	}
	return true
}

// step is the next record that is meant; 0 when there is none left.
func (w *walk) step() uint32 {
	for w.next != 0 && w.next >= w.low {
		n := w.candidate()
		if n == 0 || n < w.low {
			break
		}
		w.next = n - 1
		if w.accepts(n) {
			return n
		}
	}
	w.next = 0
	return 0
}

// candidate is the newest number left that all conditions agree on.
func (w *walk) candidate() uint32 {
	if w.block == nil {
		if n, agreed := w.agree(); agreed {
			return n
		}
		w.block = new(block)
	}
	return w.block.down(w)
}

// agree is the newest number left on which all sources agree. Whenever one of
// them disagrees, the rarest is asked first how far down it goes. It is false
// when patience came to an end; next is then how far it came.
func (w *walk) agree() (n uint32, agreed bool) {
	n = w.next
	for i := 0; i < len(w.sources); {
		if w.cost.Postings >= w.patience {
			w.next = n
			return 0, false
		}
		m := w.sources[i].seek(n, &w.cost)
		switch {
		case m == n:
			i++
		case m == 0, m < w.low:
			return 0, true
		case i == 0:
			n, i = m, 1
		default:
			n, i = m, 0
		}
	}
	return n, true
}

// accepts compares the columns of a number that meets all terms.
func (w *walk) accepts(n uint32) bool {
	w.cost.Rows++
	if w.exact {
		return true
	}
	c := w.rows.get(n)
	if c == nil {
		return false
	}
	if o := w.query.Observed; o != nil && !o.overlaps(c.ObservedStart, c.ObservedEnd) {
		return false
	}
	r := w.query.Review
	if r == nil {
		return true
	}
	own := c.Owner != 0 && c.Owner == r.Owner
	if r.Due {
		return own && passed(c, w.seconds)
	}
	return own || !passed(c, w.seconds)
}

// Search implements Searcher.
func (x *Index) Search(q Query, limit int, visit func(Number) bool) Cost {
	w := x.newWalk(&q)
	for range limit {
		n := w.step()
		if n == 0 || !visit(Number(n)) {
			break
		}
	}
	return w.cost
}

// Count implements Searcher.
func (x *Index) Count(q Query, limit int) (n int, more bool, cost Cost) {
	w := x.newWalk(&q)
	limit = min(max(limit, 0), math.MaxInt-1)
	for n <= limit {
		if whole := w.whole(); whole > 0 {
			n += whole
			continue
		}
		if w.step() == 0 {
			break
		}
		n++
	}
	return min(n, limit), n > limit, w.cost
}
