package rpc

import (
	"context"
	"runtime"
	"sync"

	"golang.org/x/sync/semaphore"
)

// bulkShares are what all bulk streams have together. Whoever waits is served in
// its turn, so that each stream has as much as the others.
type bulkShares struct {
	memory     *semaphore.Weighted // of rows that are not settled, in bytes
	processors *semaphore.Weighted // for preparing rows: one of the machine's is left to whoever commits
}

func newBulkShares(memory int) bulkShares {
	return bulkShares{semaphore.NewWeighted(int64(memory)), semaphore.NewWeighted(int64(max(1, runtime.GOMAXPROCS(0)-1)))}
}

// weight is about how much memory a row of so many bytes takes until it is settled:
// as a message, as a draft, with its terms, and sealed.
func weight(bytes int64) int64 { return 16<<10 + 8*bytes }

// loan is what one stream has of something that all streams share. What it has not
// given back when it ends is given back then.
type loan struct {
	from *semaphore.Weighted

	mu    sync.Mutex
	held  int64
	ended bool
}

// take waits for n more.
func (l *loan) take(ctx context.Context, n int64) error {
	if err := l.from.Acquire(ctx, n); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		l.from.Release(n)
		return context.Canceled
	}
	l.held += n
	return nil
}

func (l *loan) give(n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ended {
		l.held -= n
		l.from.Release(n)
	}
}

func (l *loan) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	l.from.Release(l.held)
}
