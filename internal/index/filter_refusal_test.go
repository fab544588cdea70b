package index

import (
	"errors"
	"slices"
	"strings"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// refusedFor says that a filter is refused for a reason, at a field that is
// named.
func refusedFor(t *testing.T, h *Hasher, f *ententev1.Filter, items bool, reason string) {
	t.Helper()
	_, _, err := h.askOne(f, items)
	var refusal *fault.Fault
	if !errors.As(err, &refusal) {
		t.Errorf("%s: %v", reason, err)
		return
	}
	if !slices.ContainsFunc(refusal.Violations, func(v fault.Violation) bool { return v.Reason == reason && strings.HasPrefix(v.Field, "query") }) {
		t.Errorf("%s: %v", reason, refusal.Violations)
	}
}

// TestPartsAsTheyAreTyped: whatever signs and digits somebody types, what counts is the normal form.
func TestPartsAsTheyAreTyped(t *testing.T) {
	d := newDesk(t, item)
	phone := plain().and(kept{content: `subjects { identifiers { type: IDENTIFIER_TYPE_PHONE_NUMBER raw_value: "+33612345678" } }`})
	for _, part := range []string{
		`starts_with: "+33 6-12"`, `starts_with: "0033612"`, `starts_with: "＋３３６"`, `starts_with: "\u200e+33612\u200f"`, `starts_with: "٣٣٦١"`,
		`ends_with: "34.56/78"`, `ends_with: "６７８"`, `ends_with: "٥٦٧٨"`, `ends_with: "+33612345678"`,
	} {
		if !d.finds(`identifier_parts { type: IDENTIFIER_TYPE_PHONE_NUMBER `+part+` }`, phone) {
			t.Errorf("%s does not find it", part)
		}
	}
}
