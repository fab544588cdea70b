package exchange_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	bolt "go.etcd.io/bbolt"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/view"
)

// spoil flips a bit in a part of a record, in the file of the running hub.
func (w *world) spoil(number uint64, part view.Part) {
	w.t.Helper()
	path, copied := filepath.Join(w.dir, view.FileView), filepath.Join(w.t.TempDir(), "copy.db")
	file, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(copied, file, 0o600); err != nil {
		w.t.Fatal(err)
	}
	db, err := bolt.Open(copied, 0o600, &bolt.Options{ReadOnly: true})
	if err != nil {
		w.t.Fatal(err)
	}
	var frame []byte
	if err := db.View(func(tx *bolt.Tx) error {
		_, v := tx.Bucket([]byte("records")).Cursor().Seek(append(binary.BigEndian.AppendUint64(nil, number), byte(part)))
		frame = bytes.Clone(v)
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
	live, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	spoiled := 0
	for at := bytes.Index(file, frame); at >= 0 && len(frame) > 0; spoiled++ { // pages that are free now have it too
		last := at + len(frame) - 1
		if _, err := live.WriteAt([]byte{file[last] ^ 1}, int64(last)); err != nil {
			w.t.Fatal(err)
		}
		next := bytes.Index(file[last:], frame)
		if at = last + next; next < 0 {
			at = -1
		}
	}
	if err := live.Close(); err != nil || db.Close() != nil || spoiled == 0 {
		w.t.Fatal(err, spoiled)
	}
}

// A record that nobody can read keeps nobody from meeting the others: the operator is told of it, and the rest goes on.
func TestADamagedRecordSilencesNobody(t *testing.T) {
	w, _ := matching(t)
	w.submit("fr-ofast", phoned(boatPhone, hitTo("gb-nca")))
	german := w.submit("de-bka", phoned(boatPhone, hitTo("gb-nca"))).GetName()
	w.spoil(1, view.PartContent)
	exchange.Forget(w.Hub) // or the record need not be read
	british := w.submit("gb-nca", phoned(boatPhone, hitTo("fr-ofast", "de-bka"))).GetName()
	ctx, cancel := context.WithCancel(t.Context())
	var troubles []string
	var running sync.WaitGroup
	running.Go(func() { w.Match(ctx, func(err error) { troubles = append(troubles, err.Error()) }) })
	w.told("gb-nca", of(british, "de-bka", ""))
	w.told("de-bka", of(german, "gb-nca", ""))
	w.told("fr-ofast")
	cancel()
	running.Wait()
	if all := strings.Join(troubles, "\n"); !strings.Contains(all, "record 1 cannot be matched") || strings.Contains(all, "record 3") {
		t.Errorf("the operator is told %q", all)
	}
}

// An event of a damaged record keeps nobody from those before it, nor, past its number, from those behind it.
func TestADamagedRecordHidesNoOtherEvent(t *testing.T) {
	w, _ := matching(t)
	for range 3 {
		w.submit("fr-ofast", phoned(boatPhone, to("gb-nca")))
	}
	w.spoil(2, view.PartEnvelope)
	read := func(after int64) (numbers []int64, err error) {
		answer, err := w.ReadInbox(t.Context(), call("gb-nca"), &ententev1.ReadInboxRequest{Justification: why(), After: &ententev1.InboxCursor{Number: after}})
		for _, e := range answer.GetEvents() {
			numbers = append(numbers, e.GetNumber())
		}
		return numbers, err
	}
	// Three events tell of agencies, and three of records.
	for after, want := range map[int64][]int64{0: {1, 2, 3, 4}, 3: {4}, 4: nil, 5: {6}} {
		numbers, err := read(after)
		if damaged := fault.Has(err, "STORED_VALUE_DAMAGED"); !slices.Equal(numbers, want) || damaged != (want == nil) || !damaged && err != nil {
			t.Errorf("after %d there are %v, %v; want %v", after, numbers, err, want)
		}
	}
}
