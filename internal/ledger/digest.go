package ledger

import (
	"crypto/sha256"

	"golang.org/x/mod/sumdb/tlog"
)

// DigestSize is the length of a digest, in bytes.
const DigestSize = sha256.Size

// Part names a part of a record that has a digest of its own.
type Part string

// The parts. They are hashed, so they never change.
const (
	// Content is what readers see: the accepted bytes of the content field.
	Content Part = "content"
	// Release is what the hub enforces.
	Release Part = "release"
	// Links are the edges to other records.
	Links Part = "links"
)

// Digest commits to a part of a record: SHA-256(tag("entente/v1/digest/" + part) || salt || bytes), where bytes are what the
// originator handed over, verbatim. Salt and bytes together prove what was committed to; the digest alone tells nothing.
func Digest(part Part, salt Salt, bytes []byte) [DigestSize]byte {
	return tagged("entente/v1/digest/"+string(part), salt[:], bytes)
}

// RowDigest commits to a log row, which is hashed as stored. It is not salted: give it out only with the row itself.
// A partner can recompute it only if the row says nothing but what the partner may know, so rows name records by their public id, not
// by a number of the hub.
func RowDigest(row []byte) [DigestSize]byte {
	// On the stack, unlike tagged, which it equals.
	var room [sha256.Size + 64]byte
	return sha256.Sum256(append(append(room[:0], rowTag[:]...), row...))
}

var rowTag = tag("entente/v1/row")

// Leaf is the RFC 6962 leaf hash of a log row: SHA-256(0x00 || salt || digest).
func Leaf(salt Salt, digest [DigestSize]byte) tlog.Hash {
	// In one block of SHA-256, and on the stack, unlike tlog.RecordHash, which it equals.
	var in [1 + SaltSize + DigestSize]byte
	copy(in[1:], salt[:])
	copy(in[1+SaltSize:], digest[:])
	return sha256.Sum256(in[:])
}

func tag(s string) [sha256.Size]byte { return sha256.Sum256([]byte(s)) }

// tagged hashes under a tag of fixed length, so that a hash for one use is none for another.
func tagged(name string, salt, bytes []byte) [DigestSize]byte {
	h := sha256.New()
	t := tag(name)
	h.Write(t[:])
	h.Write(salt)
	h.Write(bytes)
	var out [DigestSize]byte
	h.Sum(out[:0])
	return out
}
