package exchange_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// A watch sends what there is and then what comes, each with the cursor behind it, and puts itself on record.
func TestWatch(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	w.submit("fr-ofast", item("First", to("gb-nca")))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	messages := make(chan *ententev1.WatchInboxResponse)
	ended := make(chan error, 1)
	go func() {
		ended <- w.WatchInbox(ctx, call("gb-nca"), &ententev1.WatchInboxRequest{
			Justification: why(), Kinds: []ententev1.EventKind{ententev1.EventKind_EVENT_KIND_RECORD},
		}, func() error { return nil }, func(m *ententev1.WatchInboxResponse) error {
			messages <- m
			return nil
		})
	}()
	first := <-messages
	if len(first.GetEvents()) != 1 || first.GetResumeFrom().GetNumber() != first.GetEvents()[0].GetNumber() || len(first.GetSkipped()) != 1 {
		t.Errorf("first message %v", first)
	}
	w.submit("fr-ofast", item("Second", to("gb-nca")))
	if second := <-messages; len(second.GetEvents()) != 1 || second.GetEvents()[0].GetNumber() <= first.GetResumeFrom().GetNumber() {
		t.Errorf("second message %v", second)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if n := len(w.consultations("gb-nca")); n != 1 {
		t.Errorf("%d consultations", n)
	}
}

// Who is cut off gets nothing more.
func TestWatchRechecks(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	cut := fault.New(fault.Unauthenticated, "CUT", "cut")
	err := w.WatchInbox(t.Context(), call("gb-nca"), &ententev1.WatchInboxRequest{Justification: why()}, func() error { return cut }, func(*ententev1.WatchInboxResponse) error {
		t.Error("something was sent")
		return nil
	})
	if !errors.Is(err, cut) {
		t.Error(err)
	}
}

func (w *world) consultations(id string) []*ententev1.Consultation {
	w.t.Helper()
	supervisor := call(id)
	supervisor.Caller.Rights = intel.NewRights(intel.Supervise)
	answer, err := w.ListConsultations(w.t.Context(), supervisor, &ententev1.ListConsultationsRequest{Justification: why()})
	if err != nil {
		w.t.Fatal(err)
	}
	return answer.GetConsultations()
}

// Rows are answered in order; one that is refused spoils none; the same rows again change nothing.
func TestBulk(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	run := func() (accepted, unchanged, refused int) {
		bulk, err := w.BeginIntelligenceItems(t.Context(), call("fr-ofast"), &ententev1.BulkSubmitIntelligenceItemsHeader{Justification: why()})
		if err != nil {
			t.Fatal(err)
		}
		for n := range 40 {
			draft := item(fmt.Sprint("Row ", n), to("gb-nca"))
			draft.OriginatorReference = fmt.Sprint("row-", n)
			if n%10 == 3 {
				draft.Release.Audience.Agencies = []string{"agencies/nobody"}
			}
			switch r, err := bulk.Enqueue(bulk.Prepare(&ententev1.BulkSubmitIntelligenceItemsRow{Draft: draft})).Wait(t.Context()); {
			case err != nil:
				expect(t, err, fault.Invalid, "INVALID_REQUEST")
				refused++
			case r.GetUnchanged():
				unchanged++
			default:
				accepted++
			}
		}
		return accepted, unchanged, refused
	}
	if a, u, r := run(); a != 36 || u != 0 || r != 4 {
		t.Errorf("first run: %d accepted, %d unchanged, %d refused", a, u, r)
	}
	if a, u, r := run(); a != 0 || u != 36 || r != 4 {
		t.Errorf("second run: %d accepted, %d unchanged, %d refused", a, u, r)
	}
}

// Two rows of one reference that were decided before either was taken: the second meets the first.
func TestBulkRowsOfOneReference(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast")
	bulk, err := w.BeginIntelligenceItems(t.Context(), call("fr-ofast"), &ententev1.BulkSubmitIntelligenceItemsHeader{Justification: why()})
	if err != nil {
		t.Fatal(err)
	}
	draft := item("Same", to())
	draft.OriginatorReference = "same"
	one, two := bulk.Prepare(&ententev1.BulkSubmitIntelligenceItemsRow{Draft: draft}), bulk.Prepare(&ententev1.BulkSubmitIntelligenceItemsRow{Draft: proto.CloneOf(draft)})
	first, err := bulk.Enqueue(one).Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	second, err := bulk.Enqueue(two).Wait(t.Context())
	if err != nil || second.GetName() != first.GetName() || !second.GetUnchanged() {
		t.Errorf("%v, %v", second, err)
	}
}

// A supervisor sees who of its agency read what, in which case, with what question.
func TestConsultationsInFull(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	r := w.submit("fr-ofast", item("Boats", to("gb-nca")))
	if _, err := w.get("gb-nca", r.GetName()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.get("gb-nca", "agencies/fr-ofast/intelligenceItems/01234567-89ab-7def-8123-456789abcdef"); err == nil {
		t.Fatal("there is such a record")
	}
	list := w.consultations("gb-nca")
	if len(list) != 2 || len(list[0].GetNames()) != 0 || len(list[1].GetNames()) != 1 || list[1].GetNames()[0] != r.GetName() {
		t.Fatalf("%v", list)
	}
	if c := list[1]; c.GetJustification().GetCaseReference() != "C-1" || c.GetJustification().GetOfficer() != "4711" || c.GetRequestSource() == "" || c.GetHandle() == "" {
		t.Errorf("%v", c)
	}
	if len(w.consultations("fr-ofast")) != 0 {
		t.Error("another agency's supervisor sees them")
	}
}
