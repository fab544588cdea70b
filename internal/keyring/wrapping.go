package keyring

import (
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync"
)

// A wrapped record key, as the view stores it:
//
//	format      1 byte    1
//	generation  4 bytes   of the wrapping key, big endian
//	nonce      12 bytes   synthetic
//	sealed     48 bytes   AES-256-GCM of the record key, with tag
//	checksum    4 bytes   CRC-32C over the id of the key (8 bytes) and all before
//
// The nonce is a MAC over what is sealed, so wrapping needs no randomness and can happen while the journal is applied. It can
// come twice only for the same key, which is random.
const (
	wrapFormat = 1
	wrapHead   = 1 + 4
	// WrappedSize is the length of a wrapped record key, in bytes.
	WrappedSize = wrapHead + nonceSize + KeySize + tagSize + checksumSize
)

// wrapper is one generation of one slot's wrapping key. What it needs beside the key is made at its first use: most of the 256
// are not used soon after a start.
type wrapper struct {
	generation uint32
	key        *[KeySize]byte
	tools      func() (wrapTools, error)
}

type wrapTools struct {
	aead   cipher.AEAD
	macKey []byte
}

func newWrapper(generation uint32, key *[KeySize]byte) *wrapper {
	return &wrapper{generation: generation, key: key, tools: sync.OnceValues(func() (wrapTools, error) {
		aead, err := newGCM(key[:])
		if err != nil {
			return wrapTools{}, err
		}
		macKey, err := derive(key[:], "wrapping/nonce")
		return wrapTools{aead: aead, macKey: macKey}, err
	})}
}

func (w *wrapper) wrap(id KeyID, key *[KeySize]byte) ([]byte, error) {
	tools, err := w.tools()
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, WrappedSize)
	out = binary.BigEndian.AppendUint32(append(out, wrapFormat), w.generation)
	context := wrapContext(id, out)
	mac := hmac.New(sha256.New, tools.macKey)
	mac.Write(context)
	mac.Write(key[:])
	nonce := mac.Sum(nil)[:nonceSize]
	out = append(out, nonce...)
	out = tools.aead.Seal(out, nonce, key[:], context)
	return binary.BigEndian.AppendUint32(out, checksum(idBytes(id), out)), nil
}

// unwrap opens what wrap made; the caller has checked form and generation.
func (w *wrapper) unwrap(id KeyID, wrapped []byte) (*[KeySize]byte, error) {
	tools, err := w.tools()
	if err != nil {
		return nil, err
	}
	nonce, sealed := wrapped[wrapHead:wrapHead+nonceSize], wrapped[wrapHead+nonceSize:WrappedSize-checksumSize]
	plain, err := tools.aead.Open(nil, nonce, sealed, wrapContext(id, wrapped[:wrapHead]))
	if err != nil {
		return nil, damaged("seal of a wrapped key")
	}
	return (*[KeySize]byte)(plain), nil
}

func wrapContext(id KeyID, head []byte) []byte { return append(idBytes(id), head...) }

func idBytes(id KeyID) []byte { return binary.BigEndian.AppendUint64(nil, uint64(id)) }

// generationOf checks the form of a wrapped key and tells the generation of the wrapping key that wrapped it.
func generationOf(id KeyID, wrapped []byte) (uint32, error) {
	if len(wrapped) != WrappedSize || wrapped[0] != wrapFormat {
		return 0, damaged("wrapped key of an unknown format")
	}
	body, sum := wrapped[:WrappedSize-checksumSize], wrapped[WrappedSize-checksumSize:]
	if checksum(idBytes(id), body) != binary.BigEndian.Uint32(sum) {
		return 0, damaged("checksum of a wrapped key")
	}
	return binary.BigEndian.Uint32(wrapped[1:]), nil
}

// slot holds the wrapping key in force and, while it is being replaced, the one before.
type slot struct {
	current, old *wrapper
}

// wrapperOf finds the wrapping key of a wrapped key. Generations only grow, so a lower one is destroyed and a higher one is of a
// newer ring.
func (s slot) wrapperOf(id KeyID, wrapped []byte) (*wrapper, error) {
	generation, err := generationOf(id, wrapped)
	switch {
	case err != nil:
		return nil, err
	case generation == s.current.generation:
		return s.current, nil
	case s.old != nil && generation == s.old.generation:
		return s.old, nil
	case generation > s.current.generation:
		return nil, fmt.Errorf("keyring: wrapping key: %w", ErrStale)
	default:
		return nil, fmt.Errorf("keyring: wrapping key: %w", ErrDestroyed)
	}
}
