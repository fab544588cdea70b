package view

import (
	"errors"
	"os"
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

// ballast is a file of the reserve's size in the data folder. While it stands, ordinary commands have run out of disk before the urgent ones do: when the
// disk is full it is given up for them, and made again once there is room.
type ballast struct {
	path string
	size int64

	mu   sync.Mutex
	held bool
}

func newBallast(path string, size int64) *ballast {
	b := &ballast{path: path, size: size}
	b.hold()
	return b
}

// hold makes the file, or leaves it for another time when there is no room.
func (b *ballast) hold() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held || b.size <= 0 {
		return
	}
	if info, err := os.Stat(b.path); err == nil && info.Size() == b.size {
		b.held = true
		return
	}
	b.held = b.fill() == nil
	if !b.held {
		_ = os.Remove(b.path) // half a ballast would only take room away
	}
}

// fill writes the blocks: a hole would reserve nothing.
func (b *ballast) fill() error {
	file, err := os.OpenFile(b.path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	block := make([]byte, 1<<20)
	for left := b.size; left > 0 && err == nil; left -= int64(len(block)) {
		_, err = file.Write(block[:min(left, int64(len(block)))])
	}
	return errors.Join(err, file.Sync(), file.Close())
}

// give gives the reserve up; false when there was none.
func (b *ballast) give() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.held {
		return false
	}
	b.held = false
	return os.Remove(b.path) == nil
}

// standing tells whether the reserve is in place.
func (b *ballast) standing() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held || b.size <= 0
}

var errReserve = errors.New("view: no room beside the reserve")

// Room implements journal.Applier: there is room while the reserve stands beside what the file uses. It is made again here once there is room for it.
func (v *View) Room() error {
	v.ballast.hold()
	if !v.ballast.standing() {
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
