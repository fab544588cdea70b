package exchange_test

import (
	"testing"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// One item among three agencies: who it is released to reads it, who it is not does not know of it, and the originator sees who read.
func TestItemAmongThreeAgencies(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca", "de-bka")
	receipt := w.submit("fr-ofast", item("Boats", to("gb-nca")))
	if receipt.GetAccepted().GetNumber() == 0 || receipt.GetRevision() != 1 {
		t.Errorf("receipt %v", receipt)
	}
	shown, err := w.get("gb-nca", receipt.GetName())
	if err != nil {
		t.Fatal(err)
	}
	if shown.GetPlain().GetTitle() != "Boats" || len(shown.GetPlainBytes()) == 0 || shown.GetMetadata().GetOriginatorMetadata() != nil {
		t.Errorf("shown %v", shown)
	}
	_, hidden := w.get("de-bka", receipt.GetName())
	_, absent := w.get("de-bka", "agencies/fr-ofast/intelligenceItems/01234567-89ab-7def-8123-456789abcdef")
	expect(t, hidden, fault.NotFound, "RECORD_NOT_FOUND")
	if hidden.Error() != absent.Error() {
		t.Errorf("%v, but %v", hidden, absent)
	}
	read, err := w.ListDisclosures(t.Context(), call("fr-ofast"), &ententev1.ListDisclosuresRequest{Justification: why()})
	if err != nil || len(read.GetDisclosures()) != 1 || read.GetDisclosures()[0].GetAgency() != "agencies/gb-nca" {
		t.Errorf("%v, %v", read, err)
	}
	if own, err := w.get("fr-ofast", receipt.GetName()); err != nil || !proto.Equal(own.GetPlain(), shown.GetPlain()) || own.GetMetadata().GetOriginatorMetadata() == nil {
		t.Errorf("%v, %v", own, err)
	}
}
