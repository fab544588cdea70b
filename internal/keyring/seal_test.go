package keyring

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/s2"
)

func TestTooLargeIsRefused(t *testing.T) {
	r := newRing(t, 1)
	for _, s := range sealers(t, r)[1:] {
		got, err := s.seal([]byte("dst"), At("b", nil), make([]byte, MaxValue+1))
		if !errors.Is(err, ErrTooLarge) || string(got) != "dst" {
			t.Errorf("%s: %v", s.name, err)
		}
	}
}

func TestPackingOnlyWhereItGains(t *testing.T) {
	key, _ := newKey(t, newRing(t, 1), 300)
	for _, c := range []struct {
		name  string
		plain []byte
		want  Codec
	}{
		{"short prose", narrative(smallest - 1), AsIs}, {"prose", narrative(1200), S2}, {"noise", noise(1200), AsIs}, {"empty", nil, AsIs},
	} {
		frame, err := key.Seal(nil, At("b", nil), c.plain, dice(1))
		if err != nil {
			t.Fatal(err)
		}
		if Codec(frame[1]) != c.want {
			t.Errorf("%s: codec %d, want %d", c.name, frame[1], c.want)
		}
		if len(frame) > len(c.plain)+8+nonceSize+tagSize {
			t.Errorf("%s: %d bytes became %d", c.name, len(c.plain), len(frame))
		}
	}
}

// A small frame that unpacks to more than a value may have is refused before the memory is spent.
func TestABombIsRefused(t *testing.T) {
	r := newRing(t, 1)
	for name, plain := range map[string][]byte{"just above": make([]byte, MaxValue+1), "64 MiB": make([]byte, 64<<20)} {
		bomb := s2.Encode(nil, plain)
		if out, err := r.packer.unpack(nil, bomb); !errors.Is(err, ErrDamaged) || len(out) > 0 {
			t.Errorf("%s: unpacked %d bytes, %v", name, len(out), err)
		}
		twice := append(s2.Encode(nil, plain[:MaxValue]), s2.Encode(nil, plain[:MaxValue])...)
		if out, err := r.packer.unpack(nil, twice); !errors.Is(err, ErrDamaged) || len(out) > 0 {
			t.Errorf("two blocks in one: unpacked %d bytes, %v", len(out), err)
		}
		short := s2.Encode(nil, plain[:MaxValue])
		if out, err := r.packer.unpack(nil, short[:len(short)-1]); !errors.Is(err, ErrDamaged) || len(out) > 0 {
			t.Errorf("a block cut short: unpacked %d bytes, %v", len(out), err)
		}
	}
}

func TestSealedAnewLooksNew(t *testing.T) {
	key, _ := newKey(t, newRing(t, 1), 300)
	at := At("b", []byte("k"))
	one, err := key.Seal(nil, at, narrative(300), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	two, err := key.Seal(nil, at, narrative(300), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(one[8:40], two[8:40]) {
		t.Error("two seals of one value look alike")
	}
}

func TestNonceComesFromTheCaller(t *testing.T) {
	key, _ := newKey(t, newRing(t, 1), 300)
	frame, err := key.Seal(nil, At("b", nil), []byte("v"), strings.NewReader("exactly 12 b and no more"))
	if err != nil || !bytes.Contains(frame, []byte("exactly 12 b")) {
		t.Errorf("the nonce is not the reader's: %v", err)
	}
	got, err := key.Seal([]byte("dst"), At("b", nil), []byte("v"), strings.NewReader("too short"))
	if !errors.Is(err, io.ErrUnexpectedEOF) || string(got) != "dst" {
		t.Errorf("a random source that ends: %q, %v", got, err)
	}
	if _, err := key.Seal(nil, At("b", nil), []byte("v"), iotest.OneByteReader(dice(1))); err != nil {
		t.Errorf("a random source that gives a byte a time: %v", err)
	}
}

// Two hubs that hold copies of one ring store the same bytes for the same commands.
func TestSameBytesOnEveryHub(t *testing.T) {
	hub := newRing(t, 1)
	other := newRing(t, 1)
	for _, codec := range []Codec{AsIs, S2} {
		for _, n := range []int{0, 5, 64, 900} {
			at := At("consultations", []byte{byte(n)})
			a, err := storage(t, hub, 1).Seal(nil, at, narrative(n), codec)
			if err != nil {
				t.Fatal(err)
			}
			b, err := storage(t, other, 1).Seal([]byte("x"), at, narrative(n), codec)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a, b[1:]) {
				t.Errorf("codec %d, %d bytes: two hubs differ", codec, n)
			}
		}
	}
}

// The synthetic nonce depends on the place, the key, the codec and every byte of the value: what differs in any has another nonce.
func TestSyntheticNoncesDiffer(t *testing.T) {
	r := newRing(t, 1)
	if err := r.Rotate(Storage, dice(8), day()); err != nil {
		t.Fatal(err)
	}
	one, two := storage(t, r, 1), storage(t, r, 2)
	seen := map[string]string{}
	note := func(name string, frame []byte, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		nonce := string(frame[7 : 7+nonceSize])
		if before, ok := seen[nonce]; ok {
			t.Errorf("%s and %s share a nonce", name, before)
		}
		seen[nonce] = name
	}
	value := narrative(200)
	for _, c := range []struct {
		name  string
		key   *StorageKey
		at    Location
		plain []byte
		codec Codec
	}{
		{"base", one, At("b", []byte("k")), value, AsIs},
		{"packed", one, At("b", []byte("k")), value, S2},
		{"other version", two, At("b", []byte("k")), value, AsIs},
		{"other key", one, At("b", []byte("l")), value, AsIs},
		{"other bucket", one, At("c", []byte("k")), value, AsIs},
		{"shorter", one, At("b", []byte("k")), value[:199], AsIs},
		{"bytes moved from key to value", one, At("b", nil), append([]byte("k"), value...), AsIs},
	} {
		frame, err := c.key.Seal(nil, c.at, c.plain, c.codec)
		note(c.name, frame, err)
	}
	for i := range value {
		changed := bytes.Clone(value)
		changed[i] ^= 0x20
		frame, err := one.Seal(nil, At("b", []byte("k")), changed, AsIs)
		note("changed byte", frame, err)
	}
}

func TestNothingSealedShowsItsValue(t *testing.T) {
	r := newRing(t, 1)
	canary := []byte("CANARY-7f3a-never-on-disk")
	for _, s := range sealers(t, r)[1:] {
		for _, plain := range [][]byte{canary, bytes.Repeat(canary, 40), append(noise(100), canary...)} {
			frame, err := s.seal(nil, At("b", []byte("k")), plain)
			if err != nil {
				t.Fatal(err)
			}
			for i := 0; i+6 <= len(canary); i++ {
				if bytes.Contains(frame, canary[i:i+6]) {
					t.Fatalf("%s: a piece of the value stands in the frame", s.name)
				}
			}
		}
	}
}

func TestErrorsShowNothing(t *testing.T) {
	r := newRing(t, 1)
	canary := "CANARY-7f3a"
	for _, s := range sealers(t, r) {
		at := At("b", []byte(canary))
		frame, err := s.seal(nil, at, []byte(canary))
		if err != nil {
			t.Fatal(err)
		}
		frame[len(frame)-1] ^= 1
		if _, err := s.open(nil, at, frame); err == nil || strings.Contains(err.Error(), canary) {
			t.Errorf("%s: %v", s.name, err)
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	r := newRing(t, 1)
	ways := sealers(t, r)
	key, _ := newKey(t, r, 300)
	ways[1].seal = func(dst []byte, at Location, plain []byte) ([]byte, error) {
		return key.Seal(dst, at, plain, rand.Reader)
	}
	ways[1].open = key.Open
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			var frame, plain []byte
			for i := range 60 {
				s := ways[(worker+i)%len(ways)]
				at := At("b", []byte{byte(worker), byte(i)})
				want := narrative(i * 17)
				var err error
				if frame, err = s.seal(frame[:0], at, want); err != nil {
					t.Errorf("%s: %v", s.name, err)
					return
				}
				if plain, err = s.open(plain[:0], at, frame); err != nil || !bytes.Equal(plain, want) {
					t.Errorf("%s: %v", s.name, err)
					return
				}
			}
		})
	}
	all.Wait()
}

func TestNoGoroutineIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	r := newRing(t, 1)
	for _, s := range sealers(t, r) {
		frame, err := s.seal(nil, At("b", nil), narrative(5000))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.open(nil, At("b", nil), frame); err != nil {
			t.Fatal(err)
		}
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines became %d", before, after)
	}
}
