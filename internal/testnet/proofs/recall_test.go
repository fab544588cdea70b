package proofs_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/rpc"
	"github.com/seed-1d76a664/entente/internal/testnet"
	"github.com/seed-1d76a664/entente/internal/view"
)

// race is one record that Britain reads in every way at once, while it is taken from Britain.
type race struct {
	n      *testnet.Net
	round  int
	target *ententev1.Receipt
	taken  atomic.Bool // the acknowledgement of what takes it away has arrived
	looks  []look      // of one reader each

	mu    sync.Mutex
	wrong []string
}

// look is one answered call: whether it began after the record was taken away, whether it showed it, and whether the caller was cut off instead.
type look struct {
	way, reference   string
	late, shown, cut bool
}

// ways are the reads, each telling whether it showed the target. inbox and watch show a reference and no content.
func (r *race) ways(t *testing.T) map[string]func(context.Context, string) (bool, error) {
	t.Helper()
	client, conn, name := items(t, r.n, britain), dial(t, r.n, britain, "/gateway"), r.target.GetName()
	inbox := ententev1.NewInboxServiceClient(conn)
	return map[string]func(context.Context, string) (bool, error){
		"get": func(ctx context.Context, reference string) (bool, error) {
			answer, err := client.GetIntelligenceItem(ctx, named(name, reference))
			return answer.GetIntelligenceItem() != nil, err
		},
		"batch": func(ctx context.Context, reference string) (bool, error) {
			answer, err := client.BatchGetIntelligenceItems(ctx, &ententev1.BatchGetIntelligenceItemsRequest{Justification: why(reference), Names: []string{name}})
			return slices.ContainsFunc(answer.GetResults(), func(x *ententev1.BatchGetIntelligenceItemsResult) bool { return x.GetIntelligenceItem() != nil }), err
		},
		"query": func(ctx context.Context, reference string) (bool, error) {
			answer, err := client.QueryIntelligenceItems(ctx, &ententev1.QueryIntelligenceItemsRequest{
				Justification: why(reference), PageSize: 2, View: ententev1.RecordView_RECORD_VIEW_FULL,
			})
			return among(answer.GetIntelligenceItems(), name), err
		},
		"second page": r.secondPage(client),
		"revisions": func(ctx context.Context, reference string) (bool, error) {
			answer, err := client.ListIntelligenceItemRevisions(ctx, &ententev1.ListIntelligenceItemRevisionsRequest{Justification: why(reference), Name: name})
			return len(answer.GetRevisions()) > 0, err
		},
		"inbox": func(ctx context.Context, reference string) (bool, error) {
			answer, err := inbox.ReadInbox(ctx, &ententev1.ReadInboxRequest{Justification: why(reference), PageSize: 1000})
			return announced(answer.GetEvents(), name), err
		},
		"watch": func(ctx context.Context, reference string) (bool, error) {
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			stream, err := inbox.WatchInbox(ctx, &ententev1.WatchInboxRequest{Justification: why(reference)})
			if err != nil {
				return false, err
			}
			answer, err := stream.Recv()
			return announced(answer.GetEvents(), name), err
		},
	}
}

// withoutContent are the ways whose answers are references: they disclose nothing, and have no row in the readership.
func withoutContent() []string { return []string{"inbox", "watch"} }

// secondPage goes on with a token of a page that was read before: the target lies behind a newer record. Only the second call counts.
func (r *race) secondPage(client ententev1.IntelligenceServiceClient) func(context.Context, string) (bool, error) {
	var token string
	return func(ctx context.Context, reference string) (bool, error) {
		if token == "" {
			first, err := client.QueryIntelligenceItems(ctx, &ententev1.QueryIntelligenceItemsRequest{Justification: why(reference + "-first"), PageSize: 1})
			if err != nil {
				return false, err
			}
			token = first.GetNextPageToken()
		}
		answer, err := client.QueryIntelligenceItems(ctx, &ententev1.QueryIntelligenceItemsRequest{Justification: why(reference), PageSize: 1, PageToken: token})
		return among(answer.GetIntelligenceItems(), r.target.GetName()), err
	}
}

func among(list []*ententev1.IntelligenceItem, name string) bool {
	return slices.ContainsFunc(list, func(x *ententev1.IntelligenceItem) bool { return x.GetMetadata().GetName() == name })
}

// announced tells whether events speak of a record otherwise than by its recall.
func announced(events []*ententev1.InboxEvent, name string) bool {
	return slices.ContainsFunc(events, func(e *ententev1.InboxEvent) bool {
		return e.GetName() == name && e.GetKind() != ententev1.EventKind_EVENT_KIND_RECALLED
	})
}

// lateLooks is how many calls each reader begins after the record was taken away.
const lateLooks = 3

// run lets two readers of each way read, takes the record away in the middle of it, and lets them go on for a while.
func (r *race) run(t *testing.T, take func() error) {
	t.Helper()
	ready, readers := new(sync.WaitGroup), new(sync.WaitGroup)
	for i := range 2 {
		for way, ask := range r.ways(t) {
			ready.Add(1)
			readers.Go(func() { r.read(t.Context(), way, fmt.Sprintf("%s-%d-%d", way, r.round, i), ask, ready.Done) })
		}
	}
	ready.Wait()
	if err := take(); err != nil {
		t.Error(err)
	}
	r.taken.Store(true)
	readers.Wait()
}

// read reads again and again; ready is called once the record was shown.
func (r *race) read(ctx context.Context, way, id string, ask func(context.Context, string) (bool, error), ready func()) {
	isReady := sync.OnceFunc(ready)
	defer isReady()
	for i, late := 0, 0; late < lateLooks; i++ {
		l := look{way: way, reference: fmt.Sprint(id, "-", i), late: r.taken.Load()}
		var err error
		if l.shown, err = ask(ctx, l.reference); !expected(err, l.shown) {
			r.complain("%s: %v", l.reference, err)
			return
		}
		l.cut = status.Code(err) == codes.Unauthenticated
		if l.late {
			late++
		}
		if l.shown {
			isReady()
		}
		r.note(l)
	}
}

// expected are the answers of a hub to whom it shows nothing: absent, or cut off.
func expected(err error, shown bool) bool {
	return err == nil || !shown && slices.Contains([]codes.Code{codes.NotFound, codes.Unauthenticated}, status.Code(err))
}

func (r *race) note(l look) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.looks = append(r.looks, l)
}

func (r *race) complain(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wrong = append(r.wrong, fmt.Sprintf(format, args...))
}

// judge compares the looks with the two logs: nothing that began late was shown, what was shown is on record on both sides, and nothing else is; and
// every disclosure came before what took the record away.
func (r *race) judge(t *testing.T, until time.Time) {
	t.Helper()
	log := consulted(t, r.n, britain)
	rows := map[string]*ententev1.Disclosure{}
	for _, d := range readership(t.Context(), t, ententev1.NewDisclosureServiceClient(dial(t, r.n, france, "/gateway")), 0) {
		rows[d.GetHandle()] = d
	}
	name := r.target.GetName()
	for _, l := range r.looks {
		if l.late && l.shown {
			r.complain("%s began after the record was taken away, and showed it", l.reference)
		}
		if slices.Contains(withoutContent(), l.way) || l.cut { // trust is judged again after the record is made: who is cut off then got nothing
			continue
		}
		c := log[l.reference]
		if slices.Contains(c.GetNames(), name) != l.shown {
			r.complain("%s was shown the record: %t; on record as %v", l.reference, l.shown, c)
		}
		d := rows[c.GetHandle()]
		if slices.Contains(d.GetNames(), name) != l.shown {
			r.complain("%s was shown the record: %t; in the readership as %v", l.reference, l.shown, d)
		}
	}
	for _, d := range rows {
		if slices.Contains(d.GetNames(), name) && d.GetDiscloseTime().AsTime().After(until) {
			r.complain("disclosed at %v, taken away at %v", d.GetDiscloseTime().AsTime(), until)
		}
	}
}

// races lets a hub take so many records away, one after the other, and gives what was wrong. take returns the journal's time of it.
func races(t *testing.T, n *testnet.Net, rounds int, take func(*ententev1.Receipt) (time.Time, error), after func() error) (wrong []string) {
	t.Helper()
	french := items(t, n, france)
	for round := range rounds {
		r := &race{n: n, round: round}
		for _, title := range []string{"the target", "a newer one"} {
			answer, err := french.SubmitIntelligenceItem(t.Context(), &ententev1.SubmitIntelligenceItemRequest{Justification: why("race"), Draft: draft(title, britain, italy)})
			if err != nil {
				t.Fatal(err)
			}
			if r.target == nil {
				r.target = answer.GetReceipt()
			}
		}
		var until time.Time
		r.run(t, func() (err error) {
			until, err = take(r.target)
			return err
		})
		if err := after(); err != nil {
			t.Fatal(err)
		}
		r.judge(t, until)
		if wrong = append(wrong, r.wrong...); len(wrong) > 0 {
			return wrong
		}
	}
	return nil
}

func nothing() error { return nil }

// recalls is how a record is recalled.
func recalls(t *testing.T, n *testnet.Net) func(*ententev1.Receipt) (time.Time, error) {
	t.Helper()
	client := items(t, n, france)
	return func(r *ententev1.Receipt) (time.Time, error) {
		answer, err := client.RecallIntelligenceItem(t.Context(), &ententev1.RecallIntelligenceItemRequest{Justification: why("race"), Name: r.GetName(), Etag: r.GetEtag()})
		return answer.GetReceipt().GetUpdateTime().AsTime(), err
	}
}

// TestRecallAgainstReads: from the moment at which its originator is told that a record is recalled, nobody who asks for it gets it; and whoever got it
// before is on record.
func TestRecallAgainstReads(t *testing.T) {
	n := newNet(t, cast()...)
	for _, text := range races(t, n, 8, recalls(t, n), nothing) {
		t.Error(text)
	}
}

// TestNarrowingAgainstReads: the same for a reader that loses a record because its release no longer names it.
func TestNarrowingAgainstReads(t *testing.T) {
	n := newNet(t, cast()...)
	client := items(t, n, france)
	narrow := func(r *ententev1.Receipt) (time.Time, error) {
		answer, err := client.UpdateIntelligenceItemRelease(t.Context(), &ententev1.UpdateIntelligenceItemReleaseRequest{
			Justification: why("race"), Name: r.GetName(), ReleaseEtag: r.GetReleaseEtag(), Release: to(italy),
		})
		return answer.GetReceipt().GetUpdateTime().AsTime(), err
	}
	for _, text := range races(t, n, 8, narrow, nothing) {
		t.Error(text)
	}
}

// TestSuspensionAgainstReads: the same for a reader whose agency is suspended.
func TestSuspensionAgainstReads(t *testing.T) {
	n := newNet(t, cast()...)
	operator := ententev1.NewAgencyServiceClient(dial(t, n, "", "/operator"))
	suspend := func(*ententev1.Receipt) (time.Time, error) {
		_, err := operator.SuspendAgency(t.Context(), &ententev1.SuspendAgencyRequest{Name: "agencies/" + britain, Reason: "race"})
		return time.Now(), err
	}
	reinstate := func() error {
		_, err := operator.ReinstateAgency(t.Context(), &ententev1.ReinstateAgencyRequest{Name: "agencies/" + britain, Reason: "race"})
		return err
	}
	for _, text := range races(t, n, 5, suspend, reinstate) {
		t.Error(text)
	}
}

// stale is a hub that answers from what it answered before.
type stale struct {
	rpc.Hub
	before sync.Map
}

func (s *stale) GetIntelligenceItem(ctx context.Context, call exchange.Call, req *ententev1.GetIntelligenceItemRequest) (*ententev1.GetIntelligenceItemResponse, error) {
	key := string(call.Caller.Agency) + req.GetName()
	if known, ok := s.before.Load(key); ok {
		if answer, ok := known.(*ententev1.GetIntelligenceItemResponse); ok {
			return answer, nil
		}
	}
	answer, err := s.Hub.GetIntelligenceItem(ctx, call, req)
	if err == nil {
		s.before.Store(key, answer)
	}
	return answer, err
}

// TestStaleReadIsFound: over a hub that answers from a cache the same races end in complaints.
func TestStaleReadIsFound(t *testing.T) {
	pki, err := testnet.NewPKI(cast()...)
	if err != nil {
		t.Fatal(err)
	}
	n := start(t, testnet.Options{PKI: pki, Dir: t.TempDir(), Wrap: func(h rpc.Hub, _ *view.View) rpc.Hub { return &stale{Hub: h} }})
	if err := n.Enrol(t.Context(), cast()...); err != nil {
		t.Fatal(err)
	}
	wrong := races(t, n, 1, recalls(t, n), nothing)
	if !slices.ContainsFunc(wrong, func(text string) bool {
		return strings.HasPrefix(text, "get") && strings.HasSuffix(text, "and showed it")
	}) {
		t.Errorf("nothing was found: %v", wrong)
	}
}
