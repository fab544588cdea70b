package view

import (
	"encoding/hex"
	"math/rand/v2"
	"testing"

	berrors "go.etcd.io/bbolt/errors"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// crammed is a view with so many bytes in which entries of all sizes were applied until one found no place.
func crammed(t *testing.T, maximum int64, chance *rand.Rand) (w *world, items []*item) {
	t.Helper()
	w = newWorld(t, Options{NoSync: true, MaxBytes: maximum, Reserve: 1 << 20})
	w.populate()
	for w.Room() == nil {
		var commands []*internalv1.Command
		var fresh []*item
		for range 1 + chance.IntN(8) {
			x := &item{owner: france, release: to(italy), content: hex.EncodeToString(w.bytes(100 + chance.IntN(10_000)))}
			fresh, commands = append(fresh, x), append(commands, w.submission(x))
		}
		outcomes, err := w.try(commands...)
		if err != nil {
			if fault.KindOf(err) != fault.Exhausted {
				t.Fatal(err)
			}
			break
		}
		for i, x := range fresh {
			x.number = outcomes[i].GetNumber()
		}
		items = append(items, fresh...)
	}
	return w, items
}

// TestOrdinaryEntriesLeaveTheReserve: however scattered the free pages are when an ordinary entry finds no more place, what is urgent finds some.
func TestOrdinaryEntriesLeaveTheReserve(t *testing.T) {
	for seed := range uint64(12) {
		chance := rand.New(rand.NewPCG(seed, 0))
		w, items := crammed(t, 3<<20, chance)
		for i := range 20 {
			if _, err := w.try(w.recallOf(items[i])); err != nil {
				t.Fatalf("history %d: recall %d of %d items: %v", seed, i, len(items), err)
			}
		}
	}
}

// TestNoPlaceForSomeIsRoomForOthers: where a large item finds no place a small one does; and when nothing does the view says so, until pages become free.
func TestNoPlaceForSomeIsRoomForOthers(t *testing.T) {
	w := newWorld(t, Options{NoSync: true, MaxBytes: 2 << 20, Reserve: 1 << 20})
	w.populate()
	huge := hex.EncodeToString(w.bytes(300 << 10)) // and as much again in its entry
	if _, err := w.try(w.submission(&item{owner: france, release: to(italy), content: huge})); fault.KindOf(err) != fault.Exhausted {
		t.Fatalf("it found a place: %v", err)
	}
	if err := w.Room(); err != nil {
		t.Errorf("a large item took the room of small ones: %v", err)
	}
	w.took(w.submission(&item{owner: france, release: to(italy), content: "small"}))
	free := w.db.Stats().FreePageN
	entry, _ := w.entry(w.submission(&item{owner: france, release: to(italy), content: "small"}))
	w.ranShort(entry, 1000, storeFault(berrors.ErrMaxSizeReached))
	if err := w.Room(); fault.KindOf(err) != fault.Exhausted {
		t.Errorf("nothing found a place among %d free pages, and there is room: %v", free, err)
	}
	w.took(w.tick())
	w.room.enough = w.db.Stats().FreePageN
	if err := w.Room(); err != nil {
		t.Errorf("pages became free: %v", err)
	}
}
