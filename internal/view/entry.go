package view

import (
	"bytes"
	"encoding/binary"

	bolt "go.etcd.io/bbolt"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/keyring"
)

// pieceSize is how much of an entry one value of the bucket holds: with their keys two of them fill 8 KiB, a page or two. bbolt leaves up to four values
// on a page however large they are, and writes all of it anew for the next one; whole entries of 1 MiB made it write four and a half times as much.
const pieceSize = 4000

// pieceKey is the number of an entry and of one of its pieces, from 0.
func pieceKey(entry uint64, piece uint32) []byte {
	return binary.BigEndian.AppendUint32(key8(entry), piece)
}

// putEntry stores the sealed entry of a number, in pieces.
func putEntry(bucket *bolt.Bucket, number uint64, frame []byte) error {
	for piece := uint32(0); len(frame) > 0; piece++ {
		n := min(len(frame), pieceSize)
		if err := bucket.Put(pieceKey(number, piece), frame[:n]); err != nil {
			return err
		}
		frame = frame[n:]
	}
	return nil
}

// deleteEntry takes an entry out, and says how many pieces it had: none where there was none.
func deleteEntry(bucket *bolt.Bucket, number uint64) (pieces int, err error) {
	var keys [][]byte
	c := bucket.Cursor()
	for k, _ := c.Seek(key8(number)); bytes.HasPrefix(k, key8(number)); k, _ = c.Next() {
		keys = append(keys, bytes.Clone(k))
	}
	for _, k := range keys {
		if err := bucket.Delete(k); err != nil {
			return 0, err
		}
	}
	return len(keys), nil
}

// entries visits the entries that are kept, from a number on, until visit returns false.
func (s store) entries(from uint64, visit func(entry *internalv1.Entry, encoded []byte) (bool, error)) error {
	return s.encodedEntries(from, func(number uint64, encoded []byte) (bool, error) {
		entry, err := journal.Decode(encoded)
		if err == nil && entry.GetNumber() != number {
			err = damage(errDamaged)
		}
		if err != nil {
			return false, err
		}
		return visit(entry, encoded)
	})
}

// encodedEntries visits the entries that are kept as they are stored, opened, from a number on, until visit returns false. A piece that is missing or damaged
// spoils the seal of its entry.
func (s store) encodedEntries(from uint64, visit func(number uint64, encoded []byte) (bool, error)) error {
	c := s.tx.Bucket([]byte(bucketJournal)).Cursor()
	k, piece := c.Seek(key8(from))
	for k != nil {
		if len(k) != 12 {
			return damage(errDamaged)
		}
		number := binary.BigEndian.Uint64(k)
		var frame []byte
		for ; bytes.HasPrefix(k, key8(number)); k, piece = c.Next() {
			frame = append(frame, piece...)
		}
		encoded, err := s.ring.Open(nil, keyring.At(bucketJournal, key8(number)), frame)
		if err != nil {
			return damage(err)
		}
		if more, err := visit(number, encoded); err != nil || !more {
			return err
		}
	}
	return nil
}

// Entries visits the entries that the file keeps, from a number on, oldest first, until visit returns false: for replays and for other hubs that
// apply the same journal. Whoever gets them has everything. What visit is given may be kept.
func (s *Snapshot) Entries(from uint64, visit func(entry *internalv1.Entry, encoded []byte) (bool, error)) error {
	return s.entries(from, visit)
}
