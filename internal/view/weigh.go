package view

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// Weight is what one kind of value takes up in the file.
type Weight struct {
	// Bucket that it lies in.
	Bucket string
	// Part is what of a record it is; empty but for those.
	Part string
	// Values is how many there are.
	Values int64
	// KeyBytes and ValueBytes are what they consist of.
	KeyBytes, ValueBytes int64
	// PageBytes is what the pages of the bucket take up; 0 for a part.
	PageBytes int64
}

// Weights is where the bytes of a file are.
type Weights struct {
	// FileBytes is how far the file is in use, FreeBytes what of that is used again before it grows.
	FileBytes, FreeBytes int64
	// Records is how many records it holds.
	Records int64
	// List has each bucket that is not empty, and behind that of the records their parts.
	List []Weight
}

// Weigh tells where the bytes of a folder's view are. It needs no keys and writes nothing; no hub may run.
func Weigh(dir string) (w *Weights, err error) {
	if _, err := readFormat(dir); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, FileView)
	if _, err := os.Stat(path); err != nil {
		return nil, err // a file that is not there is not made
	}
	var db *bolt.DB
	err = guarded(func() (err error) {
		db, err = bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, PreLoadFreelist: true, Timeout: time.Second})
		return err
	})
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, errors.New("view: the file is in use: stop the hub first")
	}
	if err != nil {
		return nil, fmt.Errorf("view: open %s: %w", FileView, storeFault(err))
	}
	defer func() { _ = db.Close() }() // nothing was written
	w = new(Weights)
	err = db.View(func(tx *bolt.Tx) error {
		w.FileBytes, w.FreeBytes = tx.Size(), int64(db.Stats().FreePageN)*int64(db.Info().PageSize)
		return guarded(func() error { return eachBucket(tx, w.weigh) })
	})
	return w, storeFault(err)
}

// weigh adds a bucket.
func (w *Weights) weigh(name string, bucket *bolt.Bucket) error {
	pages := bucket.Stats()
	if pages.KeyN == 0 {
		return nil
	}
	whole := Weight{Bucket: name, PageBytes: int64(pages.LeafAlloc + pages.BranchAlloc)}
	var parts [256]Weight
	err := bucket.ForEach(func(k, v []byte) error {
		whole.add(k, v)
		if name == bucketRecords && len(k) == recordKeySize {
			parts[k[8]].add(k, v)
		}
		return nil
	})
	w.List = append(w.List, whole)
	for part, one := range parts {
		if one.Values > 0 {
			one.Bucket, one.Part = name, Part(part).String()
			w.List = append(w.List, one)
		}
	}
	if name == bucketUIDs {
		w.Records = whole.Values
	}
	return err
}

func (w *Weight) add(k, v []byte) {
	w.Values++
	w.KeyBytes += int64(len(k))
	w.ValueBytes += int64(len(v))
}

// String names the part.
func (p Part) String() string {
	names := [...]string{
		PartEnvelope: "envelope", PartRelease: "release", PartReleaseMeta: "release meta", PartLinks: "links", PartReferences: "references",
		PartSummary: "summary", PartAssessment: "assessment", PartContent: "content", PartRevision: "revision", PartStep: "step", PartTerms: "terms",
	}
	if int(p) < len(names) && names[p] != "" {
		return names[p]
	}
	return fmt.Sprintf("part %d", byte(p))
}
