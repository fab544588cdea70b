package view

import (
	"errors"
	"sync"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

const (
	// idleReaders is how many read transactions are kept open between two entries. A reader is inside one for microseconds, so a few serve many.
	idleReaders = 8
	// remapMargin is more than one entry lets the file grow. Within it of the end of the memory map none is kept open: bbolt waits for all of them
	// before it maps more.
	remapMargin = 4 << 30
)

// readers lends read transactions at the published state. An entry shows in the file a moment before it is durable, while its last fsync runs; whoever
// reads in that moment gets a transaction that was opened before, or waits for the moment to pass.
type readers struct {
	db *bolt.DB

	mu   sync.Mutex
	turn sync.Cond // something was given back, or the state is another
	txid uint64    // the published state
	idle []*bolt.Tx
	keep int // how many may be idle; 0 near the end of the memory map
	over bool
}

func newReaders(db *bolt.DB) *readers {
	r := &readers{db: db}
	r.turn.L = &r.mu
	return r
}

// take lends a transaction at a state; nil when that is no longer the published one, and the caller looks again. The lock is not held while one is
// opened: that waits for whoever remaps the file, who waits for transactions to be given back.
func (r *readers) take(txid uint64) (*bolt.Tx, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.txid == txid && !r.over {
		if last := len(r.idle) - 1; last >= 0 {
			tx := r.idle[last]
			r.idle = r.idle[:last]
			return tx, nil
		}
		if tx, err := r.open(txid); tx != nil || err != nil {
			return tx, err
		}
		if r.txid == txid && !r.over && len(r.idle) == 0 {
			r.turn.Wait()
		}
	}
	if r.over {
		return nil, berrors.ErrDatabaseNotOpen
	}
	return nil, nil
}

// open opens one, nil when the file shows another state already.
func (r *readers) open(txid uint64) (*bolt.Tx, error) {
	r.mu.Unlock()
	defer r.mu.Lock()
	tx, err := r.db.Begin(false)
	if err != nil || uint64(tx.ID()) == txid {
		return tx, err
	}
	return nil, tx.Rollback()
}

// give takes one back.
func (r *readers) give(tx *bolt.Tx) {
	r.mu.Lock()
	fits := uint64(tx.ID()) == r.txid && len(r.idle) < r.keep && !r.over
	if fits {
		r.idle = append(r.idle, tx)
		r.turn.Signal()
	}
	r.mu.Unlock()
	if !fits {
		_ = tx.Rollback() // of a read transaction: only ends it
	}
}

// prime fills up what is idle. Called by the writer before it commits.
func (r *readers) prime() error {
	r.mu.Lock()
	missing := r.keep - len(r.idle)
	r.mu.Unlock()
	for range missing {
		tx, err := r.db.Begin(false)
		if err != nil {
			return err
		}
		r.give(tx)
	}
	return nil
}

// advance makes another state the published one, which the file shows already. Called by the writer.
func (r *readers) advance(txid uint64) {
	first, err := r.db.Begin(false)
	keep := idleReaders
	if err != nil || first.Size() > initialMap-remapMargin {
		keep = 0
	}
	r.mu.Lock()
	old := r.idle
	r.idle, r.txid, r.keep = nil, txid, keep
	r.mu.Unlock()
	r.turn.Broadcast()
	for _, tx := range old {
		_ = tx.Rollback() // of a read transaction: only ends it
	}
	if err == nil {
		r.give(first)
	}
}

// close ends what is idle, and lends no more.
func (r *readers) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.over = true
	r.turn.Broadcast()
	var err error
	for _, tx := range r.idle {
		err = errors.Join(err, tx.Rollback())
	}
	r.idle = nil
	return err
}
