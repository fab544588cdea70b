package journaltest

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/journal"
)

// What a command's request_id makes of it in a [Store].
const (
	// Poison in a request_id makes the entry fail, as a damaged record would.
	Poison = "poison"
	// Refused in a request_id makes a refusal of the command.
	Refused = "refused"
)

// Store is a real applier of little meaning: a bbolt file that keeps each entry
// and, as the effect of a command, its request_id under the next ordinal. Entry
// and effects share a transaction. It may be told to wait, to be full, or to fail.
type Store struct {
	db *bolt.DB

	mu    sync.Mutex
	at    journal.Position
	gate  chan struct{} // nil: open
	ready chan struct{} // receives when Apply stands before the gate
	full  error
	fails error // what Apply returns, once
}

var (
	entries = []byte("entries")
	effects = []byte("effects")
)

// NewStore opens a store in a folder of the test's own, and closes it at its end.
func NewStore(t testing.TB) *Store {
	t.Helper()
	s, err := OpenStore(filepath.Join(t.TempDir(), "applier.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// OpenStore opens the store in a file, which is made if need be.
func OpenStore(path string) (*Store, error) {
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second})
	if err != nil {
		return nil, err
	}
	s := &Store{db: db, ready: make(chan struct{}, 1)}
	return s, db.Update(func(tx *bolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(effects)
		if err != nil {
			return err
		}
		b, err := tx.CreateBucketIfNotExists(entries)
		if err != nil {
			return err
		}
		if k, v := b.Cursor().Last(); k != nil {
			s.at = journal.Position{Entry: binary.BigEndian.Uint64(k), Hash: sha256.Sum256(v)}
		}
		return nil
	})
}

// Close closes the file.
func (s *Store) Close() error { return s.db.Close() }

// Shut makes Apply wait from here on, until the returned function is called.
func (s *Store) Shut() (open func()) {
	gate := make(chan struct{})
	s.mu.Lock()
	s.gate = gate
	s.mu.Unlock()
	return sync.OnceFunc(func() {
		s.mu.Lock()
		s.gate = nil
		s.mu.Unlock()
		close(gate)
	})
}

// Waits receives once for each Apply that came to stand before a shut gate.
func (s *Store) Waits() <-chan struct{} { return s.ready }

// Fill makes Room answer err; nil makes room again.
func (s *Store) Fill(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.full = err
}

// FailOnce makes the next Apply fail.
func (s *Store) FailOnce(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails = err
}

// Room implements journal.Applier.
func (s *Store) Room() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.full
}

// Position implements journal.Applier.
func (s *Store) Position() journal.Position {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

// Apply implements journal.Applier.
func (s *Store) Apply(entry *internalv1.Entry, encoded []byte) ([]*internalv1.Outcome, error) {
	if err := s.pass(); err != nil {
		return nil, err
	}
	at := s.Position()
	if entry.GetNumber() != at.Entry+1 || at.Entry > 0 && !bytes.Equal(entry.GetPreviousHash(), at.Hash[:]) {
		return nil, fmt.Errorf("journaltest: entry %d does not follow entry %d", entry.GetNumber(), at.Entry)
	}
	var outcomes []*internalv1.Outcome
	err := s.db.Update(func(tx *bolt.Tx) (err error) {
		outcomes, err = effect(tx.Bucket(effects), entry.GetCommands())
		if err != nil {
			return err
		}
		return tx.Bucket(entries).Put(binary.BigEndian.AppendUint64(nil, entry.GetNumber()), encoded)
	})
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.at = journal.Position{Entry: entry.GetNumber(), Hash: sha256.Sum256(encoded)}
	s.mu.Unlock()
	return outcomes, nil
}

// pass waits before a shut gate, and fails if it was told to.
func (s *Store) pass() error {
	s.mu.Lock()
	gate := s.gate
	s.mu.Unlock()
	if gate != nil {
		select {
		case s.ready <- struct{}{}:
		default:
		}
		<-gate
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.fails
	s.fails = nil
	return err
}

func effect(b *bolt.Bucket, commands []*internalv1.Command) ([]*internalv1.Outcome, error) {
	outcomes := make([]*internalv1.Outcome, len(commands))
	for i, c := range commands {
		id := c.GetRequestId()
		switch {
		case strings.Contains(id, Poison):
			return nil, fault.New(fault.DataLoss, "STORED_VALUE_DAMAGED", "The command meets a damaged value.")
		case strings.Contains(id, Refused):
			outcomes[i] = &internalv1.Outcome{Refusal: "REFUSED", Agency: id}
			continue
		}
		ordinal, err := b.NextSequence()
		if err != nil {
			return nil, err
		}
		outcomes[i] = &internalv1.Outcome{Ordinal: ordinal, Agency: id}
		if err := b.Put(binary.BigEndian.AppendUint64(nil, ordinal), []byte(id)); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// Effects are the request_ids that took effect, in the order in which they did, as
// the file has them.
func (s *Store) Effects() ([]string, error) {
	var list []string
	return list, s.db.View(func(tx *bolt.Tx) error {
		return tx.Bucket(effects).ForEach(func(_, v []byte) error {
			list = append(list, string(v))
			return nil
		})
	})
}

// Entries are the entries in the file, decoded, after a check that they are dense
// and chained from the first on, and within their limits.
func (s *Store) Entries() ([]*internalv1.Entry, error) {
	var list []*internalv1.Entry
	var before []byte
	return list, s.db.View(func(tx *bolt.Tx) error {
		return tx.Bucket(entries).ForEach(func(_, encoded []byte) error {
			entry := new(internalv1.Entry)
			if err := proto.Unmarshal(encoded, entry); err != nil {
				return err
			}
			if err := checkEntry(entry, encoded, uint64(len(list))+1, before); err != nil {
				return err
			}
			sum := sha256.Sum256(encoded)
			before, list = sum[:], append(list, entry)
			return nil
		})
	})
}

func checkEntry(e *internalv1.Entry, encoded []byte, number uint64, before []byte) error {
	switch n := len(e.GetCommands()); {
	case e.GetNumber() != number:
		return fmt.Errorf("entry %d where entry %d belongs", e.GetNumber(), number)
	case !bytes.Equal(e.GetPreviousHash(), before):
		return fmt.Errorf("entry %d is not chained to the one before it", number)
	case e.GetRulesVersion() != journal.Rules || e.GetHubId() == "":
		return fmt.Errorf("entry %d does not say whose it is and under which rules", number)
	case n == 0 || n > journal.MaxEntryCommands:
		return fmt.Errorf("entry %d has %d commands", number, n)
	case n > 1 && len(encoded) > journal.MaxEntryBytes:
		return fmt.Errorf("entry %d has %d bytes", number, len(encoded))
	default:
		return nil
	}
}

// Lost are those of the given request_ids that the file at path does not hold: what
// was acknowledged and is gone.
func Lost(path string, acknowledged []string) (lost []string, err error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	s, err := OpenStore(path)
	if err != nil {
		return nil, err
	}
	kept, err := s.Effects()
	for _, id := range acknowledged {
		if !slices.Contains(kept, id) {
			lost = append(lost, id)
		}
	}
	return lost, errors.Join(err, s.Close())
}
