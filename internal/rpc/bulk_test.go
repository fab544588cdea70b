package rpc

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// The row under test is known by its request_id.
type (
	itemRow    = ententev1.BulkSubmitIntelligenceItemsRow
	itemHeader = ententev1.BulkSubmitIntelligenceItemsHeader
	itemAsk    = ententev1.BulkSubmitIntelligenceItemsRequest
	itemAnswer = ententev1.BulkSubmitIntelligenceItemsResponse
	itemStream = grpc.BidiStreamingClient[itemAsk, itemAnswer]
)

// ledger is a bulk whose rows take as long, and fail in the way, that the test
// says. It notes the order in which rows were handed over.
type ledger struct {
	prepare func(id string)
	wait    func(ctx context.Context, id string) error

	mu       sync.Mutex
	enqueued []string
}

type ticket struct {
	l  *ledger
	id string
}

func (l *ledger) Prepare(row *itemRow) string {
	if l.prepare != nil {
		l.prepare(row.GetRequestId())
	}
	return row.GetRequestId()
}

func (l *ledger) Enqueue(id string) ticket {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.enqueued = append(l.enqueued, id)
	return ticket{l, id}
}

func (t ticket) Wait(ctx context.Context) (*ententev1.Receipt, error) {
	if t.l.wait != nil {
		if err := t.l.wait(ctx, t.id); err != nil {
			return nil, err
		}
	}
	return &ententev1.Receipt{Name: t.id, Unchanged: t.id == "same"}, nil
}

// withBulk is the API with this bulk behind BulkSubmitIntelligenceItems.
func withBulk(l *ledger) bound {
	b := agreeable()
	b["IntelligenceService"]["BulkSubmitIntelligenceItems"] = bulked(itemForm(),
		func(context.Context, *flight, *itemHeader) (bulk[*itemRow, string, ticket], error) { return l, nil })
	return b
}

func openBulk(t *testing.T, w *world) itemStream {
	t.Helper()
	stream := must(ententev1.NewIntelligenceServiceClient(w.dialTo(w.bulk, "fr.example", "/gateway")).BulkSubmitIntelligenceItems(w.ctx()))(t)
	send(t, stream, &itemAsk{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Header{Header: &itemHeader{Justification: justified()}}})
	return stream
}

func send(t *testing.T, stream itemStream, m *itemAsk) {
	t.Helper()
	if err := stream.Send(m); err != nil {
		t.Fatal(err)
	}
}

// goodRow is a row that meets the rules.
func goodRow(t *testing.T, id string) *itemAsk {
	t.Helper()
	content := &ententev1.IntelligenceContent{
		Title: "a title", Narrative: "a narrative", LanguageCode: "en",
		Evaluation: &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Europol{Europol: &ententev1.EuropolEvaluation{
			Source:      ententev1.EuropolSourceEvaluation_EUROPOL_SOURCE_EVALUATION_B,
			Information: ententev1.EuropolInformationEvaluation_EUROPOL_INFORMATION_EVALUATION_2,
		}}},
		CrimeAreas: []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING},
	}
	row := &itemRow{RequestId: id, Draft: &ententev1.IntelligenceItemDraft{
		Content: &ententev1.IntelligenceItemDraft_Plain{Plain: content},
		Release: &ententev1.Release{
			Audience: &ententev1.Audience{}, Markings: &ententev1.Markings{Classification: ententev1.ClassificationCeiling_CLASSIFICATION_CEILING_NOT_CLASSIFIED},
		},
	}}
	return &itemAsk{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Row{Row: row}}
}

// answers reads results until the summary.
func answers(t *testing.T, stream itemStream) (results []*ententev1.BulkSubmitIntelligenceItemsResult, summary *ententev1.BulkSubmitIntelligenceItemsSummary) {
	t.Helper()
	for {
		m, err := stream.Recv()
		if err != nil {
			t.Fatalf("after %d results: %v", len(results), err)
		}
		if summary = m.GetSummary(); summary != nil {
			if _, err := stream.Recv(); err != io.EOF {
				t.Errorf("the summary is not the last message: %v", err)
			}
			return results, summary
		}
		results = append(results, m.GetResult())
	}
}

// Rows that fail in every way, each between two good ones: every row is answered,
// in order, and none of the good ones notices.
func TestBulkBadRows(t *testing.T) {
	l := &ledger{
		prepare: func(id string) {
			if id == "panics" {
				panic("in a row")
			}
		},
		wait: func(_ context.Context, id string) error {
			if id == "refused" {
				return fault.New(fault.AlreadyExists, "ORIGINATOR_REFERENCE_EXISTS", "It is there.")
			}
			return nil
		},
	}
	w := newWorld(t, setup{bound: withBulk(l)})
	stream := openBulk(t, w)
	unknown := goodRow(t, "unknown")
	unknown.GetRow().ProtoReflect().SetUnknown(protowire.AppendVarint(protowire.AppendTag(nil, 99, protowire.VarintType), 1))
	misshapen := goodRow(t, "misshapen")
	misshapen.GetRow().GetDraft().Release = nil
	twice := goodRow(t, "twice")
	body := must(proto.Marshal(twice.GetRow().GetDraft().GetPlain()))(t)
	twice.GetRow().GetDraft().PlainBytes = append(slices.Clone(body), body...)
	header := &itemAsk{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Header{Header: &itemHeader{Justification: justified()}}}
	bad := []struct {
		row    *itemAsk
		code   codes.Code
		reason string
		field  string
	}{
		{unknown, codes.InvalidArgument, "INVALID_REQUEST", ""},
		{misshapen, codes.InvalidArgument, "INVALID_REQUEST", "draft.release"},
		{twice, codes.InvalidArgument, "INVALID_REQUEST", "draft.plainBytes"},
		{header, codes.InvalidArgument, "INVALID_REQUEST", "row"},
		{new(itemAsk), codes.InvalidArgument, "INVALID_REQUEST", "row"},
		{goodRow(t, "panics"), codes.Internal, "INTERNAL", ""},
		{goodRow(t, "refused"), codes.AlreadyExists, "ORIGINATOR_REFERENCE_EXISTS", ""},
	}
	for i, b := range bad {
		send(t, stream, goodRow(t, "good-"+strconv.Itoa(i)))
		send(t, stream, b.row)
	}
	send(t, stream, goodRow(t, "same"))
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
	results, summary := answers(t, stream)
	if len(results) != 2*len(bad)+1 {
		t.Fatalf("%d answers", len(results))
	}
	for i, r := range results {
		if r.GetIndex() != int64(i) {
			t.Fatalf("answer %d has index %d", i, r.GetIndex())
		}
		if i%2 == 0 {
			if r.GetReceipt() == nil {
				t.Errorf("row %d: %v", i, r.GetError())
			}
			continue
		}
		b, got := bad[i/2], r.GetError()
		if codes.Code(got.GetCode()) != b.code || reason(status.FromProto(got).Err()) != b.reason || b.field != "" && firstField(got) != b.field {
			t.Errorf("row %d: %v, want %v %s %s", i, got, b.code, b.reason, b.field)
		}
	}
	want := &ententev1.BulkSubmitIntelligenceItemsSummary{Received: 15, Accepted: 7, Unchanged: 1, Refused: 7}
	if !proto.Equal(summary, want) {
		t.Errorf("the summary is %v", summary)
	}
}

func firstField(s *spb.Status) string {
	for _, v := range badFields(status.FromProto(s).Err()) {
		return v
	}
	return ""
}

// toil takes a few milliseconds of work.
func toil() { _ = sha256.Sum256(make([]byte, 4<<20)) }

// The last rows are ready first; they are handed over and answered in order.
func TestBulkOrder(t *testing.T) {
	const n = 200
	l := &ledger{
		prepare: func(id string) {
			if i, _ := strconv.Atoi(id); i%10 == 0 {
				toil() // a row that costs more than its neighbours
			}
		},
		wait: func(_ context.Context, id string) error {
			if id == "3" {
				toil()
			}
			return nil
		},
	}
	w := newWorld(t, setup{bound: withBulk(l)})
	stream := openBulk(t, w)
	var want []string
	for i := range n {
		want = append(want, strconv.Itoa(i))
		send(t, stream, goodRow(t, strconv.Itoa(i)))
	}
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
	results, _ := answers(t, stream)
	for i, r := range results {
		if r.GetIndex() != int64(i) || r.GetReceipt().GetName() != strconv.Itoa(i) {
			t.Fatalf("answer %d is of row %d, %s", i, r.GetIndex(), r.GetReceipt().GetName())
		}
	}
	if len(results) != n || !slices.Equal(l.enqueued, want) {
		t.Errorf("%d answers; handed over in the order %v", len(results), l.enqueued)
	}
}

// quiet is what a counter says once nothing moves any more.
func quiet(n *atomic.Int64) (settled int64) {
	settled = -1
	for still := 0; still < 20; {
		time.Sleep(5 * time.Millisecond)
		if now := n.Load(); now == settled {
			still++
		} else {
			settled, still = now, 0
		}
	}
	return settled
}

// While one row is stuck, no more are taken in than the window holds; once it
// is through, all are answered.
func TestBulkWindow(t *testing.T) {
	stuck := make(chan struct{})
	var prepared atomic.Int64
	l := &ledger{
		prepare: func(string) { prepared.Add(1) },
		wait: func(_ context.Context, id string) error {
			if id == "0" {
				<-stuck
			}
			return nil
		},
	}
	const window, n = 8, 400
	w := newWorld(t, setup{bound: withBulk(l), limits: func(l *Limits) { l.BulkRows = window }})
	stream := openBulk(t, w)
	sent := make(chan error, 1)
	go func() {
		for i := range n {
			row := goodRow(t, strconv.Itoa(i))
			row.GetRow().GetDraft().GetPlain().Narrative = string(make([]byte, 16<<10))
			if err := stream.Send(row); err != nil {
				sent <- err
				return
			}
		}
		sent <- stream.CloseSend()
	}()
	settled := quiet(&prepared)
	if most := int64(window); settled > most {
		t.Errorf("%d rows were prepared, %d at most", settled, most)
	}
	close(stuck)
	results, summary := answers(t, stream)
	if err := <-sent; err != nil || len(results) != n || summary.GetAccepted() != n {
		t.Errorf("%d answers, %v, %v", len(results), summary, err)
	}
}

// Streams share what rows may take up: while those of one are stuck another's wait,
// and what a stream had is there again once it is cut off.
func TestBulkMemory(t *testing.T) {
	var prepared atomic.Int64
	l := &ledger{
		prepare: func(string) { prepared.Add(1) },
		wait: func(ctx context.Context, id string) error {
			if id == "stuck" {
				<-ctx.Done()
			}
			return ctx.Err()
		},
	}
	const rows = 4
	size := int64(proto.Size(goodRow(t, "stuck")))
	w := newWorld(t, setup{bound: withBulk(l), limits: func(l *Limits) {
		l.MessageBytes, l.BulkMemory = int(size)+64, int(rows*weight(size+64))
	}})
	ctx, cancel := context.WithCancel(w.ctx())
	first := must(ententev1.NewIntelligenceServiceClient(w.dialTo(w.bulk, "fr.example", "/gateway")).BulkSubmitIntelligenceItems(ctx))(t)
	send(t, first, &itemAsk{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Header{Header: &itemHeader{Justification: justified()}}})
	for range 3 * rows {
		send(t, first, goodRow(t, "stuck"))
	}
	second := openBulk(t, w)
	if n := quiet(&prepared); n != rows {
		t.Errorf("%d rows are inside, %d at most", n, rows)
	}
	send(t, second, goodRow(t, "1"))
	if n := quiet(&prepared); n != rows {
		t.Errorf("a row of another stream is inside beside %d", n-1)
	}
	cancel()
	m, err := second.Recv()
	if err != nil || m.GetResult().GetReceipt().GetName() != "1" {
		t.Errorf("after the other stream was cut off: %v, %v", m, err)
	}
}

func TestBulkHeader(t *testing.T) {
	w := newWorld(t, setup{bound: withBulk(&ledger{})})
	client := ententev1.NewIntelligenceServiceClient(w.dial("fr.example", "/gateway"))
	for name, first := range map[string]*itemAsk{
		"no message": nil, "a row": goodRow(t, "1"), "nothing": {},
		"no justification": {Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Header{Header: &itemHeader{}}},
	} {
		stream := must(client.BulkSubmitIntelligenceItems(w.ctx()))(t)
		if first != nil {
			send(t, stream, first)
		}
		_ = stream.CloseSend()
		if _, err := stream.Recv(); status.Code(err) != codes.InvalidArgument {
			t.Errorf("%s first: %v", name, err)
		}
	}
	stream := openBulk(t, w)
	_ = stream.CloseSend()
	if results, summary := answers(t, stream); len(results) != 0 || summary.GetReceived() != 0 {
		t.Errorf("an empty stream: %v, %v", results, summary)
	}
}

// An agency that is cut off in the middle of a bulk stream hands over no more.
func TestBulkCutOff(t *testing.T) {
	l := &ledger{}
	w := newWorld(t, setup{bound: withBulk(l)})
	stream := openBulk(t, w)
	send(t, stream, goodRow(t, "1"))
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	w.suspend("fr-police")
	if _, err := stream.Recv(); status.Code(err) != codes.Unauthenticated {
		t.Error(err)
	}
	_ = stream.Send(goodRow(t, "2"))
	w.stop(5 * time.Second)
	if !slices.Equal(l.enqueued, []string{"1"}) {
		t.Errorf("handed over: %v", l.enqueued)
	}
}

// A hub that stops tells a bulk stream how many rows were answered.
func TestBulkStop(t *testing.T) {
	w := newWorld(t, setup{bound: withBulk(&ledger{})})
	stream := openBulk(t, w)
	for i := range 3 {
		send(t, stream, goodRow(t, strconv.Itoa(i)))
		if _, err := stream.Recv(); err != nil {
			t.Fatal(err)
		}
	}
	w.stop(10 * time.Second)
	_, err := stream.Recv()
	if status.Code(err) != codes.Unavailable || reason(err) != "HUB_STOPPING" || resumeFrom(err) != "3" {
		t.Errorf("%v, from %s", err, resumeFrom(err))
	}
}

// Rows over the budget wait; none is refused.
func TestBulkPace(t *testing.T) {
	w := newWorld(t, setup{bound: withBulk(&ledger{}), limits: func(l *Limits) { l.Budgets.Rows = Rate{PerSecond: 100, Burst: 1} }})
	stream := openBulk(t, w)
	begun := time.Now()
	for i := range 20 {
		send(t, stream, goodRow(t, strconv.Itoa(i)))
	}
	_ = stream.CloseSend()
	if _, summary := answers(t, stream); summary.GetAccepted() != 20 {
		t.Error(summary)
	}
	if took := time.Since(begun); took < 150*time.Millisecond {
		t.Errorf("20 rows at 100 a second took %v", took)
	}
}

var errLost = errors.New("lost")

// A stage that fails for good ends the stream, even while the client is silent.
func TestBulkStageFails(t *testing.T) {
	l := &ledger{wait: func(context.Context, string) error { panic(errLost) }}
	w := newWorld(t, setup{bound: withBulk(l)})
	stream := openBulk(t, w)
	send(t, stream, goodRow(t, "1"))
	if _, err := stream.Recv(); status.Code(err) != codes.Internal {
		t.Error(err)
	}
}
