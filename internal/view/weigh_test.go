package view

import (
	"os"
	"path/filepath"
	"testing"
)

// TestWeigh: whatever a file holds is told of, with the pages that it lies on, and nothing is written.
func TestWeigh(t *testing.T) {
	w := populated(t)
	for range 20 {
		w.took(w.consultation(italy, w.submit(&item{owner: france, release: to(italy), content: "x"})))
	}
	if err := w.View.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(w.dir, FileView)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sizes, err := Weigh(w.dir)
	if err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	if err != nil || string(after) != string(before) {
		t.Errorf("the file changed: %v", err)
	}
	seen := map[string]Weight{}
	var pages, parts int64
	for _, one := range sizes.List {
		seen[one.Bucket+"/"+one.Part] = one
		if pages += one.PageBytes; one.Part != "" {
			parts += one.KeyBytes + one.ValueBytes
		}
	}
	records, content := seen["records/"], seen["records/content"]
	if sizes.Records != 20 || content.Values != 20 || parts != records.KeyBytes+records.ValueBytes || seen["journal/"].Values == 0 {
		t.Errorf("%+v", sizes)
	}
	if sizes.FileBytes > int64(len(before)) || pages+sizes.FreeBytes > sizes.FileBytes || pages < records.PageBytes || records.PageBytes == 0 {
		t.Errorf("%d bytes of pages, %d free, in %d", pages, sizes.FreeBytes, sizes.FileBytes)
	}
	if _, err := Weigh(t.TempDir()); err == nil {
		t.Error("a folder without a hub has sizes")
	}
}
