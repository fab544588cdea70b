package view

import (
	"context"
	"sync"

	bolt "go.etcd.io/bbolt"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/index"
)

// nameCache remembers the names of records, as they are written: to be told that it is somebody else, a record need not be opened. It holds memory copies of what
// lies in the file. Whoever publishes a change puts the names that the record has from then on, and what was read in a snapshot is taken only of a record
// that has not changed since. Equal names are held once. It forgets in two generations, as the recordCache does.
type nameCache struct {
	mu      sync.Mutex
	fresh   *namesHeld
	settled *namesHeld
	// changed is the ordinal of the last change of records, of all changes after the ordinal unknown.
	changed map[uint64]uint64
	unknown uint64
}

// namesHeld is a generation: for each record the place of its names among all that differ, one more, as 0 is a record whose names are not remembered. The
// places of neighbours lie together.
type namesHeld struct {
	places  map[uint64]*[neighbours]uint32
	written []index.WrittenNames
	equal   map[index.WrittenNames]uint32
	bytes   int
}

// What a generation holds at most, in bytes; what names take beside their letters; how many places lie together; and how many changes are known.
const (
	namesBytes   = 24 << 20
	namesBeside  = 80
	neighbours   = 512
	changesKnown = 1 << 13
)

func newNameCache() *nameCache {
	return &nameCache{fresh: newNamesHeld(), settled: newNamesHeld(), changed: map[uint64]uint64{}}
}

func newNamesHeld() *namesHeld {
	return &namesHeld{places: map[uint64]*[neighbours]uint32{}, equal: map[index.WrittenNames]uint32{}}
}

// at gives the names of a record.
func (h *namesHeld) at(number uint64) (w index.WrittenNames, ok bool) {
	some := h.places[number/neighbours]
	if some == nil || some[number%neighbours] == 0 {
		return "", false
	}
	return h.written[some[number%neighbours]-1], true
}

func (h *namesHeld) put(number uint64, w index.WrittenNames) {
	some := h.places[number/neighbours]
	if some == nil {
		some = new([neighbours]uint32)
		h.places[number/neighbours] = some
		h.bytes += 4*neighbours + namesBeside
	}
	place, known := h.equal[w]
	if !known {
		h.written = append(h.written, w)
		place = uint32(len(h.written))
		h.equal[w] = place
		h.bytes += len(w) + namesBeside
	}
	some[number%neighbours] = place
}

func (h *namesHeld) forget(number uint64) {
	if some := h.places[number/neighbours]; some != nil {
		some[number%neighbours] = 0
	}
}

// get gives the names that a record has at an ordinal; false when they are not remembered.
func (c *nameCache) get(number, ordinal uint64) (index.WrittenNames, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changedSince(number, ordinal) {
		return "", false
	}
	w, ok := c.fresh.at(number)
	if !ok {
		if w, ok = c.settled.at(number); ok {
			c.put(number, w)
		}
	}
	return w, ok
}

// changedSince tells whether a record has changed since an ordinal, or may have.
func (c *nameCache) changedSince(number, ordinal uint64) bool {
	return ordinal < c.unknown || c.changed[number] > ordinal
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
	c.fresh.forget(number)
	c.settled.forget(number)
	if names != nil && names.Size() <= index.MostNames {
		c.put(number, names.Written())
	}
}

// learn remembers the names that a record had at an ordinal, unless it may have changed since.
func (c *nameCache) learn(number, ordinal uint64, names *index.Names) {
	if names == nil || names.Size() > index.MostNames {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.changedSince(number, ordinal) {
		c.put(number, names.Written())
	}
}

// full tells whether it has begun to forget.
func (c *nameCache) full() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.settled.places) > 0
}

func (c *nameCache) put(number uint64, w index.WrittenNames) {
	if c.fresh.bytes >= namesBytes {
		c.settled, c.fresh = c.fresh, newNamesHeld()
	}
	c.fresh.put(number, w)
}

// learnNames remembers the names of records that were read in a transaction, unless that is ahead of the state: what is committed is not yet told to readers.
func (v *View) learnNames(at *published, tx *bolt.Tx, t *tailBatch) {
	if uint64(tx.ID()) != at.txid {
		return
	}
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
			if _, known := s.Names(number); known {
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

// Names are the names of a record as it stands; false where they are not remembered. They say nothing to anybody: nothing is decided here, so they serve to
// leave a record out, and whatever is shown is opened by [Snapshot.RecordAt].
func (s *Snapshot) Names(number uint64) (index.WrittenNames, bool) {
	return s.v.names.get(number, s.Ordinal())
}

// Remember remembers the names of the record's current content.
func (x *Record) Remember(names *index.Names) {
	if x.rec.env.GetState() != ententev1.RecordState_RECORD_STATE_RECALLED {
		x.s.v.names.learn(x.rec.env.GetNumber(), x.s.Ordinal(), names)
	}
}
