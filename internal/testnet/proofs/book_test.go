package proofs_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// book is what the hub has acknowledged, in all rounds: what it owes.
type book struct {
	mu      sync.Mutex
	records []*record
	writes  []*write // of this round, answered or not
	reads   []*read  // of all rounds, answered ones only
	seen    map[int64]*ententev1.InboxEvent

	left    int           // acknowledgements until the kill
	reached chan struct{} // closed at the last of them

	consulted map[string]int64 // how far the logs have been compared, by agency
	disclosed map[string]int64
	compared  int // how many of reads

	lost, wrong []string
}

func newBook() *book {
	return &book{seen: map[int64]*ententev1.InboxEvent{}, consulted: map[string]int64{}, disclosed: map[string]int64{}}
}

// record is one item as it was acknowledged.
type record struct {
	owner    string
	name     string // empty until its submit is answered
	revision int32
	content  *ententev1.IntelligenceContent
	recalled bool
	etag     string
	open     *write          // sent and not answered
	accepted map[int64]int32 // numbers in the owner's inbox, and the revision there
}

// write is one request that changes a record, to be sent again as it is.
type write struct {
	record  *record
	request proto.Message
	receipt *ententev1.Receipt
}

// read is one answered call that showed a record, or said that there is none.
type read struct {
	agency, reference string
	record            *record
	shown             bool
}

// lose notes that something acknowledged is gone.
func (b *book) lose(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lost = append(b.lost, fmt.Sprintf(format, args...))
}

// complain notes that the hub says something else than it should.
func (b *book) complain(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wrong = append(b.wrong, fmt.Sprintf(format, args...))
}

// begin opens a round that ends after so many acknowledged writes.
func (b *book) begin(after int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left, b.reached, b.writes = after, make(chan struct{}), nil
}

// open notes a request before it is sent.
func (b *book) open(r *record, request proto.Message) *write {
	b.mu.Lock()
	defer b.mu.Unlock()
	w := &write{record: r, request: request}
	r.open = w
	if r.accepted == nil {
		r.accepted = map[int64]int32{}
		b.records = append(b.records, r)
	}
	b.writes = append(b.writes, w)
	return w
}

// acknowledge notes what a request came to.
func (b *book) acknowledge(w *write, receipt *ententev1.Receipt) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := w.record
	w.receipt, r.open, r.etag = receipt, nil, receipt.GetEtag()
	want := r.revision
	switch request := w.request.(type) {
	case *ententev1.SubmitIntelligenceItemRequest:
		r.name, r.content, want = receipt.GetName(), request.GetDraft().GetPlain(), 1
	case *ententev1.BulkSubmitIntelligenceItemsRow:
		r.name, r.content, want = receipt.GetName(), request.GetDraft().GetPlain(), 1
	case *ententev1.ReviseIntelligenceItemRequest:
		r.content, want = request.GetPlain(), r.revision+1
	case *ententev1.RecallIntelligenceItemRequest:
		r.recalled = true
	}
	r.revision = want
	if receipt.GetRevision() != want || receipt.GetName() != r.name || receipt.GetUnchanged() {
		b.wrong = append(b.wrong, fmt.Sprintf("the receipt of revision %d of %q is %v", want, r.name, receipt))
	}
	if n := receipt.GetAccepted().GetNumber(); n > 0 {
		r.accepted[n] = want
	}
	if b.left--; b.left == 0 {
		close(b.reached)
	}
}

// answered notes a read that came back.
func (b *book) answered(r *read) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reads = append(b.reads, r)
}

// any is some acknowledged record, nil where there is none yet.
func (b *book) any() *record {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.records) == 0 {
		return nil
	}
	if r := b.records[rand.IntN(len(b.records))]; r.name != "" {
		return r
	}
	return nil
}

// send sends a request, for the first time or again.
func (w *write) send(ctx context.Context, client ententev1.IntelligenceServiceClient) (*ententev1.Receipt, error) {
	switch request := w.request.(type) {
	case *ententev1.SubmitIntelligenceItemRequest:
		answer, err := client.SubmitIntelligenceItem(ctx, request)
		return answer.GetReceipt(), err
	case *ententev1.ReviseIntelligenceItemRequest:
		answer, err := client.ReviseIntelligenceItem(ctx, request)
		return answer.GetReceipt(), err
	case *ententev1.RecallIntelligenceItemRequest:
		answer, err := client.RecallIntelligenceItem(ctx, request)
		return answer.GetReceipt(), err
	default:
		return nil, fmt.Errorf("no unary request: %T", w.request)
	}
}
