package keyring

import (
	"encoding/binary"
	"hash/crc32"
)

// KeyID says with which key a frame is sealed. It is stored in clear.
type KeyID uint64

const (
	// Clear is the id of frames that are not sealed.
	Clear KeyID = 0
	// FirstRecordKey is the lowest id of a record key; 1 to 255 are the versions of the STORAGE secret.
	FirstRecordKey KeyID = 256
)

// Slot is the wrapping key that wraps the record key of this id.
func (id KeyID) Slot() byte { return byte(id) }

// Codec says how a value is packed before it is sealed.
type Codec byte

const (
	// AsIs leaves the value as it is.
	AsIs Codec = 0
	// S2 compresses it where that gains. What it yields may change with the version of the compressor.
	S2 Codec = 1
)

const (
	frameFormat  = 1
	checksumSize = 4
)

// castagnoli is never written after it is made.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// header is what stands before the checksum of a frame.
type header struct {
	codec Codec
	key   KeyID
}

func (h header) appendTo(dst []byte) []byte {
	dst = append(dst, frameFormat, byte(h.codec))
	return binary.AppendUvarint(dst, uint64(h.key))
}

// parts are the pieces of a frame. The slices are those of the frame, not copies.
type parts struct {
	header
	head    []byte // the encoded header
	sum     uint32
	payload []byte
}

func split(frame []byte) (parts, error) {
	if len(frame) < 2 || frame[0] != frameFormat || Codec(frame[1]) > S2 {
		return parts{}, damaged("frame of an unknown format")
	}
	id, n := binary.Uvarint(frame[2:])
	if n <= 0 || n > 1 && id>>(7*(n-1)) == 0 {
		return parts{}, damaged("frame with a broken key id")
	}
	end := 2 + n
	if len(frame) < end+checksumSize {
		return parts{}, damaged("frame cut short")
	}
	return parts{
		header:  header{codec: Codec(frame[1]), key: KeyID(id)},
		head:    frame[:end],
		sum:     binary.BigEndian.Uint32(frame[end:]),
		payload: frame[end+checksumSize:],
	}, nil
}

// check compares the checksum. context is the encoded location and header.
func (p parts) check(context []byte) error {
	if checksum(context, p.payload) != p.sum {
		return damaged("checksum of a frame")
	}
	return nil
}

func checksum(context, payload []byte) uint32 {
	return crc32.Update(crc32.Update(0, castagnoli, context), castagnoli, payload)
}

// KeyOf tells with which key a frame says that it is sealed, without checking anything else.
func KeyOf(frame []byte) (KeyID, error) {
	p, err := split(frame)
	return p.key, err
}

// Verify checks form and checksum of a frame at its location. It needs no key: it finds bit rot and misplaced values, not
// forgery.
func Verify(at Location, frame []byte) error {
	p, err := split(frame)
	if err != nil {
		return err
	}
	return p.check(append(at.appendTo(nil), p.head...))
}

// SealClear appends the frame of a value that needs no secrecy. It must hold nothing that a partner wrote.
func SealClear(dst []byte, at Location, plain []byte) []byte {
	d := begin(dst, at, header{codec: AsIs, key: Clear}, len(plain))
	d.buf = append(d.buf, plain...)
	return d.finish()
}

// OpenClear appends the value of a frame that SealClear made. A sealed frame is damaged here.
func OpenClear(dst []byte, at Location, frame []byte) ([]byte, error) {
	p, err := split(frame)
	if err != nil {
		return dst, err
	}
	if p.header != (header{codec: AsIs, key: Clear}) {
		return dst, damaged("sealed frame where a clear one belongs")
	}
	// The context borrows the room behind dst, which the value fills afterwards.
	context := append(at.appendTo(dst), p.head...)[len(dst):]
	if err := p.check(context); err != nil {
		return dst, err
	}
	return append(dst, p.payload...), nil
}
