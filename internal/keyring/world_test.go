package keyring

import (
	"io"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"
)

// dice is a random source that gives the same bytes for the same seed.
func dice(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

// day is when test rings are made.
func day() time.Time { return time.Date(2026, 11, 24, 8, 30, 0, 123456789, time.UTC) }

// newRing makes a ring in a folder of its own and closes it with the test.
func newRing(t testing.TB, seed byte) *Ring {
	t.Helper()
	r, err := Create(filepath.Join(t.TempDir(), "keys"), dice(seed), day())
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// reopen closes a ring and opens its folder again.
func reopen(t testing.TB, r *Ring) *Ring {
	t.Helper()
	if err := r.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	again, err := Open(r.dir)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { again.Close() })
	return again
}

func newKey(t testing.TB, r *Ring, id KeyID) (*RecordKey, []byte) {
	t.Helper()
	key, wrapped, err := r.NewRecordKey(dice(byte(id)+77), id)
	if err != nil {
		t.Fatalf("new record key: %v", err)
	}
	return key, wrapped
}

func storage(t testing.TB, r *Ring, version uint8) *StorageKey {
	t.Helper()
	k, err := r.Storage(version)
	if err != nil {
		t.Fatalf("storage key %d: %v", version, err)
	}
	return k
}

func secret(t testing.TB, r *Ring, name Name) Secret {
	t.Helper()
	s, err := r.Secret(name)
	if err != nil {
		t.Fatalf("secret: %v", err)
	}
	return s
}

// narrative is prose that compresses about as well as an item's narrative does; n bytes of it.
func narrative(n int) []byte {
	words := []string{"the", "boat", "left", "Zuwara", "with", "forty", "people", "on", "board", "engine", "of", "Yamaha", "paid",
		"facilitator", "in", "Tripoli", "hawala", "transfer", "to", "account", "at", "night", "seen", "by", "patrol", "near",
		"Lampedusa", "driver", "vehicle", "white", "van", "plate", "document", "forged", "passport", "route", "central"}
	pick := rand.New(rand.NewPCG(1, uint64(n)))
	out := make([]byte, 0, n+16)
	for len(out) < n {
		out = append(append(out, words[pick.IntN(len(words))]...), ' ')
	}
	return out[:n]
}

// noise is n bytes that do not compress.
func noise(n int) []byte {
	out := make([]byte, n)
	_, _ = io.ReadFull(dice(9), out)
	return out
}

// sealer is any of the ways to seal a value, with the way back.
type sealer struct {
	name string
	seal func(dst []byte, at Location, plain []byte) ([]byte, error)
	open func(dst []byte, at Location, frame []byte) ([]byte, error)
}

// sealers are all of them, on one ring.
func sealers(t testing.TB, r *Ring) []sealer {
	t.Helper()
	key, _ := newKey(t, r, 300)
	st := storage(t, r, 1)
	random := dice(5)
	same := func(seal func([]byte, Location, []byte, Codec) ([]byte, error), c Codec) func([]byte, Location, []byte) ([]byte, error) {
		return func(dst []byte, at Location, plain []byte) ([]byte, error) { return seal(dst, at, plain, c) }
	}
	return []sealer{
		{"clear", func(dst []byte, at Location, plain []byte) ([]byte, error) { return SealClear(dst, at, plain), nil }, OpenClear},
		{"record", func(dst []byte, at Location, plain []byte) ([]byte, error) { return key.Seal(dst, at, plain, random) }, key.Open},
		{"record same", same(key.SealSame, AsIs), key.Open},
		{"record same packed", same(key.SealSame, S2), key.Open},
		{"storage", same(st.Seal, AsIs), r.Open},
		{"storage packed", same(st.Seal, S2), r.Open},
	}
}
