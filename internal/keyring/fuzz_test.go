package keyring

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"slices"
	"testing"
)

// FuzzOpen gives arbitrary bytes to everything that opens frames. Only a frame that seals to itself may open.
func FuzzOpen(f *testing.F) {
	r := newRing(f, 1)
	ways := sealers(f, r)
	key, wrapped := newKey(f, r, 300)
	at := At("b", []byte("k"))
	for _, s := range ways {
		for _, n := range []int{0, 10, 200} {
			frame, err := s.seal(nil, at, narrative(n))
			if err != nil {
				f.Fatal(err)
			}
			f.Add(frame)
		}
	}
	f.Add(wrapped)
	f.Add([]byte{frameFormat, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, frame []byte) {
		for _, s := range ways {
			got, err := s.open([]byte("dst"), at, frame)
			if err != nil {
				if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrStale) || string(got) != "dst" {
					t.Errorf("%s: %q, %v", s.name, got, err)
				}
				continue
			}
			if err := Verify(at, frame); err != nil {
				t.Errorf("%s: opened and not intact: %v", s.name, err)
			}
		}
		if got, err := OpenClear(nil, at, frame); err == nil && !bytes.Equal(SealClear(nil, at, got), frame) {
			t.Error("two spellings of one clear frame")
		}
		if _, err := r.Unwrap(key.ID(), frame); err != nil && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrStale) && !errors.Is(err, ErrDestroyed) {
			t.Errorf("unwrap: %v", err)
		}
	})
}

// FuzzUnpack gives arbitrary bytes to the decompressor, behind the seal that guards it.
func FuzzUnpack(f *testing.F) {
	p := new(packer)
	for _, n := range []int{64, 500, 70_000} {
		packed, _ := p.pack(nil, narrative(n))
		f.Add(packed)
	}
	f.Fuzz(func(t *testing.T, packed []byte) {
		got, err := p.unpack([]byte("dst"), packed)
		if !bytes.HasPrefix(got, []byte("dst")) || len(got) > 3+MaxValue {
			t.Fatalf("%d bytes", len(got))
		}
		if err != nil && (!errors.Is(err, ErrDamaged) || len(got) != 3) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	})
}

// whole gives a body the head and checksum of a key file, so that the fuzzer gets past them.
func whole(name string, body []byte) []byte { return encodeFile(name, RingID{1}, body) }

// FuzzWrappingFile changes a right body at some place, cuts it and gives it a tail. What the decoder takes, it writes back
// the same. (Whole bodies of 9 KB as inputs would keep the fuzzer busy with shortening them.)
func FuzzWrappingFile(f *testing.F) {
	keys := newRing(f, 1).now().slots
	keys[7] = slot{current: &wrapper{generation: 2, key: keys[7].current.key}, old: keys[7].current}
	right := keys.encode()
	f.Add(uint16(0), []byte{}, uint16(len(right)), []byte{})
	f.Add(uint16(36*8), []byte{0, 0, 0, 9}, uint16(len(right)-33), append([]byte{8}, right[:32]...))
	f.Add(uint16(36*256), []byte{0, 2}, uint16(len(right)), append([]byte{7}, right[:32]...))
	f.Fuzz(func(t *testing.T, at uint16, patch []byte, keep uint16, tail []byte) {
		body := slices.Clone(right)
		copy(body[min(int(at), len(body)):], patch)
		body = append(body[:min(int(keep), len(body))], tail...)
		if _, _, err := decodeFile(wrappingFile, body); !errors.Is(err, ErrBroken) && !errors.Is(err, ErrForeign) {
			t.Errorf("a body is no file: %v", err)
		}
		ring, inner, err := decodeFile(wrappingFile, whole(wrappingFile, body))
		if err != nil || ring != (RingID{1}) || !bytes.Equal(inner, body) {
			t.Fatalf("a file that was just encoded: %v", err)
		}
		got, err := decodeSlots(inner)
		if err != nil {
			if !errors.Is(err, ErrBroken) {
				t.Errorf("body: %v", err)
			}
			return
		}
		if !bytes.Equal(got.encode(), body) {
			t.Error("two spellings of one set of wrapping keys")
		}
	})
}

// FuzzSecretsFile does the same with the other file.
func FuzzSecretsFile(f *testing.F) {
	r := newRing(f, 1)
	f.Add(r.now().secrets.encode())
	if err := r.RotateAll(dice(2), day()); err != nil {
		f.Fatal(err)
	}
	f.Add(r.now().secrets.encode())
	f.Add(r.now().encode(secretsFile))
	f.Add(slices.Concat([]byte{0, 1, 1, 'A', 1, 9}, make([]byte, 8), sha256.New().Sum(nil)))
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, _, err := decodeFile(secretsFile, body); err != nil && !errors.Is(err, ErrBroken) && !errors.Is(err, ErrForeign) {
			t.Errorf("file: %v", err)
		}
		got, err := decodeTable(body)
		if err != nil {
			if !errors.Is(err, ErrBroken) {
				t.Errorf("body: %v", err)
			}
			return
		}
		if !bytes.Equal(got.encode(), body) {
			t.Error("two spellings of one table of secrets")
		}
	})
}
