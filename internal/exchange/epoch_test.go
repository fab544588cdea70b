package exchange_test

import (
	"testing"
	"time"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/keyring"
)

// ownCommand is a command of the hub's own, of a kind that is still to be said.
func (w *world) ownCommand() *internalv1.Command {
	w.t.Helper()
	storage, err := w.View.Ring().Secret(keyring.Storage)
	if err != nil {
		w.t.Fatal(err)
	}
	inbox, err := w.View.Ring().Secret(keyring.Inbox)
	if err != nil {
		w.t.Fatal(err)
	}
	return &internalv1.Command{
		Origin: &internalv1.Origin{Hub: true}, TimeMicros: time.Now().UnixMicro(),
		StorageVersion: uint32(storage.Version), InboxVersion: uint32(inbox.Version),
	}
}

// After a restore no cursor and no etag of before is taken for one of today.
func TestANewEpochEndsWhatWasGivenOut(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	r := w.submit("fr-ofast", item("Boats", to("gb-nca")))
	old := r.GetAccepted()
	command := w.ownCommand()
	command.Kind = &internalv1.Command_BeginEpoch{BeginEpoch: &internalv1.BeginEpoch{Epoch: "0123456789abcdef"}}
	if _, err := journal.Append(t.Context(), w.journal, command); err != nil {
		t.Fatal(err)
	}
	_, err := w.ReadInbox(t.Context(), call("fr-ofast"), &ententev1.ReadInboxRequest{Justification: why(), After: old})
	expect(t, err, fault.Precondition, "EPOCH_OVER")
	_, err = w.RecallIntelligenceItem(t.Context(), call("fr-ofast"), &ententev1.RecallIntelligenceItemRequest{
		Justification: why(), Name: r.GetName(), Etag: r.GetEtag(),
	})
	expect(t, err, fault.Stale, "ETAG_STALE")
	if fresh := w.submit("fr-ofast", item("More boats", to())).GetAccepted(); fresh.GetEpoch() != "0123456789abcdef" || fresh.GetNumber() <= old.GetNumber() {
		t.Errorf("%v after %v", fresh, old)
	}
}
