package journaltest

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/journal"
)

// whatWaitsSharesAnEntry: while one entry is on its way to disk, the commands that arrive make up the next one.
func whatWaitsSharesAnEntry(t *testing.T, open Opener) {
	b := newBench(t, open)
	release := b.hold()
	var tickets []*journal.Ticket
	for i := range 64 {
		tickets = append(tickets, b.enqueue(command(fmt.Sprint(i))))
	}
	release()
	for _, ticket := range tickets {
		b.settled(ticket)
	}
	if n := len(b.entries()); n != 2 {
		t.Errorf("64 commands that waited and one that was first made %d entries", n)
	}
}

// nothingWaitsForCompany: in a bubble, time passes only while everything waits. A lone command is answered without any.
func nothingWaitsForCompany(t *testing.T, open Opener) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, open)
		before := time.Now()
		for i := range 10 {
			b.settled(b.enqueue(command(fmt.Sprint(i))))
		}
		if waited := time.Since(before); waited != 0 {
			t.Errorf("ten lone commands waited %v for company", waited)
		}
	})
}

// entriesKeepTheirLimits: neither many nor large commands make an entry larger than it may be; one that is too large stands alone.
func entriesKeepTheirLimits(t *testing.T, open Opener) {
	b := newBench(t, open)
	release := b.hold()
	var tickets []*journal.Ticket
	add := func(n, size int) {
		for i := range n {
			tickets = append(tickets, b.enqueue(command(fmt.Sprintf("%d of %d %s", i, size, strings.Repeat("x", size)))))
		}
	}
	add(1000, journal.MaxEntryBytes/1000) // full to the brim, so that what frames the commands counts
	add(journal.MaxEntryCommands+100, 10)
	add(40, journal.MaxEntryBytes/16)
	add(1, journal.MaxEntryBytes+1)
	add(3, 10)
	release()
	for _, ticket := range tickets {
		b.settled(ticket)
	}
	list := b.entries() // checks the limits
	if n := len(list); n > 12 {
		t.Errorf("%d entries, where ten would do", n)
	}
}

// oneBadCommandSpoilsNoNeighbour: each bad command fails, everything around it takes effect once and in order.
func oneBadCommandSpoilsNoNeighbour(t *testing.T, open Opener) {
	b := newBench(t, open)
	release := b.hold()
	want := []string{"first"}
	var good, bad []*journal.Ticket
	for i := range 20 {
		if i%7 == 3 {
			bad = append(bad, b.enqueue(command(fmt.Sprint(Poison, i))))
			continue
		}
		id := fmt.Sprint("good", i)
		good, want = append(good, b.enqueue(command(id))), append(want, id)
	}
	release()
	for _, ticket := range good {
		b.settled(ticket)
	}
	for _, ticket := range bad {
		if outcome, err := ticket.Wait(t.Context()); outcome != nil || fault.KindOf(err) != fault.DataLoss {
			t.Errorf("a bad command: %v, %v", outcome, err)
		}
	}
	b.have(want...)
	b.entries()
}

// aRefusalIsAnOutcome: it comes without an error, and stands in the journal.
func aRefusalIsAnOutcome(t *testing.T, open Opener) {
	b := newBench(t, open)
	release := b.hold()
	fine, refused := b.enqueue(command("fine")), b.enqueue(command(Refused))
	release()
	if outcome := b.settled(fine); outcome.GetRefusal() != "" || outcome.GetAgency() != "fine" {
		t.Errorf("a fine command has the outcome %v", outcome)
	}
	if outcome := b.settled(refused); outcome.GetRefusal() == "" || outcome.GetAgency() != Refused {
		t.Errorf("a refused command has the outcome %v", outcome)
	}
	list := b.entries()
	if last := list[len(list)-1].GetCommands(); last[len(last)-1].GetRequestId() != Refused {
		t.Error("the refused command is not in the journal")
	}
}

// anErrorIsNoOutcome: when the applier fails nothing took effect and nothing is in the journal; the next command meets an engine as good as new.
func anErrorIsNoOutcome(t *testing.T, open Opener) {
	b := newBench(t, open)
	for _, err := range []error{errTest, fault.New(fault.Unavailable, "STOPPING", "Later."), fault.New(fault.Internal, "BROKEN", "No.")} {
		b.FailOnce(err)
		if outcome, got := b.enqueue(command("lost")).Wait(t.Context()); outcome != nil || got == nil {
			t.Errorf("the applier failed, the outcome is %v, %v", outcome, got)
		}
	}
	b.settled(b.enqueue(command("kept")))
	b.have("kept")
	if n := len(b.entries()); n != 1 {
		t.Errorf("%d entries", n)
	}
}
