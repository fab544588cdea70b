package keyring

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/seed-1d76a664/entente/internal/fault"
)

func TestANewRingHasEveryStandardSecret(t *testing.T) {
	r := newRing(t, 1)
	seen := map[[KeySize]byte]Name{}
	for _, name := range Standard() {
		s := secret(t, r, name)
		if s.Version != 1 || s.Name != name || !s.Created.Equal(day().Truncate(time.Millisecond)) {
			t.Errorf("%s: version %d of %s, created %v", name, s.Version, s.Name, s.Created)
		}
		if other, taken := seen[s.Key()]; taken {
			t.Errorf("%s and %s are one key", name, other)
		}
		seen[s.Key()] = name
	}
	if len(r.Secrets()) != len(Standard()) {
		t.Errorf("%d secrets, want %d", len(r.Secrets()), len(Standard()))
	}
	for _, name := range []Name{"SIGNING", "", "nonsense"} {
		if _, err := r.Secret(name); !errors.Is(err, ErrUnknown) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestRotationKeepsEveryVersion(t *testing.T) {
	r := newRing(t, 1)
	first := secret(t, r, Card)
	later := day().Add(time.Hour)
	if err := r.Rotate(Card, dice(2), later); err != nil {
		t.Fatal(err)
	}
	for _, ring := range []*Ring{r, reopen(t, r)} {
		second := secret(t, ring, Card)
		if second.Version != 2 || second.Key() == first.Key() || !second.Created.Equal(later.Truncate(time.Millisecond)) {
			t.Errorf("after a rotation: version %d", second.Version)
		}
		old, err := ring.SecretAt(Card, 1)
		if err != nil || old.Key() != first.Key() || !old.Created.Equal(first.Created) {
			t.Errorf("version 1: %v", err)
		}
		if s := secret(t, ring, Token); s.Version != 1 {
			t.Errorf("another secret moved to version %d", s.Version)
		}
		if _, err := ring.SecretAt(Card, 3); !errors.Is(err, ErrUnknown) {
			t.Errorf("version 3: %v", err)
		}
	}
	if err := r.Rotate("NOBODY", dice(2), later); !errors.Is(err, ErrUnknown) && !errors.Is(err, ErrClosed) {
		t.Errorf("rotating what is not there: %v", err)
	}
}

func TestRotateAll(t *testing.T) {
	r := newRing(t, 1)
	at := At("b", []byte("k"))
	frame, err := storage(t, r, 1).Seal(nil, at, []byte("before"), AsIs)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.RotateAll(dice(3), day()); err != nil {
		t.Fatal(err)
	}
	for _, name := range Standard() {
		if v := secret(t, r, name).Version; v != 2 {
			t.Errorf("%s: version %d", name, v)
		}
	}
	if got, err := r.Open(nil, at, frame); string(got) != "before" || err != nil {
		t.Errorf("sealed before the rotation: %q, %v", got, err)
	}
	again, err := storage(t, r, 1).Seal(nil, at, []byte("before"), AsIs)
	if err != nil || !bytes.Equal(again, frame) {
		t.Errorf("a replay after the rotation gives other bytes: %v", err)
	}
	if id, err := KeyOf(frame); id != 1 || err != nil {
		t.Errorf("key id %d, %v", id, err)
	}
	if _, err := r.Storage(3); !errors.Is(err, ErrUnknown) {
		t.Errorf("a version to come: %v", err)
	}
}

func TestARetiredVersionIsDestroyed(t *testing.T) {
	r := newRing(t, 1)
	at := At("b", []byte("k"))
	frame, err := storage(t, r, 1).Seal(nil, at, []byte("before"), AsIs)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Retire(Storage, 1); !errors.Is(err, ErrCurrent) {
		t.Errorf("retiring the current version: %v", err)
	}
	if err := r.Rotate(Storage, dice(3), day()); err != nil {
		t.Fatal(err)
	}
	if err := r.Retire(Storage, 1); err != nil {
		t.Fatal(err)
	}
	for _, ring := range []*Ring{r, reopen(t, r)} {
		if _, err := ring.Open(nil, at, frame); !errors.Is(err, ErrDestroyed) || fault.KindOf(err) != fault.DataLoss {
			t.Errorf("sealed with a retired version: %v", err)
		}
		if _, err := ring.SecretAt(Storage, 1); !errors.Is(err, ErrUnknown) {
			t.Errorf("a retired version: %v", err)
		}
		if _, err := ring.Open(nil, At("b", []byte("other")), frame); !errors.Is(err, ErrDamaged) {
			t.Errorf("elsewhere, and with a retired version: %v", err)
		}
	}
	if err := r.Retire(Storage, 1); !errors.Is(err, ErrClosed) {
		t.Errorf("changing a closed ring: %v", err)
	}
}

func TestVersionsAreNeverUsedTwice(t *testing.T) {
	r := newRing(t, 1)
	for v := uint8(1); v < 4; v++ {
		if err := r.Rotate(Token, dice(v), day()); err != nil {
			t.Fatal(err)
		}
		if err := r.Retire(Token, v); err != nil {
			t.Fatal(err)
		}
		if err := r.Retire(Token, v); !errors.Is(err, ErrUnknown) {
			t.Errorf("retired twice: %v", err)
		}
		r = reopen(t, r)
		if got := secret(t, r, Token).Version; got != v+1 {
			t.Fatalf("version %d after %d", got, v)
		}
	}
}

func TestASecretRunsOutOfVersions(t *testing.T) {
	r := newRing(t, 1)
	full := *r.now()
	full.secrets = full.secrets.clone()
	full.secrets[Card][0].Version = math.MaxUint8
	r.state.Store(&full)
	if err := r.Rotate(Card, dice(1), day()); !errors.Is(err, ErrExhausted) {
		t.Errorf("version 256: %v", err)
	}
	if err := r.RotateAll(dice(1), day()); !errors.Is(err, ErrExhausted) {
		t.Errorf("all, with one that is used up: %v", err)
	}
	if v := secret(t, r, Token).Version; v != 1 {
		t.Errorf("a rotation of all that failed took TOKEN to version %d", v)
	}
	full.slots[7].current = &wrapper{generation: math.MaxUint32, key: full.slots[7].current.key}
	if err := r.ReplaceSlot(7, dice(1), func() error { return nil }); !errors.Is(err, ErrExhausted) {
		t.Errorf("generation 2^32: %v", err)
	}
}

func TestMakeTakesAnyName(t *testing.T) {
	r := newRing(t, 1)
	longest := Name(bytes.Repeat([]byte("N"), longestName))
	for _, name := range []Name{"SIGNING", "A", "X509_2", longest} {
		if err := r.Make(name, dice(4), day()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	r = reopen(t, r)
	if secret(t, r, "SIGNING").Version != 1 || secret(t, r, longest).Version != 1 {
		t.Error("not there after a restart")
	}
	for _, name := range []Name{"SIGNING", Token, "", "lower", "2ND", "_X", "A B", "Ä", longest + "N", "A\x00"} {
		if err := r.Make(name, dice(4), day()); !errors.Is(err, ErrName) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestDerivedKeys(t *testing.T) {
	r := newRing(t, 1)
	seen := map[[KeySize]byte]string{}
	for _, s := range r.Secrets() {
		for _, label := range []string{"", "a", "b", "a/b"} {
			key, err := s.Derive(label)
			if err != nil {
				t.Fatal(err)
			}
			again, err := s.Derive(label)
			if err != nil || again != key {
				t.Errorf("%s %q: not the same twice", s.Name, label)
			}
			name := fmt.Sprintf("%s %q", s.Name, label)
			if other, taken := seen[key]; taken || key == s.Key() {
				t.Errorf("%s is the key of %s", name, other)
			}
			seen[key] = name
		}
	}
}

// Readers go on while everything is changed under them.
func TestReadingWhileChanging(t *testing.T) {
	r := newRing(t, 1)
	at := At("b", []byte("k"))
	_, wrapped := newKey(t, r, 300)
	frame, err := storage(t, r, 1).Seal(nil, at, []byte("v"), AsIs)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	done := make(chan struct{})
	for range 3 {
		all.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if got, err := r.Open(nil, at, frame); string(got) != "v" || err != nil {
					t.Errorf("open: %v", err)
					return
				}
				if _, err := r.Unwrap(300, wrapped); err != nil {
					t.Errorf("unwrap: %v", err)
					return
				}
				if s, err := r.Secret(Token); err != nil || s.Version == 0 {
					t.Errorf("secret: %v", err)
					return
				}
			}
		})
	}
	var changes sync.WaitGroup
	for i := range byte(3) {
		changes.Go(func() {
			if err := r.RotateAll(dice(20+i), day()); err != nil {
				t.Errorf("rotate: %v", err)
			}
			if err := r.ReplaceSlot(100+i, dice(30+i), func() error { return r.Rotate(Token, dice(i), day()) }); err != nil {
				t.Errorf("replace: %v", err)
			}
		})
	}
	changes.Wait()
	close(done)
	all.Wait()
	again := reopen(t, r)
	if v := secret(t, again, Token).Version; v != 7 {
		t.Errorf("TOKEN is at version %d, want 7: a change was lost", v)
	}
	if !slices.Equal(versions(r), versions(again)) {
		t.Error("what is in force is not what is on disk")
	}
}

// versions lists name and version of every secret and the generation of every slot.
func versions(r *Ring) []string {
	var out []string
	for _, s := range r.Secrets() {
		out = append(out, fmt.Sprint(s))
	}
	for i, s := range r.now().slots {
		out = append(out, fmt.Sprint(i, s.current.generation))
	}
	return out
}
