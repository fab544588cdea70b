package index

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"
)

// Hasher makes terms under one key. It holds no state besides the key and a
// bounded memory of words; it may be used by many at once.
type Hasher struct {
	k0, k1 uint64
	words  *vocabulary

	posters sync.Pool // of *poster
}

// NewHasher is a hasher under the hub's TERM secret. Terms made under one key
// mean nothing under another: after a rotation everything is analysed again.
func NewHasher(key [32]byte) *Hasher {
	sum := sha256.Sum256(append([]byte("entente/index/terms/v1\x00"), key[:]...))
	return &Hasher{
		k0: binary.LittleEndian.Uint64(sum[0:8]),
		k1: binary.LittleEndian.Uint64(sum[8:16]),

		words: newVocabulary(),
	}
}

// Term is the term of a value in a field. Values are compared byte by byte, so
// the caller brings them into one form first.
func (h *Hasher) Term(field Field, value string) Term {
	var room [128]byte
	message := append(append(room[:0], byte(field)), value...)
	return Term(sipHash(h.k0, h.k1, message))
}

// spaced is the term of a value within a namespace: that of both with a NUL between them.
func (h *Hasher) spaced(field Field, namespace, value string) Term {
	var room [128]byte
	message := append(append(append(append(room[:0], byte(field)), namespace...), 0), value...)
	return Term(sipHash(h.k0, h.k1, message))
}

// number is the term of a number in a field: an enum's value, a calendar node.
func (h *Hasher) number(field Field, n uint64) Term {
	message := [9]byte{byte(field)}
	binary.BigEndian.PutUint64(message[1:], n)
	return Term(sipHash(h.k0, h.k1, message[:]))
}
