// Package index finds records: every searchable fact of a record is a term, a
// query is a conjunction of disjunctions of terms, and the answer comes newest
// first. It is the one index behind query; match, standing queries and free
// text will stand on the same postings.
//
// # What a record posts
//
// [Hasher.ItemTerms] and [Hasher.SeizureTerms] make the terms of a content.
// They are stored, sealed, with the record ([Pack], [Unpack]), so that the
// index can be rebuilt without opening a content. What the content does not
// say is posted by the view when it applies a command and is stored nowhere:
// [Hasher.Standing], [Hasher.Originator], [Hasher.Audience], [Hasher.Link],
// [Hasher.Stage], [Hasher.Case].
//
// A term is a keyed hash of field and value. Two different facts may share a
// term (about one pair in 2^64): whoever must be sure compares the value
// itself, and visibility is always decided again on the record.
//
// # What a query asks
//
// [Hasher.ItemQuery] and [Hasher.SeizureQuery] turn the wire's query into a
// [Query], beside the functions that post the same fields. The audience is
// intersected like any other disjunction; an asker without audience terms
// finds nothing.
//
// # How postings lie in memory
//
// A term that is posted once costs one slot of a hash table, twelve bytes; one
// that is posted often has a short list; one that is posted very often has
// pages of 65,536 numbers, each a list of two bytes a number or a bitmap. What
// a change has to move is thereby bounded, however large the archive. Removal
// frees what it removes. No record's own list is kept: see [Change].
//
// # Cost
//
// The cost of a page follows the page, not the archive: each disjunction is
// walked from the newest number down, the rarest one leads, the others are
// only asked to seek. Conditions that are often met and seldom together would
// break this rule; once patience with them is at an end, the search goes on by
// whole pages of postings, 64 numbers a step, and so does a count. [Cost]
// counts the work, so that tests can hold it.
//
// # Who may call what
//
// The package does no I/O, looks at no clock and draws no random numbers. An
// [Index] has no lock of its own: many readers or one writer, and the view's
// lock sees to it. Nothing here decides who may see a record.
package index
