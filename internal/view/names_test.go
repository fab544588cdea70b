package view

import (
	"testing"
	"time"
)

// remembered counts the records whose names are remembered.
func (w *world) remembered() (n int) {
	w.read(func(s *Snapshot) error {
		for number := uint64(1); number <= s.Hub().GetNextRecord(); number++ {
			if _, ok := s.Names(number); ok {
				n++
			}
		}
		return nil
	})
	return n
}

// TestNamesAreRemembered: the names of a record are remembered once it is there, of those in segments soon after a start, and until it is recalled.
func TestNamesAreRemembered(t *testing.T) {
	w := newWorld(t, Options{NoSync: true})
	w.populate()
	const records = 2*recollected + 5
	var x *item
	for range records {
		x = w.submit(&item{owner: france, release: to(italy), content: "x"})
	}
	if n := w.remembered(); n != records {
		t.Fatalf("%d of %d at once", n, records)
	}
	w.took(w.revision(x, "y"))
	if n := w.remembered(); n != records {
		t.Fatalf("%d of %d after a correction", n, records)
	}
	w.tended()
	w.reopen(Options{NoSync: true})
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for until := time.Now().Add(time.Minute); w.remembered() != records; <-look.C {
		if time.Now().After(until) {
			t.Fatalf("%d of %d after a start", w.remembered(), records)
		}
	}
	w.read(func(before *Snapshot) error {
		w.took(w.revision(x, "z"))
		if _, ok := before.Names(x.number); ok {
			t.Error("the names that came later were found before")
		}
		before.v.names.learn(x.number, before.Ordinal(), namesOf("Somebody"))
		return nil
	})
	w.read(func(s *Snapshot) error {
		if names, ok := s.Names(x.number); !ok || names != "" {
			t.Error("the names from before a correction came after it")
		}
		return nil
	})
	w.took(w.recallOf(x))
	if n := w.remembered(); n != records-1 {
		t.Fatalf("%d of %d after a recall", n, records)
	}
}
