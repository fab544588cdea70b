package view

import (
	"context"
	"sync"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/index"
)

// nameCache remembers the names of records: to be told that it is somebody else, a record need not be opened. It holds memory copies of what lies in the file,
// each good from a place in the order on until the record changes: whoever publishes a change puts the names that the record has from then on, and what was
// read in a snapshot is taken only of a record that has not changed since. Equal names are held once. It forgets in two generations, as the recordCache does.
type nameCache struct {
	mu      sync.Mutex
	fresh   *namesHeld
	settled *namesHeld
	// changed is the ordinal of the last change of records, of all changes after the ordinal unknown.
	changed map[uint64]uint64
	unknown uint64
}

// namesHeld is a generation.
type namesHeld struct {
	of    map[uint64]remembered
	equal map[string]*index.Names
	bytes int
}

// remembered is the names that a record has from an ordinal on.
type remembered struct {
	since uint64
	names *index.Names
}

// What a generation holds at most, in bytes; what a record takes beside its names; and how many records are known to have changed.
const (
	namesBytes   = 24 << 20
	rememberedAs = 64
	changesKnown = 1 << 13
)

func newNameCache() *nameCache {
	return &nameCache{fresh: newNamesHeld(), settled: newNamesHeld(), changed: map[uint64]uint64{}}
}

func newNamesHeld() *namesHeld {
	return &namesHeld{of: map[uint64]remembered{}, equal: map[string]*index.Names{}}
}

// get gives the names that a record has at an ordinal, nil when they are not remembered.
func (c *nameCache) get(number, ordinal uint64) *index.Names {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.fresh.of[number]
	if !ok {
		if r, ok = c.settled.of[number]; ok {
			r.names = c.put(number, r)
		}
	}
	if !ok || r.since > ordinal {
		return nil
	}
	return r.names
}

// change remembers the names that a record has from an ordinal on, which is that of its last change; nil forgets it.
func (c *nameCache) change(number, ordinal uint64, names *index.Names) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.changed) >= changesKnown {
		c.unknown = ordinal
		clear(c.changed)
	}
	c.changed[number] = ordinal
	if names == nil || names.Size() > index.MostNames {
		delete(c.fresh.of, number)
		delete(c.settled.of, number)
		return
	}
	c.put(number, remembered{ordinal, names})
}

// learn remembers the names that a record had at an ordinal, unless it may have changed since.
func (c *nameCache) learn(number, ordinal uint64, names *index.Names) {
	if names == nil || names.Size() > index.MostNames {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if ordinal >= c.unknown && c.changed[number] <= ordinal {
		c.put(number, remembered{ordinal, names})
	}
}

// full tells whether it has begun to forget.
func (c *nameCache) full() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.settled.of) > 0
}

func (c *nameCache) put(number uint64, r remembered) *index.Names {
	if c.fresh.bytes >= namesBytes {
		c.settled, c.fresh = c.fresh, newNamesHeld()
	}
	key := r.names.Key()
	held, ok := c.fresh.equal[key]
	if !ok {
		held = r.names
		c.fresh.equal[key] = held
		c.fresh.bytes += held.Size()
	}
	if _, ok := c.fresh.of[number]; !ok {
		c.fresh.bytes += rememberedAs
	}
	c.fresh.of[number] = remembered{r.since, held}
	return held
}

// learnNames remembers the names that records have at a state.
func (v *View) learnNames(at *published, t *tailBatch) {
	for i, names := range t.names {
		v.names.learn(uint64(t.changes[i].Number), at.hub.GetOrdinal(), names)
	}
}

// changeNames remembers the names of the records that a batch changes. Called before readers see the change.
func (v *View) changeNames(b *batch) {
	for i, names := range b.tail.names {
		v.names.change(uint64(b.tail.changes[i].Number), b.hub.GetOrdinal(), names)
	}
}

// recollected is how many records are read at once for their names: the transaction keeps pages from being used again.
const recollected = 32

// recollect remembers the names of the next records of those that the view was opened with in segments, from the newest down, as long as there is room: whoever
// asks first does not wait for it. false when there is nothing left to do. What cannot be read is told to whoever asks for it.
func (v *View) recollect(ctx context.Context) bool {
	last := v.recollecting
	if last == 0 {
		return false
	}
	v.recollecting -= min(last, recollected)
	err := v.Read(func(s *Snapshot) error {
		for number := last; number > v.recollecting && ctx.Err() == nil; number-- {
			if s.Names(number) != nil {
				continue
			}
			if names, err := s.recollect(number); err == nil {
				v.names.learn(number, s.Ordinal(), names)
			}
		}
		return nil
	})
	if err != nil || v.names.full() {
		v.recollecting = 0
	}
	return true
}

// recollect reads the names of a record; nil where they need not be remembered.
func (s *Snapshot) recollect(number uint64) (*index.Names, error) {
	env, err := s.envelope(number)
	if err != nil || env.GetState() == ententev1.RecordState_RECORD_STATE_RECALLED {
		return nil, err
	}
	rec := &stored{env: env}
	if rec.key, err = s.key(env); err != nil {
		return nil, err
	}
	content, err := s.partBytes(rec, PartContent, env.GetRevision(), env.GetRevision())
	if err != nil {
		return nil, err
	}
	return index.NamesIn(contentOf(env.GetKind(), content)), nil
}

// Names are the names of a record as it stands, nil where they are not remembered. They say nothing to anybody: nothing is decided here, so they serve to
// leave a record out, and whatever is shown is opened by [Snapshot.RecordAt].
func (s *Snapshot) Names(number uint64) *index.Names { return s.v.names.get(number, s.Ordinal()) }

// Remember remembers the names of the record's current content.
func (x *Record) Remember(names *index.Names) {
	if x.rec.env.GetState() != ententev1.RecordState_RECORD_STATE_RECALLED {
		x.s.v.names.learn(x.rec.env.GetNumber(), x.s.Ordinal(), names)
	}
}
