// Package local is the journal of a single machine: the applier stores each entry beside its effects, in the same transaction.
//
// One goroutine commits. While it waits for the disk, callers queue up; when it is free it takes all that has gathered, up to the limits of an
// entry, as the next one. So a lone caller waits for one fsync, and sixty-four callers share one. Rows of bulk streams have a queue of their own and a
// bounded share of an entry: whoever waits for an answer waits neither behind them nor for many of them.
package local

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/journal"
)

// queueLength bounds what waits for the committing goroutine; beyond it callers wait in Enqueue.
const queueLength = 4096

// How many commands of the patient an entry takes: by itself some 15 ms of work, in which fsync is a fifteenth, and fewer beside one that somebody waits for.
const (
	rowsAnEntry      = 48
	rowsBesideOthers = 12
)

// keptBytes is the largest room for an entry that is used again.
const keptBytes = 2 * journal.MaxEntryBytes

// errClosed answers commands that come after Close.
var errClosed = fault.New(fault.Unavailable, "HUB_STOPPING", "The hub is stopping; repeat the call with the same request_id in a moment.")

// Journal is the engine. Make it with Open.
type Journal struct {
	hubID   string
	applier journal.Applier
	queue   chan request
	rows    chan request // of the patient
	encoded []byte       // room for an entry; the committing goroutine's own

	mu      sync.RWMutex // held shared while enqueuing, so that Close sees every command
	closed  bool
	stopped chan struct{}
}

type request struct {
	command *internalv1.Command
	patient bool
	size    int // in an encoded entry, in bytes
	ticket  *journal.Ticket
}

// framed is how many bytes a command takes up in an encoded entry: tag and length come on top of its own.
func framed(command *internalv1.Command) int {
	return protowire.SizeTag(1) + protowire.SizeBytes(proto.Size(command))
}

// headBytes is room for what an entry says beside its commands: numbers, a hash, a signature to come, and the hub's id.
const headBytes = 256

// Open starts the engine at the applier's position. hubID is written into every entry.
func Open(hubID string, applier journal.Applier) *Journal {
	j := &Journal{
		hubID: hubID, applier: applier,
		queue: make(chan request, queueLength), rows: make(chan request, queueLength), stopped: make(chan struct{}),
	}
	go j.run()
	return j
}

// Enqueue implements journal.Journal.
func (j *Journal) Enqueue(ctx context.Context, command *internalv1.Command) (*journal.Ticket, error) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if j.closed {
		return nil, errClosed
	}
	r := request{command: command, patient: journal.IsPatient(ctx), size: framed(command), ticket: journal.NewTicket()}
	queue := j.queue
	if r.patient {
		queue = j.rows
	}
	select {
	case queue <- r:
		return r.ticket, nil
	default:
	}
	select {
	case queue <- r:
		return r.ticket, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Close implements journal.Journal.
func (j *Journal) Close() error {
	j.mu.Lock()
	if !j.closed {
		j.closed = true
		close(j.queue)
		close(j.rows)
	}
	j.mu.Unlock()
	<-j.stopped
	return nil
}

func (j *Journal) run() {
	defer close(j.stopped)
	for g := (gathering{queue: j.queue, rows: j.rows}); ; {
		g.begin(headBytes + len(j.hubID))
		if !g.wait() {
			return
		}
		j.yield()
		g.fill()
		j.commit(g.batch)
	}
}

// gathering is an entry's commands while they are taken from the queues.
type gathering struct {
	queue, rows <-chan request // nil once they are closed and empty
	held        *request       // was taken and did not fit into the entry before
	batch       []request
	size        int
}

func (g *gathering) begin(size int) { g.batch, g.size = nil, size }

// add takes a request into the entry, or holds it back where there is no room for it.
func (g *gathering) add(r request) bool {
	if len(g.batch) > 0 && g.size+r.size > journal.MaxEntryBytes {
		g.held = &r
		return false
	}
	g.batch, g.size = append(g.batch, r), g.size+r.size
	return true
}

// wait waits for one command; false when there are no more.
func (g *gathering) wait() bool {
	if r := g.held; r != nil {
		g.held = nil
		return g.add(*r)
	}
	for g.queue != nil || g.rows != nil {
		var r request
		var open bool
		from := &g.queue
		select {
		case r, open = <-g.queue:
		case r, open = <-g.rows:
			from = &g.rows
		}
		if open {
			return g.add(r)
		}
		*from = nil
	}
	return false
}

// fill takes all that are there, up to the limits of an entry: first those that somebody waits for.
func (g *gathering) fill() {
	if !g.take(&g.queue, journal.MaxEntryCommands) {
		return
	}
	rows := rowsAnEntry
	if slices.ContainsFunc(g.batch, func(r request) bool { return !r.patient }) {
		rows = rowsBesideOthers
	}
	g.take(&g.rows, min(len(g.batch)+rows, journal.MaxEntryCommands))
}

// take takes what is in a queue until the entry has so many commands; false when the entry is full.
func (g *gathering) take(queue *<-chan request, most int) bool {
	for len(g.batch) < most && *queue != nil {
		select {
		case r, open := <-*queue:
			if !open {
				*queue = nil
			} else if !g.add(r) {
				return false
			}
		default:
			return true
		}
	}
	return len(g.batch) < journal.MaxEntryCommands
}

// yield lets callers that are about to enqueue do so, as long as more of them come. It costs nothing when there are none.
func (j *Journal) yield() {
	for waiting := -1; len(j.queue) > waiting && waiting < journal.MaxEntryCommands; {
		waiting = len(j.queue)
		runtime.Gosched()
	}
}

// commit makes one entry of the batch. When the applier fails for another reason than room, one damaged record may be to blame: the commands
// are then tried one by one, so that it spoils none of its neighbours.
func (j *Journal) commit(batch []request) {
	batch = j.admit(batch)
	if len(batch) == 0 {
		return
	}
	outcomes, err := j.apply(batch)
	switch {
	case err == nil:
		for i, r := range batch {
			r.ticket.Settle(outcomes[i], nil)
		}
	case len(batch) > 1 && divisible(err):
		for i := range batch {
			j.commit(batch[i : i+1])
		}
	default:
		for _, r := range batch {
			r.ticket.Settle(nil, err)
		}
	}
}

func divisible(err error) bool {
	kind := fault.KindOf(err)
	return kind == fault.DataLoss || kind == fault.Internal || kind == fault.Exhausted
}

// admit refuses what there is no room for.
func (j *Journal) admit(batch []request) []request {
	full := j.applier.Room()
	if full == nil {
		return batch
	}
	kept := batch[:0:0]
	for _, r := range batch {
		if journal.Urgent(r.command) {
			kept = append(kept, r)
		} else {
			r.ticket.Settle(nil, full)
		}
	}
	return kept
}

func (j *Journal) apply(batch []request) ([]*internalv1.Outcome, error) {
	at := j.applier.Position()
	entry := &internalv1.Entry{Number: at.Entry + 1, HubId: j.hubID, RulesVersion: journal.Rules}
	if at.Entry > 0 {
		entry.PreviousHash = at.Hash[:]
	}
	for _, r := range batch {
		entry.Commands = append(entry.Commands, r.command)
	}
	encoded, err := journal.AppendEncoded(j.encoded[:0], entry)
	if err != nil {
		return nil, err
	}
	if j.encoded = encoded; cap(encoded) > keptBytes {
		j.encoded = nil
	}
	outcomes, err := j.applier.Apply(entry, encoded)
	if err == nil && len(outcomes) != len(batch) {
		err = fmt.Errorf("journal: %d outcomes for %d commands: %w", len(outcomes), len(batch), errors.ErrUnsupported)
	}
	return outcomes, err
}
