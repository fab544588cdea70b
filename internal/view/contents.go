package view

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"slices"

	bolt "go.etcd.io/bbolt"

	"github.com/seed-1d76a664/entente/internal/journal"
)

// ContentsHash is one hash over bucket, key and value, in order, of everything that the same commands make the same on every hub: not the entries, the
// position, the term lists and the wrapped keys. It reads the whole file.
func (v *View) ContentsHash() (journal.Hash, error) {
	var sum journal.Hash
	err := v.db.View(func(tx *bolt.Tx) error {
		return guarded(func() (err error) {
			sum, err = contentsHash(tx)
			return err
		})
	})
	return sum, storeFault(err)
}

func contentsHash(tx *bolt.Tx) (sum journal.Hash, err error) {
	h := sha256.New()
	names := buckets()
	slices.Sort(names)
	for _, name := range names {
		if slices.Contains([]string{bucketJournal, bucketPosition, bucketKeys, bucketIndex}, name) {
			continue
		}
		if empty(tx, name) && slices.Contains(later(), name) {
			continue // as in the file of a build that does not know it
		}
		hashField(h, []byte(name))
		err := tx.Bucket([]byte(name)).ForEach(func(k, value []byte) error {
			if name == bucketRecords && len(k) == recordKeySize && Part(k[8]) == PartTerms {
				return nil
			}
			hashField(h, k)
			hashField(h, value)
			return nil
		})
		if err != nil {
			return sum, err
		}
	}
	copy(sum[:], h.Sum(nil))
	return sum, nil
}

func empty(tx *bolt.Tx, name string) bool {
	bucket := tx.Bucket([]byte(name))
	if bucket == nil {
		return true
	}
	k, _ := bucket.Cursor().First()
	return k == nil
}

func hashField(h hash.Hash, b []byte) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(b)))
	h.Write(n[:])
	h.Write(b)
}
