package view

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/ledger"
)

// Options say how to open a view. The zero value of each field is a sane default.
type Options struct {
	// MaxBytes bounds the file; 0 leaves it to the disk.
	MaxBytes int64
	// Reserve is kept free of MaxBytes, and of the disk, for what takes trust or records away. Default 16 MiB.
	Reserve int64
	// WithoutJournal leaves entries out of the file: another engine keeps them.
	WithoutJournal bool
	// OnRoster is called after each entry that changed an agency or a group, before its commands are acknowledged.
	OnRoster func(*Roster)
	// PageSize of a new file, in bytes; see docs/design for the measurement behind the default.
	PageSize int
	// NoSync leaves out fsync. It is for the control of the power-cut harness alone and loses acknowledged data.
	NoSync bool
}

const (
	defaultReserve  = 16 << 20
	defaultPageSize = 16 << 10
	// initialMap is the size of the first memory map: large, so that growing seldom waits for readers.
	initialMap = 1 << 30
)

// View is an open view. It implements journal.Applier. Apply comes from one goroutine; everything else may be called from any.
type View struct {
	db          *bolt.DB
	dir         string
	ring        *keyring.Ring
	hasher      *index.Hasher
	options     Options
	keepJournal bool
	ballast     *ballast

	salters map[uint8]*ledger.Salter // applier's own

	mu    sync.RWMutex // guards now and tail; held shared by readers while they open a snapshot and walk the index
	now   published
	tail  *index.Index
	wakes map[uint32]chan struct{}
}

// published is what readers start from: the state after the last durable entry.
type published struct {
	txid     uint64
	roster   *Roster
	hub      *internalv1.HubState
	position *internalv1.Position
	heads    heads
}

// heads are the last numbers of the dense logs.
type heads map[logRef]uint64

func (h heads) of(log logRef) uint64 { return h[log] }

// Open opens the view of a prepared folder, makes the file when there is none, and rebuilds the index. The caller closes it.
func Open(dir string, ring *keyring.Ring, options Options) (*View, error) {
	if _, err := readFormat(dir); err != nil {
		return nil, err
	}
	if options.Reserve == 0 {
		options.Reserve = defaultReserve
	}
	path := filepath.Join(dir, FileView)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := create(path, options); err != nil {
			return nil, err
		}
	}
	term, err := ring.Secret(keyring.Term)
	if err != nil {
		return nil, err
	}
	v := &View{
		dir: dir, ring: ring, options: options, keepJournal: !options.WithoutJournal,
		hasher: index.NewHasher(term.Key()), tail: index.New(),
		salters: map[uint8]*ledger.Salter{}, wakes: map[uint32]chan struct{}{},
	}
	if v.db, err = bolt.Open(path, 0o600, boltOptions(options)); err != nil {
		return nil, fmt.Errorf("view: open %s: %w", FileView, err)
	}
	if err := v.start(); err != nil {
		return nil, errors.Join(err, v.db.Close())
	}
	return v, nil
}

func boltOptions(o Options) *bolt.Options {
	page := o.PageSize
	if page == 0 {
		page = defaultPageSize
	}
	return &bolt.Options{
		Timeout: time.Second, FreelistType: bolt.FreelistMapType, InitialMmapSize: initialMap,
		PageSize: page, MaxSize: int(o.MaxBytes), NoSync: o.NoSync,
	}
}

// create makes the file under a temporary name: a crash during the first write of a bbolt file leaves one that cannot be opened.
func create(path string, options Options) error {
	temp := path + ".new"
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	db, err := bolt.Open(temp, 0o600, boltOptions(options))
	if err != nil {
		return fmt.Errorf("view: make %s: %w", FileView, storeFault(err))
	}
	err = db.Update(func(tx *bolt.Tx) error {
		for _, name := range buckets() {
			if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
				return err
			}
		}
		return nil
	})
	err = errors.Join(err, db.Sync(), db.Close())
	if err != nil {
		return fmt.Errorf("view: make %s: %w", FileView, storeFault(err))
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// start loads what is kept in memory: state, roster, heads, index.
func (v *View) start() error {
	v.ballast = newBallast(filepath.Join(v.dir, fileReserve), v.options.Reserve)
	return v.db.View(func(tx *bolt.Tx) error {
		s := store{tx: tx, ring: v.ring}
		for _, name := range buckets() {
			if tx.Bucket([]byte(name)) == nil {
				return fault.New(fault.DataLoss, "STORE_INCOMPLETE", "The hub's file lacks a part; restore it from a snapshot.")
			}
		}
		return v.load(s)
	})
}

func (v *View) load(s store) (err error) {
	v.now.txid = uint64(s.tx.ID())
	v.now.hub, v.now.position = new(internalv1.HubState), new(internalv1.Position)
	if s.get(bucketHub, stateKey) != nil {
		if err := errors.Join(s.sealed(bucketHub, stateKey, v.now.hub), s.sealed(bucketPosition, stateKey, v.now.position)); err != nil {
			return err
		}
	}
	if v.now.roster, err = s.loadRoster(v.now.hub); err != nil {
		return err
	}
	v.now.heads = s.loadHeads(v.now.roster)
	return v.rebuild(s)
}

// Close waits for readers and closes the file. The journal must be closed before.
func (v *View) Close() error {
	return errors.Join(v.db.Close())
}

// Position implements journal.Applier.
func (v *View) Position() journal.Position {
	v.mu.RLock()
	defer v.mu.RUnlock()
	at := journal.Position{Entry: v.now.position.GetEntry()}
	copy(at.Hash[:], v.now.position.GetEntryHash())
	return at
}

// Roster is who is who after the last durable entry.
func (v *View) Roster() *Roster {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.now.roster
}

// Hub is what the view knows of the hub itself after the last durable entry. Read only.
func (v *View) Hub() *internalv1.HubState {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.now.hub
}

// Hasher makes the terms of this hub.
func (v *View) Hasher() *index.Hasher { return v.hasher }

// Ring holds the keys under which the view's values are sealed.
func (v *View) Ring() *keyring.Ring { return v.ring }

// Len is how many records there are.
func (v *View) Len() int {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.tail.Len()
}

// publish lets readers see a durable entry: state and index at once, then the watchers. Called by the applier.
func (v *View) publish(b *batch, position *internalv1.Position, txid uint64) {
	v.mu.Lock()
	changed := b.roster != v.now.roster
	for log, head := range b.heads {
		v.now.heads[log] = head
	}
	v.now.txid, v.now.roster, v.now.hub, v.now.position = txid, b.roster, b.hub, position
	if err := v.tail.Apply(b.hub.GetTimeMicros(), b.tail.changes); err != nil {
		// The changes were worked out from what is stored; that they do not fit means that index and file disagree, and no query could be trusted.
		panic("view: the index contradicts the file: " + err.Error())
	}
	v.mu.Unlock()
	if changed && v.options.OnRoster != nil {
		v.options.OnRoster(b.roster)
	}
	v.wake(b)
}

// wake wakes the watchers of inboxes that grew.
func (v *View) wake(b *batch) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for log := range b.heads {
		if log.kind != logInbox {
			continue
		}
		if c, watched := v.wakes[log.owner]; watched {
			close(c)
			delete(v.wakes, log.owner)
		}
	}
}

// Grows returns a channel that is closed when the inbox next grows. Take it before reading, so that nothing is missed in between.
func (v *View) Grows(inbox uint32) <-chan struct{} {
	v.mu.Lock()
	defer v.mu.Unlock()
	c, watched := v.wakes[inbox]
	if !watched {
		c = make(chan struct{})
		v.wakes[inbox] = c
	}
	return c
}

// salter returns the salter of one version of the INBOX secret. The applier's own.
func (v *View) salter(version uint8) (*ledger.Salter, error) {
	if s, made := v.salters[version]; made {
		return s, nil
	}
	secret, err := v.ring.SecretAt(keyring.Inbox, version)
	if err != nil {
		return nil, damage(err)
	}
	v.salters[version] = ledger.NewSalter(secret.Key())
	return v.salters[version], nil
}
