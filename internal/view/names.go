package view

import (
	"sync"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/index"
)

// nameCache remembers the names of records: to be told that it is somebody else, a record need not be opened. It holds memory copies of what lies in the file,
// each good from a place in the order on until the record changes: whoever publishes a change puts the names that the record has from then on, and whoever
// read them in a snapshot puts them only while nothing was published since. Equal names are held once. It forgets in two generations, as the recordCache does.
type nameCache struct {
	mu      sync.Mutex
	fresh   *namesHeld
	settled *namesHeld
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

// What a generation holds at most, in bytes, and the names of one record; and what a record takes beside its names.
const (
	namesBytes   = 24 << 20
	namesOfOne   = 8 << 10
	rememberedAs = 64
)

func newNameCache() *nameCache {
	return &nameCache{fresh: newNamesHeld(), settled: newNamesHeld()}
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

// keep remembers the names that a record has from an ordinal on.
func (c *nameCache) keep(number, ordinal uint64, names *index.Names) {
	if names == nil || names.Size() > namesOfOne {
		c.drop(number)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(number, remembered{ordinal, names})
}

// drop forgets the names of a record.
func (c *nameCache) drop(number uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.fresh.of, number)
	delete(c.settled.of, number)
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

// keepNames remembers the names that records have at a state, if it is still the one that is published: nobody has changed any of them then.
func (v *View) keepNames(at *published, numbers []uint64, names []*index.Names) {
	v.walking.RLock()
	defer v.walking.RUnlock()
	if v.now.Load() != at {
		return
	}
	for i, number := range numbers {
		v.names.keep(number, at.hub.GetOrdinal(), names[i])
	}
}

// keepChanged remembers the names of the records that a batch changes. Called while it is published.
func (v *View) keepChanged(b *batch) {
	for i, names := range b.tail.names {
		v.names.keep(uint64(b.tail.changes[i].Number), b.hub.GetOrdinal(), names)
	}
}

// recollected is how many records are read at once for their names.
const recollected = 128

// recollect remembers the names of the next records of those that the view was opened with in segments, from the newest down, as long as there is room: whoever
// asks first does not wait for it. false when there is nothing left to do. What cannot be read is told to whoever asks for it.
func (v *View) recollect() bool {
	last := v.recollecting
	if last == 0 {
		return false
	}
	v.recollecting -= min(last, recollected)
	var numbers []uint64
	var names []*index.Names
	err := v.Read(func(s *Snapshot) error {
		for number := last; number > v.recollecting; number-- {
			if s.Names(number) != nil {
				continue
			}
			one, err := s.recollect(number)
			if err != nil {
				return err
			}
			numbers, names = append(numbers, number), append(names, one)
		}
		v.keepNames(s.state, numbers, names)
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
	if x.s.walks {
		return // the lock is held already, and names are compared after the walk
	}
	x.s.v.keepNames(x.s.state, []uint64{x.rec.env.GetNumber()}, []*index.Names{names})
}
