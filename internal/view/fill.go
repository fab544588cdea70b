package view

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"time"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/sync/errgroup"

	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/index/segment"
	"github.com/seed-1d76a664/entente/internal/keyring"
)

// fillBatch is how many records go into the index at once while it is filled, and fillPostings after how many postings there are fewer.
const (
	fillBatch    = 512
	fillPostings = 1 << 20
)

// openIndex makes the index ready to be searched: the segments that the manifest names, what changed since they were written, and what came since. Where
// the segments are not what they should be, they are made again.
func (v *View) openIndex(ctx context.Context) error {
	err := v.takeUp()
	if err == nil {
		err = v.fillTail(ctx)
	}
	if err == nil || !v.heals(err) {
		return err
	}
	if err := v.startAnew(); err != nil {
		return err
	}
	return v.fillTail(ctx)
}

// heals tells whether what is wrong is the index alone, and not the records that it is made of.
func (v *View) heals(err error) bool {
	var ofIndex *indexFault
	heals := errors.Is(err, segment.ErrDamaged) || errors.As(err, &ofIndex)
	if heals {
		v.trouble(err)
	}
	return heals
}

// indexFault is why the segments on the shelf are of no use.
type indexFault struct{ error }

// Unwrap gives the reason.
func (f *indexFault) Unwrap() error { return f.error }

// takeUp takes up the segments that there are.
func (v *View) takeUp() error {
	state := v.now.Load()
	x := v.hasher.NewLayers()
	v.tail = x
	if v.options.reindex {
		return &indexFault{errors.New("view: the index is to be made again")}
	}
	if err := x.Apply(state.hub.GetTimeMicros(), nil); err != nil {
		return err
	}
	return v.db.View(func(tx *bolt.Tx) error {
		return guarded(func() error {
			s := store{tx: tx, ring: v.ring}
			segments, err := v.shelf.load(s, state.hub.GetTimeMicros())
			if err != nil {
				return &indexFault{err}
			}
			for _, one := range segments {
				x.Add(one)
			}
			return v.addChanged(s, state, x)
		})
	})
}

// fillTail puts what no segment has into the index.
func (v *View) fillTail(ctx context.Context) error {
	if err := v.shelf.sweep(); err != nil {
		return err
	}
	return v.fill(ctx, v.tail, true)
}

// startAnew forgets all segments.
func (v *View) startAnew() error {
	v.shelf.closeAll()
	v.shelf = newShelf(v.dir, v.ring, v.options)
	v.tail = v.hasher.NewLayers()
	return v.amend(func(tx *bolt.Tx, _ *published) (bool, error) { return true, forgetIndex(tx) })
}

// addChanged puts the index right about records that changed since a segment got them. Those that no segment has are to come as they are.
func (v *View) addChanged(s store, state *published, x *index.Layers) error {
	s.records = s.tx.Bucket([]byte(bucketRecords)).Cursor()
	d := describer{store: s, hasher: v.hasher, roster: state.roster}
	var batch tailBatch
	err := s.eachChanged(func(number, _ uint64) error {
		if number > v.shelf.manifest.GetThrough() {
			return nil
		}
		return s.eachRecord(d, number, number, func(_ *stored, doc document) error {
			batch.add(doc)
			return nil
		})
	})
	if err != nil {
		return &indexFault{err}
	}
	v.learnNames(state, s.tx, &batch)
	if err := x.Apply(state.hub.GetTimeMicros(), batch.changes); err != nil {
		return &indexFault{err}
	}
	return nil
}

// fill puts the records that no segment has into the index, and seals each tail that gets full.
func (v *View) fill(ctx context.Context, x *index.Layers, alone bool) error {
	return v.fillFrom(ctx, v.now.Load(), x, func() error {
		_, err := v.flush(ctx, x, flushing{alone: alone})
		for worked := true; worked && err == nil; {
			worked, err = v.merge(ctx, x)
		}
		return err
	})
}

// fillFrom puts the records from a number on into the index: as many batches are opened at once as there are processors, and posted in order.
func (v *View) fillFrom(ctx context.Context, state *published, x *index.Layers, full func() error) error {
	last := state.hub.GetNextRecord()
	blocks := make([]tailBatch, runtime.GOMAXPROCS(0))
	for done := v.shelf.manifest.GetThrough(); done < last; {
		if err := ctx.Err(); err != nil {
			return err
		}
		var err error
		if done, err = v.fillBlocks(state, x, blocks, done); err != nil {
			return err
		}
		if v.options.OnIndexProgress != nil {
			v.options.OnIndexProgress(done, last)
		}
		if err := full(); err != nil {
			return err
		}
	}
	return nil
}

// fillBlocks puts the next records into the index, and tells up to which number it came.
func (v *View) fillBlocks(state *published, x *index.Layers, blocks []tailBatch, done uint64) (uint64, error) {
	last := state.hub.GetNextRecord()
	end := func(i int) uint64 { return min(last, done+uint64(i+1)*fillBatch) }
	var opening errgroup.Group
	for i := range blocks {
		clear(blocks[i].names) // what was told of it is remembered elsewhere
		blocks[i] = tailBatch{changes: blocks[i].changes[:0], names: blocks[i].names[:0]}
		opening.Go(func() error { return v.describe(state, min(last, done+uint64(i)*fillBatch)+1, end(i), &blocks[i]) })
	}
	if err := opening.Wait(); err != nil {
		return done, err
	}
	for i := range blocks {
		changes := blocks[i].changes
		if err := x.Apply(state.hub.GetTimeMicros(), changes); err != nil {
			return done, err
		}
		if n := len(changes); n > 0 && uint64(changes[n-1].Number) < end(i) {
			return uint64(changes[n-1].Number), nil // it had enough: those behind it come again
		}
	}
	return end(len(blocks) - 1), nil
}

// errEnough says that a block of records has enough postings.
var errEnough = errors.New("view: enough postings")

// describe collects what the index knows of some records, one at least, in a transaction of its own.
func (v *View) describe(state *published, from, to uint64, into *tailBatch) error {
	err := v.db.View(func(tx *bolt.Tx) error {
		return guarded(func() error {
			own := store{tx: tx, ring: v.ring, records: tx.Bucket([]byte(bucketRecords)).Cursor()}
			defer v.learnNames(state, tx, into)
			return own.eachRecord(describer{store: own, hasher: v.hasher, roster: state.roster}, from, to, func(_ *stored, d document) error {
				if into.add(d); into.postings >= min(fillPostings, v.options.FlushPostings) {
					return errEnough
				}
				return nil
			})
		})
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// Reindex makes the index of a folder again, from the records, while no hub runs. progress is told how many records of how many are done.
func Reindex(ctx context.Context, dir string, ring *keyring.Ring, progress func(done, of uint64)) (err error) {
	if _, err := os.Stat(filepath.Join(dir, FileView)); err != nil {
		return err
	}
	v, err := openView(ctx, dir, ring, Options{OnIndexProgress: progress, reindex: true})
	if err != nil {
		return err
	}
	return errors.Join(v.seals(ctx), v.Close())
}

// sealLast seals a tail of some size when the view is closed: the next start need not read its records. What goes wrong costs that start some time.
func (v *View) sealLast() {
	ctx, stop := context.WithTimeout(context.Background(), sealLastWithin)
	defer stop()
	if v.spoiled.Load() || v.tail == nil || v.tail.Tail() < v.options.FlushRecords/8 || v.standing() != nil {
		return
	}
	err := guarded(func() error {
		_, err := v.flush(ctx, v.tail, flushing{any: true, alone: true})
		return err
	})
	if err != nil {
		v.trouble(err)
	}
}

// sealLastWithin bounds how long closing a view takes.
const sealLastWithin = 5 * time.Second

// seals seals what is left in the tail.
func (v *View) seals(ctx context.Context) error {
	v.tender.end()
	_, err := v.flush(ctx, v.tail, flushing{any: true, alone: true})
	return err
}
