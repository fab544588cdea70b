package view

import "sync"

// wakes are who waits for an inbox to grow.
type wakes struct {
	mu    sync.Mutex
	grown map[uint32]chan struct{}
	moved chan struct{} // nil while nobody waits
}

// wake wakes the watchers of the inboxes among the logs that grew.
func (w *wakes) wake(logs heads) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.moved != nil {
		close(w.moved)
		w.moved = nil
	}
	for log := range logs {
		if log.kind != logInbox {
			continue
		}
		if c, watched := w.grown[log.owner]; watched {
			close(c)
			delete(w.grown, log.owner)
		}
	}
}

// Grows returns a channel that is closed when the inbox next grows. Take it before reading, so that nothing is missed in between.
func (v *View) Grows(inbox uint32) <-chan struct{} {
	w := &v.wakes
	w.mu.Lock()
	defer w.mu.Unlock()
	c, watched := w.grown[inbox]
	if !watched {
		c = make(chan struct{})
		w.grown[inbox] = c
	}
	return c
}

// Moves returns a channel that is closed when the next entry is published. Take it before reading.
func (v *View) Moves() <-chan struct{} {
	w := &v.wakes
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.moved == nil {
		w.moved = make(chan struct{})
	}
	return w.moved
}
