package ledger

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

func salt16() Salt { return Salt([]byte("sixteen byte sal")) }

// The documented formulas, spelt out. A partner's implementation is compared with the hexadecimal values.
func TestVectors(t *testing.T) {
	tagOf := func(s string) []byte { h := sha256.Sum256([]byte(s)); return h[:] }
	sum := func(parts ...[]byte) string {
		h := sha256.Sum256(slices.Concat(parts...))
		return hex.EncodeToString(h[:])
	}
	s := salt16()
	row := RowDigest([]byte("row"))
	leaf := Leaf(s, row)
	for _, c := range []struct {
		name, got, formula, vector string
	}{
		{"content", hexOf(Digest(Content, s, []byte("bytes"))), sum(tagOf("entente/v1/digest/content"), s[:], []byte("bytes")), vectorContent},
		{"release", hexOf(Digest(Release, s, []byte("bytes"))), sum(tagOf("entente/v1/digest/release"), s[:], []byte("bytes")), vectorRelease},
		{"links", hexOf(Digest(Links, s, nil)), sum(tagOf("entente/v1/digest/links"), s[:]), vectorLinks},
		{"row", hexOf(row), sum(tagOf("entente/v1/row"), []byte("row")), vectorRow},
		{"leaf", hexOf(leaf), sum([]byte{0}, s[:], row[:]), vectorLeaf},
	} {
		if c.got != c.formula || c.got != c.vector {
			t.Errorf("%s: %s; by the formula %s, on the first day %s", c.name, c.got, c.formula, c.vector)
		}
	}
}

func hexOf(h [32]byte) string { return hex.EncodeToString(h[:]) }

func TestALeafIsARecordHash(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		salt := Salt(rapid.SliceOfN(rapid.Byte(), SaltSize, SaltSize).Draw(t, "salt"))
		digest := RowDigest(rapid.SliceOfN(rapid.Byte(), 0, 32).Draw(t, "row"))
		if Leaf(salt, digest) != tlog.RecordHash(slices.Concat(salt[:], digest[:])) {
			t.Fatal("a leaf is not what golang.org/x/mod makes of its data")
		}
	})
}

// One value has one digest for each part and salt, and no two of them are equal.
func TestDigestsDoNotMeet(t *testing.T) {
	seen := map[[32]byte]string{}
	note := func(name string, digest [32]byte) {
		if other, taken := seen[digest]; taken {
			t.Errorf("%s is %s", name, other)
		}
		seen[digest] = name
	}
	for _, value := range []string{"", "a", "sixteen byte sal", "sixteen byte sala"} {
		for _, part := range []Part{Content, Release, Links} {
			note(string(part)+" of "+value, Digest(part, salt16(), []byte(value)))
			note("salted otherwise, "+string(part)+" of "+value, Digest(part, Salt{}, []byte(value)))
		}
		note("row "+value, RowDigest([]byte(value)))
		note("bare "+value, sha256.Sum256([]byte(value)))
	}
}

func TestSaltsAreMadeAgain(t *testing.T) {
	key := sha256.Sum256([]byte("inbox secret"))
	italy, france := NewLogID("inbox", "it"), NewLogID("inbox", "fr")
	one, other := NewSalter(key), NewSalter(key)
	first := one.Salt(italy, 1)
	seen := map[Salt]bool{}
	for _, log := range []LogID{italy, france, NewLogID("readership", "it")} {
		for number := uint64(1); number <= 300; number++ {
			salt := one.Salt(log, number)
			if seen[salt] {
				t.Fatalf("row %d shares its salt", number)
			}
			seen[salt] = true
			if other.Salt(log, number) != salt {
				t.Fatalf("row %d: another salter, another salt", number)
			}
		}
	}
	if one.Salt(italy, 1) != first {
		t.Error("a salter forgets")
	}
	if NewSalter([32]byte{1}).Salt(italy, 1) == first {
		t.Error("the salt does not depend on the secret")
	}
}

func TestASaltByHand(t *testing.T) {
	key := [32]byte{7}
	log := NewLogID("inbox", "it")
	mac := hmac.New(sha256.New, key[:])
	mac.Write(slices.Concat([]byte("entente/v1/salt"), log[:], []byte{0, 0, 0, 0, 0, 1, 2, 3}))
	if got := NewSalter(key).Salt(log, 0x10203); !slices.Equal(got[:], mac.Sum(nil)[:16]) {
		t.Errorf("salt %x", got)
	}
}

func TestLogIDsTellLogsApart(t *testing.T) {
	seen := map[LogID]string{}
	for name, id := range map[string]LogID{
		"inbox of it": NewLogID("inbox", "it"), "readership of it": NewLogID("readership", "it"), "inbox of a unit": NewLogID("inbox", "it", "dia"),
		"parts run together": NewLogID("inbox", "itdia"), "parts cut elsewhere": NewLogID("inbox", "itd", "ia"), "no owner": NewLogID("inbox"),
		"an empty owner": NewLogID("inbox", ""), "kind and owner run together": NewLogID("inboxit"),
	} {
		if other, taken := seen[id]; taken {
			t.Errorf("%s is %s", name, other)
		}
		seen[id] = name
	}
	if again := NewLogID("inbox", "it"); seen[again] != "inbox of it" {
		t.Error("not the same twice")
	}
}

// A log's leaves can be made again from its rows and the secret alone, and give the tiles that are stored.
func TestALogIsMadeAgainFromItsRows(t *testing.T) {
	key := sha256.Sum256([]byte("inbox secret"))
	s := newShelf()
	rows := make([][]byte, 300)
	salter := NewSalter(key)
	for i := range rows {
		rows[i] = []byte{byte(i), byte(i >> 8), 1}
		if err := s.add(Leaf(salter.Salt(s.log, uint64(i)+1), RowDigest(rows[i]))); err != nil {
			t.Fatal(err)
		}
	}
	again := newShelf()
	var leaves []tlog.Hash
	later := NewSalter(key)
	for i, row := range rows {
		leaves = append(leaves, Leaf(later.Salt(again.log, uint64(i)+1), RowDigest(row)))
	}
	if err := again.add(leaves...); err != nil {
		t.Fatal(err)
	}
	a, errA := Root(s.size, s.read)
	b, errB := Root(again.size, again.read)
	if a != b || errA != nil || errB != nil {
		t.Errorf("%v %v, made again %v %v", a, errA, b, errB)
	}
}
