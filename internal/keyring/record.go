package keyring

import (
	"fmt"
	"io"
)

// RecordKey is the key of one record, ready for use. It is safe for concurrent use and worth caching: unwrapping costs about as
// much as opening two parts. It lives as long as it is referenced, also after its wrapping key was destroyed, so a purge must drop it from
// caches too.
type RecordKey struct {
	id  KeyID
	box *lockbox
}

// NewRecordKey draws a key and wraps it with the wrapping key of its slot, the low byte of id. The caller chooses id, at least
// FirstRecordKey, and stores wrapped with the record; id need not be unique (FirstRecordKey plus a random byte will do), but
// is part of the wrapping and of every frame.
func (r *Ring) NewRecordKey(random io.Reader, id KeyID) (key *RecordKey, wrapped []byte, err error) {
	if id < FirstRecordKey {
		return nil, nil, fmt.Errorf("keyring: id of a record key: %w", ErrUnknown)
	}
	raw, err := drawKey(random)
	if err != nil {
		return nil, nil, err
	}
	key, err = r.newRecordKey(id, raw)
	if err != nil {
		return nil, nil, err
	}
	wrapped, err = r.now().slots[id.Slot()].current.wrap(id, raw)
	if err != nil {
		return nil, nil, err
	}
	return key, wrapped, nil
}

// Unwrap makes the key of a record from its stored form. wrapped is not kept. ErrDestroyed: its wrapping key is gone. ErrStale:
// this ring is older than the record. ErrDamaged: anything else.
func (r *Ring) Unwrap(id KeyID, wrapped []byte) (*RecordKey, error) {
	raw, err := r.unwrap(id, wrapped)
	if err != nil {
		return nil, err
	}
	return r.newRecordKey(id, raw)
}

// Holds says what Unwrap would, without unwrapping, of a key that this ring has wrapped: whether its wrapping key is still there.
func (r *Ring) Holds(id KeyID, wrapped []byte) error {
	_, err := r.now().slots[id.Slot()].wrapperOf(id, wrapped)
	return err
}

func (r *Ring) unwrap(id KeyID, wrapped []byte) (*[KeySize]byte, error) {
	w, err := r.now().slots[id.Slot()].wrapperOf(id, wrapped)
	if err != nil {
		return nil, err
	}
	return w.unwrap(id, wrapped)
}

// Rewrap returns the key wrapped by the wrapping key now in force: a copy of wrapped if that made it. It is deterministic and
// may run while the journal is applied. Errors are those of Unwrap.
func (r *Ring) Rewrap(id KeyID, wrapped []byte) ([]byte, error) {
	raw, err := r.unwrap(id, wrapped)
	if err != nil {
		return nil, err
	}
	return r.now().slots[id.Slot()].current.wrap(id, raw)
}

// newRecordKey uses the key itself for AES, since nearly every use of it is a seal with a random nonce, and derives the MAC key
// of synthetic nonces when one is needed.
func (r *Ring) newRecordKey(id KeyID, raw *[KeySize]byte) (*RecordKey, error) {
	box, err := newLockbox(raw[:], r.packer, func() ([]byte, error) { return derive(raw[:], "record/nonce") })
	if err != nil {
		return nil, err
	}
	return &RecordKey{id: id, box: box}, nil
}

// ID is the id under which the key was made.
func (k *RecordKey) ID() KeyID { return k.id }

// Seal appends the frame of a part: packed where that gains, sealed under a nonce of 12 bytes read from random. random must be
// cryptographic: a nonce that comes twice under one key breaks the seal. ErrTooLarge beyond MaxValue.
func (k *RecordKey) Seal(dst []byte, at Location, plain []byte, random io.Reader) ([]byte, error) {
	return k.box.sealRandom(dst, at, k.id, plain, random)
}

// SealSame is Seal without a random source, for parts that are made while the journal is applied: the same key, location,
// value and codec give the same frame (with S2: of one version of the compressor). It costs a MAC over the value.
func (k *RecordKey) SealSame(dst []byte, at Location, plain []byte, codec Codec) ([]byte, error) {
	return k.box.sealSame(dst, at, k.id, plain, codec)
}

// Open appends the value of a frame that Seal or SealSame made with this key at this location. Anything else is ErrDamaged.
func (k *RecordKey) Open(dst []byte, at Location, frame []byte) ([]byte, error) {
	return k.box.open(dst, at, k.id, frame)
}

// Format prints the id, whatever the verb.
func (k *RecordKey) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "record key %d", uint64(k.id))
}
