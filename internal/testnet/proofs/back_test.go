package proofs_test

import (
	"context"
	"slices"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// readBack asks the originators for everything that was acknowledged, a hundred at a time. What was on its way when the hub died may be there or not.
func (b *book) readBack(ctx context.Context, h *hub) {
	h.t.Helper()
	for _, owner := range cast() {
		client := items(h.t, h.net, owner)
		for batch := range slices.Chunk(b.of(owner), 100) {
			request := &ententev1.BatchGetIntelligenceItemsRequest{Justification: why("check")}
			for _, r := range batch {
				request.Names = append(request.Names, r.name)
			}
			answer, err := client.BatchGetIntelligenceItems(ctx, request)
			if err != nil || len(answer.GetResults()) != len(batch) {
				h.t.Fatalf("%d of %d records, %v", len(answer.GetResults()), len(batch), err)
			}
			for i, r := range batch {
				b.compare(r, answer.GetResults()[i])
			}
		}
	}
}

// of are an agency's records that were acknowledged.
func (b *book) of(owner string) (list []*record) {
	for _, r := range b.records {
		if r.owner == owner && r.name != "" {
			list = append(list, r)
		}
	}
	return list
}

// compare compares a record with what was acknowledged of it.
func (b *book) compare(r *record, got *ententev1.BatchGetIntelligenceItemsResult) {
	if codes.Code(got.GetError().GetCode()) == codes.NotFound {
		b.lose("%s was acknowledged and is not there", r.name)
		return
	}
	item := got.GetIntelligenceItem()
	m := item.GetMetadata()
	recalled := m.GetState() == ententev1.RecordState_RECORD_STATE_RECALLED
	revision, says, taken := r.revision, r.content, r.recalled
	if open := r.open; open != nil {
		switch request := open.request.(type) {
		case *ententev1.ReviseIntelligenceItemRequest:
			if m.GetRevision() == revision+1 {
				revision, says = revision+1, request.GetPlain()
			}
		case *ententev1.RecallIntelligenceItemRequest:
			taken = recalled
		}
	}
	switch {
	case m.GetName() != r.name:
		b.complain("%s: %v", r.name, got)
	case m.GetRevision() < revision:
		b.lose("%s: revision %d was acknowledged, %d is there", r.name, revision, m.GetRevision())
	case taken && !recalled:
		b.lose("%s: its recall was acknowledged, and it is in force", r.name)
	case m.GetRevision() != revision || taken != recalled || !proto.Equal(item.GetPlain(), says):
		b.complain("%s is not what was acknowledged: %v", r.name, item)
	}
}

// settle sends again what was on its way, and then everything of the round: each request has one outcome, however often it is sent.
func (b *book) settle(ctx context.Context, h *hub) {
	h.t.Helper()
	for _, resend := range []bool{false, true} {
		var rows []*write
		for _, w := range b.writes {
			if (w.receipt != nil) != resend {
				continue
			}
			if _, row := w.request.(*ententev1.BulkSubmitIntelligenceItemsRow); row {
				rows = append(rows, w)
				continue
			}
			receipt, err := w.send(ctx, items(h.t, h.net, w.record.owner))
			if err != nil {
				h.t.Fatalf("%T sent again: %v", w.request, err)
			}
			b.settled(w, receipt)
		}
		conn := dialBulk(h)
		err := bulk(ctx, ententev1.NewIntelligenceServiceClient(conn), func() (next *write) {
			if len(rows) > 0 {
				next, rows = rows[0], rows[1:]
			}
			return next
		}, b.settled)
		if err != nil {
			h.t.Fatalf("rows sent again: %v", err)
		}
	}
}

// settled takes the answer to a request that was sent again.
func (b *book) settled(w *write, receipt *ententev1.Receipt) {
	switch {
	case w.receipt == nil:
		b.acknowledge(w, receipt)
	case !proto.Equal(w.receipt, receipt):
		b.complain("%T sent again has another outcome: %v, first %v", w.request, receipt, w.receipt)
	}
}

// findAll pages through everything that each agency finds: what is in force, once, as it was acknowledged, and nothing half done beside it.
func (b *book) findAll(ctx context.Context, h *hub) {
	h.t.Helper()
	for _, id := range cast() {
		found := map[string]*ententev1.IntelligenceItem{}
		request := &ententev1.QueryIntelligenceItemsRequest{Justification: why("check"), PageSize: 200, IncludeTotal: true}
		for {
			page, err := items(h.t, h.net, id).QueryIntelligenceItems(ctx, request)
			if err != nil {
				h.t.Fatal(err)
			}
			for _, x := range page.GetIntelligenceItems() {
				if found[x.GetMetadata().GetName()] != nil {
					b.complain("%s finds %s twice", id, x.GetMetadata().GetName())
				}
				found[x.GetMetadata().GetName()] = x
			}
			if request.PageToken = page.GetNextPageToken(); request.GetPageToken() == "" {
				if page.GetTotalSize() != int64(len(found)) {
					b.complain("%s is told of %d and finds %d", id, page.GetTotalSize(), len(found))
				}
				break
			}
		}
		b.found(id, found)
	}
}

func (b *book) found(id string, found map[string]*ententev1.IntelligenceItem) {
	for _, r := range b.records {
		x := found[r.name]
		delete(found, r.name)
		switch {
		case r.recalled && x == nil:
		case r.recalled:
			b.complain("%s finds %s, which was recalled", id, r.name)
		case x == nil:
			b.lose("%s does not find %s", id, r.name)
		case x.GetMetadata().GetRevision() != r.revision || x.GetSummary().GetTitle() != r.content.GetTitle():
			b.complain("%s finds %v, which is not what was acknowledged", id, x)
		}
	}
	for name := range found {
		b.complain("%s finds %s, which nobody was told of", id, name)
	}
}
