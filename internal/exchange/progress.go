package exchange

import (
	"context"
	"sync"
)

// progress tells others how far the matcher has come.
type progress struct {
	mu    sync.Mutex
	upTo  uint64 // ordinal of the last command of which all was looked at and journalled
	at    reach  // up to where all was looked at
	moved chan struct{}
}

func (p *progress) arrive(ordinal uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if ordinal > p.upTo {
		p.upTo = ordinal
		if p.moved != nil {
			close(p.moved)
			p.moved = nil
		}
	}
}

func (p *progress) pass(to reach) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = to
}

func (p *progress) passed() reach {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at
}

// beyond is nil once an ordinal was reached, else a channel that is closed when there was progress.
func (p *progress) beyond(ordinal uint64) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.upTo >= ordinal {
		return nil
	}
	if p.moved == nil {
		p.moved = make(chan struct{})
	}
	return p.moved
}

// Settle waits until all that was applied when it was called has been looked at and told.
func (h *Hub) Settle(ctx context.Context) error {
	ordinal := h.View.Hub().GetOrdinal()
	for {
		moved := h.matcher.beyond(ordinal)
		if moved == nil {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Behind is how many records are still to be looked at for standing queries, or to be compared with those of others, whichever are more. Records that wait
// for a budget are not among them.
func (h *Hub) Behind() uint64 {
	at, now := h.matcher.passed(), h.View.Hub()
	record, compared := max(at.record, now.GetMatched().GetRecord()), max(at.compared, now.GetMatched().GetCompared()) // stored, before the first batch
	return max(now.GetNextRecord()-min(record, now.GetNextRecord()), now.GetLastComparison()-min(compared, now.GetLastComparison()))
}
