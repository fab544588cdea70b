package ledger

import (
	"fmt"
	"testing"
)

// BenchmarkAppend adds leaves to a tile that is half full, as a batch does once for each inbox that it touches.
func BenchmarkAppend(b *testing.B) {
	half, err := Append(nil, leavesUpTo(TileWidth/2)...)
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range []uint64{1, 13, 100} {
		leaves := leavesUpTo(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Append(half[0], leaves...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRow is what each inbox row costs besides its tile: digest, salt and leaf.
func BenchmarkRow(b *testing.B) {
	salter := NewSalter([32]byte{1})
	log := NewLogID("inbox", "it")
	row := make([]byte, 32)
	b.ReportAllocs()
	number := uint64(0)
	for b.Loop() {
		number++
		leafSink = Leaf(salter.Salt(log, number), RowDigest(row))
	}
}

// BenchmarkDigest is what a submit pays for the commitment to a content of 2 KB.
func BenchmarkDigest(b *testing.B) {
	content := make([]byte, 2048)
	b.ReportAllocs()
	for b.Loop() {
		leafSink = Digest(Content, Salt{}, content)
	}
}

// BenchmarkRoot is a whole head of ten thousand leaves.
func BenchmarkRoot(b *testing.B) {
	s := newShelf()
	if err := s.add(leavesUpTo(10_000)...); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Root(s.size, s.read); err != nil {
			b.Fatal(err)
		}
	}
}

// leafSink keeps the compiler from dropping what is measured.
var leafSink [32]byte
