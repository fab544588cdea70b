package keyring

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"io"
	"time"
)

// Name names a hub secret: 1 to 32 of A-Z, 0-9 and _, beginning with a letter. It is stored; never reuse one for another purpose.
type Name string

// The secrets that a new ring has. More are made with [Ring.Make].
const (
	// Token seals page tokens.
	Token Name = "TOKEN"
	// Inbox makes the salts of inbox and readership leaves.
	Inbox Name = "INBOX"
	// Card is the HMAC key of payment card numbers.
	Card Name = "CARD"
	// Term is the key of hashed index terms.
	Term Name = "TERM"
	// ETag makes entity tags.
	ETag Name = "ETAG"
	// Storage seals stored values that belong to no record.
	Storage Name = "STORAGE"
	// Salt makes the salts of record digests.
	Salt Name = "SALT"
)

// Standard lists the secrets that Create makes.
func Standard() []Name { return []Name{Card, ETag, Inbox, Salt, Storage, Term, Token} }

const longestName = 32

func (n Name) valid() bool {
	if n == "" || len(n) > longestName || n[0] < 'A' || n[0] > 'Z' {
		return false
	}
	for _, c := range []byte(n) {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

// Secret is one version of a hub secret. Printed, logged or marshalled it shows its name and version only. The zero
// Secret, which no method of Ring returns without an error, has no key, and Key and Derive panic.
type Secret struct {
	Name Name
	// Version is 1 to 255. Whatever is made with a secret keeps the version beside it.
	Version uint8
	// Created is when this version was made, to the millisecond.
	Created time.Time

	key hidden
}

// hidden is a key behind two pointers: printing a struct that holds it in an unexported field, which no method of ours can
// prevent, follows one of them for some verbs and then shows an address.
type hidden struct{ at **[KeySize]byte }

func hide(key *[KeySize]byte) hidden { return hidden{&key} }

func (h hidden) bytes() []byte { return (*h.at)[:] }

func newSecret(name Name, version uint8, random io.Reader, now time.Time) (Secret, error) {
	key, err := drawKey(random)
	if err != nil {
		return Secret{}, err
	}
	return Secret{Name: name, Version: version, Created: now.UTC().Truncate(time.Millisecond), key: hide(key)}, nil
}

// drawKey reads a key and refuses the one that a dead random source would give.
func drawKey(random io.Reader) (*[KeySize]byte, error) {
	key := new([KeySize]byte)
	if _, err := io.ReadFull(random, key[:]); err != nil {
		return nil, fmt.Errorf("keyring: random source: %w", err)
	}
	if *key == [KeySize]byte{} {
		return nil, fmt.Errorf("keyring: random source gives zeros: %w", io.ErrNoProgress)
	}
	return key, nil
}

// Key returns a copy of the key itself. Prefer Derive wherever a secret has more than one use.
func (s Secret) Key() [KeySize]byte { return **s.key.at }

// Derive makes the key for one use: HKDF-SHA256 of the secret with the info string "entente/v1/secret/{name}/{label}".
// The same secret and label give the same key, for ever. It fails only where the platform forbids HKDF.
func (s Secret) Derive(label string) ([KeySize]byte, error) {
	out, err := hkdf.Key(sha256.New, s.key.bytes(), nil, "entente/v1/secret/"+string(s.Name)+"/"+label, KeySize)
	if err != nil {
		return [KeySize]byte{}, fmt.Errorf("keyring: key derivation: %w", err)
	}
	return [KeySize]byte(out), nil
}

// Format prints name and version, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "secret %s/%d", string(s.Name), int(s.Version))
}

// MarshalText gives what Format prints, for encoders that would look inside.
func (s Secret) MarshalText() ([]byte, error) {
	return []byte(fmt.Sprint(s)), nil
}
