package proofs_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// TestKillBeforeMatching: a hub that is killed between a record and what the matcher makes of it tells each standing query of each record, and each side of
// each meeting, once: nothing is forgotten, and nothing is told again by the hub that comes after it.
func TestKillBeforeMatching(t *testing.T) {
	h, _ := founded(t, newHub(t, sound))
	askFor(t, h)
	m := &meetings{names: map[string][]string{}}
	for round := range rounds(t) {
		m.killed(t, h)
		whole(t, h)
		h.start()
		m.complete(t, h)
		m.told(t, h)
		if t.Failed() {
			t.Fatalf("in round %d, of %d meetings", round, len(m.names[france]))
		}
	}
	h.kill()
	h.start()
	m.told(t, h)
	h.kill()
	replayed(t, h)
	t.Logf("%d meetings, each told once to both", len(m.names[france]))
}

// askFor gives Italy a standing query for all that is said about boats.
func askFor(t *testing.T, h *hub) {
	t.Helper()
	draft := &ententev1.StandingQueryDraft{DisplayName: "boats", Subject: &ententev1.StandingQueryDraft_IntelligenceItems{
		IntelligenceItems: &ententev1.IntelligenceItemQuery{AllOf: []*ententev1.Filter{{Text: "boat"}}},
	}}
	client := ententev1.NewStandingQueryServiceClient(dial(t, h.net, italy, "/gateway"))
	if _, err := client.CreateStandingQuery(t.Context(), &ententev1.CreateStandingQueryRequest{Justification: why("match"), Draft: draft}); err != nil {
		t.Fatal(err)
	}
}

// meetings are items of France and Britain: those in the same place share a telephone number that nobody else has.
type meetings struct {
	names map[string][]string // by owner; by place
}

// killed lets both submit, and kills the hub at an acknowledgement that chance chose.
func (m *meetings) killed(t *testing.T, h *hub) {
	t.Helper()
	var acknowledged atomic.Int64
	reached, at := make(chan struct{}), int64(1+rand.IntN(100))
	var submitters sync.WaitGroup
	lists := [2][]string{m.names[france], m.names[britain]}
	for i, owner := range []string{france, britain} {
		client := items(t, h.net, owner)
		submitters.Go(func() {
			for {
				name, err := place(t.Context(), client, owner, len(lists[i]))
				if gone(err) {
					return
				}
				if err != nil {
					t.Errorf("%s: %v", owner, err)
					return
				}
				lists[i] = append(lists[i], name)
				if acknowledged.Add(1) == at {
					close(reached)
				}
			}
		})
	}
	select {
	case <-reached:
	case <-time.After(time.Minute):
		t.Error("the submitters did not get so far")
	}
	h.strike()
	submitters.Wait()
	h.bury()
	m.names[france], m.names[britain] = lists[0], lists[1]
}

// complete fills the places of both as far as the further of them came, with what was on its way: sent again it has one outcome.
func (m *meetings) complete(t *testing.T, h *hub) {
	t.Helper()
	places := 1 + max(len(m.names[france]), len(m.names[britain]))
	for _, owner := range []string{france, britain} {
		for len(m.names[owner]) < places {
			name, err := place(t.Context(), items(t, h.net, owner), owner, len(m.names[owner]))
			if err != nil {
				t.Fatal(err)
			}
			m.names[owner] = append(m.names[owner], name)
		}
	}
}

// place submits the item of a place, or learns its name again.
func place(ctx context.Context, client ententev1.IntelligenceServiceClient, owner string, n int) (name string, err error) {
	c := content(fmt.Sprintf("Boat %d", n), "Seen by "+owner+".")
	c.Subjects = []*ententev1.Subject{{SubjectId: "s1", Kind: &ententev1.Subject_Phone{Phone: new(ententev1.Phone)}, Identifiers: []*ententev1.Identifier{
		{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: fmt.Sprintf("+336%08d", 12_000_000+n)},
	}}}
	answer, err := client.SubmitIntelligenceItem(ctx, &ententev1.SubmitIntelligenceItemRequest{
		Justification: why("match"), RequestId: fmt.Sprintf("%s-%d", owner, n),
		Draft: &ententev1.IntelligenceItemDraft{Content: &ententev1.IntelligenceItemDraft_Plain{Plain: c}, Release: to(others(owner)...)},
	})
	return answer.GetReceipt().GetName(), err
}

// told waits until everybody has been told of everything, and wants nobody to have been told twice.
func (m *meetings) told(t *testing.T, h *hub) {
	t.Helper()
	m.toldOf(t, h, italy, ententev1.EventKind_EVENT_KIND_STANDING_MATCH, append(slices.Clone(m.names[france]), m.names[britain]...))
	for _, owner := range []string{france, britain} {
		m.toldOf(t, h, owner, ententev1.EventKind_EVENT_KIND_DECONFLICTION, m.names[owner])
	}
}

func (m *meetings) toldOf(t *testing.T, h *hub, id string, kind ententev1.EventKind, names []string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		times := map[string]int{}
		for _, e := range inbox(t.Context(), h, id) {
			if e.GetKind() == kind {
				times[e.GetName()]++
			}
		}
		missing := 0
		for _, name := range names {
			switch n := times[name]; n {
			case 0:
				missing++
			case 1:
			default:
				t.Errorf("%s is told of %s %d times, as %s", id, name, n, kind)
			}
		}
		if len(times) > len(names) {
			t.Errorf("%s is told of %d records of %d, as %s", id, len(times), len(names), kind)
		}
		if missing == 0 || t.Failed() {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is not told of %d records of %d, as %s", id, missing, len(names), kind)
		}
	}
}
