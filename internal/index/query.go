package index

// Query says which records are meant. All of it must hold. The zero Query
// means every record: it is the builders' duty to intersect the audience in.
//
// The slices are read during a call and never kept.
type Query struct {
	// All must each be met. An AnyOf that is empty, or of whose terms none
	// exists, means that no record is found.
	All []AnyOf
	// Where must each hold, beside All.
	Where []Clause
	// From leaves out the numbers below it; 0 leaves out none. With Before one
	// above it, a query asks about one record.
	From Number
	// Before leaves out this number and those above it; 0 leaves out none.
	// It is how a page goes on where the last one ended.
	Before Number
	// Received bounds the time of first submission, Unix microseconds. It
	// costs no term: numbers are in the order of that time. nil asks nothing.
	Received *Interval
	// Observed must overlap the observed time, Unix seconds. It decides
	// exactly what the calendar terms of OverlapTerms, which belong into All
	// beside it, decide roughly. Records that state no observed time are left
	// out. nil asks nothing.
	Observed *Interval
	// Review leaves out records by their review time. nil asks nothing.
	Review *Review
}

// Clause is a condition made of conditions. It holds for a record if AnyOf is
// nil or met, every clause of All holds, Any is empty or one of its clauses
// holds, no clause of None holds, and Near is nil or holds. The zero Clause holds for every record.
type Clause struct {
	// AnyOf is a condition as in Query.All; nil asks nothing, while an empty one
	// that is not nil is met by no record.
	AnyOf AnyOf
	// All must each hold.
	All []Clause
	// Any has a clause that holds, unless it is empty.
	Any []Clause
	// None has no clause that holds.
	None []Clause
	// Near must hold of the record's spots; nil asks nothing.
	Near *Near
}

// Interval is a stretch of time with both ends in it. An open start is
// math.MinInt64, an open end math.MaxInt64. Where From is after To, nothing
// lies in it.
type Interval struct{ From, To int64 }

// Review judges the review times of records at one moment: a review time has
// passed when it is not after the moment.
type Review struct {
	// At is the moment, Unix microseconds. Where the index has been told a
	// later one by Apply, that one counts.
	At int64
	// Owner is the agency (ordinal) whose own records stay although their
	// review time has passed; 0 is nobody.
	Owner uint32
	// Due turns it around: only records of Owner whose review time has passed.
	Due bool
}

// Cost counts the work of a search. At equal answers Postings and Rows do not
// depend on how many records there are; tests hold that.
type Cost struct {
	// Postings counts cursor moves: opening one, stepping, seeking, reading a
	// page of its postings at once.
	Postings int
	// Rows counts candidates that met all terms, also those that the columns
	// then ruled out.
	Rows int
	// Probes counts numbers and words of bitmaps looked at inside seeks, in
	// working out whole pages of postings, and in finding where a received
	// interval begins and ends.
	Probes int
}

// Plus is the sum of two costs.
func (c Cost) Plus(d Cost) Cost {
	return Cost{Postings: c.Postings + d.Postings, Rows: c.Rows + d.Rows, Probes: c.Probes + d.Probes}
}

// Searcher answers queries: an Index in memory alone, or Layers, whose newest
// one is an Index and whose others are segment files.
type Searcher interface {
	// Search visits the records meant, newest first, each once, until visit
	// returns false or limit have been visited; a limit below 1 visits none.
	// visit must not change the index.
	Search(q Query, limit int, visit func(Number) bool) Cost
	// Count counts the records meant. It stops at limit and says in more
	// whether there is at least one beyond.
	Count(q Query, limit int) (n int, more bool, cost Cost)
}
