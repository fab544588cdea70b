package keyring

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/seed-1d76a664/entente/internal/fault"
	"pgregory.net/rapid"
)

func TestEveryValueComesBack(t *testing.T) {
	r := newRing(t, 1)
	at := At("records", []byte("k1"))
	for _, s := range sealers(t, r) {
		for _, n := range []int{0, 1, 31, 63, 64, 65, 200, 1200, 70_000, MaxValue} {
			for kind, plain := range map[string][]byte{"prose": narrative(n), "noise": noise(n)} {
				t.Run(fmt.Sprintf("%s/%s/%d", s.name, kind, n), func(t *testing.T) {
					frame, err := s.seal(nil, at, plain)
					if err != nil {
						t.Fatal(err)
					}
					got, err := s.open(nil, at, frame)
					if err != nil || !bytes.Equal(got, plain) {
						t.Fatalf("opened %d bytes, %v; want %d", len(got), err, n)
					}
					if err := Verify(at, frame); err != nil {
						t.Fatalf("verify: %v", err)
					}
				})
			}
		}
	}
}

func TestAnyValueAtAnyLocation(t *testing.T) {
	ways := sealers(t, newRing(t, 1))
	rapid.Check(t, func(t *rapid.T) {
		s := ways[rapid.IntRange(0, len(ways)-1).Draw(t, "way")]
		at := At(rapid.StringN(0, 9, -1).Draw(t, "bucket"), rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "key"))
		plain := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "plain")
		dst := rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "dst")
		room := rapid.IntRange(0, 600).Draw(t, "room")
		before := slices.Clone(dst)

		frame, err := s.seal(slices.Grow(slices.Clone(dst), room), at, plain)
		if err != nil || !bytes.HasPrefix(frame, before) {
			t.Fatalf("seal: %v, or the caller's bytes were lost", err)
		}
		got, err := s.open(slices.Grow(slices.Clone(dst), room), at, frame[len(before):])
		if err != nil || !bytes.Equal(got, append(before, plain...)) {
			t.Fatalf("open: %v, or not what was sealed", err)
		}
	})
}

func TestEveryFlippedBitIsNoticed(t *testing.T) {
	r := newRing(t, 1)
	at := At("records", []byte("k1"))
	for _, s := range sealers(t, r) {
		frame, err := s.seal(nil, at, narrative(170))
		if err != nil {
			t.Fatal(err)
		}
		for bit := range len(frame) * 8 {
			bad := slices.Clone(frame)
			bad[bit/8] ^= 1 << (bit % 8)
			got, err := s.open([]byte("dst"), at, bad)
			if !errors.Is(err, ErrDamaged) || fault.KindOf(err) != fault.DataLoss || string(got) != "dst" {
				t.Fatalf("%s: bit %d: %d bytes, %v", s.name, bit, len(got), err)
			}
			if err := Verify(at, bad); !errors.Is(err, ErrDamaged) {
				t.Fatalf("%s: bit %d: verify: %v", s.name, bit, err)
			}
		}
	}
}

func TestEveryCutAndEveryTailIsNoticed(t *testing.T) {
	r := newRing(t, 1)
	at := At("records", []byte("k1"))
	for _, s := range sealers(t, r) {
		frame, err := s.seal(nil, at, narrative(170))
		if err != nil {
			t.Fatal(err)
		}
		for n := range frame {
			if _, err := s.open(nil, at, frame[:n]); !errors.Is(err, ErrDamaged) {
				t.Fatalf("%s: cut to %d: %v", s.name, n, err)
			}
		}
		if _, err := s.open(nil, at, append(slices.Clone(frame), 0)); !errors.Is(err, ErrDamaged) {
			t.Fatalf("%s: with a tail: %v", s.name, err)
		}
	}
}

func TestAValueElsewhereIsDamaged(t *testing.T) {
	r := newRing(t, 1)
	home := At("ab", []byte("cd"))
	elsewhere := []Location{At("ab", []byte("ce")), At("ac", []byte("cd")), At("a", []byte("bcd")), At("abc", []byte("d")),
		At("abcd", nil), At("", []byte("abcd")), At("ab", []byte("cd\x01\x00")), {}}
	for _, s := range sealers(t, r) {
		frame, err := s.seal(nil, home, narrative(170))
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range elsewhere {
			if _, err := s.open(nil, at, frame); !errors.Is(err, ErrDamaged) {
				t.Errorf("%s: opened at %q %q: %v", s.name, at.Bucket, at.Key, err)
			}
			if err := Verify(at, frame); !errors.Is(err, ErrDamaged) {
				t.Errorf("%s: verified at %q %q: %v", s.name, at.Bucket, at.Key, err)
			}
		}
	}
}

// A frame whose checksum an attacker has made right again still does not open elsewhere, or with another header.
func TestAForgedChecksumDoesNotHelp(t *testing.T) {
	r := newRing(t, 1)
	home, away := At("b", []byte("home")), At("b", []byte("away"))
	for _, s := range sealers(t, r)[1:] {
		frame, err := s.seal(nil, home, narrative(170))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.open(nil, away, resum(t, away, frame)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: moved: %v", s.name, err)
		}
		recoded := slices.Clone(frame)
		recoded[1] ^= 1
		if _, err := s.open(nil, home, resum(t, home, recoded)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: other codec: %v", s.name, err)
		}
	}
}

// resum gives a frame the checksum that fits it at a location.
func resum(t *testing.T, at Location, frame []byte) []byte {
	t.Helper()
	p, err := split(frame)
	if err != nil {
		t.Fatal(err)
	}
	d := begin(nil, at, p.header, len(p.payload))
	d.buf = append(d.buf, p.payload...)
	return d.finish()
}

func TestKindsOfFrameDoNotMix(t *testing.T) {
	r := newRing(t, 1)
	at := At("b", []byte("k"))
	ways := sealers(t, r)
	for _, made := range ways {
		frame, err := made.seal(nil, at, narrative(170))
		if err != nil {
			t.Fatal(err)
		}
		for _, opener := range ways {
			_, err := opener.open(nil, at, frame)
			if kindOf(made) == kindOf(opener) {
				if err != nil {
					t.Errorf("%s by %s: %v", made.name, opener.name, err)
				}
			} else if !errors.Is(err, ErrDamaged) {
				t.Errorf("%s by %s: %v", made.name, opener.name, err)
			}
		}
	}
}

func kindOf(s sealer) byte { return s.name[0] }

func TestKeyOfFrame(t *testing.T) {
	r := newRing(t, 1)
	at := At("b", []byte("k"))
	for _, id := range []KeyID{FirstRecordKey, 300, 1 << 20, 1<<64 - 1} {
		key, _ := newKey(t, r, id)
		frame, err := key.Seal(nil, at, []byte("v"), dice(1))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := KeyOf(frame); got != id || err != nil {
			t.Errorf("key of frame: %d, %v; want %d", got, err, id)
		}
		if _, err := key.Open(nil, at, frame); err != nil {
			t.Errorf("open under id %d: %v", id, err)
		}
	}
	if got, err := KeyOf(SealClear(nil, at, nil)); got != Clear || err != nil {
		t.Errorf("key of a clear frame: %d, %v", got, err)
	}
}

func TestAKeyIDHasOneSpelling(t *testing.T) {
	long := []byte{frameFormat, 0, 0x80, 0x00, 0, 0, 0, 0}
	if _, err := KeyOf(long); !errors.Is(err, ErrDamaged) {
		t.Errorf("an id with a superfluous byte: %v", err)
	}
	if _, err := KeyOf(slices.Concat([]byte{frameFormat, 0}, bytes.Repeat([]byte{0xff}, 12))); !errors.Is(err, ErrDamaged) {
		t.Errorf("an id that overflows: %v", err)
	}
}

func TestFramesAreShort(t *testing.T) {
	r := newRing(t, 1)
	at := At("inbox", make([]byte, 16))
	row := noise(32)
	if got := len(SealClear(nil, at, row)) - len(row); got != 7 {
		t.Errorf("a clear frame adds %d bytes, want 7", got)
	}
	key, _ := newKey(t, r, 300)
	frame, err := key.Seal(nil, at, row, dice(1))
	if err != nil {
		t.Fatal(err)
	}
	if got := len(frame) - len(row); got != 8+nonceSize+tagSize {
		t.Errorf("a sealed frame adds %d bytes, want %d", got, 8+nonceSize+tagSize)
	}
}

func TestArgumentsAreOnlyRead(t *testing.T) {
	r := newRing(t, 1)
	for _, s := range sealers(t, r) {
		keyBytes, plain := []byte("key of the place"), narrative(400)
		at := At("b", keyBytes)
		frame, err := s.seal(nil, at, plain)
		if err != nil {
			t.Fatal(err)
		}
		kept := slices.Clone(frame)
		got, err := s.open(nil, at, frame)
		if err != nil {
			t.Fatal(err)
		}
		clear(frame)
		if !bytes.Equal(got, plain) || !bytes.Equal(plain, narrative(400)) || string(keyBytes) != "key of the place" {
			t.Errorf("%s: a value shares memory with its frame, or an argument was written", s.name)
		}
		if back, err := s.open(got[:0], at, kept); err != nil || !bytes.Equal(back, narrative(400)) {
			t.Errorf("%s: reusing the buffer: %v", s.name, err)
		}
	}
}
