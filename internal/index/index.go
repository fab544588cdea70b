package index

import "cmp"

var _ Searcher = (*Index)(nil)

// Index holds the postings of records in memory. It has no lock: any number of
// Search, Count and Len may run together, and Apply only alone.
type Index struct {
	rows  []row
	place map[Number]int
	now   int64
}

type row struct {
	number  Number
	terms   map[Term]struct{}
	columns Columns
	gone    bool
}

// New is an empty index.
func New() *Index { return &Index{place: map[Number]int{}} }

// Len is how many records the index holds.
func (x *Index) Len() int { return len(x.place) }

// Apply makes the changes of a batch, in order; nowMicros is the journal time
// after it and may only grow. A batch without changes lets time pass, which
// moves records to the due side of their review. On an error, ErrNumber or
// ErrColumns, nothing of the batch has been applied.
func (x *Index) Apply(nowMicros int64, changes []Change) error {
	for _, c := range changes {
		i, known := x.place[c.Number]
		if !known {
			if c.Gone || c.Number == 0 || c.Number > MaxNumber {
				return ErrNumber
			}
			i = len(x.rows)
			x.place[c.Number] = i
			x.rows = append(x.rows, row{number: c.Number, terms: map[Term]struct{}{}})
		}
		r := &x.rows[i]
		for _, t := range c.Remove {
			delete(r.terms, t)
		}
		for _, t := range c.Add {
			r.terms[t] = struct{}{}
		}
		r.columns, r.gone = c.Columns, c.Gone
	}
	x.now = max(x.now, nowMicros)
	return nil
}

// Search implements Searcher.
func (x *Index) Search(q Query, limit int, visit func(Number) bool) Cost {
	var cost Cost
	for i := len(x.rows) - 1; i >= 0 && limit > 0; i-- {
		cost.Rows++
		if r := x.rows[i]; x.means(q, r) {
			limit--
			if !visit(r.number) {
				break
			}
		}
	}
	return cost
}

// Count implements Searcher.
func (x *Index) Count(q Query, limit int) (n int, more bool, cost Cost) {
	cost = x.Search(q, max(limit, 0)+1, func(Number) bool { n++; return true })
	return min(n, max(limit, 0)), n > max(limit, 0), cost
}

func (x *Index) means(q Query, r row) bool {
	for _, any := range q.All {
		met := false
		for _, t := range any {
			_, has := r.terms[t]
			met = met || has
		}
		if !met {
			return false
		}
	}
	c := r.columns
	switch {
	case r.gone, q.Before != 0 && r.number >= q.Before:
		return false
	case q.Received != nil && (c.CreateMicros < q.Received.From || c.CreateMicros > q.Received.To):
		return false
	case q.Observed != nil && !q.Observed.overlaps(c.ObservedStart, c.ObservedEnd):
		return false
	}
	if q.Review == nil {
		return true
	}
	passed := c.ReviewSeconds != 0 && cmp.Less(c.ReviewSeconds*1e6-1, max(q.Review.At, x.now))
	own := c.Owner == q.Review.Owner && c.Owner != 0
	if q.Review.Due {
		return passed && own
	}
	return !passed || own
}
