package view

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/seed-1d76a664/entente/internal/fault"
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

	mu   sync.Mutex
	held bool
	last time.Time // of the last attempt
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
	used, err := v.used()
	if err != nil {
		return storeFault(err)
	}
	if used+v.options.Reserve > v.options.MaxBytes {
		return full(errReserve)
	}
	return nil
}

// used is how much of the file holds something, in bytes: pages that are free are written again before the file grows.
func (v *View) used() (int64, error) {
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
