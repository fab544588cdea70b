package view

import (
	"context"
	"errors"
	"time"

	bolt "go.etcd.io/bbolt"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/index/segment"
)

// tender is the goroutine that tends the index beside the hub's work: it seals full tails, merges segments, and makes the index again where it was found
// damaged.
type tender struct {
	wake chan struct{}
	stop context.CancelFunc
	done chan struct{}
}

// retryTending is how long the tender waits after something failed, such as for want of room on the disk. The tail grows meanwhile.
const retryTending = time.Second

func (v *View) beginTending() {
	ctx, stop := context.WithCancel(context.Background())
	v.tender = tender{wake: make(chan struct{}, 1), stop: stop, done: make(chan struct{})}
	go v.tend(ctx)
	v.tender.rouse()
}

// end stops the tender and waits for it. What it was writing is left out, and swept when the view is opened again.
func (t *tender) end() {
	if t.stop != nil {
		t.stop()
		<-t.done
	}
}

// rouse has the tender look for work. It never blocks.
func (t *tender) rouse() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

func (v *View) tend(ctx context.Context) {
	defer close(v.tender.done)
	for {
		select {
		case <-ctx.Done():
			return
		case <-v.tender.wake:
		}
		for {
			worked, err := v.tendOnce(ctx)
			if ctx.Err() != nil || err == nil && !worked {
				break
			}
			if err != nil && !v.pause(ctx, err) {
				return
			}
		}
	}
}

// pause tells about a failure and waits before the next attempt; false when the view closes.
func (v *View) pause(ctx context.Context, err error) bool {
	if errors.Is(err, segment.ErrDamaged) {
		v.spoil(err)
		return true
	}
	v.trouble(err)
	select {
	case <-ctx.Done():
		return false
	case <-time.After(retryTending):
		return true
	}
}

// tendOnce does the next piece of work; false when there is none.
func (v *View) tendOnce(ctx context.Context) (worked bool, err error) {
	err = guarded(func() error {
		if v.spoiled.Load() {
			worked = true
			return v.renew(ctx)
		}
		if worked, err = v.flush(ctx, v.tail, flushing{alone: true}); worked || err != nil {
			return err
		}
		if worked, err = v.merge(ctx, v.tail); worked || err != nil {
			return err
		}
		worked = v.recollect(ctx)
		return nil
	})
	return worked, err
}

// flushing says how a tail is sealed.
type flushing struct {
	any bool // also one that is not full
	// alone says that the tail has all that was ever applied, and nobody applies meanwhile or both do under the walking lock: what is noted as changed
	// is in it. A tail that is filled beside the hub's work may miss some.
	alone bool
}

// flush seals a tail that is full into a segment.
func (v *View) flush(ctx context.Context, x *index.Layers, how flushing) (worked bool, err error) {
	s := v.shelf
	if s.frozen == nil {
		s.freeze(v, x, how)
	}
	if s.frozen == nil {
		return false, nil
	}
	if err := v.seal(ctx, x, s.frozen, s.since); err != nil {
		return false, err
	}
	s.frozen = nil
	return true, nil
}

func (s *shelf) freeze(v *View, x *index.Layers, how flushing) {
	v.walking.Lock()
	defer v.walking.Unlock()
	if !how.any && !v.options.full(x) {
		return
	}
	if how.alone && v.spoiled.Load() {
		return // entries pass it by since then: it does not have all that is noted as changed
	}
	if s.frozen, s.since = x.Freeze(), 0; how.alone {
		s.since = v.now.Load().hub.GetOrdinal()
	}
}

// full tells whether a tail is to be sealed.
func (o Options) full(x *index.Layers) bool {
	return x.Tail() >= o.FlushRecords || x.TailPostings() >= o.FlushPostings
}

func (v *View) merge(ctx context.Context, x *index.Layers) (worked bool, err error) {
	v.walking.RLock()
	sealing := x.Merge()
	v.walking.RUnlock()
	if sealing == nil {
		return false, nil
	}
	return true, v.seal(ctx, x, sealing, 0)
}

// seal writes a sealing's file, names it in the manifest, and lets the index go on with it. since is the ordinal up to which it has what changed.
func (v *View) seal(ctx context.Context, x *index.Layers, sealing *index.Sealing, since uint64) error {
	if free, known := freeBytes(v.dir); known && v.options.Reserve > 0 && free < 2*v.options.Reserve {
		return full(errReserve)
	}
	r, opened, next, err := v.shelf.write(ctx, sealing, v.now.Load().hub.GetTimeMicros())
	if err != nil {
		return err
	}
	err = v.amend(func(tx *bolt.Tx, _ *published) (bool, error) {
		return true, errors.Join(forgetChanged(tx, since), v.sealNow(tx, bucketIndex, stateKey, next))
	})
	if err != nil {
		return errors.Join(err, r.Close())
	}
	v.adopt(x, sealing, opened)
	return v.shelf.keep(sealing, r, next)
}

func (v *View) adopt(x *index.Layers, sealing *index.Sealing, opened *index.Segment) {
	v.walking.Lock()
	defer v.walking.Unlock()
	x.Adopt(sealing, opened)
}

// spoil says that the index is not to be trusted, and why: nothing is found until it is made again.
func (v *View) spoil(why error) {
	if !v.spoiled.Swap(true) {
		v.trouble(why)
		v.tender.rouse()
	}
}

// trouble tells the operator what is wrong with the index.
func (v *View) trouble(err error) {
	if v.options.OnIndexTrouble != nil {
		v.options.OnIndexTrouble(err)
	}
}

// errSpoiled is the answer while the index is made again.
func errSpoiled() error {
	f := fault.New(fault.Unavailable, "INDEX_REBUILDING", "The hub makes its index again and finds nothing meanwhile; repeat the call in a moment.")
	return f.WithRetry(fullRetry)
}

// renew makes the index again from the records, beside the hub's work, and lets it be searched once it has caught up.
func (v *View) renew(ctx context.Context) error {
	err := v.amend(func(tx *bolt.Tx, _ *published) (bool, error) { return true, forgetIndex(tx) })
	if err != nil {
		return err
	}
	v.closeShelf()
	if err := v.shelf.sweep(); err != nil {
		return err
	}
	x := v.hasher.NewLayers()
	if err := v.fill(ctx, x, false); err != nil {
		return err
	}
	if _, err := v.flush(ctx, x, flushing{any: true}); err != nil {
		return err
	}
	return v.catchUp(x)
}

// closeShelf closes all files. Nobody reads them any more: whoever came before the index was spoiled is waited for, who comes later is refused.
func (v *View) closeShelf() {
	v.walking.Lock()
	defer v.walking.Unlock()
	s := v.shelf
	s.closeAll()
	s.frozen = nil
	s.manifest = &internalv1.IndexManifest{Version: index.Version, NextFile: s.manifest.GetNextFile()}
}

// catchUp lets an index be searched that has all records as they were at some time not long ago, and whose tail is empty.
func (v *View) catchUp(x *index.Layers) error {
	v.writing.Lock()
	defer v.writing.Unlock()
	state := v.now.Load()
	err := v.db.View(func(tx *bolt.Tx) error {
		s := store{tx: tx, ring: v.ring}
		return v.addChanged(s, state, x)
	})
	if err == nil {
		err = v.fillFrom(context.Background(), state, x, func() error { return nil })
	}
	if err != nil {
		return err
	}
	v.walking.Lock()
	defer v.walking.Unlock()
	v.tail = x
	v.spoiled.Store(false)
	return nil
}
