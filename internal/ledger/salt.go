package ledger

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
)

// SaltSize is the length of a salt, in bytes.
const SaltSize = 16

// Salt hides what a digest or leaf commits to. Whoever holds commitment and salt can test guesses; keep it from whoever may not
// read the thing itself.
type Salt [SaltSize]byte

// LogID tells logs apart inside a hub. It is stored in clear, goes into salts and tile keys, and never leaves the hub.
type LogID [16]byte

// NewLogID makes the id of a log from its kind ("inbox", "readership") and whatever names its owner, such as agency and unit. The parts count one by one: ("ab", "c") is not ("a", "bc").
// A new agency that takes an old one's name needs a new log, so some part must tell the two apart.
func NewLogID(kind string, owner ...string) LogID {
	h := sha256.New()
	t := tag("entente/v1/log")
	h.Write(t[:])
	for _, part := range append([]string{kind}, owner...) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		h.Write([]byte(part))
	}
	return LogID(h.Sum(nil))
}

// Salter makes the salts of log rows from one version of the inbox secret:
//
//	salt = first 16 bytes of HMAC-SHA256(key, "entente/v1/salt" || log (16 bytes) || number (8 bytes, big endian))
//
// The same key, log and number give the same salt, so salts need not be stored. Rows made under an earlier version of the
// secret need a Salter of that version. A Salter is not safe for concurrent use; it is cheap to make.
type Salter struct {
	mac hash.Hash
	in  []byte
	out []byte
}

// NewSalter makes a Salter. key must be for this use alone, such as keyring's Secret(Inbox).Derive("salt").
func NewSalter(key [32]byte) *Salter {
	return &Salter{mac: hmac.New(sha256.New, key[:])}
}

// Salt makes the salt of row number (from 1) of a log.
func (s *Salter) Salt(log LogID, number uint64) Salt {
	s.in = append(append(s.in[:0], "entente/v1/salt"...), log[:]...)
	s.in = binary.BigEndian.AppendUint64(s.in, number)
	s.mac.Reset()
	s.mac.Write(s.in)
	s.out = s.mac.Sum(s.out[:0])
	return Salt(s.out)
}
