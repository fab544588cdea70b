package ledger

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/seed-1d76a664/entente/internal/fault"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// However leaves come in batches, the tiles are those that golang.org/x/mod cuts from its own tree, and so is the head.
func TestTilesEqualThoseOfAPlainTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ours, theirs := newShelf(), new(plain)
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 300), 1, 6).Draw(t, "batches") {
			leaves := leavesUpTo(ours.size + uint64(n))[ours.size:]
			before := ours.writes
			if err := errors.Join(ours.add(leaves...), theirs.add(leaves...)); err != nil {
				t.Fatal(err)
			}
			if wrote := ours.writes - before; wrote > 1+(n+TileWidth-1)/TileWidth || n == 0 && wrote > 0 {
				t.Fatalf("a batch of %d wrote %d tiles", n, wrote)
			}
		}
		compareTiles(t, ours, theirs)
		want, err := tlog.TreeHash(theirs.size, theirs)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Root(ours.size, ours.read); err != nil || got != want {
			t.Fatalf("head of %d leaves: %v, %v; want %v", ours.size, got, err, want)
		}
	})
}

func compareTiles(t *rapid.T, ours *shelf, theirs *plain) {
	if uint64(len(ours.tiles)) != Tiles(ours.size) {
		t.Fatalf("%d tiles for %d leaves, want %d", len(ours.tiles), ours.size, Tiles(ours.size))
	}
	for index := range Tiles(ours.size) {
		width := min(theirs.size-int64(index)*TileWidth, TileWidth)
		want, err := tlog.ReadTileData(tlog.Tile{H: 8, L: 0, N: int64(index), W: int(width)}, theirs)
		if err != nil {
			t.Fatal(err)
		}
		data, err := ours.read(index)
		if err != nil {
			t.Fatal(err)
		}
		tile, err := ReadTile(data, index, ours.size)
		if err != nil || !bytes.Equal(tile, want) {
			t.Fatalf("tile %d of %d leaves differs: %v", index, ours.size, err)
		}
	}
}

// Proofs made by golang.org/x/mod from our leaves hold against our head: nothing stored has to change when proofs arrive.
func TestProofsHoldAgainstOurHeads(t *testing.T) {
	for _, size := range []uint64{1, 2, 255, 256, 257, 700} {
		ours, theirs := newShelf(), new(plain)
		leaves := leavesUpTo(size)
		if err := errors.Join(ours.add(leaves...), theirs.add(leaves...)); err != nil {
			t.Fatal(err)
		}
		head, err := Root(size, ours.read)
		if err != nil {
			t.Fatal(err)
		}
		for _, number := range []uint64{1, size/2 + 1, size} {
			proof, err := tlog.ProveRecord(int64(size), int64(number-1), theirs)
			if err != nil {
				t.Fatal(err)
			}
			index, offset := Place(number)
			tile, err := ours.read(index)
			if err != nil {
				t.Fatal(err)
			}
			leaf, ok := tile.Leaf(offset)
			if !ok || leaf != leafAt(number) {
				t.Fatalf("leaf %d of %d is not where it should be", number, size)
			}
			if err := tlog.CheckRecord(proof, int64(size), head, int64(number-1), leaf); err != nil {
				t.Errorf("leaf %d of %d: %v", number, size, err)
			}
		}
	}
}

func TestHeadOfNothing(t *testing.T) {
	want, err := tlog.TreeHash(0, new(plain))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Root(0, func(uint64) (Tile, error) { return nil, errors.New("there is no tile to read") })
	if err != nil || got != want {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
}

func TestHeadNeedsEveryTileAsItMustBe(t *testing.T) {
	s := newShelf()
	if err := s.add(leavesUpTo(600)...); err != nil {
		t.Fatal(err)
	}
	right, err := Root(600, s.read)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []uint64{599, 601, 513, 257, 769} {
		if _, err := Root(size, s.read); err == nil {
			t.Errorf("a head of %d leaves from the tiles of 600", size)
		}
	}
	gone := errors.New("gone")
	if _, err := Root(600, func(uint64) (Tile, error) { return nil, gone }); !errors.Is(err, gone) {
		t.Errorf("a tile that cannot be read: %v", err)
	}
	middle := string(TileKey(s.log, 1))
	s.tiles[middle] = slices.Clone(s.tiles[middle])
	s.tiles[middle][77] ^= 1
	if got, err := Root(600, s.read); err != nil || got == right {
		t.Errorf("a flipped bit leaves the head as it was: %v", err)
	}
}

func TestAppendLeavesItsArgumentsAlone(t *testing.T) {
	leaves := leavesUpTo(400)
	first, err := Append(nil, leaves[:100]...)
	if err != nil {
		t.Fatal(err)
	}
	last := append(make(Tile, 0, 2*TileSize), first[0]...)
	kept := slices.Clone(last)
	tiles, err := Append(last, leaves[100:]...)
	if err != nil || len(tiles) != 2 || tiles[0].Width() != TileWidth || tiles[1].Width() != 400-TileWidth {
		t.Fatalf("%d tiles, %v", len(tiles), err)
	}
	clear(last[:cap(last)])
	if !bytes.Equal(tiles[0][:len(kept)], kept) {
		t.Error("a tile shares memory with the one that it continues")
	}
	_ = append(tiles[0], 1)
	if got, _ := tiles[1].Leaf(0); got != leafAt(257) {
		t.Error("appending to one tile writes into the next")
	}
}

func TestAppendRefusesWhatIsNoPartialTile(t *testing.T) {
	for _, n := range []int{1, 31, 33, TileSize - 1, TileSize, TileSize + tlog.HashSize} {
		_, err := Append(make(Tile, n), leafAt(1))
		if !errors.Is(err, ErrTile) || fault.KindOf(err) != fault.DataLoss {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	if tiles, err := Append(make(Tile, 64)); len(tiles) > 0 || err != nil {
		t.Errorf("nothing to add: %d tiles, %v", len(tiles), err)
	}
}

func TestReadTileKnowsEveryWidth(t *testing.T) {
	for _, c := range []struct {
		index, size uint64
		want        int
	}{
		{0, 0, 0}, {0, 1, 1}, {0, 255, 255}, {0, 256, 256}, {0, 1000, 256}, {1, 256, 0}, {1, 257, 1}, {3, 1000, 232}, {4, 1000, 0},
		{1 << 60, 5, 0}, {1<<56 - 1, 1<<64 - 1, 255}, {1 << 56, 1<<64 - 1, 0},
	} {
		for leaves := range TileWidth + 2 {
			tile, err := ReadTile(make([]byte, leaves*tlog.HashSize), c.index, c.size)
			if ok := leaves == c.want && leaves > 0; ok != (err == nil) || err != nil && !errors.Is(err, ErrTile) {
				t.Errorf("tile %d of %d leaves with %d: %v", c.index, c.size, leaves, err)
			} else if ok && tile.Width() != leaves {
				t.Errorf("width %d, want %d", tile.Width(), leaves)
			}
		}
		if got := c.index < Tiles(c.size); got != (c.want > 0) {
			t.Errorf("%d leaves make %d tiles", c.size, Tiles(c.size))
		}
	}
}

func TestLeafBeyondATile(t *testing.T) {
	tile := make(Tile, 3*tlog.HashSize)
	for offset, want := range map[int]bool{-1: false, 0: true, 2: true, 3: false, 1 << 40: false} {
		if _, ok := tile.Leaf(offset); ok != want {
			t.Errorf("leaf at %d: %v", offset, ok)
		}
	}
}

func TestTileKeysSortByLogThenIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := NewLogID("inbox", rapid.String().Draw(t, "owner"))
		a, b := rapid.Uint64().Draw(t, "a"), rapid.Uint64().Draw(t, "b")
		if bytes.Compare(TileKey(log, a), TileKey(log, b)) < 0 != (a < b) {
			t.Fatal("keys are not in the order of tiles")
		}
		if gotLog, got, ok := ParseTileKey(TileKey(log, a)); gotLog != log || got != a || !ok {
			t.Fatal("a key does not come back")
		}
	})
	for _, n := range []int{0, TileKeySize - 1, TileKeySize + 1} {
		if _, _, ok := ParseTileKey(make([]byte, n)); ok {
			t.Errorf("%d bytes are a key", n)
		}
	}
}

func TestPlaceIsDense(t *testing.T) {
	want := uint64(0)
	for number := uint64(1); number < 1000; number++ {
		index, offset := Place(number)
		if index*TileWidth+uint64(offset) != want {
			t.Fatalf("row %d stands at %d of %d", number, offset, index)
		}
		want++
	}
}

// FuzzReadTile gives arbitrary bytes for the tile of an arbitrary place in a log of arbitrary size, and goes on with them.
func FuzzReadTile(f *testing.F) {
	f.Add([]byte{}, uint64(0), uint64(0))
	f.Add(make([]byte, TileSize), uint64(3), uint64(1024))
	f.Add(make([]byte, 64), uint64(1), uint64(258))
	f.Add(make([]byte, 8160), uint64(1<<56-1), uint64(1<<64-1))
	f.Fuzz(func(t *testing.T, data []byte, index, size uint64) {
		tile, err := ReadTile(data, index, size)
		if err != nil {
			if !errors.Is(err, ErrTile) {
				t.Errorf("read: %v", err)
			}
			return
		}
		if n := tile.Width(); n < 1 || n > TileWidth || n*tlog.HashSize != len(data) || index >= Tiles(size) {
			t.Fatalf("a tile of %d leaves from %d bytes", n, len(data))
		}
		more, err := Append(tile, leafAt(1))
		if full := tile.Width() == TileWidth; full != errors.Is(err, ErrTile) || full == (err == nil) {
			t.Errorf("append: %v", err)
		} else if !full && (len(more) != 1 || !bytes.HasPrefix(more[0], data)) {
			t.Error("append lost leaves")
		}
	})
}
