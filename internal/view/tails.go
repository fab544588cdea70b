package view

import (
	"encoding/binary"

	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/ledger"
)

// The unfinished end of each log, fewer than 32 rows and their leaves, lies in a bucket of all ends until it is finished and moves to its place. An entry
// adds a few rows to each of some twenty logs: in their places their ends would be two pages each, far apart in the file, and how many such pages an entry
// writes is what its commit costs. In files of earlier builds an end lies in its place until the log grows.

// rowsTail is the key of the unfinished rows of a log: a stretch behind the number of its first row.
func rowsTail(bucket string, owner uint32) []byte {
	kind := byte(logInbox)
	if bucket == bucketReaderships {
		kind = byte(logReadership)
	}
	return binary.BigEndian.AppendUint32([]byte{kind}, owner)
}

// leavesTail is the key of the unfinished piece of a log's tiles.
func leavesTail(id ledger.LogID) []byte { return id[:] }

// unfinishedRows reads the unfinished rows of a log that lie among the ends; false where none do.
func (s store) unfinishedRows(bucket string, owner uint32) (part stretch, there bool, err error) {
	key := rowsTail(bucket, owner)
	frame := s.get(bucketTails, key)
	if frame == nil {
		return part, false, nil
	}
	plain, err := openClear(bucketTails, key, frame)
	if err != nil {
		return part, true, err
	}
	if len(plain) < 8 || !part.decode(plain[8:]) {
		return part, true, damage(errDamaged)
	}
	part.first = binary.BigEndian.Uint64(plain)
	return part, true, nil
}

// putUnfinishedRows stores a stretch that is to go on, or takes the one away that went on, where the new one is empty.
func (b *batch) putUnfinishedRows(bucket string, owner uint32, part stretch) error {
	key := rowsTail(bucket, owner)
	if len(part.rows) == 0 {
		return b.bucket(bucketTails).Delete(key)
	}
	return b.putClear(bucketTails, key, append(key8(part.first), part.encode()...))
}

// putUnfinishedLeaves does the same for leaves.
func (b *batch) putUnfinishedLeaves(id ledger.LogID, leaves []byte) error {
	if len(leaves) == 0 {
		return b.bucket(bucketTails).Delete(leavesTail(id))
	}
	return b.putClear(bucketTails, leavesTail(id), leaves)
}

// leavesPlace is where the last piece of a log's tiles lies, of which the place in the tiles is given.
func (s store) leavesPlace(id ledger.LogID, place []byte) (location keyring.Location, frame []byte) {
	if frame := s.get(bucketTails, leavesTail(id)); frame != nil {
		return keyring.At(bucketTails, leavesTail(id)), frame
	}
	return keyring.At(bucketTiles, place), s.get(bucketTiles, place)
}
