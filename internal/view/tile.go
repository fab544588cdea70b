package view

import (
	"golang.org/x/mod/sumdb/tlog"

	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/ledger"
)

// pieceLeaves is how many leaves of a tile one value of the bucket holds. A batch adds a few leaves to each of many logs: of whole tiles, which bbolt leaves
// four to a page however large they are, it would write a hundred times as much.
const pieceLeaves = 32

// tileKey is the key of a piece of a tile, from 0.
func tileKey(id ledger.LogID, tile uint64, piece int) []byte {
	return append(ledger.TileKey(id, tile), byte(piece))
}

// tilePiece appends a piece of a tile of a log of size leaves, which must have just the leaves that it has then: none beyond the end of the log.
func (s store) tilePiece(dst []byte, id ledger.LogID, index uint64, piece int, size uint64) ([]byte, error) {
	first := index*ledger.TileWidth + uint64(piece)*pieceLeaves
	want, before := min(size-min(size, first), pieceLeaves)*tlog.HashSize, len(dst)
	key := tileKey(id, index, piece)
	place, frame := keyring.At(bucketTiles, key), s.get(bucketTiles, key)
	if want < pieceLeaves*tlog.HashSize {
		place, frame = s.leavesPlace(id, key)
	}
	if frame != nil {
		var err error
		if dst, err = keyring.OpenClear(dst, place, frame); err != nil {
			return nil, damage(err)
		}
	}
	if uint64(len(dst)-before) != want {
		return nil, damage(errShort)
	}
	return dst, nil
}

// leafAt reads one leaf.
func (s store) leafAt(id ledger.LogID, number, size uint64) (tlog.Hash, error) {
	index, offset := ledger.Place(number)
	plain, err := s.tilePiece(nil, id, index, offset/pieceLeaves, size)
	if err != nil {
		return tlog.Hash{}, err
	}
	leaf, ok := ledger.Tile(plain).Leaf(offset % pieceLeaves)
	if !ok {
		return tlog.Hash{}, damage(errShort)
	}
	return leaf, nil
}

// partialTile reads the last tile of a log, as far as it is filled; nil where the next leaf begins a new one.
func (s store) partialTile(id ledger.LogID, size uint64) (ledger.Tile, error) {
	index := size / ledger.TileWidth
	first := index * ledger.TileWidth
	if size == first {
		return nil, nil
	}
	tile := make([]byte, 0, (size-first)*tlog.HashSize+tileRoom)
	for piece := 0; first+uint64(piece)*pieceLeaves < size; piece++ {
		var err error
		if tile, err = s.tilePiece(tile, id, index, piece, size); err != nil {
			return nil, err
		}
	}
	return tile, nil
}

// tileRoom is room for a piece's place beside its leaves, while it is opened.
const tileRoom = 128

// checkHead compares the last number of a log with its leaves, which are kept elsewhere: a log that lost its end would give its numbers twice.
func (s store) checkHead(id ledger.LogID, head uint64) error {
	if head > 0 {
		if _, err := s.leafAt(id, head, head); err != nil {
			return err
		}
	}
	index, offset := ledger.Place(head + 1)
	_, err := s.tilePiece(nil, id, index, offset/pieceLeaves, head)
	return err
}

// putTile stores what is new of a tile, of which the first leaves are there already: whole pieces in their place, the rest among the ends.
func (b *batch) putTile(id ledger.LogID, index uint64, tile ledger.Tile, there int) error {
	const size = pieceLeaves * tlog.HashSize
	piece := there / pieceLeaves
	for ; (piece+1)*size <= len(tile); piece++ {
		if err := b.putClear(bucketTiles, tileKey(id, index, piece), tile[piece*size:(piece+1)*size]); err != nil {
			return err
		}
	}
	return b.putUnfinishedLeaves(id, tile[piece*size:])
}
