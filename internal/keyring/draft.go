package keyring

import (
	"crypto/cipher"
	"encoding/binary"
	"slices"
)

const (
	nonceSize = 12
	tagSize   = 16
)

// draft is a frame in the making, behind the caller's bytes in one buffer:
//
//	… caller's bytes | location | header | checksum | payload …
//	                 start      frame
//
// Location and header together are the context: the additional data of the seal. When the frame is done it moves down over the location.
type draft struct {
	buf   []byte
	start int
	frame int
	head  int
}

// begin lays out everything before the payload, with room for size bytes of it.
func begin(dst []byte, at Location, h header, size int) draft {
	const before = 2*binary.MaxVarintLen64 + 2 + binary.MaxVarintLen64 + checksumSize
	buf := slices.Grow(dst, len(at.Bucket)+len(at.Key)+before+size)
	d := draft{start: len(dst)}
	buf = at.appendTo(buf)
	d.frame = len(buf)
	buf = h.appendTo(buf)
	d.head = len(buf) - d.frame
	d.buf = append(buf, make([]byte, checksumSize)...)
	return d
}

// payloadAt is where the payload begins.
func (d *draft) payloadAt() int { return d.frame + d.head + checksumSize }

// context is the encoded location and header.
func (d *draft) context() []byte { return d.buf[d.start : d.frame+d.head] }

// nonce is the first part of a sealed payload.
func (d *draft) nonce() []byte {
	n := d.payloadAt()
	return d.buf[n : n+nonceSize]
}

// message is what stands behind the nonce.
func (d *draft) message() []byte { return d.buf[d.payloadAt()+nonceSize:] }

// encrypt replaces the message by its ciphertext and tag.
func (d *draft) encrypt(aead cipher.AEAD) {
	d.buf = slices.Grow(d.buf, tagSize)
	m := d.message()
	sealed := aead.Seal(m[:0], d.nonce(), m, d.context())
	d.buf = d.buf[:len(d.buf)-len(m)+len(sealed)]
}

// finish fills in the checksum, drops the location and returns the caller's bytes with the frame behind them.
func (d *draft) finish() []byte {
	payload := d.payloadAt()
	sum := checksum(d.context(), d.buf[payload:])
	binary.BigEndian.PutUint32(d.buf[payload-checksumSize:], sum)
	n := copy(d.buf[d.start:], d.buf[d.frame:])
	return d.buf[:d.start+n]
}
