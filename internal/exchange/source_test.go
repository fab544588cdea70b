package exchange

import (
	"bytes"
	"crypto/rand"
	"testing"
	"time"
)

// An id has the layout of UUIDv7: milliseconds first, version 7, variant 2, and everything else drawn.
func TestUID(t *testing.T) {
	now := time.UnixMilli(0x0123456789ab)
	uid, err := newUID(now, bytes.NewReader(bytes.Repeat([]byte{0xff}, 10)))
	want := [16]byte{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0x7f, 0xff, 0xbf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
	if err != nil || uid != want {
		t.Errorf("%x, %v", uid, err)
	}
	if other, err := newUID(now, rand.Reader); err != nil || other == uid {
		t.Errorf("%x, %v", other, err)
	}
	if _, err := newUID(now, bytes.NewReader(nil)); err == nil {
		t.Error("an id was made of no randomness")
	}
}
