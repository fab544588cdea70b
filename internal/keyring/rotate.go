package keyring

import (
	"fmt"
	"io"
	"math"
	"time"
)

// Secret returns the current version of a secret. ErrUnknown if there is none: a ring never makes up a key.
func (r *Ring) Secret(name Name) (Secret, error) { return r.now().secrets.current(name) }

// SecretAt returns a version of a secret; ErrUnknown if it was never made or is retired.
func (r *Ring) SecretAt(name Name, version uint8) (Secret, error) {
	return r.now().secrets.at(name, version)
}

// Secrets lists all versions of all secrets, by name, then version.
func (r *Ring) Secrets() []Secret {
	t := r.now().secrets
	var all []Secret
	for _, name := range t.names() {
		all = append(all, t[name]...)
	}
	return all
}

// Make adds a secret that the ring does not have: an older ring's first use of a newer name. ErrName if it is taken or no name.
func (r *Ring) Make(name Name, random io.Reader, now time.Time) error {
	return r.change(secretsFile, func(s *state) error { return s.secrets.make(name, random, now) })
}

// Rotate makes a new version of a secret and makes it current. All before it go on opening what they made. ErrUnknown, ErrExhausted.
func (r *Ring) Rotate(name Name, random io.Reader, now time.Time) error {
	return r.change(secretsFile, func(s *state) error { return s.secrets.rotate(name, random, now) })
}

// RotateAll rotates every secret in one durable step: all of them or none.
func (r *Ring) RotateAll(random io.Reader, now time.Time) error {
	return r.change(secretsFile, func(s *state) error {
		for _, name := range s.secrets.names() {
			if err := s.secrets.rotate(name, random, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// Retire destroys a version that is not current. What was made with it is dead from then on; its number is never used again.
// ErrUnknown, ErrCurrent.
func (r *Ring) Retire(name Name, version uint8) error {
	return r.change(secretsFile, func(s *state) error { return s.secrets.retire(name, version) })
}

// ReplaceSlot destroys the wrapping key of a slot, and with it every record key of the slot that move leaves out.
//
//  1. A new wrapping key stands beside the old one, durably; from now on new keys are wrapped with it.
//  2. move runs. It passes every record key of the slot that is to live through Rewrap, stores the results durably, and returns
//     nil only when no wrapped key made before step 1 can still arrive: not from a command on its way, not from a journal that
//     may be replayed.
//  3. The old wrapping key is dropped, durably, and its copy on disk overwritten.
//
// Until step 3 both keys unwrap. If move fails, or the process ends, the slot stays Pending, which loses nothing; calling again
// resumes with the same new key. After ErrNotScrubbed of step 1 call again too.
func (r *Ring) ReplaceSlot(number byte, random io.Reader, move func() error) error {
	r.replacing.Lock()
	defer r.replacing.Unlock()
	if r.now().slots[number].old == nil {
		if err := r.addWrapper(number, random); err != nil {
			return err
		}
	}
	if err := move(); err != nil {
		return fmt.Errorf("keyring: slot is still being replaced: %w", err)
	}
	return r.change(wrappingFile, func(s *state) error {
		s.slots[number].old = nil
		return nil
	})
}

func (r *Ring) addWrapper(number byte, random io.Reader) error {
	return r.change(wrappingFile, func(s *state) error {
		before := s.slots[number].current
		if before.generation == math.MaxUint32 {
			return fmt.Errorf("keyring: slot: %w", ErrExhausted)
		}
		key, err := drawKey(random)
		if err != nil {
			return err
		}
		s.slots[number] = slot{current: newWrapper(before.generation+1, key), old: before}
		return nil
	})
}

// Pending lists the slots whose replacement was begun and not finished, ascending. Whoever opens a ring should finish them.
func (r *Ring) Pending() []byte {
	var out []byte
	for i, s := range r.now().slots {
		if s.old != nil {
			out = append(out, byte(i))
		}
	}
	return out
}
