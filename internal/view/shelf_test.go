package view

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/index/segment"
)

// segments lists the files of the index.
func (w *world) segments() []string {
	w.Helper()
	files, err := filepath.Glob(filepath.Join(w.dir, folderIndex, "*"))
	if err != nil {
		w.Fatal(err)
	}
	return files
}

// tended waits until the tender has nothing left to do.
func (w *world) tended() {
	w.Helper()
	until := time.Now().Add(time.Minute)
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for ; ; <-look.C {
		w.walking.RLock()
		busy := w.spoiled.Load() || w.options.full(w.tail) || w.tail.Merge() != nil
		w.walking.RUnlock()
		if !busy {
			return
		}
		if time.Now().After(until) {
			w.Fatal("the index is never tended")
		}
		w.tender.rouse()
	}
}

// TestTheIndexHeals: whatever is done to the files of the index and to what is noted of them, while no hub runs, the index is as it was before.
func TestTheIndexHeals(t *testing.T) {
	ring := newWorld(t, Options{NoSync: true})
	harms := map[string]func(*world, *rapid.T){
		"nothing":                 func(*world, *rapid.T) {},
		"all files gone":          func(w *world, _ *rapid.T) { w.eachSegment(os.Remove) },
		"emptied":                 func(w *world, _ *rapid.T) { w.eachSegment(func(path string) error { return os.Truncate(path, 0) }) },
		"cut":                     func(w *world, _ *rapid.T) { w.eachSegment(cutInHalf) },
		"flipped":                 func(w *world, t *rapid.T) { w.flipIn(t) },
		"the manifest gone":       func(w *world, _ *rapid.T) { w.dropFromIndex(stateKey) },
		"the count gone":          func(w *world, _ *rapid.T) { w.dropFromIndex(changedKey) },
		"a note gone":             func(w *world, _ *rapid.T) { w.dropFromIndex(nil) },
		"files of a crash beside": func(w *world, _ *rapid.T) { w.litter() },
	}
	names := slices.Sorted(maps.Keys(harms))
	rapid.Check(t, func(rt *rapid.T) {
		h := newHistory(ring.blank(t, Options{NoSync: true}))
		defer func() { _ = h.Close() }()
		h.play(rt)
		before := h.postings(rt)
		if err := h.Close(); err != nil {
			rt.Fatal(err)
		}
		harms[rapid.SampledFrom(names).Draw(rt, "harm")](h.world, rt)
		h.View = h.open(Options{NoSync: true})
		h.postedAs(rt, before)
		h.tended()
		h.postedAs(rt, before)
		foundIsReadable(rt, h.world)
	})
}

func (w *world) eachSegment(do func(path string) error) {
	for _, path := range w.segments() {
		if err := do(path); err != nil {
			w.Fatal(err)
		}
	}
}

func cutInHalf(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.Truncate(path, info.Size()/2)
}

// flipIn flips one bit of one file.
func (w *world) flipIn(t *rapid.T) {
	files := w.segments()
	if len(files) == 0 {
		return
	}
	path := rapid.SampledFrom(files).Draw(t, "file")
	b, err := os.ReadFile(path)
	if err == nil {
		b[rapid.IntRange(0, len(b)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		err = os.WriteFile(path, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// dropFromIndex takes a value out of the bucket of the index; for nil the first of a record.
func (w *world) dropFromIndex(key []byte) {
	db, err := bolt.Open(filepath.Join(w.dir, FileView), 0o600, nil)
	if err != nil {
		w.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error {
		bucket := tx.Bucket([]byte(bucketIndex))
		if key == nil {
			key, _ = bucket.Cursor().First()
		}
		if key == nil {
			return nil
		}
		return bucket.Delete(key)
	})
	if err := errors.Join(err, db.Close()); err != nil {
		w.Fatal(err)
	}
}

func (w *world) litter() {
	for _, name := range []string{"000000009999.segment", "000000009998.segment.new"} {
		if err := os.WriteFile(filepath.Join(w.dir, folderIndex, name), []byte("half"), 0o600); err != nil {
			w.Fatal(err)
		}
	}
}

// TestDamageFoundByAQuery: a segment that turns out damaged while the hub runs is never answered from. The query is refused, the index made again beside
// the hub's work, and then it finds what was there, and what came meanwhile.
func TestDamageFoundByAQuery(t *testing.T) {
	w := populated(t)
	for range 9 {
		w.submit(&item{owner: france, release: to(italy), content: "x"})
	}
	w.tended()
	var told atomic.Int64
	w.reopen(Options{IndexCache: 1, OnIndexTrouble: func(err error) { // of all blocks none is at hand
		if told.Add(1); !errors.Is(err, segment.ErrDamaged) {
			t.Error(err)
		}
	}})
	w.eachSegment(func(path string) error {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i := 16; i < len(b)/2; i++ {
			b[i] ^= 1
		}
		return os.WriteFile(path, b, 0o600)
	})
	find := func() (found int, err error) {
		err = w.Query(func(s *Snapshot) error {
			found = 0
			s.Search(w.reader(italy), index.Query{}, 100, func(index.Number) bool { found++; return true })
			return nil
		})
		return found, err
	}
	if _, err := find(); fault.KindOf(err) != fault.Unavailable {
		t.Fatalf("a damaged index is answered from: %v", err)
	}
	x := w.submit(&item{owner: france, release: to(italy), content: "y"})
	w.took(w.revision(x, "z"))
	w.tended()
	if found, err := find(); err != nil || found != 10 {
		t.Errorf("%d found, %v", found, err)
	}
	if told.Load() != 1 {
		t.Errorf("the operator is told %d times", told.Load())
	}
	if err := w.Check(); err != nil {
		t.Error(err)
	}
}

// TestSegmentsStayFew: their number follows the logarithm of the records', and no file is left that none names.
func TestSegmentsStayFew(t *testing.T) {
	w := populated(t)
	for range 200 {
		w.submit(&item{owner: france, release: to(italy), content: "x"})
	}
	w.tended()
	if w.Len() != 200 {
		t.Errorf("%d records", w.Len())
	}
	w.tender.end() // what it was at is done
	w.tender.stop = nil
	if n := len(w.segments()); n > 24 || n != len(w.shelf.manifest.GetSegments()) {
		t.Errorf("%d files, %d named", n, len(w.shelf.manifest.GetSegments()))
	}
}

// TestReindex: an index that was made again is as it was.
func TestReindex(t *testing.T) {
	w := populated(t)
	for range 20 {
		w.submit(&item{owner: france, release: to(italy), content: "x"})
	}
	before := w.numbers(index.Query{})
	if err := w.View.Close(); err != nil {
		t.Fatal(err)
	}
	told := uint64(0)
	if err := Reindex(t.Context(), w.dir, w.ring, func(done, of uint64) {
		if told = done; of != 20 {
			t.Errorf("%d of %d", done, of)
		}
	}); err != nil || told != 20 {
		t.Fatal(err, told)
	}
	w.View = w.open(Options{})
	if len(w.segments()) == 0 || w.tail.Tail() != 0 {
		t.Error("the tail was not sealed")
	}
	if after := w.numbers(index.Query{}); len(after) != len(before) {
		t.Errorf("%v, then %v", before, after)
	}
}

// TestSpoiledTailsAreNotSealed: what a tail has missed since the index was found damaged stays noted as changed, whenever the hub stops.
func TestSpoiledTailsAreNotSealed(t *testing.T) {
	w := populated(t)
	w.reopen(Options{FlushRecords: 1 << 20})
	w.tender.end()
	w.tender.stop = nil
	x := w.submit(&item{owner: france, release: to(italy), content: "x"})
	if _, err := w.flush(t.Context(), w.tail, flushing{any: true, alone: true}); err != nil {
		t.Fatal(err)
	}
	w.submit(&item{owner: france, release: to(italy), content: "y"})
	w.spoiled.Store(true)
	w.took(w.releaseChange(x, to(britain)))
	if worked, err := w.flush(t.Context(), w.tail, flushing{any: true, alone: true}); worked || err != nil {
		t.Errorf("sealed: %v, %v", worked, err)
	}
	w.reopen(Options{})
	find := func(agency string) (found []index.Number) {
		err := w.Query(func(s *Snapshot) error {
			s.Search(w.reader(agency), index.Query{}, 9, func(n index.Number) bool { found = append(found, n); return true })
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if italian, british := find(italy), find(britain); len(italian) != 1 || len(british) != 1 {
		t.Errorf("%v and %v after the change", italian, british)
	}
}
