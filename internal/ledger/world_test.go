package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// leafAt is some leaf for each number.
func leafAt(number uint64) tlog.Hash {
	return Leaf(Salt{byte(number)}, sha256.Sum256(binary.BigEndian.AppendUint64(nil, number)))
}

func leavesUpTo(size uint64) []tlog.Hash {
	out := make([]tlog.Hash, size)
	for i := range out {
		out[i] = leafAt(uint64(i) + 1)
	}
	return out
}

// shelf keeps tiles as the view does: by key, each overwritten as a whole.
type shelf struct {
	log    LogID
	tiles  map[string]Tile
	size   uint64
	writes int
}

func newShelf() *shelf { return &shelf{log: NewLogID("inbox", "it"), tiles: map[string]Tile{}} }

// add stores a batch of leaves.
func (s *shelf) add(leaves ...tlog.Hash) error {
	index, _ := Place(s.size + 1)
	tiles, err := Append(s.tiles[string(TileKey(s.log, index))], leaves...)
	if err != nil {
		return err
	}
	for i, tile := range tiles {
		s.tiles[string(TileKey(s.log, index+uint64(i)))] = tile
		s.writes++
	}
	s.size += uint64(len(leaves))
	return nil
}

func (s *shelf) read(index uint64) (Tile, error) {
	tile, ok := s.tiles[string(TileKey(s.log, index))]
	if !ok {
		return nil, errors.New("no such tile")
	}
	return tile, nil
}

// plain is a tree as golang.org/x/mod keeps it: every hash of every level, none of it ours.
type plain struct {
	hashes []tlog.Hash
	size   int64
}

func (p *plain) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		if at < 0 || at >= int64(len(p.hashes)) {
			return nil, fmt.Errorf("no hash %d", at)
		}
		out[i] = p.hashes[at]
	}
	return out, nil
}

func (p *plain) add(leaves ...tlog.Hash) error {
	for _, leaf := range leaves {
		more, err := tlog.StoredHashesForRecordHash(p.size, leaf, p)
		if err != nil {
			return err
		}
		p.hashes = append(p.hashes, more...)
		p.size++
	}
	return nil
}
