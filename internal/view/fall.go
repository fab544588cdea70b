package view

import (
	"sync"

	"github.com/seed-1d76a664/entente/internal/fault"
)

// fall is that a commit failed so late that nobody can tell whether it took place: its last write may have reached the disk or not. From then on
// nothing is read or written; opening the file again finds out.
type fall struct {
	once sync.Once
	down chan struct{}
}

func newFall() fall { return fall{down: make(chan struct{})} }

// Fallen returns a channel that is closed when the view has stopped for good, because the disk failed in the last step of a commit. The process should
// end and be started again: what was acknowledged is there, and callers learn of the rest by their request_id.
func (v *View) Fallen() <-chan struct{} { return v.fall.down }

func (v *View) fell() {
	v.fall.once.Do(func() { close(v.fall.down) })
	_ = v.readers.close() // what it cannot end goes with the process
}

// standing is nil while the view has not fallen.
func (v *View) standing() error {
	select {
	case <-v.fall.down:
		return fault.New(fault.Unavailable, "HUB_MUST_RESTART",
			"The hub's disk failed and the hub stops; repeat the call with the same request_id once it is back.")
	default:
		return nil
	}
}
