package journaltest

import (
	"context"
	"sync"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/journal"
)

// Hasty is an engine that acknowledges submits before they are durable: the fault that a test which kills a hub has to notice. It keeps
// the last few back, so that a kill at any moment loses some. Everything else passes through, after what was kept back.
type Hasty struct {
	inner journal.Journal
	keep  int

	mu   sync.Mutex
	back []*internalv1.Command
}

// NewHasty puts a hasty engine before a sound one, which it closes. keep is how many submits it keeps back.
func NewHasty(inner journal.Journal, keep int) *Hasty { return &Hasty{inner: inner, keep: keep} }

// Enqueue implements journal.Journal, but for its promise.
func (h *Hasty) Enqueue(ctx context.Context, command *internalv1.Command) (*journal.Ticket, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	submit := command.GetSubmitRecord()
	if submit == nil {
		if err := h.release(ctx, 0); err != nil {
			return nil, err
		}
		return h.inner.Enqueue(ctx, command)
	}
	h.back = append(h.back, command)
	ticket := journal.NewTicket()
	ticket.Settle(presumed(command, submit), nil)
	return ticket, h.release(ctx, h.keep)
}

// release hands over all but the last keep.
func (h *Hasty) release(ctx context.Context, keep int) error {
	for len(h.back) > keep {
		if _, err := h.inner.Enqueue(ctx, h.back[0]); err != nil {
			return err
		}
		h.back = h.back[1:]
	}
	return nil
}

// presumed is the outcome that a submit will probably have.
func presumed(c *internalv1.Command, s *internalv1.SubmitRecord) *internalv1.Outcome {
	return &internalv1.Outcome{
		Uid: s.GetUid(), Revision: 1, ReleaseVersion: 1, LinksVersion: 1, MarkingsVersion: 1, Steps: uint32(len(s.GetSteps())),
		Micros: c.GetTimeMicros(), CreateMicros: c.GetTimeMicros(), Accepted: 1, Salt: s.GetSalt(), ContentDigest: s.GetContentDigest(),
	}
}

// Close implements journal.Journal.
func (h *Hasty) Close() error {
	h.mu.Lock()
	err := h.release(context.Background(), 0)
	h.mu.Unlock()
	if closed := h.inner.Close(); err == nil {
		err = closed
	}
	return err
}
