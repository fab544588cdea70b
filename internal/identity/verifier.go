package identity

import (
	"crypto/x509"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-1d76a664/entente/internal/intel"
)

// Verifier judges certificates against the latest Trust. All its methods may be
// called from many goroutines at once.
type Verifier struct {
	clock   func() time.Time
	refused func(Refusal)
	publish sync.Mutex // orders Publish; readers take the state without it
	state   atomic.Pointer[state]
}

// state is a Trust as it was published, and the channel that its successor
// closes. Verdicts are bound to its address.
type state struct {
	trust   *Trust // nil trusts nobody
	floor   uint64 // the highest version so far
	changed chan struct{}
}

// New makes a verifier that accepts nobody until the first Publish. clock is
// asked for the time of each judgement. refused, if not nil, is told of every
// refusal, once per peer and Trust; it is called on the connection's or the
// call's goroutine, so it must not block, and it is up to it to limit how much
// it writes.
func New(clock func() time.Time, refused func(Refusal)) (*Verifier, error) {
	if clock == nil {
		return nil, errors.New("identity: a verifier needs a clock")
	}
	if refused == nil {
		refused = func(Refusal) {}
	}
	v := &Verifier{clock: clock, refused: refused}
	v.state.Store(&state{changed: make(chan struct{})})
	return v, nil
}

// Publish makes t the trust by which everything is judged from now on: the next
// handshake, the next Caller, and, through Changed, the streams that wait. It
// has taken effect when it returns. The verifier keeps t: neither it nor what it
// points to may change afterwards. A Version lower than the current one is
// ignored. nil trusts nobody until the next Publish, which is what a hub does
// that has lost its journal.
func (v *Verifier) Publish(t *Trust) {
	v.publish.Lock()
	defer v.publish.Unlock()
	old := v.state.Load()
	next := &state{trust: t, floor: old.floor, changed: make(chan struct{})}
	if t != nil {
		if t.Version < old.floor {
			return
		}
		next.floor = t.Version
	}
	v.state.Store(next)
	close(old.changed)
}

// Changed is closed at the next Publish. A stream takes it before it asks
// Caller, so that no change falls between the two.
func (v *Verifier) Changed() <-chan struct{} { return v.state.Load().changed }

// Peer is the far end of one connection: the chain that it presented, and the
// last verdict on it. It may be used from many goroutines at once and is of use
// only to the Verifier that made it.
type Peer struct {
	chain   []*x509.Certificate
	remote  string
	verdict atomic.Pointer[verdict]
}

// verdict holds for one state until a time; a refusal holds for the whole
// state, so that a clock set back revives nothing.
type verdict struct {
	state   *state
	until   time.Time // the earliest expiry in the chain
	caller  intel.Caller
	refusal *Refusal // nil: accepted
}

// Verify judges a chain as presented, leaf first, and remembers it as a Peer
// whatever a later Trust will say about it. The error is a *Refusal; the refused
// callback is not told. The chain is kept and must not change.
func (v *Verifier) Verify(chain []*x509.Certificate) (*Peer, error) {
	return v.verify(chain, "")
}

func (v *Verifier) verify(chain []*x509.Certificate, remote string) (*Peer, error) {
	p := &Peer{chain: chain, remote: remote}
	d := v.judge(v.state.Load(), p)
	if d.refusal != nil {
		return nil, d.refusal
	}
	p.verdict.Store(d)
	return p, nil
}

// Caller is who is behind the connection, by the trust and the time of this
// very moment. rpc asks on every call and before every event of a stream; when
// nothing has changed it costs one look at the clock. The error is a
// fault.Unauthenticated with a fixed text around the *Refusal.
func (v *Verifier) Caller(p *Peer) (intel.Caller, error) {
	if p == nil {
		p = new(Peer) // nobody; refused like an empty chain
	}
	d := p.verdict.Load() // before the state: a verdict never outruns it
	s := v.state.Load()
	if d == nil || d.state != s || d.refusal == nil && !v.clock().Before(d.until) {
		d = v.judgeAgain(s, p, d)
	}
	if d.refusal != nil {
		return intel.Caller{}, d.refusal.fault()
	}
	return d.caller, nil
}

// judgeAgain stores a new verdict unless another goroutine was faster. Whoever
// stores a refusal reports it.
func (v *Verifier) judgeAgain(s *state, p *Peer, old *verdict) *verdict {
	d := v.judge(s, p)
	if p.verdict.CompareAndSwap(old, d) && d.refusal != nil {
		v.refused(*d.refusal)
	}
	return d
}
