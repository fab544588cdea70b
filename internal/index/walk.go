package index

import (
	"math"
	"slices"
)

// source is one condition of a query, walked from the newest id down.
type source interface {
	// seek is the newest id that is not above n and meets the condition; 0 if
	// there is none. n never rises from call to call.
	seek(n uint32, cost *Cost) uint32
	// mark sets the bits of the ids, of those with the upper bits, that meet the
	// condition; false if there are none. Ids above the last that was sought may
	// be missing or not.
	mark(w *words, high uint32, cost *Cost) bool
	// size is about how many ids meet the condition.
	size() int
}

// patience is how many moves of cursors a condition spends on agreeing on ids
// one by one. A query that has not found its page by then asks for conditions
// that are often met and seldom together; it goes on by whole pages of
// postings, so that no query costs more than the archive's pages.
const patience = 1024

// walk finds, from the newest id of a layer down, the records that a query
// means.
type walk struct {
	both
	layer   layer
	dead    *set // ids that a newer layer has taken over, or that are gone
	query   *Query
	seconds int64  // the moment at which review times are judged
	next    uint32 // no id above it is left
	// compared are the columns that have to be. Without any, who meets all
	// conditions is meant.
	compared columns
	cost     Cost
	room     [6]source // of all, of so many at most
}

// newWalk plans a query over a layer: it opens the postings and narrows the
// range of ids.
func newWalk(l layer, dead *set, q *Query, patience int) *walk {
	w := &walk{layer: l, dead: dead, query: q}
	w.patience = patience
	if !w.open(q) {
		return w
	}
	var exact bool
	w.low, w.next, exact = l.span(q, &w.cost)
	if q.Received != nil && !exact {
		w.compared |= createColumn
	}
	return w
}

// mayMeet is false if a layer certainly has nothing of what one of a query's
// conditions asks for. What is rare comes last in a query: audience and state,
// which every layer has, come first. So a layer without an identifier is done
// with before anything of it is opened.
func mayMeet(l layer, q *Query) bool {
	for i := len(q.All) - 1; i >= 0; i-- {
		if !slices.ContainsFunc(q.All[i], l.may) {
			return false
		}
	}
	return true
}

// open opens what the query's conditions stand on, the rare ones first; false
// if one is met by no record.
func (w *walk) open(q *Query) bool {
	o := conditions{layer: w.layer, patience: w.patience, cost: &w.cost}
	w.all = w.room[:0]
	for _, disjunct := range slices.Backward(q.All) {
		if !o.terms(&w.both, disjunct) {
			return false
		}
	}
	if !o.clauses(&w.both, q.Where) {
		return false
	}
	if q.Observed != nil {
		w.compared |= observedColumns
	}
	if q.Review != nil && !w.openGate(q.Review) {
		return false
	}
	if len(w.all) == 0 {
		w.all = append(w.all, w.layer.every())
	}
	w.order()
	return true
}

func (w *walk) openGate(r *Review) bool {
	gate, exact, seconds := w.layer.gate(r)
	w.seconds = max(wholeSeconds(r.At), seconds)
	if !exact {
		w.compared |= reviewColumns
	}
	if gate == nil {
		return true
	}
	if gate.size() == 0 {
		return false
	}
	w.cost.Postings++
	w.all = append(w.all, gate)
	return true
}

// step is the next id that is meant; 0 when there is none left.
func (w *walk) step() uint32 {
	for w.next != 0 && w.next >= w.low {
		n := w.seek(w.next, &w.cost)
		if n == 0 {
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

// accepts compares the columns of an id that meets all terms.
func (w *walk) accepts(n uint32) bool {
	if w.dead.has(n) {
		return false
	}
	w.cost.Rows++
	if w.compared == 0 {
		return true
	}
	c, ok := w.layer.columns(n, w.compared)
	q := w.query
	return ok && (w.compared&createColumn == 0 || q.Received.holds(c.CreateMicros)) &&
		(w.compared&observedColumns == 0 || q.Observed.overlaps(c.ObservedStart, c.ObservedEnd)) &&
		(w.compared&reviewColumns == 0 || w.reviewed(&c))
}

// reviewed tells whether a record is one that the query's Review lets through.
func (w *walk) reviewed(c *Columns) bool {
	r := w.query.Review
	own := c.Owner != 0 && c.Owner == r.Owner
	if r.Due {
		return own && passed(c, w.seconds)
	}
	return own || !passed(c, w.seconds)
}

func (i Interval) holds(moment int64) bool { return i.From <= moment && moment <= i.To }

// count counts what is meant, up to one more than limit.
func (w *walk) count(limit int) (n int) {
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
	return n
}

// Search implements Searcher.
func (x *Index) Search(q Query, limit int, visit func(Number) bool) Cost {
	w := newWalk(x, nil, &q, x.patience)
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
	w := newWalk(x, nil, &q, x.patience)
	limit = min(max(limit, 0), math.MaxInt-1)
	n = w.count(limit)
	return min(n, limit), n > limit, w.cost
}
