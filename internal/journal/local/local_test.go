package local_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/journal/journaltest"
	"github.com/seed-1d76a664/entente/internal/journal/local"
)

func open(a journal.Applier) journal.Journal { return local.Open("hub.example", a) }

func TestConformance(t *testing.T) { journaltest.Run(t, open) }

// submit is a command that a hasty engine acknowledges too early.
func submit(id string) *internalv1.Command {
	return &internalv1.Command{RequestId: id, Kind: &internalv1.Command_SubmitRecord{SubmitRecord: &internalv1.SubmitRecord{}}}
}

// TestHasteIsNoticed shows that reading back what was acknowledged finds an engine that acknowledges too early, and only such a one.
func TestHasteIsNoticed(t *testing.T) {
	for _, hasty := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "applier.db")
		store, err := journaltest.OpenStore(path)
		if err != nil {
			t.Fatal(err)
		}
		j := open(store)
		if hasty {
			j = journaltest.NewHasty(j, 8)
		}
		var acknowledged []string
		for i := range 40 {
			id := fmt.Sprint(i)
			if _, err := journal.Append(t.Context(), j, submit(id)); err != nil {
				t.Fatal(err)
			}
			acknowledged = append(acknowledged, id)
		}
		if err := store.Close(); err != nil { // before the engine, as if the process ended here
			t.Fatal(err)
		}
		lost, err := journaltest.Lost(path, acknowledged)
		if err != nil {
			t.Fatal(err)
		}
		if found := len(lost) > 0; found != hasty {
			t.Errorf("hasty %v: lost %v", hasty, lost)
		}
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestHasteLosesNothingInTheEnd: a hasty engine is late, not lossy, so that only a kill tells it from a sound one.
func TestHasteLosesNothingInTheEnd(t *testing.T) {
	store := journaltest.NewStore(t)
	j := journaltest.NewHasty(open(store), 8)
	want := make([]string, 20)
	for i := range want {
		want[i] = fmt.Sprintf("%02d", i)
		if _, err := journal.Append(t.Context(), j, submit(want[i])); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := store.Effects(); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
}

// miscounting is an applier that forgets an outcome.
type miscounting struct{ *journaltest.Store }

func (m miscounting) Apply(e *internalv1.Entry, encoded []byte) ([]*internalv1.Outcome, error) {
	outcomes, err := m.Store.Apply(e, encoded)
	return outcomes[:0], err
}

// TestAForgottenOutcomeIsAnError: a caller is never told another's outcome.
func TestAForgottenOutcomeIsAnError(t *testing.T) {
	j := open(miscounting{journaltest.NewStore(t)})
	outcome, err := journal.Append(t.Context(), j, submit("a"))
	if outcome != nil || fault.KindOf(err) != fault.Internal {
		t.Errorf("%v, %v", outcome, err)
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

// BenchmarkAppend is a command of 2 KB with one caller and with 64, durable, the applier doing nothing else.
func BenchmarkAppend(b *testing.B) {
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprint(callers), func(b *testing.B) {
			j := open(journaltest.NewStore(b))
			defer j.Close()
			var n atomic.Int64
			b.SetParallelism(max(callers/2, 1)) // of two processors
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					c := submit(fmt.Sprint(n.Add(1)))
					c.GetSubmitRecord().Parts = &internalv1.SealedParts{Content: make([]byte, 2048)}
					if _, err := journal.Append(b.Context(), j, c); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

// held is an applier that holds each entry until it is let go, and tells what was in it.
type held struct {
	journal.Applier
	entries chan []string
	release chan struct{}
}

func (h *held) Apply(entry *internalv1.Entry, encoded []byte) ([]*internalv1.Outcome, error) {
	var ids []string
	for _, c := range entry.GetCommands() {
		ids = append(ids, c.GetRequestId())
	}
	h.entries <- ids
	<-h.release
	return h.Applier.Apply(entry, encoded)
}

// TestThePatientLetOthersGoFirst: however many rows wait, a command that somebody waits for is in the next entry, with a bounded number of them; and rows
// stay in their order.
func TestThePatientLetOthersGoFirst(t *testing.T) {
	store, err := journaltest.OpenStore(filepath.Join(t.TempDir(), "applier.db"))
	if err != nil {
		t.Fatal(err)
	}
	h := &held{Applier: store, entries: make(chan []string, 100), release: make(chan struct{})}
	j := open(h)
	enqueue := func(patient bool, id string) {
		ctx := t.Context()
		if patient {
			ctx = journal.Patient(ctx)
		}
		if _, err := j.Enqueue(ctx, submit(id)); err != nil {
			t.Fatal(err)
		}
	}
	enqueue(true, "first")
	<-h.entries // is being applied
	for i := range 1000 {
		enqueue(true, fmt.Sprintf("row %03d", i))
	}
	enqueue(false, "alone")
	h.release <- struct{}{}
	second := <-h.entries
	if !slices.Contains(second, "alone") || len(second) > 18 { // it, sixteen rows, and one that was taken first
		t.Errorf("the entry behind has %d commands: %v", len(second), second[:min(3, len(second))])
	}
	close(h.release)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	close(h.entries)
	rows := slices.DeleteFunc(second, func(id string) bool { return id == "alone" })
	for ids := range h.entries {
		rows = append(rows, ids...)
	}
	if len(rows) != 1000 || !slices.IsSorted(rows) {
		t.Errorf("%d rows, in order: %v", len(rows), slices.IsSorted(rows))
	}
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}
