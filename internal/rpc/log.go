package rpc

import (
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/seed-1d76a664/entente/internal/fault"
)

// note writes a failed call into the log: what the hub did wrong always, whom it
// turned away as often as muted allows. The request, the answer and the metadata
// are never part of it; paths and reasons are.
func (e *edge) note(f *flight, err error) {
	var wire broken
	if errors.As(err, &wire) {
		return // the caller went away, or gRPC refused the message
	}
	flt := fault.As(err)
	switch flt.Kind {
	case fault.Internal, fault.DataLoss:
		e.log.Error("a call failed", f.attributes(flt)...)
	case fault.Denied, fault.Unauthenticated, fault.Exhausted:
		if dropped, ok := e.muted.allow(time.Now()); ok {
			e.log.Warn("a call was refused", append(f.attributes(flt), slog.Uint64("refusals_not_logged", dropped))...)
		}
	default:
		e.log.Debug("a call failed", f.attributes(flt)...)
	}
}

// attributes are the facts of a call that may stand in a log.
func (f *flight) attributes(flt *fault.Fault) []any {
	return []any{
		slog.String("method", f.method.name), slog.String("agency", string(f.caller.Agency)), slog.String("path", f.caller.Path),
		slog.String("serial", f.caller.Serial), slog.String("source", f.source), slog.Any("fault", flt),
	}
}

// muted lets so many lines a second into the log and counts the others, so that
// nobody fills the disk and nothing is dropped silently.
type muted struct {
	perSecond int
	mu        sync.Mutex
	second    int64
	lines     int
	dropped   uint64
}

// allow tells whether a line may be written now, and how many were not since the
// last one that was.
func (m *muted) allow(now time.Time) (dropped uint64, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := now.Unix(); s != m.second {
		m.second, m.lines = s, 0
	}
	if m.lines >= m.perSecond {
		m.dropped++
		return 0, false
	}
	m.lines++
	dropped, m.dropped = m.dropped, 0
	return dropped, true
}
