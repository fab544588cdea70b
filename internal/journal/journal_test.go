package journal_test

import (
	"bytes"
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/journal"
)

// TestLinkIsWhatDecodeSays: of whole entries; of one that was cut it says nothing wrong.
func TestLinkIsWhatDecodeSays(t *testing.T) {
	before := journal.Hash{}
	for _, e := range []*internalv1.Entry{
		{Number: 1, HubId: "hub", RulesVersion: 1, Commands: []*internalv1.Command{{TimeMicros: 7, RequestId: "r"}}},
		{Number: 300, PreviousHash: before[:], HubId: "hub", Commands: []*internalv1.Command{{}, {RequestDigest: []byte{1, 2}}}},
		{},
	} {
		encoded, _, err := journal.Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		number, previous, err := journal.Link(encoded)
		if err != nil || number != e.GetNumber() || !bytes.Equal(previous, e.GetPreviousHash()) {
			t.Errorf("%v: %d, %x, %v", e, number, previous, err)
		}
		for n := range encoded {
			_, cut := journal.Decode(encoded[:n])
			if _, _, err := journal.Link(encoded[:n]); cut == nil && err != nil {
				t.Errorf("%d bytes of %v: %v", n, e, err)
			}
		}
	}
	for _, garbage := range [][]byte{{0x08}, {0x12, 5, 1}, {0xff}, {0x1a, 9}} {
		if _, _, err := journal.Link(garbage); err == nil {
			t.Errorf("%x is taken for an entry", garbage)
		}
	}
}

// FuzzLink: of whatever decodes as an entry it says what the entry says, and of nothing else does it fail badly.
func FuzzLink(f *testing.F) {
	encoded, _, err := journal.Encode(&internalv1.Entry{Number: 300, PreviousHash: make([]byte, 32), HubId: "hub", Commands: []*internalv1.Command{{RequestId: "r"}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(encoded)
	f.Add([]byte{0x08, 1, 0x08, 2})
	f.Add([]byte{0x12, 5, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		number, previous, err := journal.Link(b)
		entry, undecoded := journal.Decode(b)
		if undecoded == nil && (err != nil || number != entry.GetNumber() || !bytes.Equal(previous, entry.GetPreviousHash())) {
			t.Errorf("%x: %d, %x, %v; the entry has %d, %x", b, number, previous, err, entry.GetNumber(), entry.GetPreviousHash())
		}
	})
}
