package exchange

import (
	"context"
	"time"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/policy"
	"github.com/seed-1d76a664/entente/internal/view"
)

// watchSize is how many events a message of a watch has at most: it stays below 64 KiB, which is all that a reader who stalls makes the hub hold.
const watchSize = 150

// watchRecord is how long one consultation of a watch covers what is sent.
const watchRecord = time.Second

// watch is one running watch.
type watch struct {
	h             *Hub
	call          Call
	justification *ententev1.Justification
	reader        policy.Reader
	query         []byte
	req           *ententev1.WatchInboxRequest
	recheck       func() error
	send          func(*ententev1.WatchInboxResponse) error

	box      box
	epoch    string
	at       uint64
	recorded time.Time // when the consultation that covers what is sent began
}

// WatchInbox sends what an inbox has from a cursor on, and then what comes, until the context ends, the caller is cut off (recheck says so), sending fails, or
// the watch has lasted its time: then it sends a last message with the cursor to go on from. Nothing is sent before the consultation that covers it is durable.
func (h *Hub) WatchInbox(
	ctx context.Context, call Call, req *ententev1.WatchInboxRequest, recheck func() error, send func(*ententev1.WatchInboxResponse) error,
) error {
	j, err := justify(call, req.GetJustification())
	if err != nil {
		return err
	}
	query, err := encodeWithout(req, fieldJustification)
	if err != nil {
		return err
	}
	w := &watch{h: h, call: call, justification: j, reader: call.reader(j), query: query, req: req, recheck: recheck, send: send}
	if err := w.begin(ctx); err != nil {
		return err
	}
	return w.run(ctx)
}

// begin finds the inbox and the place in it, and puts the beginning on record.
func (w *watch) begin(ctx context.Context) error {
	answer := w.h.View.Read(func(s *view.Snapshot) (err error) {
		if w.box, err = inboxNamed(s.Roster(), w.call.Caller, w.req.GetInbox()); err != nil {
			return err
		}
		w.epoch = s.Epoch()
		w.at, err = after(s, w.req.GetAfter(), s.InboxHead(w.box.ordinal))
		return err
	})
	if answer != nil && !answered(answer) {
		return answer
	}
	if err := w.record(ctx); err != nil {
		return err
	}
	return answer
}

// record puts the watch on record, unless it is for the second that runs.
func (w *watch) record(ctx context.Context) error {
	now := w.h.Source.Now()
	if !w.recorded.IsZero() && now.Sub(w.recorded) < watchRecord {
		return nil
	}
	// No records are in the answer, so there is nothing to be overtaken by.
	_, err := w.h.consult(ctx, w.call, w.justification, &internalv1.Consult{Method: w.call.Method, Query: w.query, Source: w.call.Source})
	w.recorded = now
	return err
}

func (w *watch) run(ctx context.Context) error {
	life := time.NewTimer(w.h.WatchLife)
	defer life.Stop()
	beat := time.NewTicker(w.h.WatchBeat)
	defer beat.Stop()
	for {
		grows := w.h.View.Grows(w.box.ordinal)
		if err := w.catchUp(ctx); err != nil {
			return err
		}
		select {
		case <-grows:
		case <-beat.C:
			if err := w.say(&ententev1.WatchInboxResponse{}); err != nil {
				return err
			}
		case <-life.C:
			return w.say(&ententev1.WatchInboxResponse{Closing: true})
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// catchUp sends all that there is.
func (w *watch) catchUp(ctx context.Context) error {
	for {
		var s stretch
		err := w.h.View.Read(func(snapshot *view.Snapshot) (err error) {
			if snapshot.Epoch() != w.epoch {
				return fault.New(fault.Precondition, "EPOCH_OVER", "The hub was restored and numbers begin anew; open a new watch from the beginning.")
			}
			r := &reading{Snapshot: snapshot, h: w.h, call: w.call, reader: w.reader}
			s, err = r.stretch(w.box, w.at, watchSize, w.req.GetKinds())
			return err
		})
		if err != nil {
			return err
		}
		if s.last == w.at {
			return nil
		}
		if err := w.record(ctx); err != nil {
			return err
		}
		w.at = s.last
		if err := w.say(&ententev1.WatchInboxResponse{Events: s.events, Skipped: s.skipped}); err != nil {
			return err
		}
	}
}

// say judges the caller again and sends a message with the cursor behind it.
func (w *watch) say(m *ententev1.WatchInboxResponse) error {
	if err := w.recheck(); err != nil {
		return err
	}
	m.ResumeFrom = &ententev1.InboxCursor{Epoch: w.epoch, Number: int64(w.at)}
	return w.send(m)
}
