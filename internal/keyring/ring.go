package keyring

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// Ring is an open folder of keys. All methods are safe for concurrent use. Reading never waits: it sees the ring before a change
// or after it. A change is in force once it is durable.
type Ring struct {
	dir    string
	disk   disk
	packer *packer
	state  atomic.Pointer[state]

	// replacing lets one ReplaceSlot run at a time, from its first step to its last.
	replacing sync.Mutex
	// changing guards the files and owner; it is never held while foreign code runs.
	changing sync.Mutex
	owner    *os.File // nil once closed
}

// state is everything that a ring knows. It is never written once it is in force.
type state struct {
	ring    RingID
	slots   slots
	secrets table
	storage [256]*StorageKey // by version of the STORAGE secret
}

// Create makes a ring with the Standard secrets in dir, which must not exist while its parent must, and opens it. random must be
// cryptographic; it is read in a fixed order. On error there is no dir, except where the error comes after its creation
// (the last fsync, the opening): then the ring is whole and Open takes it. ErrExists, ErrHalfMade.
func Create(dir string, random io.Reader, now time.Time) (*Ring, error) {
	return create(host{}, dir, random, now)
}

func create(d disk, dir string, random io.Reader, now time.Time) (*Ring, error) {
	dir = filepath.Clean(dir)
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("keyring: create: %w", errors.Join(ErrExists, err))
	}
	if _, err := os.Lstat(dir + unfinished); err == nil {
		return nil, fmt.Errorf("keyring: create: %w", ErrHalfMade)
	}
	st, err := newState(random, now)
	if err != nil {
		return nil, err
	}
	files := []content{{wrappingFile, st.encode(wrappingFile)}, {secretsFile, st.encode(secretsFile)}}
	if err := makeFolder(d, dir, files); err != nil {
		return nil, err
	}
	return open(d, dir)
}

// Open opens the ring in dir and checks all of it. It removes what an interrupted change left beside the files, and makes
// nothing. ErrAbsent, ErrHalfMade, ErrExposed, ErrInUse, ErrBroken, ErrForeign.
func Open(dir string) (*Ring, error) {
	return open(host{}, filepath.Clean(dir))
}

func open(d disk, dir string) (*Ring, error) {
	if err := inspect(dir); err != nil {
		return nil, err
	}
	owner, err := own(dir)
	if err != nil {
		return nil, err
	}
	discard(d, filepath.Join(dir, wrappingFile+unfinished))
	discard(d, filepath.Join(dir, secretsFile+unfinished))
	r := &Ring{dir: dir, disk: d, packer: new(packer), owner: owner}
	st, err := load(dir, r.packer)
	if err != nil {
		owner.Close()
		return nil, err
	}
	r.state.Store(st)
	return r, nil
}

// inspect tells what stands where a ring should be.
func inspect(dir string) error {
	info, err := os.Lstat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Lstat(dir + unfinished); err == nil {
			return fmt.Errorf("keyring: open: %w", ErrHalfMade)
		}
		return fmt.Errorf("keyring: open: %w", ErrAbsent)
	case err != nil:
		return fmt.Errorf("keyring: open: %w", err)
	case !info.IsDir():
		return foreign("open: no folder")
	case exposed(info):
		return fmt.Errorf("keyring: folder: %w", ErrExposed)
	}
	return nil
}

func newState(random io.Reader, now time.Time) (*state, error) {
	st := new(state)
	if _, err := io.ReadFull(random, st.ring[:]); err != nil {
		return nil, fmt.Errorf("keyring: random source: %w", err)
	}
	keys, err := newSlots(random)
	if err != nil {
		return nil, err
	}
	st.slots = *keys
	st.secrets, err = newTable(Standard(), random, now)
	return st, err
}

func load(dir string, p *packer) (*state, error) {
	wrapping, err := readFile(dir, wrappingFile)
	if err != nil {
		return nil, err
	}
	secrets, err := readFile(dir, secretsFile)
	if err != nil {
		return nil, err
	}
	st, err := decodeState(wrapping, secrets)
	if err != nil {
		return nil, err
	}
	return st, st.prepare(p)
}

func decodeState(wrapping, secrets []byte) (*state, error) {
	ring, body, err := decodeFile(wrappingFile, wrapping)
	if err != nil {
		return nil, err
	}
	keys, err := decodeSlots(body)
	if err != nil {
		return nil, err
	}
	other, body, err := decodeFile(secretsFile, secrets)
	if err != nil {
		return nil, err
	}
	if ring != other {
		return nil, foreign("the two files belong to different rings")
	}
	t, err := decodeTable(body)
	if err != nil {
		return nil, err
	}
	return &state{ring: ring, slots: *keys, secrets: t}, nil
}

func (s *state) encode(name string) []byte {
	if name == wrappingFile {
		return encodeFile(name, s.ring, s.slots.encode())
	}
	return encodeFile(name, s.ring, s.secrets.encode())
}

// prepare makes the storage keys that are not there yet and drops those whose version is gone.
func (s *state) prepare(p *packer) error {
	before := s.storage
	s.storage = [256]*StorageKey{}
	for _, secret := range s.secrets[Storage] {
		k := before[secret.Version]
		if k == nil {
			var err error
			if k, err = newStorageKey(secret, p); err != nil {
				return err
			}
		}
		s.storage[secret.Version] = k
	}
	return nil
}

func (r *Ring) now() *state { return r.state.Load() }

// change edits a copy of the state, makes one file of it durable and puts it in force.
func (r *Ring) change(name string, edit func(*state) error) error {
	r.changing.Lock()
	defer r.changing.Unlock()
	if r.owner == nil {
		return fmt.Errorf("keyring: %s: %w", name, ErrClosed)
	}
	next := *r.now()
	next.secrets = next.secrets.clone()
	if err := edit(&next); err != nil {
		return err
	}
	if err := next.prepare(r.packer); err != nil {
		return err
	}
	err := replaceFile(r.disk, r.dir, name, next.encode(name))
	if err == nil || errors.Is(err, ErrNotScrubbed) {
		r.state.Store(&next)
	}
	return err
}

// ID tells this ring from all others; a view can keep it in clear to notice that it was given another hub's keys.
func (r *Ring) ID() RingID { return r.now().ring }

// Close lets another process open the ring. Reading goes on working, changing is ErrClosed. Closing twice is fine.
func (r *Ring) Close() error {
	r.changing.Lock()
	defer r.changing.Unlock()
	if r.owner == nil {
		return nil
	}
	err := r.owner.Close()
	r.owner = nil
	if err != nil {
		return fmt.Errorf("keyring: close: %w", err)
	}
	return nil
}
