package rpc

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/peer"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/identity"
)

// edge is what the calls of one hub share, whichever listener they came through.
type edge struct {
	verifier *identity.Verifier
	budgets  *Budgets
	limits   Limits
	bulk     bulkShares
	shape    *shape
	metrics  *metrics
	log      *slog.Logger
	muted    *muted

	begun time.Time // what clock counts from

	// stopping is closed when the hub stops; running are the streams that guard
	// has let go of and that have not returned yet.
	stopping chan struct{}
	running  sync.WaitGroup
}

// clock is a monotonic time in nanoseconds, never 0: setting the hub's clock must
// not end streams.
func (e *edge) clock() int64 { return int64(time.Since(e.begun)) + 1 }

// step takes a call one step further, and all the steps behind it.
type step func(*flight) error

// layer is a step around the next one.
type layer struct {
	name string
	wrap func(*edge, step) step
}

// layers are what every call goes through, outermost first. There is one list:
// what a unary call meets, a stream meets too.
func layers() []layer {
	return []layer{
		{"measure", (*edge).measured},
		{"translate", (*edge).translated},
		{"recover", (*edge).recovered},
		{"identify", (*edge).identified},
		{"gate", (*edge).gated},
		{"charge", (*edge).charged},
		{"guard", (*edge).guarded},
	}
}

// chain puts the layers around the last step.
func (e *edge) chain(list []layer, last step) step {
	for i := len(list) - 1; i >= 0; i-- {
		last = list[i].wrap(e, last)
	}
	return last
}

// handler is how gRPC reaches a method.
func (e *edge) handler(m *method) grpc.StreamHandler {
	run := e.chain(layers(), m.serve)
	return func(_ any, stream grpc.ServerStream) error {
		return run(e.begin(m, stream))
	}
}

// begin makes the flight of a call. A connection that did not come through a door
// leaves link without a peer, whom identify refuses.
func (e *edge) begin(m *method, stream grpc.ServerStream) *flight {
	f := &flight{edge: e, method: m, stream: stream, ctx: stream.Context(), link: new(link)}
	if p, ok := peer.FromContext(f.ctx); ok {
		f.source = sourceOf(p.Addr) // ports tell nothing
		if l, ours := p.AuthInfo.(*link); ours {
			f.link = l
		}
	}
	return f
}

// measured counts calls and how long they took, with the code that translate made.
func (e *edge) measured(next step) step {
	return func(f *flight) error { return e.metrics.count(f, next) }
}

// translated turns a fault into the status that the caller gets, and writes what
// is of interest to the operator into the log.
func (e *edge) translated(next step) step {
	return func(f *flight) error {
		if cancel, ok := f.ctx.Value(capKey{}).(context.CancelFunc); ok {
			defer cancel()
		}
		err := next(f)
		if err == nil {
			return nil
		}
		e.note(f, err)
		return statusOf(err).Err()
	}
}

// recovered makes a panic the failure of one call.
func (e *edge) recovered(next step) step {
	return func(f *flight) error { return e.protect(f, next) }
}

// protect runs a step and returns its panic as an Internal fault.
func (e *edge) protect(f *flight, next step) (err error) {
	defer func() {
		if r := recover(); r != nil {
			e.metrics.panics.Inc()
			e.log.Error("a call panicked", slog.String("method", f.method.name), slog.Any("panic", panicText(r)), slog.String("stack", string(debug.Stack())))
			err = fault.Wrap(errPanic, fault.Internal, "INTERNAL", "The hub failed; repeat the call with the same request_id, and tell the operator if it fails again.")
		}
	}()
	return next(f)
}

var errPanic = errors.New("rpc: a panic")

// panicText is what may stand in a log of a panic: errors of the runtime say what
// went wrong in the code; any other value could be content.
func panicText(r any) string {
	if err, ok := r.(interface {
		error
		RuntimeError()
	}); ok {
		return err.Error()
	}
	return "not an error of the runtime"
}

// identified finds the caller of the connection, by today's trust.
func (e *edge) identified(next step) step {
	return func(f *flight) error {
		caller, err := e.verifier.Caller(f.link.peer)
		if err != nil {
			return err
		}
		f.caller = caller
		return next(f)
	}
}

// gated lets in who holds a right that the method declares.
func (e *edge) gated(next step) step {
	return func(f *flight) error {
		if err := f.method.access.admits(f.caller); err != nil {
			return err
		}
		return next(f)
	}
}

// charged spends from the agency's budget and counts the identity's and the
// agency's calls in flight. A bulk stream pays row by row, as it reads them.
func (e *edge) charged(next step) step {
	return func(f *flight) error {
		class := f.method.access.class
		if class != ententev1.CallClass_CALL_CLASS_BULK {
			if err := e.spend(f); err != nil {
				return err
			}
		}
		calls := &f.link.door.calls
		if !calls.enter(f.link.identity, e.limits.StreamsPerIdentity) {
			return crowded("certificate", "identity.calls", e.limits.StreamsPerIdentity)
		}
		defer calls.leave(f.link.identity)
		if class == ententev1.CallClass_CALL_CLASS_RESERVED {
			return next(f) // whoever is flooded from inside must still be able to revoke
		}
		agency, limit := "agency "+string(f.caller.Agency), identitiesPerAgency*e.limits.StreamsPerIdentity
		if !calls.enter(agency, limit) {
			return crowded("agency", "agency.calls", limit)
		}
		defer calls.leave(agency)
		return next(f)
	}
}

// identitiesPerAgency is how many identities' worth of calls in flight an agency may
// have: it makes as many identities as it likes, and each call in flight may hold a
// request that is half there, or be a watch that every event wakes.
const identitiesPerAgency = 4

// spend takes one call from the budget of the method's class.
func (e *edge) spend(f *flight) error {
	class := f.method.access.class
	wait, ok := e.budgets.take(f.caller.Agency, class)
	if ok {
		return nil
	}
	e.metrics.limited.WithLabelValues(subject(class)).Inc()
	return overspent(class, e.limits.Budgets.of(class), wait)
}
