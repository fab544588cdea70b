package exchange

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/keyring"
)

// tokens seals page tokens: a place to go on from, bound to the caller and to the question. They have one length, look random, and hold nothing that
// the caller could read; whoever else presents one, or presents it with another question, is refused.
type tokens struct{ aead cipher.AEAD }

const tokenPlain = 8 // the place

func newTokens(ring *keyring.Ring) (tokens, error) {
	secret, err := ring.Secret(keyring.Token)
	if err != nil {
		return tokens{}, err
	}
	key, err := secret.Derive("page")
	if err != nil {
		return tokens{}, err
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return tokens{}, err
	}
	aead, err := cipher.NewGCM(block)
	return tokens{aead: aead}, err
}

// seal makes the token of a place. The nonce is random; it is the one thing here that no source gives, because it never decides anything.
func (t tokens) seal(bound [sha256.Size]byte, place uint64) string {
	nonce := make([]byte, t.aead.NonceSize(), t.aead.NonceSize()+tokenPlain+t.aead.Overhead())
	_, _ = rand.Read(nonce) // never fails, see crypto/rand
	var plain [tokenPlain]byte
	binary.BigEndian.PutUint64(plain[:], place)
	return base64.RawURLEncoding.EncodeToString(t.aead.Seal(nonce, nonce, plain[:], bound[:]))
}

// open gives the place of a token, 0 for an empty one.
func (t tokens) open(bound [sha256.Size]byte, token string) (uint64, error) {
	if token == "" {
		return 0, nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != t.aead.NonceSize()+tokenPlain+t.aead.Overhead() {
		return 0, errToken()
	}
	plain, err := t.aead.Open(nil, raw[:t.aead.NonceSize()], raw[t.aead.NonceSize():], bound[:])
	if err != nil {
		return 0, errToken()
	}
	return binary.BigEndian.Uint64(plain), nil
}

func errToken() error {
	return fault.Violated(fault.Violation{
		Field: "pageToken", Reason: "PAGE_TOKEN_INVALID", Description: "is not a token that this question gave to you; begin again without one",
	})
}

// bind is what a token is bound to: who asks what. The question is the request without justification, page size and token.
func (c Call) bind(question []byte, purpose ententev1.ProcessingPurpose) [sha256.Size]byte {
	h := sha256.New()
	for _, part := range []string{c.Method, string(c.Caller.Agency), string(c.Caller.Unit), c.Caller.Officer} {
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		h.Write([]byte(part))
	}
	h.Write(binary.BigEndian.AppendUint32(nil, uint32(purpose)))
	h.Write(question)
	return [sha256.Size]byte(h.Sum(nil))
}
