package testnet_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/testnet"
)

func stand(t *testing.T, n *testnet.Net, id, path string, d *ententev1.StandingQueryDraft) *ententev1.StandingQuery {
	t.Helper()
	answer, err := ententev1.NewStandingQueryServiceClient(dial(t, n, id, path)).CreateStandingQuery(t.Context(), &ententev1.CreateStandingQueryRequest{
		Justification: why(), Draft: d,
	})
	if err != nil {
		t.Fatal(err)
	}
	return answer.GetStandingQuery()
}

// ofFrance looks for all items of France.
func ofFrance() *ententev1.StandingQueryDraft {
	return &ententev1.StandingQueryDraft{DisplayName: "France", Subject: &ententev1.StandingQueryDraft_IntelligenceItems{
		IntelligenceItems: &ententev1.IntelligenceItemQuery{Originators: []string{"agencies/fr-ofast"}},
	}}
}

func submit(t *testing.T, n *testnet.Net, d *ententev1.IntelligenceItemDraft) string {
	t.Helper()
	answer, err := ententev1.NewIntelligenceServiceClient(dial(t, n, "fr-ofast", "/gateway")).SubmitIntelligenceItem(t.Context(),
		&ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: d})
	if err != nil {
		t.Fatal(err)
	}
	return answer.GetReceipt().GetName()
}

// found lists the matches in an agency's inbox.
func found(t *testing.T, n *testnet.Net, id string) (list []string) {
	t.Helper()
	if err := n.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	answer, err := ententev1.NewInboxServiceClient(dial(t, n, id, "/gateway")).ReadInbox(t.Context(), &ententev1.ReadInboxRequest{
		Justification: why(), PageSize: 1000, Kinds: []ententev1.EventKind{ententev1.EventKind_EVENT_KIND_STANDING_MATCH},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range answer.GetEvents() {
		list = append(list, e.GetStandingQuery()+" "+e.GetName())
	}
	return list
}

// A match wakes who watches the inbox, and nobody else.
func TestStandingMatchWakesAWatch(t *testing.T) {
	n := newNet(t, nil)
	british := stand(t, n, "gb-nca", "/gateway", ofFrance())
	stream := watching(t, dial(t, n, "gb-nca", "/gateway"))
	name := submit(t, n, draft("for Britain", "gb-nca"))
	for {
		m, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(m.GetEvents(), func(e *ententev1.InboxEvent) bool {
			return e.GetKind() == ententev1.EventKind_EVENT_KIND_STANDING_MATCH
		})
		if at < 0 {
			continue
		}
		if e := m.GetEvents()[at]; e.GetStandingQuery() != british.GetName() || e.GetName() != name || e.GetRevision() != 1 {
			t.Errorf("%v", e)
		}
		break
	}
}

// What was not matched when the hub stopped is matched once when it is back, and never again.
func TestStandingMatchesAcrossRestarts(t *testing.T) {
	o := testnet.Options{Dir: t.TempDir(), StillMatcher: true}
	var err error
	if o.PKI, err = testnet.NewPKI("fr-ofast", "gb-nca", "de-bka"); err != nil {
		t.Fatal(err)
	}
	start := func() *testnet.Net {
		t.Helper()
		n, err := testnet.Start(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	stop := func(n *testnet.Net) {
		t.Helper()
		if err := n.Close(); err != nil {
			t.Fatal(err)
		}
	}
	n := start()
	if err := n.Enrol(t.Context(), "fr-ofast", "gb-nca", "de-bka"); err != nil {
		t.Fatal(err)
	}
	q := stand(t, n, "gb-nca", "/gateway", ofFrance())
	var want []string
	for i := range 5 {
		want = append(want, q.GetName()+" "+submit(t, n, draft(fmt.Sprint("before the stop ", i), "gb-nca")))
	}
	stop(n)
	n = start()
	if got := found(t, n, "gb-nca"); !slices.Equal(got, want) {
		t.Errorf("after the restart %v, not %v", got, want)
	}
	stop(n)
	n = start()
	defer stop(n)
	want = append(want, q.GetName()+" "+submit(t, n, draft("after it", "gb-nca")))
	if got := found(t, n, "gb-nca"); !slices.Equal(got, want) {
		t.Errorf("after another one %v, not %v", got, want)
	}
	if got := found(t, n, "de-bka"); got != nil {
		t.Errorf("Germany is told %v", got)
	}
}

// forgetful is a journal that does not say what became of a match.
type forgetful struct {
	journal.Journal
	times atomic.Int32
}

var errForgot = errors.New("the outcome is unknown")

func (f *forgetful) Enqueue(ctx context.Context, c *internalv1.Command) (*journal.Ticket, error) {
	ticket, err := f.Journal.Enqueue(ctx, c)
	if err != nil || c.GetMatched() == nil || f.times.Add(1)%2 == 0 {
		return ticket, err
	}
	if _, err := ticket.Wait(ctx); err != nil {
		return nil, err
	}
	return nil, errForgot
}

// Where it is not known whether a match was journalled, it is told once all the same.
func TestStandingMatchOfUnknownOutcome(t *testing.T) {
	var f *forgetful
	n := newNet(t, func(o *testnet.Options) {
		o.Journal = func(j journal.Journal) journal.Journal { f = &forgetful{Journal: j}; return f }
	})
	q := stand(t, n, "gb-nca", "/gateway", ofFrance())
	want := []string{q.GetName() + " " + submit(t, n, draft("once", "gb-nca"))}
	if got := found(t, n, "gb-nca"); !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
	if f.times.Load() == 0 {
		t.Error("nothing was forgotten, so nothing was proved")
	}
}
