package main

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
)

// benchDisk measures what no hub can beat: one fdatasync, and a group commit of the store with nothing around it.
func (a *app) benchDisk(dir string) error {
	sync, err := syncTime(filepath.Join(dir, "sync"))
	if err != nil {
		return err
	}
	commit, err := commitTime(filepath.Join(dir, "raw.db"))
	if err != nil {
		return err
	}
	a.say("disk: fdatasync of 4 KB %v (median); group commit of 64 values of 2 KB in bbolt %v (median), %.0f values/s", sync, commit, 64/commit.Seconds())
	return nil
}

func syncTime(path string) (took time.Duration, err error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(path)) }()
	block := make([]byte, 4096)
	var times []time.Duration
	for range 200 {
		if _, err := f.Write(block); err != nil {
			return 0, err
		}
		began := time.Now()
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			return 0, err
		}
		times = append(times, time.Since(began))
	}
	return median(times), nil
}

func commitTime(path string) (took time.Duration, err error) {
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close(), os.Remove(path)) }()
	value := make([]byte, 2048)
	var times []time.Duration
	for n := range 100 {
		began := time.Now()
		err := db.Update(func(tx *bolt.Tx) error {
			b, err := tx.CreateBucketIfNotExists([]byte("b"))
			if err != nil {
				return err
			}
			for i := range 64 {
				if err := b.Put([]byte{byte(n >> 8), byte(n), byte(i)}, value); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
		times = append(times, time.Since(began))
	}
	return median(times), nil
}
