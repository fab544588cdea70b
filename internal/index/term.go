package index

import (
	"errors"
	"slices"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
)

// Number is a record's dense number. Numbers are given in the order of first
// submission, the newest record has the highest, and none leaves the hub. 0 is
// no record.
type Number uint64

// MaxNumber is the highest number that an Index takes.
const MaxNumber Number = 1<<31 - 1

// Term stands for one fact, such as "mentions this phone number": a keyed hash
// of a field and a value. Without the key it tells nothing.
type Term uint64

// AnyOf is met by a record that has at least one of the terms. An empty AnyOf
// is met by no record.
type AnyOf []Term

// AnalyserVersion says how contents are turned into terms. It stands beside
// each stored list and grows whenever the same content would post other terms;
// lists of another version have to be made again from the content.
const AnalyserVersion uint32 = 1

// The ways in which a stored term list can be unusable.
var (
	// ErrAnalyser says that another version of the analyser made the list.
	ErrAnalyser = errors.New("index: term list of another analyser version: reindex the record")
	// ErrTermList says that the list is not strictly ascending.
	ErrTermList = errors.New("index: term list out of order: reindex the record")
)

// Pack is the stored form of a content's terms, which ItemTerms and
// SeizureTerms return sorted and unique. The list is copied.
func Pack(terms []Term) *internalv1.Terms {
	stored := make([]uint64, len(terms))
	for i, t := range terms {
		stored[i] = uint64(t)
	}
	return &internalv1.Terms{AnalyserVersion: AnalyserVersion, Terms: stored}
}

// Unpack gives the terms back, sorted and unique. It fails with ErrAnalyser or
// ErrTermList; either way the record has to be analysed again.
func Unpack(stored *internalv1.Terms) ([]Term, error) {
	if stored.GetAnalyserVersion() != AnalyserVersion {
		return nil, ErrAnalyser
	}
	terms := make([]Term, len(stored.GetTerms()))
	for i, t := range stored.GetTerms() {
		terms[i] = Term(t)
		if i > 0 && terms[i] <= terms[i-1] {
			return nil, ErrTermList
		}
	}
	return terms, nil
}

// unique sorts terms in place and drops repetitions.
func unique(terms []Term) []Term {
	slices.Sort(terms)
	return slices.Compact(terms)
}

// sortedUnique is a sorted copy without repetitions. Terms are hashes: their
// upper bits alone put nearly all of some hundred in their order.
func sortedUnique(terms []Term) []Term {
	const few, many = 64, 1 << 11
	if len(terms) < few || len(terms) > many {
		return slices.Clip(unique(slices.Clone(terms)))
	}
	var ends [1<<8 + 1]int // of those with the same upper byte
	for _, t := range terms {
		ends[t>>56+1]++
	}
	for i := range ends[1:] {
		ends[i+1] += ends[i]
	}
	sorted := make([]Term, len(terms))
	for _, t := range terms {
		sorted[ends[t>>56]] = t
		ends[t>>56]++
	}
	for i, t := range sorted {
		for ; i > 0 && sorted[i-1] > t; i-- {
			sorted[i] = sorted[i-1]
		}
		sorted[i] = t
	}
	return slices.Clip(slices.Compact(sorted))
}
