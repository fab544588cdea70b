package view

import (
	"fmt"
	"testing"

	"github.com/seed-1d76a664/entente/internal/policy"
)

// What is kept of readers is what would be made anew, and bounded however many there are: certificates cost an agency nothing.
func TestAudiencesAreBounded(t *testing.T) {
	w := populated(t)
	roster := w.Roster()
	for n := range keptReaders + 10 {
		r := policy.Reader{Agency: italy, Region: "IT", Officer: fmt.Sprint(n), Purpose: investigation}
		first, again := roster.finds.of(r, roster, w.hasher), roster.finds.of(r, roster, w.hasher)
		if len(first) != 2 || len(again) != 2 || &first[0][0] != &again[0][0] {
			t.Fatalf("reader %d: %v, then %v", n, first, again)
		}
	}
	if n := len(roster.finds.kept); n > keptReaders || n == 0 {
		t.Errorf("%d readers are kept", n)
	}
	roster.finds.terms = keptTerms // as if they had been long
	roster.finds.of(policy.Reader{Agency: japan, Region: "JP", Purpose: investigation}, roster, w.hasher)
	if len(roster.finds.kept) != 1 || roster.finds.terms > 100 {
		t.Errorf("%d readers, %d terms", len(roster.finds.kept), roster.finds.terms)
	}
}
