package journaltest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/journal"
)

// aFullHubTakesWhatIsUrgent: ordinary commands fail as Room says and leave nothing, urgent ones among them take effect; with room all do.
func aFullHubTakesWhatIsUrgent(t *testing.T, open Opener) {
	b := newBench(t, open)
	full := fault.New(fault.Exhausted, "STORAGE_FULL", "No room.")
	b.Fill(full)
	for i := range 3 {
		ordinary, pressing := b.enqueue(command(fmt.Sprint("ordinary", i))), b.enqueue(urgent(fmt.Sprint("urgent", i)))
		if outcome, err := ordinary.Wait(t.Context()); outcome != nil || !errors.Is(err, full) {
			t.Errorf("an ordinary command on a full hub: %v, %v", outcome, err)
		}
		b.settled(pressing)
	}
	b.Fill(nil)
	b.settled(b.enqueue(command("again")))
	b.have("urgent0", "urgent1", "urgent2", "again")
}

// aShutHubPressesBack: what waits is bounded; beyond it Enqueue waits for room, and takes it up again.
func aShutHubPressesBack(t *testing.T, open Opener) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, open)
		release := b.hold()
		taken := 1
		for ; ; taken++ {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			_, err := b.Enqueue(ctx, command("taken"))
			cancel()
			if err != nil {
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("a full queue: %v", err)
				}
				break
			}
			if taken > 1_000_000 {
				t.Fatal("there is no end to what the engine takes while nothing is applied")
			}
		}
		waiting := make(chan *journal.Ticket, 1)
		go func() {
			ticket, err := b.Enqueue(t.Context(), command("patient"))
			if err != nil {
				t.Error(err)
			}
			waiting <- ticket
		}()
		synctest.Wait()
		if len(waiting) > 0 {
			t.Error("a full queue took one more")
		}
		release()
		b.settled(<-waiting)
		if got, err := b.Effects(); err != nil || len(got) != taken+1 || got[taken] != "patient" {
			t.Errorf("%d effects of %d commands, %v", len(got), taken+1, err)
		}
	})
}

// anImpatientCallerNeitherLosesNorDoubles: whoever stops waiting does not take the command back, and learns its outcome by asking again.
func anImpatientCallerNeitherLosesNorDoubles(t *testing.T, open Opener) {
	b := newBench(t, open)
	release := b.hold()
	gone, cancel := context.WithCancel(t.Context())
	tickets := []*journal.Ticket{b.enqueue(command("a")), b.enqueue(command("b"))}
	cancel()
	for _, ticket := range tickets {
		if outcome, err := ticket.Wait(gone); outcome != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("gone: %v, %v", outcome, err)
		}
	}
	release()
	for _, ticket := range tickets {
		b.settled(ticket)
		b.settled(ticket)
	}
	b.have("first", "a", "b")
}
