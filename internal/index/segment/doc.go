// Package segment is the file format of the index's immutable segments: rows,
// each a number with a few columns, and for every term the rows that have it.
// It knows files, blocks and rows, and nothing of what a term or a column means.
//
// # A file
//
//	head      magic 8, name of the file 8          clear
//	blocks    sealed, in any order
//	table     where each block lies; sealed
//	footer    sealed
//	end       length of the footer 4, magic 8      clear
//
// A block is sealed by the [Sealer] with its place: the random name of the
// file and the block's slot. A block that was altered, moved or taken from
// another file does not open, and the footer says how long the file is and has
// the sum of everything before it. docs/design/segments.md has the layout of
// every block.
//
// # What promises it keeps
//
// A file appears under its name when it is whole and on disk, and is never
// changed. What is not as it was written is a [Damage]; no answer is ever
// shorter than it should be for the sake of going on.
//
// # Rows and postings
//
// A row is a place in the file, counted from zero, in the order of the numbers.
// Rows whose numbers follow each other are a run, and cost nothing; a file of
// few and scattered numbers pays a few bytes for each.
//
// A term with one row has it beside it. Up to about a thousand rows lie with
// the terms as one list; more are cut into chunks at bounds of 65,536 rows, with
// a directory of chunks with the terms, so that a seek opens one chunk and
// nothing else. A list is an Elias-Fano list, gaps as varints or a bitmap,
// whichever is smallest; a bitmap may be a quarter larger. None of them has to
// be unpacked to seek in it.
//
// # Cost
//
// A term that is not there costs a look at one line of a filter, in memory. For
// this, terms are taken to be evenly spread, as hashes are. One that is there costs one block, a seek in
// a common one a second. Opened blocks are kept in a [Cache].
package segment
