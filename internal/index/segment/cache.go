package segment

import (
	"sync"
	"sync/atomic"
)

// Cache holds opened blocks of all readers that share it, up to a number of
// bytes. What was not used for a while makes room. It is safe for concurrent
// use; a hit takes no lock.
type Cache struct {
	mu    sync.Mutex
	limit int64
	bytes int64
	ring  []*cached
	hand  int
}

// cached is an opened block. Its reader has a slot for it.
type cached struct {
	plain []byte // with the slack; never written again
	slot  *atomic.Pointer[cached]
	owner *Reader
	used  atomic.Bool                // since the hand came by
	terms atomic.Pointer[dictionary] // of a block of terms, once it was read
}

// touch says that a block was used.
func (e *cached) touch() {
	if !e.used.Load() {
		e.used.Store(true)
	}
}

// NewCache makes a cache of at most so many bytes. With none it holds nothing.
func NewCache(bytes int64) *Cache { return &Cache{limit: bytes} }

// Bytes is how much the cache holds.
func (c *Cache) Bytes() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}

// keep puts a block into its slot and makes room for it. Who else has opened
// the same block meanwhile keeps its own.
func (c *Cache) keep(owner *Reader, slot *atomic.Pointer[cached], plain []byte) {
	size := int64(cap(plain))
	if size > c.limit {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e := &cached{plain: plain, slot: slot, owner: owner}
	if owner.closed.Load() || !slot.CompareAndSwap(nil, e) {
		return
	}
	for c.bytes+size > c.limit {
		c.evict()
	}
	c.ring = append(c.ring, e)
	c.bytes += size
}

// evict drops the next block that was not used since the hand came by.
func (c *Cache) evict() {
	for range 2 * len(c.ring) {
		if c.hand >= len(c.ring) {
			c.hand = 0
		}
		if !c.ring[c.hand].used.Swap(false) {
			break
		}
		c.hand++
	}
	if c.hand >= len(c.ring) {
		c.hand = 0
	}
	c.drop(c.hand)
}

// drop takes a block out of the ring; the last takes its place.
func (c *Cache) drop(i int) {
	e, last := c.ring[i], len(c.ring)-1
	e.slot.Store(nil)
	c.bytes -= int64(cap(e.plain))
	c.ring[i], c.ring[last] = c.ring[last], nil
	c.ring = c.ring[:last]
}

// forget drops all blocks of a reader.
func (c *Cache) forget(owner *Reader) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := len(c.ring) - 1; i >= 0; i-- {
		if c.ring[i].owner == owner {
			c.drop(i)
		}
	}
}
