package view

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/seed-1d76a664/entente/internal/fault"
)

// checkOf checks a file with this content.
func (w *world) checkOf(t *testing.T, file []byte) (checked, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pages.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return checkFile(path, w.ring, w.hasher)
}

// sortedPages are the numbers of the pages of each kind in a file: those that are free too, for nobody has written over them.
func sortedPages(file []byte, size int) map[uint16][]int {
	kinds := map[uint16][]int{}
	for at := 2 * size; at < len(file); at += size {
		if id := at / size; binary.NativeEndian.Uint64(file[at:]) == uint64(id) {
			kinds[kindOf(file[at:])] = append(kinds[kindOf(file[at:])], id)
		}
	}
	return kinds
}

// TestADamagedPageIsTold: whatever leads bbolt astray in a page is told as damage, in this process, and else the file has what it had.
func TestADamagedPageIsTold(t *testing.T) {
	w := busy(t)
	for range 120 {
		w.submit(&item{owner: france, release: to(italy), content: "one of many"})
	}
	file, err := os.ReadFile(w.db.Path())
	if err != nil {
		t.Fatal(err)
	}
	size := w.db.Info().PageSize
	file = file[:w.fileEnd()]
	whole, err := w.checkOf(t, file)
	if err != nil {
		t.Fatal(err)
	}
	kinds, told := sortedPages(file, size), 0
	if len(kinds[pageBranch]) == 0 || len(kinds[pageLeaf]) == 0 || len(kinds[pageFreeList]) == 0 {
		t.Fatalf("pages %v", kinds)
	}
	try := func(what string, edit func(file []byte)) {
		t.Helper()
		damaged := bytes.Clone(file)
		edit(damaged)
		switch got, err := w.checkOf(t, damaged); {
		case fault.KindOf(err) == fault.DataLoss:
			told++
		case err != nil || got != whole:
			t.Errorf("%s: %+v, %v", what, got, err)
		}
	}
	for kind, list := range kinds {
		for i, id := range list {
			for n := range 3 { // a bit of the head and of the first elements
				at := id*size + (i*3+n)*7%(pageHead+2*elementSize)
				try(fmt.Sprintf("bit in page %d of kind %d, byte %d", id, kind, at%size), func(file []byte) { file[at] ^= 1 << ((i + n) % 8) })
			}
		}
	}
	for _, id := range kinds[pageBranch] {
		for name, to := range map[string]uint64{"itself": uint64(id), "far away": 1 << 40, "the metas": 0, "its neighbour": uint64(id + 1)} {
			try(fmt.Sprintf("branch %d leads to %s", id, name), func(file []byte) { binary.NativeEndian.PutUint64(file[id*size+pageHead+8:], to) })
		}
	}
	for _, id := range kinds[pageLeaf] {
		try(fmt.Sprintf("leaf %d has a key far away", id), func(file []byte) { file[id*size+pageHead+7] ^= 0x7f })
		for _, fewer := range []uint16{0, 1, binary.NativeEndian.Uint16(file[id*size+10:]) - 1} {
			try(fmt.Sprintf("leaf %d has %d elements", id, fewer), func(file []byte) { binary.NativeEndian.PutUint16(file[id*size+10:], fewer) })
		}
		try(fmt.Sprintf("leaf %d goes on for ever", id), func(file []byte) { binary.NativeEndian.PutUint32(file[id*size+12:], 1<<31) })
	}
	t.Logf("%d were noticed", told)
	if told < 30 {
		t.Error("the test cannot tell a damaged page from a whole one")
	}
}

// FuzzPage: whatever stands in a page, its elements lie in it or it is told.
func FuzzPage(f *testing.F) {
	page := make([]byte, 256)
	binary.NativeEndian.PutUint16(page[8:], pageLeaf)
	binary.NativeEndian.PutUint16(page[10:], 1)
	binary.NativeEndian.PutUint32(page[pageHead+4:], elementSize)
	binary.NativeEndian.PutUint32(page[pageHead+8:], 8)
	f.Add(bytes.Clone(page))
	page[8] = pageBranch
	f.Add(page)
	f.Fuzz(func(t *testing.T, page []byte) {
		if len(page) < pageHead {
			return // a page is never shorter
		}
		list, err := elementsOf(page)
		if err != nil {
			return
		}
		for _, e := range list {
			if len(e.key)+len(e.value) > len(page) {
				t.Errorf("%x has %x and %x", page, e.key, e.value)
			}
			if err := (&pages{}).bucket(2, e.value); e.bucket && err == nil && len(e.value) < bucketHead {
				t.Errorf("%x is a bucket", e.value)
			}
		}
	})
}
