package index

// layer is a part of the archive that is searched by itself. Its ids begin at 1
// and rise with the numbers of its records; 0 is no id.
type layer interface {
	// posting stands at the newest id of a term; false if the term has none.
	posting(term Term) (stepper, bool)
	// may is false if the term certainly has none; it costs less than posting.
	may(term Term) bool
	// united is met by the ids of any of some terms; false where the layer does not
	// have it at hand, and the postings have to be opened. counts says that the
	// layer shall have it at hand once it was asked for often enough.
	united(terms []Term, counts bool) (source, bool)
	// every is met by all ids.
	every() source
	// gate lets through what a Review asks for, as far as the layer knows the
	// time: nil if that is every record; exact says that the columns have nothing
	// to add. seconds is the time that it knows.
	gate(r *Review) (gate source, exact bool, seconds int64)
	// span is the ids that From, Before and Received leave; exact says that the
	// columns have nothing to add about Received.
	span(q *Query, cost *Cost) (low, high uint32, exact bool)
	// columns of an id, those that are asked for at least; false if there is no
	// record.
	columns(id uint32, asked columns) (Columns, bool)
	// spots of an id, zero if there is no record.
	spots(id uint32) Spots
	// number of an id.
	number(id uint32) Number
	// newest is the highest number of the layer that is not above n, or a bound of
	// it; 0 without any.
	newest(n Number) Number
}

// columns are those that have to be read.
type columns uint8

const (
	createColumn columns = 1 << iota
	reviewColumns
	observedColumns
)

// stepper walks a posting from its newest id down. It stands at an id, 0 behind
// the last.
type stepper interface {
	stands() uint32
	// seek moves down to the newest id that is not above n.
	seek(n uint32, cost *Cost)
	// mark sets in w the bits of the ids, not above where it stands, that have
	// the upper bits; false if there are none. The stepper stays where it is.
	mark(w *words, high uint32, cost *Cost) bool
	size() int
}
