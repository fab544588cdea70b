package ledger_test

import (
	"fmt"
	"log"

	"github.com/seed-1d76a664/entente/internal/ledger"
)

// One batch adds two rows to an empty inbox.
func Example() {
	inbox := ledger.NewLogID("inbox", "it")
	salter := ledger.NewSalter([32]byte{ /* from the keyring */ 1})
	tiles := map[string]ledger.Tile{}

	rows := [][]byte{[]byte("row 1"), []byte("row 2")}
	first := ledger.Leaf(salter.Salt(inbox, 1), ledger.RowDigest(rows[0]))
	second := ledger.Leaf(salter.Salt(inbox, 2), ledger.RowDigest(rows[1]))

	index, _ := ledger.Place(1)
	written, err := ledger.Append(nil, first, second)
	if err != nil {
		log.Fatal(err)
	}
	for i, tile := range written {
		tiles[string(ledger.TileKey(inbox, index+uint64(i)))] = tile
	}

	head, err := ledger.Root(2, func(index uint64) (ledger.Tile, error) {
		return tiles[string(ledger.TileKey(inbox, index))], nil
	})
	fmt.Println(len(tiles), head, err)
	// Output: 1 Gyvj0VI14BdB/xW7aadY5wthpgDt22trrAqqtYkkSkY= <nil>
}
