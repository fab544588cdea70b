// Package index finds records: every searchable fact of a record is a term, a
// query is a conjunction of conditions on terms, and the answer comes newest
// first. It is the one index behind queries, checks, standing queries and free
// text.
//
// # What a record posts
//
// [Hasher.ItemTerms] and [Hasher.SeizureTerms] make the terms of a content.
// They are stored, sealed, with the record ([Pack], [Unpack]), so that the
// identifiers of a record are known without opening it. [Hasher.ItemTextTerms]
// and [Hasher.SeizureTextTerms] make those of its words, names, parts of
// identifiers, places and the like, which are many and stored nowhere: they are
// worked out whenever a record comes into the index. What the content does not
// say is posted by the view when it applies a command:
// [Hasher.Standing], [Hasher.Originator], [Hasher.Audience], [Hasher.Link],
// [Hasher.Stage], [Hasher.Case].
//
// A term is a keyed hash of field and value. Two different facts may share a
// term (about one pair in 2^56 of a segment): whoever must be sure compares the value
// itself, and visibility is always decided again on the record.
//
// # What a query asks
//
// [Hasher.ItemQuery] and [Hasher.SeizureQuery] turn the wire's query into a
// [Query], beside the functions that post the same fields. The audience is
// intersected like any other disjunction; an asker without audience terms
// finds nothing. A [Filter] is what a query asks of texts, names and places: its
// clause for the index may find too much, and it decides on the content.
//
// # Layers
//
// [Layers] are the index of an archive. Records that are new, or have changed,
// lie in memory, in an [Index], the tail. Once it is full it is sealed into a
// segment file, by a [Sealing]; neighbouring segments are merged into larger ones. A
// record is alive in one layer: a change strikes it out where it was and puts it
// into the tail under its old number. A search goes through the layers from the
// newest down, and opens one only when it comes to it.
//
// # How postings lie in memory
//
// A term that is posted once costs one slot of a hash table, twelve bytes; one
// that is posted often has a short list; one that is posted very often has
// pages of 65,536 numbers, each a list of two bytes a number or a bitmap. What
// a change has to move is thereby bounded, however large the archive. Removal
// frees what it removes. No record's own list is kept: see [Change]. The
// postings of a batch go in together, in the order of the terms.
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
// The package looks at no clock and draws no random numbers; of files it reads and
// writes segments. [Layers] have no lock of their own: many readers or one writer,
// and the view's lock sees to it. A segment that is damaged is a panic with a
// *segment.Damage, which the view turns into an index that is made again. Nothing
// here decides who may see a record.
package index
