package exchange_test

import (
	"testing"

	"github.com/seed-1d76a664/entente/internal/exchange"
)

// No meeting rests on hashes alone: a record that the index gives for an identifier which it does not have meets nobody over it.
func TestNoMeetingRestsOnAHash(t *testing.T) {
	w, _ := matching(t)
	w.submit("fr-ofast", phoned(boatPhone, hitTo("gb-nca")))
	for id, want := range map[string]int{boatPhone: 2, otherPhone: 0} {
		w.submit("gb-nca", phoned(id, hitTo("fr-ofast")))
		rows, err := exchange.MistakenMeetings(w.Hub, w.View.Hub().GetNextRecord(), 1, phone(id))
		if err != nil || len(rows) != want {
			t.Errorf("%s: %v, %v", id, rows, err)
		}
	}
}
