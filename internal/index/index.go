package index

var _ Searcher = (*Index)(nil)

// Index holds the postings of records in memory. It has no lock: any number of
// Search, Count and Len may run together, and Apply only alone.
type Index struct {
	terms   *table
	rows    rows
	reviews reviews

	gathered gathered // nothing, outside of Apply
	patience int      // see the constant; smaller in tests
	posted   int      // numbers that were put into postings: what the memory follows
}

// New is an empty index, for which no time has passed.
func New() *Index { return newIndex(0) }

// newIndex is an empty index whose records are those from a number on. Records
// with lower numbers may come into it in any order: those that an older layer
// had, and that have changed. base 0 is that of the first record that comes,
// and then there are none with lower numbers.
func newIndex(base uint32) *Index {
	return &Index{terms: newTable(), patience: patience, rows: rows{base: base}, reviews: reviews{due: map[uint32]*set{}}}
}

// Len is how many records the index holds.
func (x *Index) Len() int { return x.rows.live }

// Apply makes the changes of a batch, in order, and lets time pass up to
// nowMicros, the journal time after the batch; one that is not later passes
// none. It keeps none of the slices. A batch without changes only lets time
// pass, which moves records to the due side of their review.
//
// An error, ErrNumber or ErrColumns, says that the caller and the index have
// come apart: the changes before the one at fault have been made, and the index
// has to be built again.
func (x *Index) Apply(nowMicros int64, changes []Change) error {
	x.pass(nowMicros)
	defer x.settle()
	for i := range changes {
		if err := x.apply(&changes[i]); err != nil {
			return err
		}
	}
	return nil
}

// settle ends a batch.
func (x *Index) settle() {
	x.gathered.put(x.terms)
	x.reviews.tidy(&x.rows)
}

// pass lets time pass.
func (x *Index) pass(nowMicros int64) {
	x.reviews.advance(wholeSeconds(nowMicros), x.rows.review)
}

func (x *Index) apply(c *Change) error {
	if c.Number == 0 || c.Number > MaxNumber {
		return ErrNumber
	}
	n := uint32(c.Number)
	if n >= x.rows.base && n > x.rows.newest() {
		return x.begin(n, c)
	}
	old := x.rows.get(n)
	switch {
	case old == nil:
		return ErrNumber
	case !c.Gone && (c.Columns.Kind == 0 || c.Columns.CreateMicros != old.CreateMicros):
		return ErrColumns
	}
	x.post(n, c)
	if c.Gone {
		x.reviews.leave(n, old)
		x.rows.drop(n)
		return nil
	}
	if c.Columns.ReviewSeconds != old.ReviewSeconds || c.Columns.Owner != old.Owner {
		x.reviews.leave(n, old)
		x.reviews.enter(n, &c.Columns)
	}
	*old = c.Columns
	return nil
}

// begin takes in a number that is higher than all before it.
func (x *Index) begin(n uint32, c *Change) error {
	switch {
	case c.Gone:
		return ErrNumber
	case c.Columns.Kind == 0:
		return ErrColumns
	case x.rows.count > 0 && c.Columns.CreateMicros < x.rows.at(x.rows.count-1).CreateMicros:
		return ErrColumns
	}
	x.rows.append(n, c.Columns)
	x.enter(n, c)
	return nil
}

// takeOver takes in a record that an older layer has had.
func (x *Index) takeOver(n uint32, c *Change) {
	x.rows.takeOver(n, c.Columns)
	x.enter(n, c)
}

func (x *Index) enter(n uint32, c *Change) {
	x.post(n, c)
	x.reviews.enter(n, &c.Columns)
}

func (x *Index) post(n uint32, c *Change) {
	if len(c.Remove) > 0 {
		x.gathered.put(x.terms)
	}
	for _, t := range c.Remove {
		x.terms.of(t).remove(t, n)
	}
	if c.Gone {
		return
	}
	x.posted += len(c.Add)
	x.gathered.add(c.Add, n, x.terms)
}

// The Index is a layer whose ids are its numbers.

func (x *Index) posting(term Term) (stepper, bool) {
	c, ok := x.terms.of(term).posting(term)
	if !ok {
		return nil, false
	}
	return &c, true
}

func (x *Index) may(term Term) bool { return x.terms.of(term).has(term) }

func (x *Index) united([]Term, bool) (source, bool) { return nil, false }

func (x *Index) every() source { return every{rows: &x.rows} }

func (x *Index) gate(r *Review) (source, bool, int64) {
	return x.reviews.gate(r, x.rows.live)
}

func (x *Index) span(q *Query, cost *Cost) (low, high uint32, exact bool) {
	low, high, exact = x.rows.base, x.rows.newest(), true
	if q.Received != nil {
		low, high = x.rows.received(low, high, *q.Received, cost)
	}
	if len(x.rows.older) > 0 {
		low, high, exact = 1, max(high, x.rows.olderHigh()), false
	}
	return max(low, uint32(min(q.From, MaxNumber+1))), below(high, q.Before), exact
}

// below is the highest id that is neither above high nor as high as before; 0
// for before sets no bound.
func below(high uint32, before Number) uint32 {
	if before != 0 && before <= Number(high) {
		return uint32(before) - 1
	}
	return high
}

func (x *Index) columns(id uint32, _ columns) (Columns, bool) {
	if c := x.rows.get(id); c != nil {
		return *c, true
	}
	return Columns{}, false
}

func (x *Index) spots(id uint32) Spots {
	if c := x.rows.get(id); c != nil {
		return c.Spots
	}
	return Spots{}
}

func (x *Index) number(id uint32) Number { return Number(id) }

func (x *Index) newest(n Number) Number {
	if x.rows.count > 0 && n >= Number(x.rows.base) {
		return min(n, Number(x.rows.newest()))
	}
	return min(n, Number(x.rows.olderHigh()))
}

// every is the condition that all rows meet.
type every struct{ rows *rows }

func (e every) size() int { return e.rows.live }

func (e every) seek(n uint32, cost *Cost) uint32 {
	cost.Postings++
	if e.rows.count > 0 {
		for n = min(n, e.rows.newest()); n >= e.rows.base; n-- {
			if e.rows.get(n) != nil {
				return n
			}
			cost.Probes++
		}
	}
	for n = min(n, e.rows.olderHigh()); n != 0; n-- {
		if e.rows.older[n] != nil {
			return n
		}
		cost.Probes++
	}
	return 0
}

func (e every) mark(w *words, high uint32, cost *Cost) bool {
	cost.Postings++
	marked := false
	for low := range uint32(1 << pageBits) {
		if e.rows.get(high<<pageBits|low) != nil {
			w[low/64] |= 1 << (low % 64)
			marked = true
		}
	}
	return marked
}

func (x *Index) id(n uint32) (uint32, bool) { return n, x.rows.get(n) != nil }

func (x *Index) live() int { return x.rows.live }
