package exchange

import (
	"context"
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

// place is where a page goes on: a number, and of a list by score also the score of that row and the newest record that the list began with.
type place struct{ number, score, top uint64 }

const tokenPlain = 3 * 8 // the place

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

// seal makes the token of a number. The nonce is random; it is the one thing here that no source gives, because it never decides anything.
func (t tokens) seal(bound [sha256.Size]byte, number uint64) string {
	return t.sealPlace(bound, place{number: number})
}

func (t tokens) sealPlace(bound [sha256.Size]byte, p place) string {
	nonce := make([]byte, t.aead.NonceSize(), t.aead.NonceSize()+tokenPlain+t.aead.Overhead())
	_, _ = rand.Read(nonce) // never fails, see crypto/rand
	var plain [tokenPlain]byte
	binary.BigEndian.PutUint64(plain[:], p.number)
	binary.BigEndian.PutUint64(plain[8:], p.score)
	binary.BigEndian.PutUint64(plain[16:], p.top)
	return base64.RawURLEncoding.EncodeToString(t.aead.Seal(nonce, nonce, plain[:], bound[:]))
}

// open gives the number of a token, 0 for an empty one.
func (t tokens) open(bound [sha256.Size]byte, token string) (uint64, error) {
	p, err := t.openPlace(bound, token)
	return p.number, err
}

func (t tokens) openPlace(bound [sha256.Size]byte, token string) (place, error) {
	if token == "" {
		return place{}, nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != t.aead.NonceSize()+tokenPlain+t.aead.Overhead() {
		return place{}, errToken()
	}
	plain, err := t.aead.Open(nil, raw[:t.aead.NonceSize()], raw[t.aead.NonceSize():], bound[:])
	if err != nil {
		return place{}, errToken()
	}
	return place{binary.BigEndian.Uint64(plain), binary.BigEndian.Uint64(plain[8:]), binary.BigEndian.Uint64(plain[16:])}, nil
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

// pagedRequest is what the requests have in common that page through a log, the newest first.
type pagedRequest interface {
	justified
	GetPageToken() string
}

// backwards reads a page from before the number that the token tells (0 is the newest), and gives the token of the next. fill tells the last number that it
// looked at, and whether more follows; it may run more than once.
func (h *Hub) backwards(
	ctx context.Context, call Call, req pagedRequest, fill func(r *reading, before uint64) (last uint64, more bool, err error),
) (next string, err error) {
	encoded, err := encodeWithout(req, fieldJustification, fieldPageSize, fieldPageToken)
	if err != nil {
		return "", err
	}
	bound := call.bind(encoded, req.GetJustification().GetPurpose())
	before, err := h.tokens.open(bound, req.GetPageToken())
	if err != nil {
		return "", err
	}
	err = h.read(ctx, call, req, func(r *reading) error {
		next = ""
		last, more, err := fill(r, before)
		if more && err == nil {
			next = h.tokens.seal(bound, last)
		}
		return err
	})
	return next, err
}
