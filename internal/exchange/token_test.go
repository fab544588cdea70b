package exchange

import (
	"crypto/rand"
	"testing"
	"time"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/keyring"
)

func newRing(t testing.TB) *keyring.Ring {
	t.Helper()
	ring, err := keyring.Create(t.TempDir()+"/keys", rand.Reader, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ring.Close() })
	return ring
}

func newTestTokens(t testing.TB) tokens {
	t.Helper()
	made, err := newTokens(newRing(t))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

const read = ententev1.ProcessingPurpose_PROCESSING_PURPOSE_INVESTIGATION

func callOf(agency, unit, officer string) Call {
	return Call{Caller: intel.Caller{Agency: intel.AgencyID(agency), Unit: intel.UnitID(unit), Officer: officer}, Method: "/entente.v1.S/Query"}
}

// A token opens for the caller and the question that it was given to, and for nobody and nothing else.
func TestTokenIsBound(t *testing.T) {
	made := newTestTokens(t)
	mine := callOf("fr-ofast", "desk", "7").bind([]byte("question"), read)
	token := made.seal(mine, 42)
	if place, err := made.open(mine, token); err != nil || place != 42 {
		t.Fatalf("own token: %d, %v", place, err)
	}
	other := Call{Caller: callOf("fr-ofast", "desk", "7").Caller, Method: "/entente.v1.S/List"}
	for name, bound := range map[string][32]byte{
		"other agency":   callOf("uk-nca", "desk", "7").bind([]byte("question"), read),
		"other unit":     callOf("fr-ofast", "", "7").bind([]byte("question"), read),
		"other officer":  callOf("fr-ofast", "desk", "8").bind([]byte("question"), read),
		"moved border":   callOf("fr-ofastd", "esk", "7").bind([]byte("question"), read),
		"other question": callOf("fr-ofast", "desk", "7").bind([]byte("question?"), read),
		"other purpose":  callOf("fr-ofast", "desk", "7").bind([]byte("question"), read+1),
		"other method":   other.bind([]byte("question"), read),
	} {
		if _, err := made.open(bound, token); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Tokens of all places have one length, and no two are the same.
func TestTokenTellsNothing(t *testing.T) {
	made := newTestTokens(t)
	bound := callOf("fr-ofast", "", "").bind(nil, read)
	seen := map[string]bool{}
	for _, place := range []uint64{0, 1, 1, 255, 1 << 32, 1<<64 - 1} {
		token := made.seal(bound, place)
		if len(token) != len(made.seal(bound, 7)) || seen[token] {
			t.Errorf("token of %d: %d characters", place, len(token))
		}
		seen[token] = true
	}
}

// Whatever is given for a token is a place that was sealed, the beginning, or a failure.
func FuzzToken(f *testing.F) {
	made := newTestTokens(f)
	bound := callOf("fr-ofast", "", "").bind(nil, read)
	f.Add("")
	f.Add("AAAA")
	f.Add(made.seal(bound, 3))
	f.Fuzz(func(t *testing.T, token string) {
		place, err := made.open(bound, token)
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Fatalf("%v", err)
		}
		if err == nil && token != "" && place != 3 {
			t.Fatalf("a token that was never sealed opens to %d", place)
		}
	})
}
