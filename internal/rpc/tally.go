package rpc

import "sync"

// tally counts what is held under each key, up to a limit. The zero tally is
// empty and ready; keys that nothing is held under take no room.
type tally struct {
	mu   sync.Mutex
	held map[string]int
}

// enter takes one under the key, unless limit are taken already.
func (t *tally) enter(key string, limit int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held[key] >= limit {
		return false
	}
	if t.held == nil {
		t.held = make(map[string]int)
	}
	t.held[key]++
	return true
}

// leave gives one back that enter took.
func (t *tally) leave(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held[key] <= 1 {
		delete(t.held, key)
		return
	}
	t.held[key]--
}

// count is how many are held under the key.
func (t *tally) count(key string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.held[key]
}
