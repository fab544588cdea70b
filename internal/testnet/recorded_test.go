package testnet_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/testnet"
)

// held is a journal in which consultations wait until they are let through.
// Everything else passes.
type held struct {
	journal.Journal
	mu      sync.Mutex
	gate    chan struct{} // closed when consultations pass
	waiting chan struct{} // one for each that has come to wait
}

func newHeld(j journal.Journal) *held {
	open := make(chan struct{})
	close(open)
	return &held{Journal: j, gate: open, waiting: make(chan struct{}, 1000)}
}

// hold keeps consultations back until release is called.
func (h *held) hold() (release func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	gate := make(chan struct{})
	h.gate = gate
	return sync.OnceFunc(func() { close(gate) })
}

func (h *held) Enqueue(ctx context.Context, c *internalv1.Command) (*journal.Ticket, error) {
	if c.GetConsult() == nil {
		return h.Journal.Enqueue(ctx, c)
	}
	h.mu.Lock()
	gate := h.gate
	h.mu.Unlock()
	select {
	case <-gate:
		return h.Journal.Enqueue(ctx, c)
	default:
	}
	ticket := journal.NewTicket()
	h.waiting <- struct{}{}
	go func() {
		<-gate
		outcome, err := journal.Append(context.WithoutCancel(ctx), h.Journal, c)
		ticket.Settle(outcome, err)
	}()
	return ticket, nil
}

// received counts what arrives at a client: headers, messages and trailers.
type received struct{ count atomic.Int64 }

func (*received) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context   { return ctx }
func (*received) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }
func (*received) HandleConn(context.Context, stats.ConnStats)                       {}

func (r *received) HandleRPC(_ context.Context, s stats.RPCStats) {
	switch s.(type) {
	case *stats.InHeader, *stats.InPayload, *stats.InTrailer:
		r.count.Add(1)
	}
}

// reads is a request for every RPC that states why it reads. One that is missing
// here fails the test.
func reads(item, report string) map[protoreflect.FullName]proto.Message {
	return map[protoreflect.FullName]proto.Message{
		"entente.v1.IntelligenceService.GetIntelligenceItem": &ententev1.GetIntelligenceItemRequest{
			Justification: why(), Selector: &ententev1.GetIntelligenceItemRequest_Name{Name: item}},
		"entente.v1.IntelligenceService.BatchGetIntelligenceItems":     &ententev1.BatchGetIntelligenceItemsRequest{Justification: why(), Names: []string{item}},
		"entente.v1.IntelligenceService.QueryIntelligenceItems":        &ententev1.QueryIntelligenceItemsRequest{Justification: why()},
		"entente.v1.IntelligenceService.ListIntelligenceItemRevisions": &ententev1.ListIntelligenceItemRevisionsRequest{Justification: why(), Name: item},
		"entente.v1.SeizureService.GetSeizureReport": &ententev1.GetSeizureReportRequest{
			Justification: why(), Selector: &ententev1.GetSeizureReportRequest_Name{Name: report}},
		"entente.v1.SeizureService.BatchGetSeizureReports":     &ententev1.BatchGetSeizureReportsRequest{Justification: why(), Names: []string{report}},
		"entente.v1.SeizureService.QuerySeizureReports":        &ententev1.QuerySeizureReportsRequest{Justification: why()},
		"entente.v1.SeizureService.SummarizeSeizures":          &ententev1.SummarizeSeizuresRequest{Justification: why()},
		"entente.v1.SeizureService.ListSeizureReportRevisions": &ententev1.ListSeizureReportRevisionsRequest{Justification: why(), Name: report},
		"entente.v1.InboxService.GetInboxHead":                 &ententev1.GetInboxHeadRequest{Justification: why()},
		"entente.v1.InboxService.ReadInbox":                    &ententev1.ReadInboxRequest{Justification: why()},
		"entente.v1.InboxService.WatchInbox":                   &ententev1.WatchInboxRequest{Justification: why()},
		"entente.v1.DisclosureService.ListDisclosures":         &ententev1.ListDisclosuresRequest{Justification: why()},
		"entente.v1.DisclosureService.ListConsultations":       &ententev1.ListConsultationsRequest{Justification: why()},
		"entente.v1.MatchService.CheckIdentifiers": &ententev1.CheckIdentifiersRequest{Justification: why(), Identifiers: []*ententev1.AskedIdentifier{{
			Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: "+33612345678"}}},
		"entente.v1.MatchService.ListUnfollowedChecks": &ententev1.ListUnfollowedChecksRequest{Justification: why()},
		"entente.v1.MatchService.ListRepeatedChecks":   &ententev1.ListRepeatedChecksRequest{Justification: why()},
		"entente.v1.GroupService.GetGroup":             &ententev1.GetGroupRequest{Justification: why(), Name: "agencies/fr-ofast/groups/01930000-0000-7000-8000-000000000000"},
		"entente.v1.GroupService.ListGroups":           &ententev1.ListGroupsRequest{Justification: why()},
		"entente.v1.StandingQueryService.GetStandingQuery": &ententev1.GetStandingQueryRequest{
			Justification: why(), Name: "agencies/fr-ofast/standingQueries/01930000-0000-7000-8000-000000000000"},
		"entente.v1.StandingQueryService.ListStandingQueries": &ententev1.ListStandingQueriesRequest{Justification: why()},
	}
}

// justifiedReads are the RPCs that read and say why, as the descriptors have them.
func justifiedReads(t *testing.T) []protoreflect.MethodDescriptor {
	t.Helper()
	var found []protoreflect.MethodDescriptor
	protoregistry.GlobalFiles.RangeFilesByPackage("entente.v1", func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			for j := range file.Services().Get(i).Methods().Len() {
				m := file.Services().Get(i).Methods().Get(j)
				access, ok := proto.GetExtension(m.Options(), ententev1.E_Access).(*ententev1.Access)
				if !ok {
					t.Fatalf("%s has no access option", m.FullName())
				}
				writes := access.GetCallClass() == ententev1.CallClass_CALL_CLASS_WRITE || access.GetCallClass() == ententev1.CallClass_CALL_CLASS_BULK
				if !writes && m.Input().Fields().ByName("justification") != nil {
					found = append(found, m)
				}
			}
		}
		return true
	})
	return found
}

// counted is a connection that counts what arrives.
func counted(t *testing.T, n *testnet.Net, id, path string) (*grpc.ClientConn, *received) {
	t.Helper()
	own, err := n.PKI.Certificate(id, path)
	if err != nil {
		t.Fatal(err)
	}
	roots, err := identity.ParseBundle(n.PKI.OperatorBundle())
	if err != nil {
		t.Fatal(err)
	}
	config, err := identity.ClientConfig(own, identity.Pool(roots), "localhost")
	if err != nil {
		t.Fatal(err)
	}
	r := new(received)
	conn, err := grpc.NewClient("passthrough:///"+n.Address, grpc.WithTransportCredentials(credentials.NewTLS(config)), grpc.WithStatsHandler(r))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn, r
}

// No byte of a read leaves before its consultation is durable: not an answer, not
// a header, not even that there is nothing.
func TestNothingUnrecordedLeaves(t *testing.T) {
	var h *held
	n := newNet(t, func(o *testnet.Options) {
		o.Journal = func(j journal.Journal) journal.Journal { h = newHeld(j); return h }
	})
	submitted, err := ententev1.NewIntelligenceServiceClient(dial(t, n, "fr-ofast", "/gateway")).SubmitIntelligenceItem(t.Context(),
		&ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: draft("held back", "gb-nca")})
	if err != nil {
		t.Fatal(err)
	}
	item := submitted.GetReceipt().GetName()
	requests := reads(item, "agencies/fr-ofast/seizureReports/01930000-0000-7000-8000-000000000000")
	for _, m := range justifiedReads(t) {
		t.Run(string(m.Name()), func(t *testing.T) {
			request := requests[m.FullName()]
			if request == nil {
				t.Fatal("there is no request for this RPC; add one")
			}
			path := "/gateway"
			if slices.Contains([]protoreflect.Name{"ListConsultations", "ListUnfollowedChecks", "ListRepeatedChecks"}, m.Name()) {
				path = "/supervisor"
			}
			conn, arrived := counted(t, n, "gb-nca", path)
			release := h.hold()
			defer release()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			done := make(chan error, 1)
			go func() { done <- first(ctx, conn, m, request) }()
			select {
			case <-h.waiting:
			case err := <-done:
				t.Fatalf("it was answered without a record: %v", err)
			}
			if n := arrived.count.Load(); n != 0 {
				t.Errorf("%d parts of the answer left before it was on record", n)
			}
			release()
			if err := <-done; err != nil && status.Code(err) != codes.NotFound {
				t.Error(err)
			}
			if arrived.count.Load() == 0 {
				t.Error("nothing is counted, so nothing was proved")
			}
		})
	}
}

// first asks and returns at the first message or the end.
func first(ctx context.Context, conn *grpc.ClientConn, m protoreflect.MethodDescriptor, request proto.Message) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, "/"+string(m.Parent().FullName())+"/"+string(m.Name()))
	if err != nil {
		return err
	}
	if err := stream.SendMsg(request); err != nil {
		return err
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	answer, err := protoregistry.GlobalTypes.FindMessageByName(m.Output().FullName())
	if err != nil {
		return err
	}
	return stream.RecvMsg(answer.New().Interface())
}

// later is the system's source with a clock that a test puts forward.
type later struct {
	exchange.System
	by atomic.Int64
}

func (l *later) Now() time.Time { return time.Now().Add(time.Duration(l.by.Load())) }

// fromNoon is a source of which the day goes on for as long as a test lasts.
func fromNoon() *later {
	l, now := new(later), time.Now()
	l.by.Store(int64(now.UTC().Truncate(24 * time.Hour).Add(36 * time.Hour).Sub(now)))
	return l
}

// The messages of a watch that has run for a while are no exception.
func TestNothingUnrecordedLeavesAWatch(t *testing.T) {
	var h *held
	clock := new(later)
	n := newNet(t, func(o *testnet.Options) {
		o.Source = clock
		o.Journal = func(j journal.Journal) journal.Journal { h = newHeld(j); return h }
	})
	conn, arrived := counted(t, n, "gb-nca", "/gateway")
	stream := watching(t, conn)
	french := ententev1.NewIntelligenceServiceClient(dial(t, n, "fr-ofast", "/gateway"))
	for range 3 {
		release := h.hold()
		clock.by.Add(int64(10 * time.Second)) // past what the record before covers
		before := arrived.count.Load()
		if _, err := french.SubmitIntelligenceItem(t.Context(), &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: draft("event", "gb-nca")}); err != nil {
			t.Fatal(err)
		}
		<-h.waiting
		if n := arrived.count.Load() - before; n != 0 {
			t.Errorf("%d messages left before they were on record", n)
		}
		release()
		m, err := stream.Recv()
		if err != nil || len(m.GetEvents()) == 0 {
			t.Fatalf("%v, %v", m, err)
		}
	}
}
