package ledger

import (
	"crypto/sha256"
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// Root computes the RFC 6962 tree head of a log of size leaves (the SHA-256 of nothing for an empty one) from its tiles, which
// read returns one by one from index 0 on. A tile is used before the next one is asked for, so it may be borrowed memory. It hashes
// every leaf: it is for checks, not for each event. Errors of read come back wrapped; ErrTile if a tile has not the width that it must have.
func Root(size uint64, read func(index uint64) (Tile, error)) (tlog.Hash, error) {
	if size == 0 {
		return sha256.Sum256(nil), nil
	}
	var tree frontier
	for index := range Tiles(size) {
		data, err := read(index)
		if err != nil {
			return tlog.Hash{}, fmt.Errorf("ledger: read tile: %w", err)
		}
		tile, err := ReadTile(data, index, size)
		if err != nil {
			return tlog.Hash{}, err
		}
		for i := range tile.Width() {
			tree.add(tlog.Hash(tile[i*tlog.HashSize:]))
		}
	}
	return tree.root(), nil
}

// frontier holds the roots of the complete subtrees of a growing tree, largest first: one for each bit set in size.
type frontier struct {
	size  uint64
	roots []tlog.Hash
}

// add puts a leaf behind the others and joins the subtrees that it completes.
func (f *frontier) add(leaf tlog.Hash) {
	for range bits.TrailingZeros64(^f.size) {
		last := len(f.roots) - 1
		leaf = tlog.NodeHash(f.roots[last], leaf)
		f.roots = f.roots[:last]
	}
	f.roots = append(f.roots, leaf)
	f.size++
}

// root joins the subtrees from the smallest up. There must be one.
func (f *frontier) root() tlog.Hash {
	last := len(f.roots) - 1
	hash := f.roots[last]
	for i := last - 1; i >= 0; i-- {
		hash = tlog.NodeHash(f.roots[i], hash)
	}
	return hash
}
