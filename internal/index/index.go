package index

var _ Searcher = (*Index)(nil)

// Index holds the postings of records in memory. It has no lock: any number of
// Search, Count and Len may run together, and Apply only alone.
type Index struct {
	terms   table
	rows    rows
	reviews reviews

	patience int // see the constant; smaller in tests
}

// New is an empty index, for which no time has passed.
func New() *Index {
	return &Index{patience: patience, reviews: reviews{due: map[uint32]*set{}}}
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
	x.reviews.advance(wholeSeconds(nowMicros), &x.rows)
	for i := range changes {
		if err := x.apply(&changes[i]); err != nil {
			return err
		}
	}
	x.reviews.tidy(&x.rows)
	return nil
}

func (x *Index) apply(c *Change) error {
	if c.Number == 0 || c.Number > MaxNumber {
		return ErrNumber
	}
	n := uint32(c.Number)
	if n > x.rows.newest() {
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
	x.post(n, c)
	x.reviews.enter(n, &c.Columns)
	return nil
}

func (x *Index) post(n uint32, c *Change) {
	for _, t := range c.Remove {
		x.terms.of(t).remove(t, n)
	}
	if c.Gone {
		return
	}
	for _, t := range c.Add {
		x.terms.of(t).add(t, n)
	}
}
