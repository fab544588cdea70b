package proofs_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/rpc"
	"github.com/seed-1d76a664/entente/internal/testnet"
)

// filled is a hub that ran out of room: what it took before, and what it refused.
type filled struct {
	t       *testing.T
	n       *testnet.Net
	taken   []*ententev1.Receipt
	refused []*ententev1.SubmitIntelligenceItemRequest
	asked   int
	read    map[string]bool // reads that were answered
}

// TestFullFile: a file that has reached its bound takes and tells nothing more, but what takes trust or records away; with a higher bound the hub goes on.
func TestFullFile(t *testing.T) {
	pki, err := testnet.NewPKI(france, britain, italy, "de-bka")
	if err != nil {
		t.Fatal(err)
	}
	o := testnet.Options{PKI: pki, Dir: t.TempDir(), MaxBytes: 4 << 20, Reserve: 1 << 20, FlushRecords: 1 << 14}
	f := fill(t, start(t, o))
	f.isFull()
	f.takesAway()
	f.isFull() // a recall gives no room back: the record and its journal stay
	if err := f.n.Close(); err != nil {
		t.Fatal(err)
	}
	o.MaxBytes *= 8
	f.n = start(t, o)
	f.goesOn()
}

// fill enrols the agencies, reads once, and lets eight clients submit until each is refused.
func fill(t *testing.T, n *testnet.Net) *filled {
	t.Helper()
	f := &filled{t: t, n: n, read: map[string]bool{"before": true}}
	if err := n.Enrol(t.Context(), france, britain, italy, "de-bka"); err != nil {
		t.Fatal(err)
	}
	client := items(t, n, france)
	first, err := client.SubmitIntelligenceItem(t.Context(), bulky("first"))
	if err != nil {
		t.Fatal(err)
	}
	f.taken = append(f.taken, first.GetReceipt())
	if _, err := items(t, n, britain).GetIntelligenceItem(t.Context(), named(f.taken[0].GetName(), "before")); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var clients sync.WaitGroup
	for c := range 8 {
		clients.Go(func() {
			for i := 0; ; i++ {
				request := bulky(fmt.Sprint("item-", c, "-", i))
				answer, err := client.SubmitIntelligenceItem(t.Context(), request)
				mu.Lock()
				if err != nil {
					f.full("a submit", err)
					f.refused = append(f.refused, request)
				} else {
					f.taken = append(f.taken, answer.GetReceipt())
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	clients.Wait()
	if len(f.taken) < 30 || len(f.refused) != 8 {
		t.Fatalf("%d taken, %d refused", len(f.taken), len(f.refused))
	}
	return f
}

// bulky submits an item that does not compress well.
func bulky(id string) *ententev1.SubmitIntelligenceItemRequest {
	d := draft(id, britain, italy)
	var text strings.Builder
	for text.Len() < 8<<10 {
		text.WriteByte("abcdefghijklmnopqrstuvwxyz     "[rand.IntN(31)])
	}
	d.GetPlain().Narrative, d.OriginatorReference = strings.TrimSpace(text.String()), id
	return &ententev1.SubmitIntelligenceItemRequest{Justification: why("full"), Draft: d, RequestId: id}
}

// full wants a failure to be that of a hub without room, with a time to come again.
func (f *filled) full(what string, err error) {
	f.t.Helper()
	s := status.Convert(err)
	var reason string
	var retry time.Duration
	for _, d := range s.Details() {
		switch d := d.(type) {
		case *errdetails.ErrorInfo:
			reason = d.GetReason()
		case *errdetails.RetryInfo:
			retry = d.GetRetryDelay().AsDuration()
		}
	}
	if s.Code() != codes.ResourceExhausted || reason != "STORAGE_FULL" || retry <= 0 {
		f.t.Errorf("%s: %v %s, come again in %v", what, err, reason, retry)
	}
}

// isFull: no submit and no read is answered, and health says so. Who somebody is needs no record and is told. What is small may find a place where what
// is large found none: each is asked until it is refused.
func (f *filled) isFull() {
	f.t.Helper()
	ctx := f.t.Context()
	french := items(f.t, f.n, france)
	f.untilFull("a submit", func() error {
		f.asked++
		answer, err := french.SubmitIntelligenceItem(ctx, bulky(fmt.Sprint("more-", f.asked)))
		if err == nil {
			f.taken = append(f.taken, answer.GetReceipt())
		}
		return err
	})
	for what, read := range f.reads(britain) {
		f.untilFull(what, func() error {
			f.asked++
			reference := fmt.Sprint("full-", f.asked)
			err := read(ctx, f.taken[22].GetName(), reference)
			if err == nil || status.Code(err) == codes.NotFound {
				f.read[reference] = true
				return nil
			}
			return err
		})
	}
	f.health(healthv1.HealthCheckResponse_NOT_SERVING)
	agencies := ententev1.NewAgencyServiceClient(dial(f.t, f.n, britain, "/gateway"))
	if _, err := agencies.WhoAmI(ctx, new(ententev1.WhoAmIRequest)); err != nil {
		f.t.Errorf("who am I: %v", err)
	}
}

// untilFull calls until the hub has no room for it.
func (f *filled) untilFull(what string, call func() error) {
	f.t.Helper()
	for range 20_000 {
		if err := call(); err != nil {
			f.full(what, err)
			return
		}
	}
	f.t.Errorf("%s: the hub does not become full", what)
}

// reads are the ways to learn something of a record.
func (f *filled) reads(id string) map[string]func(ctx context.Context, name, reference string) error {
	f.t.Helper()
	service, conn := items(f.t, f.n, id), dial(f.t, f.n, id, "/gateway")
	return map[string]func(ctx context.Context, name, reference string) error{
		"get": func(ctx context.Context, name, reference string) error {
			_, err := service.GetIntelligenceItem(ctx, named(name, reference))
			return err
		},
		"get of what is not there": func(ctx context.Context, _, reference string) error {
			_, err := service.GetIntelligenceItem(ctx, named("agencies/fr-ofast/intelligenceItems/01930000-0000-7000-8000-000000000000", reference))
			return err
		},
		"batch": func(ctx context.Context, name, reference string) error {
			_, err := service.BatchGetIntelligenceItems(ctx, &ententev1.BatchGetIntelligenceItemsRequest{Justification: why(reference), Names: []string{name}})
			return err
		},
		"query": func(ctx context.Context, _, reference string) error {
			_, err := service.QueryIntelligenceItems(ctx, &ententev1.QueryIntelligenceItemsRequest{Justification: why(reference)})
			return err
		},
		"revisions": func(ctx context.Context, name, reference string) error {
			_, err := service.ListIntelligenceItemRevisions(ctx, &ententev1.ListIntelligenceItemRevisionsRequest{Justification: why(reference), Name: name})
			return err
		},
		"inbox": func(ctx context.Context, _, reference string) error {
			_, err := ententev1.NewInboxServiceClient(conn).ReadInbox(ctx, &ententev1.ReadInboxRequest{Justification: why(reference)})
			return err
		},
		"watch": func(ctx context.Context, _, reference string) error {
			stream, err := ententev1.NewInboxServiceClient(conn).WatchInbox(ctx, &ententev1.WatchInboxRequest{Justification: why(reference)})
			if err == nil {
				_, err = stream.Recv()
			}
			return err
		},
		"readership": func(ctx context.Context, _, reference string) error {
			_, err := ententev1.NewDisclosureServiceClient(conn).ListDisclosures(ctx, &ententev1.ListDisclosuresRequest{Justification: why(reference)})
			return err
		},
	}
}

// health waits until the hub says of its writes what it should.
func (f *filled) health(want healthv1.HealthCheckResponse_ServingStatus) {
	f.t.Helper()
	client := healthv1.NewHealthClient(dial(f.t, f.n, britain, "/gateway"))
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		answer, err := client.Check(f.t.Context(), &healthv1.HealthCheckRequest{Service: rpc.WritesService})
		if err != nil {
			f.t.Fatal(err)
		}
		if answer.GetStatus() == want {
			return
		}
	}
	f.t.Errorf("health does not become %v", want)
}

// takesAway: trust and records can be taken away, out of the reserve, and that is in force at once.
func (f *filled) takesAway() {
	f.t.Helper()
	ctx := f.t.Context()
	operator := ententev1.NewAgencyServiceClient(dial(f.t, f.n, "", "/operator"))
	if _, err := operator.SuspendAgency(ctx, &ententev1.SuspendAgencyRequest{Name: "agencies/" + italy, Reason: "test"}); err != nil {
		f.t.Errorf("suspend: %v", err)
	}
	_, err := operator.RevokeCertificate(ctx, &ententev1.RevokeCertificateRequest{
		Name: "agencies/de-bka", Reason: "test", Selector: &ententev1.RevokeCertificateRequest_PathPrefix{PathPrefix: "/gateway"},
	})
	if err != nil {
		f.t.Errorf("revoke: %v", err)
	}
	f.cutOff()
	french := items(f.t, f.n, france)
	for _, r := range f.recalled() {
		_, err := french.RecallIntelligenceItem(ctx, &ententev1.RecallIntelligenceItemRequest{Justification: why("full"), Name: r.GetName(), Etag: r.GetEtag()})
		if err != nil {
			f.t.Fatalf("recall: %v", err)
		}
	}
	_, err = french.UpdateIntelligenceItemRelease(ctx, &ententev1.UpdateIntelligenceItemReleaseRequest{
		Justification: why("full"), Name: f.narrowed().GetName(), ReleaseEtag: f.narrowed().GetReleaseEtag(), Release: to(italy),
	})
	if err != nil {
		f.t.Errorf("narrow: %v", err)
	}
}

// recalled are those that are recalled while the hub is full, narrowed the one that Britain loses.
func (f *filled) recalled() []*ententev1.Receipt { return f.taken[1:21] }
func (f *filled) narrowed() *ententev1.Receipt   { return f.taken[21] }

// cutOff: the suspended agency and the revoked certificate get nothing.
func (f *filled) cutOff() {
	f.t.Helper()
	for _, id := range []string{italy, "de-bka"} {
		conn := dial(f.t, f.n, id, "/gateway")
		if _, err := ententev1.NewAgencyServiceClient(conn).WhoAmI(f.t.Context(), new(ententev1.WhoAmIRequest)); !refusedTrust(err) {
			f.t.Errorf("%s: %v", id, err)
		}
	}
}

// refusedTrust tells whether a call or its handshake was refused for who it is.
func refusedTrust(err error) bool {
	return status.Code(err) == codes.Unauthenticated || status.Code(err) == codes.Unavailable
}

// goesOn: with room again everything that was taken is there, nothing of what was refused is, and it is taken when it is sent again.
func (f *filled) goesOn() {
	f.t.Helper()
	f.health(healthv1.HealthCheckResponse_SERVING)
	f.cutOff()
	f.finds(len(f.taken) - len(f.recalled()) - 1)
	french := items(f.t, f.n, france)
	for _, r := range f.taken {
		f.has(french, r)
	}
	for _, request := range f.refused {
		answer, err := french.SubmitIntelligenceItem(f.t.Context(), request)
		if err != nil || answer.GetReceipt().GetUnchanged() {
			f.t.Errorf("refused before, sent again: %v, %v", answer, err)
		}
	}
	f.finds(len(f.taken) - len(f.recalled()) - 1 + len(f.refused))
	log := consulted(f.t, f.n, britain)
	for reference := range f.read {
		if log[reference] == nil {
			f.t.Errorf("the read %s was answered and is not on record", reference)
		}
	}
	for reference := range log {
		if !f.read[reference] {
			f.t.Errorf("the read %s was refused and is on record", reference)
		}
	}
	if err := f.n.View.Check(); err != nil {
		f.t.Error(err)
	}
}

// has wants a record as it was taken, recalled where it was.
func (f *filled) has(client ententev1.IntelligenceServiceClient, r *ententev1.Receipt) {
	f.t.Helper()
	answer, err := client.GetIntelligenceItem(f.t.Context(), named(r.GetName(), "check"))
	if err != nil {
		f.t.Errorf("%s: %v", r.GetName(), err)
		return
	}
	m := answer.GetIntelligenceItem().GetMetadata()
	want := ententev1.RecordState_RECORD_STATE_ACTIVE
	for _, x := range f.recalled() {
		if proto.Equal(x, r) {
			want = ententev1.RecordState_RECORD_STATE_RECALLED
		}
	}
	if m.GetState() != want || m.GetContentDigest() != r.GetContentDigest() {
		f.t.Errorf("%s is %v", r.GetName(), m)
	}
}

// finds wants Britain to find so many records.
func (f *filled) finds(want int) {
	f.t.Helper()
	page, err := items(f.t, f.n, britain).QueryIntelligenceItems(f.t.Context(), &ententev1.QueryIntelligenceItemsRequest{Justification: why("check"), IncludeTotal: true})
	if err != nil || page.GetTotalSize() != int64(want) {
		f.t.Errorf("Britain finds %d, not %d: %v", page.GetTotalSize(), want, err)
	}
}
