package view

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	berrors "go.etcd.io/bbolt/errors"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/journal"
)

// fullRetry is what a caller is told to wait when the hub has no room.
const fullRetry = 5 * time.Second

// full is the failure of a hub that has no room: it heals by itself once there is some.
func full(err error) *fault.Fault {
	f := fault.Wrap(err, fault.Exhausted, "STORAGE_FULL",
		"The hub has no room to put this on record; nothing was changed. Try again later, with the same request_id.")
	return f.WithRetry(fullRetry)
}

// room watches over the reserve: a file of its size in the data folder. While it stands, ordinary commands run out of disk before the urgent ones
// do: when the disk is full it is given up for them, and made again once there is room.
type room struct {
	path    string
	reserve int64
	pause   time.Duration // between two attempts to make it

	mu     sync.Mutex
	held   bool
	last   time.Time // of the last attempt
	enough int       // free pages with which it is worth trying again; 0 while nothing failed
}

// reservePause keeps a full hub from trying all the time.
const reservePause = time.Second

func newRoom(dir string, o Options) *room {
	r := &room{path: filepath.Join(dir, fileReserve), reserve: o.Reserve, pause: reservePause}
	info, err := os.Stat(r.path)
	r.held = err == nil && info.Size() == r.reserve
	return r
}

// stands tells whether the reserve is in place, and makes it where there is room for it and some more: without more it would be given up again at once.
func (r *room) stands() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.held || r.reserve < 0 {
		return true
	}
	if !r.last.IsZero() && time.Since(r.last) < r.pause {
		return false
	}
	r.last = time.Now()
	if free, known := freeBytes(filepath.Dir(r.path)); known && free < r.reserve+r.reserve/4 {
		return false
	}
	r.held = r.fill() == nil
	if !r.held {
		_ = os.Remove(r.path) // half a reserve only takes room away
	}
	return r.held
}

// fill takes up the blocks: a hole would reserve nothing.
func (r *room) fill() error {
	file, err := os.OpenFile(r.path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err = allocate(file, r.reserve); errors.Is(err, errors.ErrUnsupported) {
		err = writeZeros(file, r.reserve)
	}
	return errors.Join(err, file.Sync(), file.Close())
}

func writeZeros(file *os.File, size int64) (err error) {
	block := make([]byte, 1<<20)
	for left := size; left > 0 && err == nil; left -= int64(len(block)) {
		_, err = file.Write(block[:min(left, int64(len(block)))])
	}
	return err
}

// ranOut gives the reserve up: the disk is full.
func (r *room) ranOut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held, r.last = false, time.Now()
	_ = os.Remove(r.path) // nothing would be gained by failing twice
}

// scattered notes that so many pages were free, and nothing in one piece.
func (r *room) scattered(free int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.enough = free + 16
}

// short tells whether the file is still as it was when nothing found a place.
func (r *room) short(free int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if free >= r.enough {
		r.enough = 0
	}
	return r.enough > 0
}

var errReserve = errors.New("view: no room beside the reserve")

// Room implements journal.Applier: there is room while the reserve stands beside what the file uses.
func (v *View) Room() error {
	if err := v.standing(); err != nil {
		return err
	}
	if !v.room.stands() {
		return full(errReserve)
	}
	if v.options.MaxBytes == 0 {
		return nil
	}
	used, err := v.Used()
	if err != nil {
		return storeFault(err)
	}
	if used > v.ordinary() || v.room.short(v.db.Stats().FreePageN) {
		return full(errReserve)
	}
	return nil
}

// ordinary is how much of the file ordinary commands may use: bbolt counts its next step of growth as used.
func (v *View) ordinary() int64 {
	return v.options.MaxBytes - max(v.options.Reserve, 0) - int64(v.db.AllocSize)
}

// grant bounds how far an entry may let the file grow. What has to lie in one piece may find the free pages too scattered, and then only growth helps:
// so ordinary entries stop short of the reserve, however much is free. Called by the writer.
func (v *View) grant(entry *internalv1.Entry) {
	if v.options.MaxBytes == 0 {
		return
	}
	v.db.MaxSize = int(v.options.MaxBytes)
	if !urgent(entry) {
		v.db.MaxSize = int(max(v.ordinary()+int64(v.db.AllocSize), 1))
	}
}

// urgent tells whether all of an entry may use the reserve.
func urgent(entry *internalv1.Entry) bool {
	return !slices.ContainsFunc(entry.GetCommands(), func(c *internalv1.Command) bool { return !journal.Urgent(c) })
}

// smallEntry is the size of an entry that finds a place wherever one does, in bytes: a read's record is smaller.
const smallEntry = 16 << 10

// ranShort notes that not even a small ordinary entry found a place, although pages are free. Where only large ones find none, there is room for reads.
func (v *View) ranShort(entry *internalv1.Entry, size int, err error) {
	if errors.Is(err, berrors.ErrMaxSizeReached) && size <= smallEntry && !urgent(entry) {
		v.room.scattered(v.db.Stats().FreePageN)
	}
}

// Used is how much of the file holds something, in bytes: pages that are free are written again before the file grows.
func (v *View) Used() (int64, error) {
	tx, err := v.db.Begin(false)
	if err != nil {
		return 0, err
	}
	size := tx.Size()
	if err := tx.Rollback(); err != nil {
		return 0, err
	}
	stats := v.db.Stats()
	return size - int64(stats.FreePageN+stats.PendingPageN)*int64(v.db.Info().PageSize), nil
}
