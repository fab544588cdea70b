package keyring

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/seed-1d76a664/entente/internal/fault"
)

func TestAWrappedKeyOpensWhatItSealed(t *testing.T) {
	r := newRing(t, 1)
	at := At("content", []byte("u"))
	key, wrapped := newKey(t, r, 300)
	frame, err := key.Seal(nil, at, narrative(500), dice(2))
	if err != nil {
		t.Fatal(err)
	}
	if len(wrapped) != WrappedSize {
		t.Errorf("a wrapped key has %d bytes, want %d", len(wrapped), WrappedSize)
	}
	again, err := reopen(t, r).Unwrap(300, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open(nil, at, frame); err != nil || !bytes.Equal(got, narrative(500)) {
		t.Errorf("after a restart: %v", err)
	}
	if again.ID() != 300 {
		t.Errorf("id %d, want 300", again.ID())
	}
}

func TestOneRecordsKeyOpensNoOthers(t *testing.T) {
	r := newRing(t, 1)
	at := At("content", []byte("u"))
	mine, _ := newKey(t, r, 300)
	for name, other := range map[string]*RecordKey{"other id": fresh(t, r, 301, 9), "same id": fresh(t, r, 300, 9)} {
		frame, err := mine.Seal(nil, at, narrative(500), dice(2))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.Open(nil, at, frame); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func fresh(t *testing.T, r *Ring, id KeyID, seed byte) *RecordKey {
	t.Helper()
	key, _, err := r.NewRecordKey(dice(seed), id)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestDamagedWrappedKeys(t *testing.T) {
	r := newRing(t, 1)
	_, wrapped := newKey(t, r, 300)
	for bit := range len(wrapped) * 8 {
		bad := slices.Clone(wrapped)
		bad[bit/8] ^= 1 << (bit % 8)
		if _, err := r.Unwrap(300, bad); !errors.Is(err, ErrDamaged) || fault.KindOf(err) != fault.DataLoss {
			t.Fatalf("bit %d: %v", bit, err)
		}
		if _, err := r.Rewrap(300, bad); !errors.Is(err, ErrDamaged) {
			t.Fatalf("rewrap, bit %d: %v", bit, err)
		}
	}
	for n := range wrapped {
		if _, err := r.Unwrap(300, wrapped[:n]); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut to %d: %v", n, err)
		}
	}
	for name, id := range map[string]KeyID{"other slot": 301, "same slot": 300 + 256, "no record key": 44} {
		if _, err := r.Unwrap(id, wrapped); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnotherRingUnwrapsNothing(t *testing.T) {
	_, wrapped := newKey(t, newRing(t, 1), 300)
	if _, err := newRing(t, 2).Unwrap(300, wrapped); !errors.Is(err, ErrDamaged) {
		t.Errorf("another ring: %v", err)
	}
}

func TestIdsBelow256AreNoRecordKeys(t *testing.T) {
	r := newRing(t, 1)
	for _, id := range []KeyID{0, 1, 255} {
		if _, _, err := r.NewRecordKey(dice(1), id); err == nil {
			t.Errorf("id %d was taken", id)
		}
	}
}

func TestDeadRandomSources(t *testing.T) {
	r := newRing(t, 1)
	if _, _, err := r.NewRecordKey(strings.NewReader("short"), 300); err == nil {
		t.Error("a key was made from too few bytes")
	}
	if _, _, err := r.NewRecordKey(bytes.NewReader(make([]byte, 64)), 300); err == nil {
		t.Error("a key was made of zeros")
	}
}

func TestReplacingASlotKillsWhatIsLeftOut(t *testing.T) {
	r := newRing(t, 1)
	const slot = 300 % 256
	_, purged := newKey(t, r, 300)
	key, kept := newKey(t, r, 300+256)
	_, elsewhere := newKey(t, r, 301)
	frame, err := key.Seal(nil, At("b", nil), []byte("lives"), dice(4))
	if err != nil {
		t.Fatal(err)
	}

	var moved, during []byte
	err = r.ReplaceSlot(slot, dice(6), func() error {
		if got := r.Pending(); !slices.Equal(got, []byte{slot}) {
			t.Errorf("pending %v", got)
		}
		for _, w := range [][]byte{purged, kept} {
			if _, err := unwrapEither(r, w); err != nil {
				t.Errorf("while replacing: %v", err)
			}
		}
		_, during = newKey(t, r, 300+512)
		var err error
		moved, err = r.Rewrap(300+256, kept)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, ring := range []*Ring{r, reopen(t, r)} {
		if _, err := ring.Unwrap(300, purged); !errors.Is(err, ErrDestroyed) || fault.KindOf(err) != fault.DataLoss {
			t.Errorf("the purged key: %v", err)
		}
		if _, err := ring.Unwrap(300+256, kept); !errors.Is(err, ErrDestroyed) {
			t.Errorf("an old copy of a kept key: %v", err)
		}
		for name, c := range map[string]struct {
			id      KeyID
			wrapped []byte
		}{"made meanwhile": {300 + 512, during}, "of another slot": {301, elsewhere}} {
			if _, err := ring.Unwrap(c.id, c.wrapped); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		again, err := ring.Unwrap(300+256, moved)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := again.Open(nil, At("b", nil), frame); string(got) != "lives" || err != nil {
			t.Errorf("the neighbour: %q, %v", got, err)
		}
		if len(ring.Pending()) > 0 {
			t.Error("still pending")
		}
	}
}

// unwrapEither unwraps one of the two keys of TestReplacingASlot by trying both ids.
func unwrapEither(r *Ring, wrapped []byte) (*RecordKey, error) {
	if k, err := r.Unwrap(300, wrapped); err == nil {
		return k, nil
	}
	return r.Unwrap(300+256, wrapped)
}

func TestAnUnfinishedReplacementIsResumed(t *testing.T) {
	r := newRing(t, 1)
	const slot = 300 % 256
	_, wrapped := newKey(t, r, 300)
	stop := errors.New("the view could not commit")
	if err := r.ReplaceSlot(slot, dice(6), func() error { return stop }); !errors.Is(err, stop) {
		t.Fatalf("a failed move: %v", err)
	}
	moved, err := r.Rewrap(300, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	r = reopen(t, r)
	if got := r.Pending(); !slices.Equal(got, []byte{slot}) {
		t.Fatalf("pending after a restart: %v", got)
	}
	for _, w := range [][]byte{wrapped, moved} {
		if _, err := r.Unwrap(300, w); err != nil {
			t.Errorf("between the steps: %v", err)
		}
	}
	if err := r.ReplaceSlot(slot, dice(7), func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Unwrap(300, moved); err != nil {
		t.Errorf("moved before the restart: %v", err)
	}
	if _, err := r.Unwrap(300, wrapped); !errors.Is(err, ErrDestroyed) {
		t.Errorf("the old copy: %v", err)
	}
}

func TestRewrapOfACurrentKeyChangesNothing(t *testing.T) {
	r := newRing(t, 1)
	_, wrapped := newKey(t, r, 300)
	again, err := r.Rewrap(300, wrapped)
	if err != nil || !bytes.Equal(again, wrapped) {
		t.Errorf("rewrap: %v, or other bytes", err)
	}
}

// A restore of old keys beside new data says so, and does not take the data for destroyed or damaged.
func TestOldKeysBesideNewData(t *testing.T) {
	r := newRing(t, 1)
	older := *r.now()
	if err := r.ReplaceSlot(44, dice(6), func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	if err := r.Rotate(Storage, dice(7), day()); err != nil {
		t.Fatal(err)
	}
	_, wrapped := newKey(t, r, 300)
	frame, err := storage(t, r, 2).Seal(nil, At("b", nil), []byte("v"), AsIs)
	if err != nil {
		t.Fatal(err)
	}
	r.state.Store(&older)
	if _, err := r.Unwrap(300, wrapped); !errors.Is(err, ErrStale) {
		t.Errorf("wrapped by a newer ring: %v", err)
	}
	if _, err := r.Open(nil, At("b", nil), frame); !errors.Is(err, ErrStale) {
		t.Errorf("sealed by a newer ring: %v", err)
	}
	frame[len(frame)-1] ^= 1
	if _, err := r.Open(nil, At("b", nil), frame); !errors.Is(err, ErrDamaged) {
		t.Errorf("damaged and of a newer ring: %v", err)
	}
}
