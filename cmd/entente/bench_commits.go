package main

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/journal"
)

// commitTimes is how long commands take from the journal's queue until they are durable.
type commitTimes struct {
	journal.Journal
	seen  atomic.Uint64
	mu    sync.Mutex
	times []time.Duration
}

// timedCommands is how many commands come to one that is timed.
const timedCommands = 32

func (c *commitTimes) watch(j journal.Journal) journal.Journal {
	c.Journal = j
	return c
}

func (c *commitTimes) Enqueue(ctx context.Context, command *internalv1.Command) (*journal.Ticket, error) {
	began := time.Now()
	ticket, err := c.Journal.Enqueue(ctx, command)
	if err == nil && c.seen.Add(1)%timedCommands == 0 {
		go c.await(context.WithoutCancel(ctx), ticket, began)
	}
	return ticket, err
}

func (c *commitTimes) await(ctx context.Context, ticket *journal.Ticket, began time.Time) {
	_, err := ticket.Wait(ctx) // the journal settles every ticket
	took := time.Since(began)
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.times = append(c.times, took)
}

// commitReport is what a hub says of its commits since it was asked last.
type commitReport struct {
	Timed                           int
	P50Micros, P99Micros, MaxMicros int64
}

func (c *commitTimes) take() commitReport {
	c.mu.Lock()
	times := c.times
	c.times = nil
	c.mu.Unlock()
	slices.Sort(times)
	return commitReport{
		Timed: len(times), P50Micros: quantile(times, 0.5).Microseconds(), P99Micros: quantile(times, 0.99).Microseconds(), MaxMicros: quantile(times, 1).Microseconds(),
	}
}
