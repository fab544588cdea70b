package view

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/index/segment"
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
	// IndexCache is how many bytes of the index's segments are kept open in memory. Default 192 MiB.
	IndexCache int64
	// FlushRecords is how many records, new or changed, lie in memory before they are sealed into a segment. Default 16,384.
	FlushRecords int
	// FlushPostings is how many postings they may have before they are sealed all the same. Default 12 Mi: 80 MB of usual records are 16,384 with half of
	// that, and the most that texts without a word twice come to is 200 MB.
	FlushPostings int
	// OnIndexTrouble is told why the index is made again, or why a segment could not be written; both heal by themselves.
	OnIndexTrouble func(error)
	// OnIndexProgress is told how many records of how many are in the index while a view is opened, or its index made again.
	OnIndexProgress func(done, of uint64)
	// NoSync leaves out fsync. It is for the control of the power-cut harness alone and loses acknowledged data.
	NoSync bool

	reindex bool // begin without the segments that there are
}

const (
	defaultReserve  = 16 << 20
	defaultPageSize = 8 << 10
	// initialMap is the size of the first memory map: as large as files get, since mapping more waits for all readers. It costs addresses, not memory.
	initialMap = 64 << 30
)

// View is an open view. It implements journal.Applier. Apply comes from one goroutine; everything else may be called from any.
type View struct {
	db          *bolt.DB
	dir         string
	ring        *keyring.Ring
	cache       *recordCache
	names       *nameCache
	hasher      *index.Hasher
	analyses    analyses
	options     Options
	keepJournal bool
	room        *room

	writing sync.Mutex               // one writer at a time: Apply, CutJournal
	salters map[uint8]*ledger.Salter // the writer's own
	terms   termRoom                 // the writer's own
	frame   []byte                   // room for a sealed entry; the writer's own

	readers *readers
	now     atomic.Pointer[published]
	walking sync.RWMutex // guards tail, and that it is of the same moment as now
	tail    *index.Layers
	spoiled atomic.Bool // tail is not to be trusted, and made again
	shelf   *shelf
	tender  tender
	// recollecting is the next record whose names the tender remembers; 0 is none.
	recollecting uint64
	wakes        wakes
	fall         fall
	apart        uint64 // number of the newest record when the file was opened, see store
}

// published is what readers start from: the state after the last durable entry. It is never changed.
type published struct {
	txid     uint64
	roster   *Roster
	hub      *internalv1.HubState
	position *internalv1.Position
	heads    heads
}

// heads are the last numbers of the dense logs.
type heads map[logRef]uint64

// and are the heads after some of them have moved.
func (h heads) and(moved heads) heads {
	if len(moved) == 0 {
		return h
	}
	after := maps.Clone(h)
	maps.Copy(after, moved)
	return after
}

// Open opens the view of a prepared folder, makes the file when there is none, and rebuilds the index. The caller closes it.
func Open(dir string, ring *keyring.Ring, options Options) (*View, error) {
	return openView(context.Background(), dir, ring, options)
}

func openView(ctx context.Context, dir string, ring *keyring.Ring, options Options) (*View, error) {
	if _, err := readFormat(dir); err != nil {
		return nil, err
	}
	options = options.withDefaults()
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
	hasher := index.NewHasher(term.Key())
	v := &View{
		dir: dir, ring: ring, options: options, keepJournal: !options.WithoutJournal,
		hasher: hasher, cache: newRecordCache(), names: newNameCache(), tail: hasher.NewLayers(),
		salters: map[uint8]*ledger.Salter{}, wakes: wakes{grown: map[uint32]chan struct{}{}}, fall: newFall(),
	}
	if v.db, err = openFile(path, options); err != nil {
		return nil, err
	}
	v.readers, v.shelf = newReaders(v.db), newShelf(dir, ring, options)
	if err = v.layOut(); err == nil {
		err = v.start(ctx)
	}
	if err != nil {
		v.shelf.closeAll()
		return nil, errors.Join(err, v.readers.close(), v.db.Close())
	}
	v.recollecting = v.shelf.manifest.GetThrough()
	v.beginTending()
	return v, nil
}

func (o Options) withDefaults() Options {
	if o.Reserve == 0 {
		o.Reserve = defaultReserve
	}
	if o.IndexCache == 0 {
		o.IndexCache = defaultIndexCache
	}
	if o.FlushRecords == 0 {
		o.FlushRecords = FlushRecords
	}
	if o.FlushPostings == 0 {
		o.FlushPostings = flushPostings
	}
	return o
}

// openFile opens the file. What does not look like one is damaged, not empty.
func openFile(path string, options Options) (*bolt.DB, error) {
	var db *bolt.DB
	err := guarded(func() (err error) {
		db, err = bolt.Open(path, 0o600, boltOptions(options))
		return err
	})
	switch {
	case err == nil:
	case errors.Is(err, berrors.ErrTimeout), errors.As(err, new(syscall.Errno)):
		return nil, fmt.Errorf("view: open %s: %w", FileView, storeFault(err))
	default: // what bbolt says of a file that it could read
		return nil, fmt.Errorf("view: open %s: %w", FileView, damage(err))
	}
	if options.MaxBytes > 0 {
		db.AllocSize = min(db.AllocSize, int(options.MaxBytes/16)) // bbolt counts the next step of growth as used
	}
	return db, nil
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
		for _, name := range founding() {
			if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
				return err
			}
		}
		return layOut(tx)
	})
	if !options.NoSync {
		err = errors.Join(err, db.Sync())
	}
	err = errors.Join(err, db.Close())
	if err != nil {
		return fmt.Errorf("view: make %s: %w", FileView, storeFault(err))
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// start loads what is kept in memory: state, roster, heads, index.
func (v *View) start(ctx context.Context) error {
	v.room = newRoom(v.dir, v.options)
	var state *published
	err := v.db.View(func(tx *bolt.Tx) error {
		return guarded(func() (err error) {
			state, err = store{tx: tx, ring: v.ring}.load()
			return err
		})
	})
	if err != nil {
		return storeFault(err)
	}
	v.now.Store(state)
	v.apart = state.hub.GetNextRecord()
	v.readers.advance(state.txid)
	return storeFault(v.openIndex(ctx))
}

// load reads everything but the records, and checks that it holds together.
func (s store) load() (*published, error) {
	laid, err := laidOut(s.tx)
	if err != nil {
		return nil, err
	}
	for _, name := range append(founding(), later()[:laid]...) {
		if s.tx.Bucket([]byte(name)) == nil {
			return nil, fault.New(fault.DataLoss, "STORE_INCOMPLETE", "The hub's file lacks a part; restore it from a snapshot.")
		}
	}
	state := &published{txid: uint64(s.tx.ID()), hub: new(internalv1.HubState), position: new(internalv1.Position)}
	if !s.untouched() {
		if err := errors.Join(s.sealed(bucketHub, stateKey, state.hub), s.sealed(bucketPosition, stateKey, state.position)); err != nil {
			return nil, err
		}
	}
	if state.roster, err = s.loadRoster(state.hub); err != nil {
		return nil, err
	}
	state.heads, err = s.loadHeads(state.hub, state.roster)
	return state, err
}

// Close waits for readers and closes the file. The journal must be closed before.
func (v *View) Close() error {
	v.tender.end()
	v.sealLast()
	err := errors.Join(v.readers.close(), v.db.Close())
	v.shelf.closeAll()
	return err
}

// Position implements journal.Applier.
func (v *View) Position() journal.Position { return positionOf(v.now.Load().position) }

func positionOf(p *internalv1.Position) journal.Position {
	at := journal.Position{Entry: p.GetEntry()}
	copy(at.Hash[:], p.GetEntryHash())
	return at
}

// Roster is who is who after the last durable entry.
func (v *View) Roster() *Roster { return v.now.Load().roster }

// Hub is what the view knows of the hub itself after the last durable entry. Read only.
func (v *View) Hub() *internalv1.HubState { return v.now.Load().hub }

// Hasher makes the terms of this hub.
func (v *View) Hasher() *index.Hasher { return v.hasher }

// Ring holds the keys under which the view's values are sealed.
func (v *View) Ring() *keyring.Ring { return v.ring }

// Len is how many records there are.
func (v *View) Len() int {
	v.walking.RLock()
	defer v.walking.RUnlock()
	return v.tail.Len()
}

// publish lets readers see a durable entry: state and index at once, then the watchers. Called by the writer.
func (v *View) publish(b *batch, next *published) {
	changed := next.roster != v.now.Load().roster
	v.walking.Lock()
	v.post(b)
	v.changeNames(b)
	full := v.options.full(v.tail)
	v.now.Store(next)
	v.walking.Unlock()
	if full {
		v.tender.rouse()
	}
	v.cache.keepFresh(b.fresh)
	v.readers.advance(next.txid)
	if changed && v.options.OnRoster != nil {
		v.options.OnRoster(next.roster)
	}
	v.wakes.wake(b.heads)
}

// post puts the index right about an entry. An index that is being made again gets it from the file.
func (v *View) post(b *batch) {
	if v.spoiled.Load() {
		return
	}
	err := caught(func() error { return v.tail.Apply(b.hub.GetTimeMicros(), b.tail.changes) })
	switch {
	case errors.Is(err, segment.ErrDamaged):
		v.spoil(err)
	case err != nil:
		// The changes were worked out from what is stored; that they do not fit means that index and file disagree, and no query could be trusted.
		panic("view: the index contradicts the file: " + err.Error())
	}
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
