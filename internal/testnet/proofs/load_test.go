package proofs_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/testnet"
)

// The agencies of the loop. Each releases all it has to the other two, so each may read everything that is not recalled.
const (
	france  = "fr-ofast"
	britain = "gb-nca"
	italy   = "it-gdf"
)

func cast() []string { return []string{france, britain, italy} }

// others are the agencies beside one.
func others(id string) (list []string) {
	for _, o := range cast() {
		if o != id {
			list = append(list, o)
		}
	}
	return list
}

// writer is one client of an agency; it goes on in each round where it was.
type writer struct {
	b     *book
	id    string // makes its request ids its own
	owner string
	sent  int
	mine  []*record
}

// reader is one client that reads.
type reader struct {
	b          *book
	id, agency string
	asked      int
}

// watcher is one client that watches Italy's inbox.
type watcher struct {
	b    *book
	last int64
}

// crew is everybody who works on the hub.
type crew struct {
	writers []*writer
	bulk    *writer
	readers []*reader
	watcher *watcher
}

func newCrew(b *book) *crew {
	c := &crew{bulk: &writer{b: b, id: "bulk", owner: france}, watcher: &watcher{b: b}}
	for i, owner := range []string{france, france, france, britain, britain} {
		c.writers = append(c.writers, &writer{b: b, id: "w" + strconv.Itoa(i), owner: owner})
	}
	for i, agency := range []string{italy, italy, britain, france} {
		c.readers = append(c.readers, &reader{b: b, id: "r" + strconv.Itoa(i), agency: agency})
	}
	return c
}

// work lets everybody work until the hub is gone. Each leaves at the first failure; one that is not the hub's end is a complaint.
func (c *crew) work(ctx context.Context, h *hub) (done *sync.WaitGroup) {
	done = new(sync.WaitGroup)
	run := func(b *book, who string, conn *grpc.ClientConn, work func(context.Context, ententev1.IntelligenceServiceClient) error) {
		done.Go(func() {
			if err := work(ctx, ententev1.NewIntelligenceServiceClient(conn)); !gone(err) {
				b.complain("%s: %v", who, err)
			}
		})
	}
	for _, w := range c.writers {
		run(w.b, w.id, dial(h.t, h.net, w.owner, "/gateway"), w.work)
	}
	for _, r := range c.readers {
		run(r.b, r.id, dial(h.t, h.net, r.agency, "/gateway"), r.work)
	}
	run(c.bulk.b, c.bulk.id, dialBulk(h), c.bulk.stream)
	conn := dial(h.t, h.net, italy, "/gateway")
	run(c.watcher.b, "watch", conn, func(ctx context.Context, _ ententev1.IntelligenceServiceClient) error {
		return c.watcher.watch(ctx, ententev1.NewInboxServiceClient(conn))
	})
	return done
}

func dialBulk(h *hub) *grpc.ClientConn {
	h.t.Helper()
	conn, err := h.net.DialBulk(france, "/gateway")
	if err != nil {
		h.t.Fatal(err)
	}
	return conn
}

// gone tells whether a failure is that of a hub that was killed: the connection broke, before or while an answer came.
func gone(err error) bool { return status.Code(err) == codes.Unavailable }

// work submits, revises and recalls.
func (w *writer) work(ctx context.Context, client ententev1.IntelligenceServiceClient) error {
	for {
		next := w.next()
		receipt, err := next.send(ctx, client)
		if err != nil {
			return err
		}
		w.b.acknowledge(next, receipt)
	}
}

// next is a submit in two cases of three, else a change of something of its own.
func (w *writer) next() *write {
	for range 3 {
		if len(w.mine) == 0 || rand.IntN(3) > 0 {
			break
		}
		r := w.mine[rand.IntN(len(w.mine))]
		if r.recalled {
			continue
		}
		if rand.IntN(3) == 0 {
			return w.b.open(r, &ententev1.RecallIntelligenceItemRequest{Justification: why("kill"), Name: r.name, Etag: r.etag, RequestId: w.requestID()})
		}
		return w.b.open(r, &ententev1.ReviseIntelligenceItemRequest{
			Justification: why("kill"), Name: r.name, Etag: r.etag, RequestId: w.requestID(),
			Content: &ententev1.ReviseIntelligenceItemRequest_Plain{Plain: w.says("revised")},
		})
	}
	r := &record{owner: w.owner}
	w.mine = append(w.mine, r)
	return w.b.open(r, &ententev1.SubmitIntelligenceItemRequest{Justification: why("kill"), RequestId: w.requestID(), Draft: w.draft()})
}

func (w *writer) requestID() string {
	w.sent++
	return fmt.Sprintf("%s-%d", w.id, w.sent)
}

// says is a content that nobody else has.
func (w *writer) says(what string) *ententev1.IntelligenceContent {
	return content(fmt.Sprintf("%s %d, %s", w.id, w.sent, what), fmt.Sprintf("Boat %d of %s.", w.sent, w.id))
}

func (w *writer) draft() *ententev1.IntelligenceItemDraft {
	return &ententev1.IntelligenceItemDraft{
		Content: &ententev1.IntelligenceItemDraft_Plain{Plain: w.says("new")}, Release: to(others(w.owner)...),
		OriginatorReference: fmt.Sprintf("%s/%d", w.id, w.sent),
	}
}

// onTheWay is how many rows of the bulk stream are unanswered at most.
const onTheWay = 8

// stream sends rows for as long as they are answered.
func (w *writer) stream(ctx context.Context, client ententev1.IntelligenceServiceClient) error {
	return bulk(ctx, client, func() *write {
		return w.b.open(&record{owner: w.owner}, &ententev1.BulkSubmitIntelligenceItemsRow{RequestId: w.requestID(), Draft: w.draft()})
	}, w.b.acknowledge)
}

// bulk sends rows over one stream until next gives none, and tells what each came to.
func bulk(ctx context.Context, client ententev1.IntelligenceServiceClient, next func() *write, got func(*write, *ententev1.Receipt)) error {
	ctx, cancel := context.WithCancel(ctx)
	flight := make(chan *write, onTheWay)
	defer func() {
		cancel()
		for range flight { // until the sender is gone
			continue
		}
	}()
	stream, err := client.BulkSubmitIntelligenceItems(ctx)
	if err != nil {
		close(flight)
		return err
	}
	go func() {
		defer close(flight)
		sendRows(stream, next, flight)
	}()
	for {
		m, err := stream.Recv()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case m.GetSummary() != nil:
		case m.GetResult().GetReceipt() == nil:
			return status.ErrorProto(m.GetResult().GetError())
		default:
			got(<-flight, m.GetResult().GetReceipt())
		}
	}
}

// sendRows sends until there are no more, or the stream has ended: its other side says why.
func sendRows(stream grpc.BidiStreamingClient[ententev1.BulkSubmitIntelligenceItemsRequest, ententev1.BulkSubmitIntelligenceItemsResponse], next func() *write, flight chan<- *write) {
	header := &ententev1.BulkSubmitIntelligenceItemsHeader{Justification: why("kill")}
	err := stream.Send(&ententev1.BulkSubmitIntelligenceItemsRequest{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Header{Header: header}})
	for w := next(); err == nil && w != nil; w = next() {
		row, ok := w.request.(*ententev1.BulkSubmitIntelligenceItemsRow)
		if !ok {
			break
		}
		select {
		case flight <- w:
		case <-stream.Context().Done():
			return
		}
		err = stream.Send(&ententev1.BulkSubmitIntelligenceItemsRequest{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Row{Row: row}})
	}
	_ = stream.CloseSend()
}

// work reads whatever was acknowledged, each time for another case.
func (r *reader) work(ctx context.Context, client ententev1.IntelligenceServiceClient) error {
	for {
		x := r.b.any()
		if x == nil {
			if err := who(ctx, client); err != nil {
				return err
			}
			continue
		}
		r.asked++
		done := &read{agency: r.agency, reference: fmt.Sprintf("%s-%d", r.id, r.asked), record: x}
		answer, err := client.GetIntelligenceItem(ctx, named(x.name, done.reference))
		done.shown = err == nil
		switch {
		case err == nil && answer.GetIntelligenceItem().GetMetadata().GetName() != x.name:
			return fmt.Errorf("%s was asked for and %v came", x.name, answer)
		case err != nil && status.Code(err) != codes.NotFound:
			return err
		}
		r.b.answered(done)
	}
}

// who asks for nothing, to learn whether the hub is still there.
func who(ctx context.Context, client ententev1.IntelligenceServiceClient) error {
	_, err := client.QueryIntelligenceItems(ctx, &ententev1.QueryIntelligenceItemsRequest{Justification: why("kill"), PageSize: 1})
	return err
}

// watch goes on after the last event that it saw.
func (w *watcher) watch(ctx context.Context, client ententev1.InboxServiceClient) error {
	stream, err := client.WatchInbox(ctx, &ententev1.WatchInboxRequest{Justification: why("watch"), After: &ententev1.InboxCursor{Number: w.last}})
	if err != nil {
		return err
	}
	for {
		m, err := stream.Recv()
		if err != nil {
			return err
		}
		for _, e := range m.GetEvents() {
			if w.last++; e.GetNumber() != w.last {
				return fmt.Errorf("after event %d came %d", w.last-1, e.GetNumber())
			}
			w.b.saw(e)
		}
	}
}

// saw keeps an event that was shown.
func (b *book) saw(e *ententev1.InboxEvent) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen[e.GetNumber()] = e
}

// supervisor is the log of an agency's own reads.
func supervisor(h *hub, n *testnet.Net, id string) ententev1.DisclosureServiceClient {
	h.t.Helper()
	return ententev1.NewDisclosureServiceClient(dial(h.t, n, id, "/supervisor"))
}
