package view

import (
	"hash/maphash"
	"sync"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/index"
)

// nameCache remembers the names of records that were compared with a name: to be told no again, a record need not be opened. It holds memory copies of what
// lies in the file, each good only beside the very envelope frame that the record had then: any change of a record changes that. Equal names are held once.
// It forgets in two generations, as the recordCache does.
type nameCache struct {
	mu      sync.Mutex
	seed    maphash.Seed
	fresh   *namesHeld
	settled *namesHeld
}

// namesHeld is a generation.
type namesHeld struct {
	of    map[uint64]remembered
	equal map[string]*index.Names
	bytes int
}

// remembered is the names of a record whose envelope frame has a hash.
type remembered struct {
	frame uint64
	names *index.Names
}

// What a generation holds at most, in bytes, and the names of one record; and what a record takes beside its names.
const (
	namesBytes   = 24 << 20
	namesOfOne   = 8 << 10
	rememberedAs = 64
)

func newNameCache() *nameCache {
	return &nameCache{seed: maphash.MakeSeed(), fresh: newNamesHeld(), settled: newNamesHeld()}
}

func newNamesHeld() *namesHeld {
	return &namesHeld{of: map[uint64]remembered{}, equal: map[string]*index.Names{}}
}

// get gives the names of a record whose envelope is still this frame, nil when they are not remembered.
func (c *nameCache) get(number uint64, frame []byte) *index.Names {
	hash := maphash.Bytes(c.seed, frame)
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.fresh.of[number]
	if !ok {
		if r, ok = c.settled.of[number]; ok {
			r.names = c.put(number, r)
		}
	}
	if !ok || r.frame != hash {
		return nil
	}
	return r.names
}

// keep remembers the names of a record that was opened from this frame, and gives what is held of equal ones.
func (c *nameCache) keep(number uint64, frame []byte, names *index.Names) *index.Names {
	if names.Size() > namesOfOne {
		return names
	}
	hash := maphash.Bytes(c.seed, frame)
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.put(number, remembered{hash, names})
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
	c.fresh.of[number] = remembered{r.frame, held}
	return held
}

// rememberNames remembers the names of records that come into the index, beside the envelopes that they have in this transaction, and forgets those of records
// that nobody finds by them any more.
func (s store) rememberNames(c *nameCache, records tailBatch) {
	for i, names := range records.names {
		number := uint64(records.changes[i].Number)
		if names == nil {
			c.drop(number)
			continue
		}
		c.keep(number, s.get(bucketRecords, recordKey(number, PartEnvelope, 0)), names)
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
	err := v.Read(func(s *Snapshot) error {
		for number := last; number > v.recollecting; number-- {
			if err := s.recollect(number); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || v.names.full() {
		v.recollecting = 0
	}
	return true
}

func (s *Snapshot) recollect(number uint64) error {
	if s.Names(number) != nil {
		return nil
	}
	env, err := s.envelope(number)
	if err != nil || env.GetState() == ententev1.RecordState_RECORD_STATE_RECALLED {
		return err
	}
	rec := &stored{env: env}
	if rec.key, err = s.key(env); err != nil {
		return err
	}
	content, err := s.partBytes(rec, PartContent, env.GetRevision(), env.GetRevision())
	if err != nil {
		return err
	}
	s.v.names.keep(number, s.get(bucketRecords, recordKey(number, PartEnvelope, 0)), index.NamesIn(contentOf(env.GetKind(), content)))
	return nil
}

// Names are the names of a record as it stands, nil where they are not remembered. They say nothing to anybody: nothing is decided here, so they serve to
// leave a record out, and whatever is shown is opened by [Snapshot.RecordAt].
func (s *Snapshot) Names(number uint64) *index.Names {
	return s.v.names.get(number, s.get(bucketRecords, recordKey(number, PartEnvelope, 0)))
}

// Remember remembers the names of the record's current content.
func (x *Record) Remember(names *index.Names) {
	number := x.rec.env.GetNumber()
	x.s.v.names.keep(number, x.s.get(bucketRecords, recordKey(number, PartEnvelope, 0)), names)
}
