package view

import (
	"bytes"
	"sync"
)

// recordCache keeps what reading a record begins with: envelope, key and release, opened. It holds memory copies of what lies in the file, and an entry is good
// only beside the very envelope frame that it was made of: any change of a record changes that. What is in it is shared and never changed, so the applier,
// which changes envelopes, does without; of new records that are about to be compared with others it leaves what it has in hand. It forgets in two generations: what was not asked for while a generation filled up goes with the next.
type recordCache struct {
	mu      sync.Mutex
	fresh   map[uint64]*cached
	settled map[uint64]*cached
}

type cached struct {
	frame []byte
	rec   *stored
}

// fresh is a record as it was submitted, with the frame of its envelope. What happens to it in the same entry is done to another copy, and changes the frame.
type fresh struct {
	rec   *stored
	frame []byte
}

// keepFresh keeps records that were just stored.
func (c *recordCache) keepFresh(list []fresh) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range list {
		c.put(f.rec.env.GetNumber(), &cached{frame: f.frame, rec: f.rec})
	}
}

// cacheSize is how many records a generation has: about 2 KB each.
const cacheSize = 8192

func newRecordCache() *recordCache { return &recordCache{fresh: map[uint64]*cached{}} }

// get gives a record whose envelope is still this frame, nil when there is none.
func (c *recordCache) get(number uint64, frame []byte) *stored {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.fresh[number]
	if !ok {
		if e, ok = c.settled[number]; !ok {
			return nil
		}
		c.put(number, e)
	}
	if !bytes.Equal(e.frame, frame) {
		return nil
	}
	return e.rec
}

// keep keeps a record that was opened from this frame.
func (c *recordCache) keep(number uint64, frame []byte, rec *stored) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(number, &cached{frame: bytes.Clone(frame), rec: rec})
}

func (c *recordCache) put(number uint64, e *cached) {
	if len(c.fresh) >= cacheSize {
		c.settled, c.fresh = c.fresh, make(map[uint64]*cached, cacheSize)
	}
	c.fresh[number] = e
}
