package ledger

import (
	"encoding/binary"
	"fmt"

	"github.com/seed-1d76a664/entente/internal/fault"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	// TileWidth is the number of leaves in a full tile.
	TileWidth = 256
	// TileSize is the length of a full tile, in bytes.
	TileSize = TileWidth * tlog.HashSize
	// TileKeySize is the length of a tile's key, in bytes.
	TileKeySize = len(LogID{}) + 8
)

// ErrTile (DATA_LOSS) says that bytes are no tile, or that a tile does not hold what a log of its size has there.
var ErrTile error = fault.New(fault.DataLoss, "TILE_DAMAGED",
	"A stored part of a log is damaged and was not served; tell the operator of the hub.")

// Tile is a run of leaf hashes, one after the other without anything between: up to TileWidth of them, fewer only in the last
// tile of a log. An empty tile is the start of one and is not stored.
type Tile []byte

// ReadTile takes stored bytes for the tile of this index in a log of size leaves, and checks that it has just the width that
// it must have there. The tile is a part of data, not a copy.
func ReadTile(data []byte, index, size uint64) (Tile, error) {
	if want := width(index, size); want == 0 || uint64(len(data)) != want*tlog.HashSize {
		return nil, fmt.Errorf("ledger: tile of the wrong width: %w", ErrTile)
	}
	return Tile(data), nil
}

// width is the number of leaves in a tile of a log of size leaves; 0 beyond its end.
func width(index, size uint64) uint64 {
	if index > size/TileWidth {
		return 0
	}
	return min(size-index*TileWidth, TileWidth)
}

// Tiles is the number of tiles of a log of size leaves.
func Tiles(size uint64) uint64 {
	full := size / TileWidth
	if size%TileWidth > 0 {
		full++
	}
	return full
}

// Width is the number of leaves in the tile.
func (t Tile) Width() int { return len(t) / tlog.HashSize }

// Leaf returns a copy of the leaf at offset; false if the tile has none there.
func (t Tile) Leaf(offset int) (tlog.Hash, bool) {
	if offset < 0 || offset >= t.Width() {
		return tlog.Hash{}, false
	}
	return tlog.Hash(t[offset*tlog.HashSize:]), true
}

// Place tells in which tile, and where in it, the leaf of a row stands. Rows are numbered from 1; number 0 is no row.
func Place(number uint64) (index uint64, offset int) {
	number--
	return number / TileWidth, int(number % TileWidth)
}

// TileKey is the key under which a tile is stored: log, then index (8 bytes, big endian), so that a log's tiles lie together and
// in order.
func TileKey(log LogID, index uint64) []byte {
	key := make([]byte, 0, TileKeySize)
	return binary.BigEndian.AppendUint64(append(key, log[:]...), index)
}

// ParseTileKey is the reverse of TileKey; false if key is none.
func ParseTileKey(key []byte) (log LogID, index uint64, ok bool) {
	if len(key) != TileKeySize {
		return LogID{}, 0, false
	}
	return LogID(key), binary.BigEndian.Uint64(key[len(log):]), true
}

// Append adds leaves behind last, the last tile of a log as stored (empty or nil for a new log, or after a full tile). It
// returns the tiles to store, in order, from the place of last on: all full but the last one, which may be partial or full;
// none if there is nothing to add. So a batch writes each tile once, however many leaves it brings. After a full tile start with
// nil at the next index. last is not changed and not kept. ErrTile if last is no partial tile.
func Append(last Tile, leaves ...tlog.Hash) ([]Tile, error) {
	if len(last)%tlog.HashSize != 0 || len(last) >= TileSize {
		return nil, fmt.Errorf("ledger: append to what is no partial tile: %w", ErrTile)
	}
	if len(leaves) == 0 {
		return nil, nil
	}
	all := make([]byte, 0, len(last)+len(leaves)*tlog.HashSize)
	all = append(all, last...)
	for i := range leaves {
		all = append(all, leaves[i][:]...)
	}
	tiles := make([]Tile, 0, (len(all)+TileSize-1)/TileSize)
	for len(all) > 0 {
		n := min(len(all), TileSize)
		tiles = append(tiles, Tile(all[:n:n]))
		all = all[n:]
	}
	return tiles, nil
}
