package keyring

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"slices"
	"sync"
)

// KeySize is the length of every key of this package, in bytes.
const KeySize = 32

// lockbox seals and opens with one key. It is safe for concurrent use.
//
// Nonces are random or synthetic. A synthetic nonce is a MAC, under a key of its own, of all that is encrypted and
// authenticated: the context (location, codec, key id) and the packed message. So one nonce comes twice only if the very same frame is made
// twice, which tells an observer no more than that the value at this place is as it was, or if two MACs of 96
// bits collide, which is as (un)likely as for random nonces. The MAC is over the packed message and not over the plain one, because
// another version of the compressor may pack the same value differently.
type lockbox struct {
	aead   cipher.AEAD
	packer *packer
	macs   sync.Pool
	// macKey is asked for at the first synthetic nonce: a record key seldom needs it.
	macKey func() ([]byte, error)
}

func newLockbox(key []byte, p *packer, macKey func() ([]byte, error)) (*lockbox, error) {
	aead, err := newGCM(key)
	if err != nil {
		return nil, err
	}
	return &lockbox{aead: aead, packer: p, macKey: macKey}, nil
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("keyring: cipher: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("keyring: cipher mode: %w", err)
	}
	return aead, nil
}

// derive makes a key for one use from a key that has several.
func derive(key []byte, label string) ([]byte, error) {
	out, err := hkdf.Key(sha256.New, key, nil, "entente/v1/"+label, KeySize)
	if err != nil {
		return nil, fmt.Errorf("keyring: key derivation: %w", err)
	}
	return out, nil
}

// draft begins a frame and puts the value into it, packed where that gains, behind the room for the nonce. It is packed aside,
// so that the frame has no more room than it needs: frames wait in queues.
func (b *lockbox) draft(dst []byte, at Location, id KeyID, plain []byte, codec Codec) (draft, error) {
	if len(plain) > MaxValue {
		return draft{}, fmt.Errorf("keyring: seal: %w", ErrTooLarge)
	}
	h := header{codec: AsIs, key: id}
	if codec == S2 {
		scratch := b.packer.buffer()
		defer b.packer.release(scratch)
		out, packed := b.packer.pack(*scratch, plain)
		if *scratch = out; packed {
			plain, h.codec = out, S2
		}
	}
	d := begin(dst, at, h, nonceSize+len(plain)+tagSize)
	d.buf = append(d.buf, make([]byte, nonceSize)...)
	d.buf = append(d.buf, plain...)
	return d, nil
}

// sealRandom appends a frame whose nonce is read from random.
func (b *lockbox) sealRandom(dst []byte, at Location, id KeyID, plain []byte, random io.Reader) ([]byte, error) {
	d, err := b.draft(dst, at, id, plain, S2)
	if err != nil {
		return dst, err
	}
	if _, err := io.ReadFull(random, d.nonce()); err != nil {
		return dst, fmt.Errorf("keyring: seal: random source: %w", err)
	}
	d.encrypt(b.aead)
	return d.finish(), nil
}

// sealSame appends a frame with a synthetic nonce.
func (b *lockbox) sealSame(dst []byte, at Location, id KeyID, plain []byte, codec Codec) ([]byte, error) {
	d, err := b.draft(dst, at, id, plain, codec)
	if err != nil {
		return dst, err
	}
	if err := b.synthesize(d.nonce(), d.context(), d.message()); err != nil {
		return dst, err
	}
	d.encrypt(b.aead)
	return d.finish(), nil
}

// synthesize fills nonce. The context ends where it says itself, so no two pairs of context and message run together.
func (b *lockbox) synthesize(nonce, context, message []byte) error {
	mac, err := b.mac()
	if err != nil {
		return err
	}
	scratch := b.packer.buffer()
	mac.Write(context)
	mac.Write(message)
	*scratch = mac.Sum(*scratch)
	copy(nonce, *scratch)
	b.packer.release(scratch)
	mac.Reset()
	b.macs.Put(mac)
	return nil
}

func (b *lockbox) mac() (hash.Hash, error) {
	if mac, ok := b.macs.Get().(hash.Hash); ok {
		return mac, nil
	}
	key, err := b.macKey()
	if err != nil {
		return nil, err
	}
	return hmac.New(sha256.New, key), nil
}

// open appends the value of a frame that must be sealed with the key of this id.
func (b *lockbox) open(dst []byte, at Location, id KeyID, frame []byte) ([]byte, error) {
	p, err := split(frame)
	if err != nil {
		return dst, err
	}
	if p.key != id || len(p.payload) < nonceSize+tagSize || len(p.payload) > nonceSize+MaxValue+tagSize {
		return dst, damaged("frame of another key or length")
	}
	scratch := b.packer.buffer()
	defer b.packer.release(scratch)
	*scratch = append(at.appendTo(*scratch), p.head...)
	if err := p.check(*scratch); err != nil {
		return dst, err
	}
	if p.codec == S2 {
		return b.openPacked(dst, scratch, p)
	}
	nonce, sealed := p.payload[:nonceSize], p.payload[nonceSize:]
	out, err := b.aead.Open(dst, nonce, sealed, *scratch)
	if err != nil {
		return dst, damaged("seal of a frame")
	}
	return out, nil
}

// openPacked decrypts behind the context in scratch and unpacks from there.
func (b *lockbox) openPacked(dst []byte, scratch *[]byte, p parts) ([]byte, error) {
	nonce, sealed := p.payload[:nonceSize], p.payload[nonceSize:]
	*scratch = slices.Grow(*scratch, len(sealed))
	context := *scratch
	packed, err := b.aead.Open(context[len(context):], nonce, sealed, context)
	if err != nil {
		return dst, damaged("seal of a frame")
	}
	return b.packer.unpack(dst, packed)
}
