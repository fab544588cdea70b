// Package ledger makes the salted commitments and the Merkle leaves of a hub's logs, and lays the leaves out in tiles.
//
// Everything here is a pure function of its arguments: no I/O, no clock, no randomness. The view stores what these functions return.
//
// # From a row to a tree
//
//	digest = RowDigest(row)            a log row of at most 32 bytes, as stored
//	salt   = Salter.Salt(log, number)  made again whenever it is needed, never stored
//	leaf   = Leaf(salt, digest)        RFC 6962 leaf hash over salt and digest: tlog.RecordHash
//	tile   = 256 leaves                Append; the bytes equal those of a tlog tile of height 8, level 0
//	head   = Root(tiles, size)         RFC 6962 tree head
//
// Numbers of a log begin at 1 and are dense: number n is leaf n-1 of the tree. A partner who is given row, salt and leaf of an event can recompute the leaf;
// one who is given the leaf alone learns nothing of the row, which is why a leaf may be shown where its event is withheld, and
// why neither salt nor digest ever may.
//
// # What a partner computes
//
// All hashes are SHA-256, || is concatenation, tag(s) is the SHA-256 of the ASCII string s:
//
//	Digest(content, salt, bytes) = SHA-256(tag("entente/v1/digest/content") || salt (16 bytes) || bytes)
//	Digest(release, salt, bytes) = SHA-256(tag("entente/v1/digest/release") || salt (16 bytes) || bytes)
//	Digest(links,   salt, bytes) = SHA-256(tag("entente/v1/digest/links")   || salt (16 bytes) || bytes)
//	RowDigest(row)               = SHA-256(tag("entente/v1/row") || row)
//	Leaf(salt, digest)           = SHA-256(0x00 || salt (16 bytes) || digest (32 bytes))
//
// The bytes are the accepted wire bytes, verbatim. A later version of the rules changes the "v1" in the tags.
package ledger
