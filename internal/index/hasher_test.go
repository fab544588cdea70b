package index

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"testing"

	"google.golang.org/protobuf/encoding/prototext"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// TestSipHash has values that the hash's authors published for SipHash-2-4:
// the key 00 to 0f, and messages that count up from 00.
func TestSipHash(t *testing.T) {
	const k0, k1 = 0x0706050403020100, 0x0f0e0d0c0b0a0908
	message := make([]byte, 64)
	for i := range message {
		message[i] = byte(i)
	}
	for length, want := range map[int]uint64{
		0: 0x726fdb47dd0e0e31, 1: 0x74f839c593dc67fd, 7: 0xab0200f58b01d137, 8: 0x93f5f5799a932462, 15: 0xa129ca6149be45e5,
		63: 0x958a324ceb064572,
	} {
		if got := sipHash(k0, k1, message[:length]); got != want {
			t.Errorf("%d bytes: %016x, want %016x", length, got, want)
		}
	}
}

// TestTermsAreApart says that another field, value or key is another term, and
// that long values are not cut.
func TestTermsAreApart(t *testing.T) {
	long := string(make([]byte, 5000))
	seen := map[Term]string{}
	for name, h := range map[string]*Hasher{"one": NewHasher([32]byte{1}), "two": NewHasher([32]byte{2})} {
		for _, field := range []Field{FieldLink, FieldLabel, FieldIdentifier} {
			for _, value := range []string{"", "a", "ab", "b", "\x00", long, long + "a", long[1:]} {
				term := h.Term(field, value)
				if other, ok := seen[term]; ok {
					t.Errorf("%s %d: a value of %d bytes has the term of %s", name, field, len(value), other)
				}
				seen[term] = name
			}
		}
	}
	h := NewHasher([32]byte{1})
	if h.spaced(FieldLink, "a", long) != h.Term(FieldLink, "a\x00"+long) {
		t.Error("a value within a namespace has another term than both together")
	}
	if h.Case("ita", "1") == h.Case("fra", "1") || h.Term(FieldLabel, "x") != NewHasher([32]byte{1}).Term(FieldLabel, "x") {
		t.Error("agencies share a case, or a term is not the same twice")
	}
}

// TestTermsStayAsTheyAre holds the terms of two contents. Stored lists and new
// ones must agree: whoever changes what a content posts raises AnalyserVersion,
// and then puts the new sums here.
func TestTermsStayAsTheyAre(t *testing.T) {
	h := NewHasher([32]byte{5})
	keys := []IdentifierKey{{"PHONE_NUMBER", "+390612345678"}, {"DOMAIN", "example.org"}}
	intelligence, seizure := new(ententev1.IntelligenceContent), new(ententev1.SeizureContent)
	const shared = `crime_areas: 1 route: 2 other_labels: "Ruderboot" subjects { vessel {} } subjects { person { other_role_label: "Skipper" } }
		observed { start_time { seconds: 1700000000 } end_time { seconds: 1710000000 } }`
	read := func(text string, into *ententev1.IntelligenceContent, or *ententev1.SeizureContent) {
		t.Helper()
		var err error
		if into != nil {
			err = prototext.Unmarshal([]byte(text), into)
		} else {
			err = prototext.Unmarshal([]byte(text), or)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	read(shared+` crossing_methods: 1 urgency: 2 evaluation { uk { source: 1 assessment: 2 } }`, intelligence, nil)
	read(shared+` assets { type: 1 other_label: "Jet Ski" }`, nil, seizure)
	for name, tc := range map[string]struct {
		terms []Term
		want  string
	}{
		"item":   {h.ItemTerms(intelligence, keys), "3f60eed2c8984613"},
		"report": {h.SeizureTerms(seizure, keys), "58b1fcc70c1777a3"},
	} {
		if got := sum(tc.terms); AnalyserVersion != 1 || got != tc.want {
			t.Errorf("%s: %d terms with the sum %s, want %s", name, len(tc.terms), got, tc.want)
		}
	}
}

func sum(terms []Term) string {
	hash := sha256.New()
	for _, t := range terms {
		hash.Write(binary.BigEndian.AppendUint64(nil, uint64(t)))
	}
	return hex.EncodeToString(hash.Sum(nil)[:8])
}
