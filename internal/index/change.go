package index

import (
	"errors"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
)

// Columns are the facts that are compared on each candidate row, because terms
// cannot hold them exactly. The units are those of the stored envelope.
type Columns struct {
	// Kind of the record; never unspecified.
	Kind internalv1.RecordKind
	// Owner is the ordinal of the originating agency.
	Owner uint32
	// CreateMicros is the journal time of first submission. It never falls
	// from one number to the next, and never changes for a record.
	CreateMicros int64
	// ReviewSeconds is the review time; 0 for none.
	ReviewSeconds int64
	// ObservedStart and ObservedEnd bound the observed time, Unix seconds,
	// both inclusive; 0 is open, and both 0 is not stated. See Observed.
	ObservedStart, ObservedEnd int64
	// Spots are those of the content.
	Spots Spots
}

// Change is what applying a command does to one record's place in the index.
// The index keeps no term list per record, so the applier hands over the
// difference: it has the old list (stored) and the new one.
//
// A number that the index does not hold yet is a new record. It must be higher
// than every number that the index has held: numbers are added in order, at
// start-up as while running.
type Change struct {
	// Number of the record.
	Number Number
	// Remove lists terms that the record no longer has. Taken before Add, so
	// that a term in both stays. Terms that it does not have are ignored.
	Remove []Term
	// Add lists terms that it has from now on. Terms that it has are ignored.
	Add []Term
	// Columns from now on.
	Columns Columns
	// Gone takes the record out. Remove must list every term that it has; Add
	// and Columns are ignored. A number that is gone never comes back.
	Gone bool
}

// The ways in which a change can contradict what the index holds: the caller
// has to rebuild the index from the stored lists.
var (
	// ErrNumber says that a number is 0, above MaxNumber, new but not the
	// highest, or gone.
	ErrNumber = errors.New("index: record number out of order")
	// ErrColumns says that the kind is missing, or that the time of first
	// submission changed or fell.
	ErrColumns = errors.New("index: record columns contradict the order of numbers")
)
