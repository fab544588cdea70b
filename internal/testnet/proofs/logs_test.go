package proofs_test

import (
	"context"
	"slices"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// inboxes reads every inbox from the beginning: numbers without gaps, the events of each record that its state asks for, and no other.
func (b *book) inboxes(ctx context.Context, h *hub) {
	h.t.Helper()
	for _, id := range cast() {
		events := inbox(ctx, h, id)
		byName := map[string][]*ententev1.InboxEvent{}
		for i, e := range events {
			if e.GetNumber() != int64(i+1) {
				b.complain("%s: event %d is numbered %d", id, i+1, e.GetNumber())
			}
			byName[e.GetName()] = append(byName[e.GetName()], e)
		}
		for _, r := range b.records {
			if r.owner == id {
				b.accepted(r, events)
			} else {
				b.told(id, r, byName[r.name])
			}
		}
		if id == italy {
			b.watched(events)
		}
	}
}

// inbox is all of an agency's inbox.
func inbox(ctx context.Context, h *hub, id string) (events []*ententev1.InboxEvent) {
	h.t.Helper()
	client := ententev1.NewInboxServiceClient(dial(h.t, h.net, id, "/gateway"))
	request := &ententev1.ReadInboxRequest{Justification: why("check"), PageSize: 1000}
	for {
		page, err := client.ReadInbox(ctx, request)
		if err != nil {
			h.t.Fatal(err)
		}
		events = append(events, page.GetEvents()...)
		if request.After = page.GetResumeFrom(); request.GetAfter().GetNumber() == page.GetHead().GetNumber() {
			return events
		}
	}
}

// accepted looks up what the receipts say of the originator's own inbox.
func (b *book) accepted(r *record, events []*ententev1.InboxEvent) {
	for number, revision := range r.accepted {
		if number > int64(len(events)) {
			b.lose("%s: event %d of the receipt is not there", r.name, number)
			continue
		}
		e := events[number-1]
		if e.GetKind() != ententev1.EventKind_EVENT_KIND_ACCEPTED || e.GetName() != r.name || e.GetRevision() != revision {
			b.complain("%s: the receipt says that revision %d is event %d, which is %v", r.name, revision, number, e)
		}
	}
}

// told wants one event for each revision of a record in force, and for a recalled one the recall alone.
func (b *book) told(id string, r *record, events []*ententev1.InboxEvent) {
	want := []ententev1.EventKind{ententev1.EventKind_EVENT_KIND_RECORD}
	for range r.revision - 1 {
		want = append(want, ententev1.EventKind_EVENT_KIND_CORRECTED)
	}
	if r.recalled {
		want = []ententev1.EventKind{ententev1.EventKind_EVENT_KIND_RECALLED}
	}
	var got []ententev1.EventKind
	for _, e := range events {
		got = append(got, e.GetKind())
	}
	if !slices.Equal(got, want) {
		b.complain("%s is told of %s by %v, not by %v", id, r.name, got, want)
	}
}

// watched compares what a watch was sent before the hub died: it is still there, unless its record was recalled since.
func (b *book) watched(events []*ententev1.InboxEvent) {
	for number, seen := range b.seen {
		if number > int64(len(events)) {
			b.lose("event %d was sent and is not there", number)
			continue
		}
		if now := events[number-1]; now.GetKind() != ententev1.EventKind_EVENT_KIND_WITHHELD && !proto.Equal(now, seen) {
			b.complain("event %d was sent as %v and is now %v", number, seen, now)
		}
	}
}

// audited compares the logs with the reads that were answered: each has one consultation, and one row in the originator's readership with the same
// handle. Unless it is the last time, it goes on where it ended the time before.
func (b *book) audited(ctx context.Context, h *hub, last bool) {
	h.t.Helper()
	if last {
		b.consulted, b.disclosed, b.compared = map[string]int64{}, map[string]int64{}, 0
	}
	rows, shown := map[string][]*ententev1.Consultation{}, map[string]*ententev1.Disclosure{}
	for _, id := range cast() {
		b.consultations(ctx, h, id, rows)
		b.disclosures(ctx, h, id, shown)
	}
	for _, r := range b.reads[b.compared:] {
		found := rows[r.reference]
		if len(found) != 1 {
			b.lose("the read %s was answered and has %d consultations", r.reference, len(found))
			continue
		}
		var names []string
		if r.shown {
			names = []string{r.record.name}
		}
		if !slices.Equal(found[0].GetNames(), names) {
			b.complain("the read %s of %v is on record as %v", r.reference, names, found[0])
		}
		d := shown[found[0].GetHandle()]
		if wanted := r.shown && r.agency != r.record.owner; wanted != (d != nil) {
			b.complain("the read %s is in its readership: %v", r.reference, d)
		} else if wanted && (d.GetAgency() != "agencies/"+r.agency || !slices.Equal(d.GetNames(), names) || d.GetKind() != ententev1.DisclosureKind_DISCLOSURE_KIND_READ) {
			b.complain("the read %s is in the readership as %v", r.reference, d)
		}
	}
	b.compared = len(b.reads)
}

// consultations gathers the new rows of an agency's log by the case that they state. The newest comes first, and numbers have no gaps.
func (b *book) consultations(ctx context.Context, h *hub, id string, rows map[string][]*ententev1.Consultation) {
	h.t.Helper()
	client := supervisor(h, h.net, id)
	request := &ententev1.ListConsultationsRequest{Justification: why("check"), PageSize: 200}
	var first, before int64
	for {
		page, err := client.ListConsultations(ctx, request)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, c := range page.GetConsultations() {
			if first == 0 {
				first, before = c.GetNumber(), c.GetNumber()+1
			}
			if before--; c.GetNumber() != before {
				b.complain("%s: consultation %d follows %d", id, c.GetNumber(), before+1)
			}
			if c.GetNumber() > b.consulted[id] {
				rows[c.GetJustification().GetCaseReference()] = append(rows[c.GetJustification().GetCaseReference()], c)
			}
		}
		request.PageToken = page.GetNextPageToken()
		if before <= b.consulted[id]+1 || request.GetPageToken() == "" {
			break
		}
	}
	if before > b.consulted[id]+1 {
		b.lose("%s: the log of consultations begins with %d", id, before)
	}
	b.consulted[id] = first
}

// disclosures gathers the new rows of an agency's readership by their handle; numbers have no gaps.
func (b *book) disclosures(ctx context.Context, h *hub, id string, shown map[string]*ententev1.Disclosure) {
	h.t.Helper()
	client := ententev1.NewDisclosureServiceClient(dial(h.t, h.net, id, "/gateway"))
	for _, d := range readership(ctx, h.t, client, b.disclosed[id]) {
		if b.disclosed[id]++; d.GetNumber() != b.disclosed[id] {
			b.complain("%s: row %d of the readership is numbered %d", id, b.disclosed[id], d.GetNumber())
		}
		shown[d.GetHandle()] = d
	}
}
