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
