package journaltest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/journal"
)

// Opener opens an engine at the applier's position. The suite closes it.
type Opener func(journal.Applier) journal.Journal

// Run runs the suite against an engine.
func Run(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, Opener)
	}{
		{"acknowledged is durable", acknowledgedIsDurable},
		{"callers keep their order", callersKeepTheirOrder},
		{"what waits shares an entry", whatWaitsSharesAnEntry},
		{"nothing waits for company", nothingWaitsForCompany},
		{"entries keep their limits", entriesKeepTheirLimits},
		{"one bad command spoils no neighbour", oneBadCommandSpoilsNoNeighbour},
		{"a refusal is an outcome", aRefusalIsAnOutcome},
		{"an error is no outcome", anErrorIsNoOutcome},
		{"a full hub takes what is urgent", aFullHubTakesWhatIsUrgent},
		{"a shut hub presses back", aShutHubPressesBack},
		{"an impatient caller neither loses nor doubles", anImpatientCallerNeitherLosesNorDoubles},
		{"close drains", closeDrains},
		{"after close nothing is taken", afterCloseNothingIsTaken},
		{"an engine goes on where the last one ended", anEngineGoesOn},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, open) })
	}
}

// command is an ordinary command.
func command(id string) *internalv1.Command {
	return &internalv1.Command{RequestId: id, Kind: &internalv1.Command_Consult{Consult: &internalv1.Consult{}}}
}

// urgent is one that may use the reserve.
func urgent(id string) *internalv1.Command {
	return &internalv1.Command{RequestId: id, Kind: &internalv1.Command_RecallRecord{RecallRecord: &internalv1.RecallRecord{}}}
}

// bench is an engine and its store, for one case.
type bench struct {
	t *testing.T
	*Store
	journal.Journal
}

func newBench(t *testing.T, open Opener) *bench {
	t.Helper()
	s := NewStore(t)
	b := &bench{t: t, Store: s, Journal: open(s)}
	t.Cleanup(func() { // before the store's own
		if err := b.Journal.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// Close closes the engine.
func (b *bench) Close() error { return b.Journal.Close() }

func (b *bench) enqueue(c *internalv1.Command) *journal.Ticket {
	b.t.Helper()
	ticket, err := b.Enqueue(b.t.Context(), c)
	if err != nil {
		b.t.Fatal(err)
	}
	return ticket
}

// hold shuts the gate with one command before it, so that what comes next waits.
func (b *bench) hold() (open func()) {
	b.t.Helper()
	open = b.Shut()
	b.enqueue(command("first"))
	<-b.Waits()
	return open
}

// settled waits for a ticket and wants it to have taken effect.
func (b *bench) settled(ticket *journal.Ticket) *internalv1.Outcome {
	b.t.Helper()
	outcome, err := ticket.Wait(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return outcome
}

// have wants exactly these effects, in this order.
func (b *bench) have(want ...string) {
	b.t.Helper()
	got, err := b.Effects()
	if err != nil {
		b.t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		b.t.Errorf("effects %v, want %v", got, want)
	}
}

// entries are those of the file, all in order.
func (b *bench) entries() []*internalv1.Entry {
	b.t.Helper()
	list, err := b.Entries()
	if err != nil {
		b.t.Fatal(err)
	}
	return list
}

// acknowledgedIsDurable: as soon as a ticket is settled the effect is in the file.
func acknowledgedIsDurable(t *testing.T, open Opener) {
	b := newBench(t, open)
	var callers sync.WaitGroup
	for i := range 8 {
		callers.Go(func() {
			for n := range 20 {
				id := fmt.Sprintf("%d/%d", i, n)
				if _, err := journal.Append(t.Context(), b, command(id)); err != nil {
					t.Error(err)
					return
				}
				if kept, err := b.Effects(); err != nil || !slices.Contains(kept, id) {
					t.Errorf("%s was acknowledged and is not in the file (%v)", id, err)
				}
			}
		})
	}
	callers.Wait()
}

// callersKeepTheirOrder: what one goroutine hands over keeps its order, and all of it is one chain of entries.
func callersKeepTheirOrder(t *testing.T, open Opener) {
	b := newBench(t, open)
	var callers sync.WaitGroup
	for i := range 8 {
		callers.Go(func() {
			var last *journal.Ticket
			for n := range 200 {
				ticket, err := b.Enqueue(t.Context(), command(fmt.Sprintf("%d/%03d", i, n)))
				if err != nil {
					t.Error(err)
					return
				}
				last = ticket
			}
			if _, err := last.Wait(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	callers.Wait()
	got, err := b.Effects()
	if err != nil || len(got) != 8*200 {
		t.Fatalf("%d effects of %d commands, %v", len(got), 8*200, err)
	}
	last := map[byte]string{}
	for _, id := range got {
		if id <= last[id[0]] {
			t.Errorf("%s after %s", id, last[id[0]])
		}
		last[id[0]] = id
	}
	sameOrder(t, b.entries(), got)
}

// sameOrder wants the entries to say the order of the effects.
func sameOrder(t *testing.T, list []*internalv1.Entry, effects []string) {
	t.Helper()
	var ids []string
	for _, e := range list {
		for _, c := range e.GetCommands() {
			ids = append(ids, c.GetRequestId())
		}
	}
	if !slices.Equal(ids, effects) {
		t.Error("the entries and their effects have another order")
	}
}

// anEngineGoesOn: a second engine over the same store continues the chain.
func anEngineGoesOn(t *testing.T, open Opener) {
	s := NewStore(t)
	for _, id := range []string{"one", "two", "three"} {
		j := open(s)
		if _, err := journal.Append(t.Context(), j, command(id)); err != nil {
			t.Fatal(err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
	list, err := s.Entries()
	if err != nil || len(list) != 3 {
		t.Errorf("%d entries, %v", len(list), err)
	}
}

// closeDrains: what was taken before Close is durable and answered when Close returns.
func closeDrains(t *testing.T, open Opener) {
	b := newBench(t, open)
	release := b.hold()
	var tickets []*journal.Ticket
	want := []string{"first"}
	for i := range 50 {
		want = append(want, fmt.Sprintf("%02d", i))
		tickets = append(tickets, b.enqueue(command(want[i+1])))
	}
	closed := make(chan error, 1)
	go func() { closed <- b.Close() }()
	select {
	case err := <-closed:
		t.Errorf("Close returned while commands were waiting: %v", err)
	default:
	}
	release()
	if err := <-closed; err != nil {
		t.Error(err)
	}
	for _, ticket := range tickets {
		b.settled(ticket)
	}
	b.have(want...)
}

// afterCloseNothingIsTaken: whoever comes late is told so, each time.
func afterCloseNothingIsTaken(t *testing.T, open Opener) {
	b := newBench(t, open)
	b.settled(b.enqueue(command("in time")))
	for range 2 {
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		ticket, err := b.Enqueue(t.Context(), command("late"))
		if ticket != nil || fault.KindOf(err) != fault.Unavailable {
			t.Errorf("after Close: %v", err)
		}
	}
	b.have("in time")
}

// errTest is a failure that no engine knows.
var errTest = errors.New("journaltest: told to fail")
