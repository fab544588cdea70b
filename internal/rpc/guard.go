package rpc

import (
	"context"
	"errors"
	"time"

	"github.com/seed-1d76a664/entente/internal/fault"
)

// errEnd is the cause with which guard asks a stream to end by itself: the hub
// stops, or the connection has come of age. What can, says goodbye properly.
var errEnd = errors.New("rpc: the stream is asked to end")

// minLife is the least that a stream lives before it is asked to end because of
// the age of its connection. Half of Grace: what begins late is over before gRPC
// closes the connection.
func (l Limits) minLife() time.Duration { return l.Grace / 2 }

// guarded runs a stream on a goroutine of its own and watches over it from the
// one that gRPC gave: a call that is blocked in Send or Receive can be ended only
// from outside, by returning, which is when gRPC wakes it.
func (e *edge) guarded(next step) step {
	return func(f *flight) error {
		if !f.method.streams {
			return next(f)
		}
		ctx, cancel := context.WithCancelCause(f.ctx)
		f.ctx = ctx
		done := make(chan error, 1)
		e.running.Add(1)
		go func() {
			defer e.running.Done()
			done <- e.protect(f, next)
		}()
		err := e.watchOver(f, done, cancel)
		f.over.Store(true)
		cancel(err)
		return err
	}
}

// watchOver returns when the stream has ended or must end. What the caller is told
// is worked out here, so that it does not depend on what the stream was doing.
func (e *edge) watchOver(f *flight, done <-chan error, cancel context.CancelCauseFunc) error {
	ticker := time.NewTicker(e.limits.beat())
	defer ticker.Stop()
	end := time.NewTimer(e.life(f))
	defer end.Stop()
	stopping, asked := e.stopping, false
	for {
		changed := e.verifier.Changed() // before judge, so that no change falls between
		if err := f.judge(); err != nil {
			return err
		}
		if err := e.overdue(f, e.clock()); err != nil {
			return err
		}
		select {
		case err := <-done:
			return err
		case <-changed:
		case <-ticker.C:
		case <-end.C:
			if asked {
				return resumable(departing(), f.resume.Load())
			}
			asked = true
			cancel(errEnd)
			end.Reset(e.limits.patience())
		case <-stopping:
			stopping, asked = nil, true
			cancel(errEnd)
			end.Reset(e.limits.patience())
		}
	}
}

// patience is how long a stream that was asked to end may take to do so: one that
// waits for its client's next message does not even hear it.
func (l Limits) patience() time.Duration { return l.Grace / 4 }

// beat is how often a stream is looked at.
func (l Limits) beat() time.Duration {
	return max(min(l.Stall, l.Silence)/8, 5*time.Millisecond)
}

// life is how long the stream may go on before it is asked to end: until its
// connection is nearly of age. gRPC ends connections within a tenth of their age.
func (e *edge) life(f *flight) time.Duration {
	age := f.link.door.bounds.Age
	return max(time.Until(f.link.since.Add(age-age/8)), e.limits.minLife())
}

// overdue ends a stream whose reader does not read, or whose writer does not
// write.
func (e *edge) overdue(f *flight, now int64) *fault.Fault {
	if since := f.sending.Load(); since != 0 && time.Duration(now-since) >= e.limits.Stall {
		e.metrics.stalls.Inc()
		return resumable(stalled(), f.resume.Load())
	}
	if since := f.receiving.Load(); since != 0 && time.Duration(now-since) >= e.limits.Silence {
		return resumable(silent(), f.resume.Load())
	}
	return nil
}
