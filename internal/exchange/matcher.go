package exchange

import (
	"context"
	"errors"
	"fmt"
	"time"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/view"
)

// The matcher looks at every new and every changed record for the standing queries, and compares identifiers with those of others (meet.go). It works outside of apply, where text may be analysed, and hands what it
// finds to the journal as one command a batch, with the watermark up to which it has come: apply decides on every row again and stores both, so that after a
// crash nothing is lost or told twice. Where nothing is found the watermark is stored now and then only.
const (
	lookAtMost       = 256         // records in a batch
	candidatesAtMost = 8_192       // queries that may find them after which a batch ends
	termsAtMost      = 2 << 20     // terms of its records after which it ends
	looseRecords     = 10_000      // records after which the watermark is stored anyhow
	looseTime        = time.Minute // and time
	retryAfter       = time.Second
)

// matcher is the one of a hub. Its fields but progress are its goroutine's own.
type matcher struct {
	h       *Hub
	book    book
	looked  reach
	stored  reach
	saving  *saving   // what was found before, on its way to the journal
	noted   time.Time // when the watermark was last stored, or nothing was left to store
	changed bool      // a changed record was looked at since then
	trouble func(error)
	progress
}

// passOver tells about a record that cannot be read, and says so: nobody else can read it either, and those behind it are not to wait for it.
func (m *matcher) passOver(number uint64, err error) bool {
	if fault.KindOf(err) != fault.DataLoss {
		return false
	}
	m.trouble(fmt.Errorf("exchange: record %d cannot be matched: %w", number, err))
	return true
}

// reach is how far records have been looked at.
type reach struct{ record, ordinal, compared uint64 }

func reachOf(w *internalv1.Watermark) reach {
	return reach{w.GetRecord(), w.GetOrdinal(), w.GetCompared()}
}

func (p reach) watermark() *internalv1.Watermark {
	return &internalv1.Watermark{Record: p.record, Ordinal: p.ordinal, Compared: p.compared}
}

// behind tells whether less has been looked at, in anything.
func (p reach) behind(q reach) bool {
	return p.record < q.record || p.ordinal < q.ordinal || p.compared < q.compared
}

// Match runs the matcher until ctx ends. trouble is told what failed; it is tried again. A hub runs it once.
func (h *Hub) Match(ctx context.Context, trouble func(error)) {
	m := h.matcher
	m.noted, m.trouble = time.Now(), trouble
	loose := time.NewTicker(looseTime)
	defer loose.Stop()
	for ctx.Err() == nil {
		moves := h.View.Moves()
		more, err := m.step(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			trouble(err)
			moves = nil // not at every entry
		case more:
			continue
		}
		m.wait(ctx, moves, loose.C, err != nil)
	}
}

func (m *matcher) wait(ctx context.Context, moves <-chan struct{}, loose <-chan time.Time, failed bool) {
	var retry <-chan time.Time
	if failed {
		timer := time.NewTimer(retryAfter)
		defer timer.Stop()
		retry = timer.C
	}
	select {
	case <-moves:
	case <-loose:
	case <-retry:
	case <-ctx.Done():
	}
}

// step looks at one batch, while what was found in the one before is committed; more says that there is another one already.
func (m *matcher) step(ctx context.Context) (more bool, err error) {
	b, err := m.gather()
	if err == nil && !b.early {
		err = errors.Join(m.try(b), m.compare(b))
	}
	stale, before := m.saved(ctx)
	if err = errors.Join(err, before); err != nil || stale || b.early {
		return err == nil, err
	}
	if err = m.save(ctx, b); err != nil || b.more {
		return b.more, err
	}
	return m.saved(ctx)
}

// batch is what is looked at together.
type batch struct {
	to      reach
	ordinal uint64 // of the snapshot
	micros  int64
	more    bool
	early   bool // what was found before has to be committed first: it may say how changed records are looked at
	changed bool
	records []*seen
	// compared are records whose identifiers are to be compared with those of others, meetings what came of it.
	compared []*comparing
	meetings []*internalv1.Meeting
	// candidates are how many queries may find them in all.
	candidates int
	terms      int // of all records
}

// seen is a record that some standing query may find.
type seen struct {
	number        uint64
	releasedAfter uint32
	view.Looked
	queries []*standing  // that may find it; once tried, that found it
	facts   *index.Facts // once it was opened, of the revision that was looked at
}

// gather takes in what changed of the standing queries, and looks at the next records.
func (m *matcher) gather() (b *batch, err error) {
	for b == nil && err == nil {
		if err = m.takeIn(); err == nil {
			b, err = m.glance()
		}
	}
	return b, err
}

// glance looks at the next records; nil where a standing query has changed since the book was brought up to date: what came after it is not to be passed over
// without it.
func (m *matcher) glance() (b *batch, err error) {
	err = m.h.View.Read(func(s *view.Snapshot) error {
		outdated := false
		if err := s.ChangedStandingQueries(m.book.version, func(view.StandingQuery) (bool, error) {
			outdated = true
			return false, nil
		}); err != nil || outdated {
			return err
		}
		if m.saving == nil {
			m.stored = reachOf(s.Watermark())
		}
		if m.looked.behind(m.stored) {
			m.looked = m.stored
		}
		b = &batch{ordinal: s.Ordinal(), micros: s.Micros()}
		if err := m.waiting(s, b); err != nil || b.early {
			return err
		}
		if !b.more { // or some would be looked at as new and as changed
			if err := m.fresh(s, b); err != nil {
				return err
			}
		}
		return m.due(s, b)
	})
	return b, err
}

// waiting looks at records that changed. Those that were not looked at when they were new are left to that.
func (m *matcher) waiting(s *view.Snapshot, b *batch) error {
	b.to = reach{record: m.looked.record, ordinal: s.Ordinal(), compared: m.looked.compared}
	last, visited := uint64(0), 0
	var looking error
	err := s.Waits(m.looked.ordinal, func(w view.Waiting) bool {
		if b.early = m.saving != nil; b.early {
			return false
		}
		if b.full(visited) {
			b.to.ordinal, b.more = last, true
			return false
		}
		visited++
		last = w.Ordinal
		if w.Number <= m.looked.record {
			b.changed = true
			looking = m.look(s, b, w.Number, w.ReleasedAfter, false)
		}
		return looking == nil
	})
	if err == nil {
		err = looking
	}
	return err
}

// fresh looks at new records.
func (m *matcher) fresh(s *view.Snapshot, b *batch) error {
	newest := s.Newest()
	if m.book.empty() {
		b.to.record = newest
		return nil
	}
	for n := m.looked.record + 1; n <= newest; n++ {
		if b.full(int(n - m.looked.record - 1)) {
			b.more = true
			return nil
		}
		if err := m.look(s, b, n, 0, true); err != nil {
			return err
		}
		b.to.record = n
	}
	return nil
}

func (b *batch) full(visited int) bool {
	return visited >= lookAtMost || b.candidates >= candidatesAtMost || b.terms >= termsAtMost
}

// look notes a record that some standing query may find.
func (m *matcher) look(s *view.Snapshot, b *batch, number uint64, releasedAfter uint32, fresh bool) error {
	if m.book.empty() {
		return nil
	}
	looked, err := s.Look(number)
	if m.passOver(number, err) {
		return nil
	}
	if err != nil || fresh && looked.History && looked.Revision == 1 {
		return err
	}
	if found := m.book.candidates(looked); len(found) > 0 {
		b.candidates, b.terms = b.candidates+len(found), b.terms+len(looked.Terms)
		b.records = append(b.records, &seen{number: number, releasedAfter: releasedAfter, Looked: looked, queries: found})
	}
	return nil
}

// save hands over what was found and how far the matcher has come, or only notes it.
func (m *matcher) save(ctx context.Context, b *batch) error {
	found := b.found()
	m.changed = m.changed || b.changed
	now := time.Now()
	dirty := m.changed || b.to.record > m.stored.record || b.to.compared > m.stored.compared
	loose := max(b.to.record-m.stored.record, b.to.compared-m.stored.compared)
	if !dirty {
		m.noted = now
	}
	if len(found)+len(b.meetings) == 0 && (!dirty || loose < looseRecords && now.Sub(m.noted) < looseTime) {
		m.arriveAt(b)
		return nil
	}
	c := m.h.command(Call{}, nil)
	c.Origin, c.TimeMicros = &internalv1.Origin{Hub: true}, b.micros // it brings no news of the time
	c.Kind = &internalv1.Command_Matched{Matched: &internalv1.Matched{From: m.stored.watermark(), To: b.to.watermark(), Records: found, Meetings: b.meetings}}
	ticket, err := m.h.Journal.Enqueue(ctx, c)
	if err != nil {
		return err
	}
	b.records, b.compared, b.meetings = nil, nil, nil // the command has what matters of them
	m.saving = &saving{ticket, b}
	m.looked, m.stored, m.noted, m.changed = b.to, b.to, now, false
	return nil
}

// saving is a batch of which the command is on its way.
type saving struct {
	*journal.Ticket
	*batch
}

// saved waits for what is on its way. stale says that the stored watermark was another: look again from there, as after an error.
func (m *matcher) saved(ctx context.Context) (stale bool, err error) {
	if m.saving == nil {
		return false, nil
	}
	b := m.saving.batch
	outcome, err := m.saving.Wait(ctx)
	m.saving = nil
	stale = err == nil && view.Refusal(outcome.GetRefusal()) == view.RefusedStale
	if err == nil && !stale {
		err = refused(outcome)
	}
	if err != nil || stale {
		m.looked = reach{} // as stored, see gather
		return stale, err
	}
	m.arriveAt(b)
	return false, nil
}

// arriveAt notes that all of a batch was looked at, and nothing of it is left to be told.
func (m *matcher) arriveAt(b *batch) {
	m.looked = b.to
	m.pass(b.to)
	if !b.more {
		m.arrive(b.ordinal)
	}
}

// found are the rows of the command.
func (b *batch) found() []*internalv1.RecordMatch {
	var rows []*internalv1.RecordMatch
	for _, r := range b.records {
		if len(r.queries) == 0 {
			continue
		}
		row := &internalv1.RecordMatch{
			Number: r.number, Revision: r.Revision, ReleaseVersion: r.ReleaseVersion, ReleasedAfter: r.releasedAfter,
		}
		for _, q := range r.queries {
			row.Queries = append(row.Queries, q.ordinal)
		}
		rows = append(rows, row)
	}
	return rows
}
