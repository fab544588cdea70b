package keyring

import (
	"fmt"
	"sync"
)

// StorageKey seals values that are no record's own, with one version of the STORAGE secret. It is safe for concurrent use.
//
// The same ring, version, location, value and codec give the same frame on every hub and at every time: the contents hash of a
// replayed journal relies on it. The nonce is synthetic; see lockbox for why that is safe. What an observer of two copies of
// a file can learn is whether the value at a place is again what it was; equal values at different places look unrelated.
type StorageKey struct {
	version uint8
	box     *lockbox
}

func newStorageKey(s Secret, p *packer) (*StorageKey, error) {
	seal, err := s.Derive("seal")
	if err != nil {
		return nil, err
	}
	macKey := sync.OnceValues(func() ([]byte, error) {
		k, err := s.Derive("nonce")
		return k[:], err
	})
	box, err := newLockbox(seal[:], p, macKey)
	if err != nil {
		return nil, err
	}
	return &StorageKey{version: s.Version, box: box}, nil
}

// Storage returns the sealing key of one version of the STORAGE secret; ErrUnknown if there is none. What is applied must not
// ask for the current version but for the one that the journal entry names, or a replay after a rotation would differ.
func (r *Ring) Storage(version uint8) (*StorageKey, error) {
	if k := r.now().storage[version]; k != nil {
		return k, nil
	}
	return nil, fmt.Errorf("keyring: version of %s: %w", Storage, ErrUnknown)
}

// Version is the version of the STORAGE secret, and the key id of the frames.
func (k *StorageKey) Version() uint8 { return k.version }

// Seal appends the frame of a value. With AsIs the frame never changes; with S2 it is shorter, and may change with the version of
// the compressor, so it is only for values outside the contents hash. ErrTooLarge beyond MaxValue.
func (k *StorageKey) Seal(dst []byte, at Location, plain []byte, codec Codec) ([]byte, error) {
	return k.box.sealSame(dst, at, KeyID(k.version), plain, codec)
}

// Open appends the value of a frame that any living version of the STORAGE secret sealed at this location. A version that is
// retired is ErrDestroyed, one that is not made yet is ErrStale, anything else is ErrDamaged.
func (r *Ring) Open(dst []byte, at Location, frame []byte) ([]byte, error) {
	id, err := KeyOf(frame)
	if err != nil {
		return dst, err
	}
	if id == Clear || id >= FirstRecordKey {
		return dst, damaged("frame of another kind")
	}
	st := r.now()
	if k := st.storage[id]; k != nil {
		return k.box.open(dst, at, id, frame)
	}
	// Only an intact frame may say that its key is gone.
	if err := Verify(at, frame); err != nil {
		return dst, err
	}
	if current, err := st.secrets.current(Storage); err != nil || uint64(id) > uint64(current.Version) {
		return dst, fmt.Errorf("keyring: version of %s: %w", Storage, ErrStale)
	}
	return dst, fmt.Errorf("keyring: version of %s: %w", Storage, ErrDestroyed)
}
