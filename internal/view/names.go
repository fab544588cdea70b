package view

import (
	"hash/maphash"
	"sync"

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
