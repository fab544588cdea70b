package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/journal"
)

// commitTimes is how long commands take from the journal's queue until they are durable: those that somebody waits for, and those of bulk streams, which let
// the others go first.
type commitTimes struct {
	journal.Journal
	seen            atomic.Uint64
	mu              sync.Mutex
	awaited, queued []time.Duration
}

// timedRows is how many rows of bulk streams come to one that is timed. Of the other commands each is.
const timedRows = 32

func (c *commitTimes) watch(j journal.Journal) journal.Journal {
	c.Journal = j
	return c
}

func (c *commitTimes) Enqueue(ctx context.Context, command *internalv1.Command) (*journal.Ticket, error) {
	into := &c.awaited
	if journal.IsPatient(ctx) {
		into = &c.queued
	}
	began := time.Now()
	ticket, err := c.Journal.Enqueue(ctx, command)
	if err == nil && (into == &c.awaited || c.seen.Add(1)%timedRows == 0) {
		go c.await(context.WithoutCancel(ctx), ticket, began, into)
	}
	return ticket, err
}

func (c *commitTimes) await(ctx context.Context, ticket *journal.Ticket, began time.Time, into *[]time.Duration) {
	_, err := ticket.Wait(ctx) // the journal settles every ticket
	took := time.Since(began)
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	*into = append(*into, took)
}

// commitReport is what a hub says of its commits since it was asked last.
type commitReport struct {
	Awaited, Queued commitSpread
}

// commitSpread is how long commands of one sort took.
type commitSpread struct {
	Timed                           int
	P50Micros, P99Micros, MaxMicros int64
}

func (c *commitTimes) take() commitReport {
	c.mu.Lock()
	awaited, queued := c.awaited, c.queued
	c.awaited, c.queued = nil, nil
	c.mu.Unlock()
	return commitReport{Awaited: spread(awaited), Queued: spread(queued)}
}

func spread(times []time.Duration) commitSpread {
	slices.Sort(times)
	return commitSpread{
		Timed: len(times), P50Micros: quantile(times, 0.5).Microseconds(), P99Micros: quantile(times, 0.99).Microseconds(), MaxMicros: quantile(times, 1).Microseconds(),
	}
}

func (s commitSpread) String() string {
	return fmt.Sprintf("%v (median), %v (99 of 100), %v (worst of %d)", micros(s.P50Micros), micros(s.P99Micros), micros(s.MaxMicros), s.Timed)
}
