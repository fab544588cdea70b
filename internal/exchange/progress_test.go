package exchange_test

import (
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// TestBehind: what is still to be looked at is told, without what waits for a budget.
func TestBehind(t *testing.T) {
	w, _ := matching(t)
	stop := w.matching()
	w.settle()
	stop()
	behind := func(want uint64) {
		t.Helper()
		if got := w.Behind(); got != want {
			t.Errorf("%d behind, not %d", got, want)
		}
	}
	behind(0)
	w.submit("fr-ofast", phoned(boatPhone, hitTo("gb-nca")))
	w.submit("gb-nca", phoned(boatPhone, hitTo("fr-ofast")))
	behind(2)
	if _, err := w.SetCheckBudget(t.Context(), operator("Set"), &ententev1.SetCheckBudgetRequest{Agency: "agencies/gb-nca"}); err != nil {
		t.Fatal(err)
	}
	if w.submit("gb-nca", phoned(boatPhone, hitTo("fr-ofast"))).GetDeconfliction() != ententev1.Deconfliction_DECONFLICTION_PENDING {
		t.Error("it does not wait")
	}
	w.matching()
	w.settle()
	behind(0)
}
