package rpc

import (
	"net"
	"sync"
	"sync/atomic"
)

// The keys under which a door counts what is not an identity or an agency.
const everyone = ""

// door lets connections in, one listener's worth: so many in all, so many that
// are not callers yet, so many of one source, identity and agency. What is one too
// many is closed at once: a queue would let whoever fills it shut out the others.
type door struct {
	name     string
	bounds   Door
	limits   Limits
	open     tally // under everyone
	waiting  tally // unfinished handshakes, under the source and under everyone
	identity tally
	agency   tally
	calls    tally // calls in flight, under the identity
	turned   func(reason string)
}

// The reasons for which a connection is turned away, as metrics have them.
const (
	turnedFull      = "listener_full"
	turnedWaiting   = "too_many_handshakes"
	turnedIdentity  = "identity_full"
	turnedAgency    = "agency_full"
	turnedHandshake = "handshake_failed"
)

// listen puts the door in front of a listener.
func (d *door) listen(l net.Listener) net.Listener { return &guardedListener{Listener: l, door: d} }

type guardedListener struct {
	net.Listener
	door *door
}

// Accept returns the next connection that is let in.
func (l *guardedListener) Accept() (net.Conn, error) {
	for {
		raw, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c := l.door.admit(raw); c != nil {
			return c, nil
		}
	}
}

// admit counts a connection in; nil if it was turned away and closed.
func (d *door) admit(raw net.Conn) net.Conn {
	source := sourceOf(raw.RemoteAddr())
	reason := d.enter(source)
	if reason == "" {
		return &guardedConn{Conn: raw, door: d, source: source}
	}
	d.turned(reason)
	_ = raw.Close() // whoever is turned away is told nothing
	return nil
}

func (d *door) enter(source string) (reason string) {
	if !d.open.enter(everyone, d.bounds.Connections) {
		return turnedFull
	}
	if !d.waiting.enter(everyone, d.limits.Handshakes) {
		d.open.leave(everyone)
		return turnedWaiting
	}
	if !d.waiting.enter("source "+source, d.limits.HandshakesPerSource) {
		d.waiting.leave(everyone)
		d.open.leave(everyone)
		return turnedWaiting
	}
	return ""
}

// sourceOf is the address without the port.
func sourceOf(a net.Addr) string {
	host, _, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	return host
}

// guardedConn gives back, once and at whatever stage it is closed, what it took.
type guardedConn struct {
	net.Conn
	door   *door
	source string
	arrive sync.Once // leaves the waiting
	leave  sync.Once // leaves altogether
	caller atomic.Pointer[seat]
}

// seat is what a connection takes as a caller's.
type seat struct{ identity, agency string }

// arrived ends the handshake and takes a seat for the caller. ok is false when the
// identity or its agency has no more; the connection is then to be closed.
func (c *guardedConn) arrived(s seat) (ok bool) {
	c.arrive.Do(c.notWaiting)
	d := c.door
	if !d.identity.enter(s.identity, d.bounds.PerIdentity) {
		d.turned(turnedIdentity)
		return false
	}
	if !d.agency.enter(s.agency, d.bounds.PerAgency) {
		d.identity.leave(s.identity)
		d.turned(turnedAgency)
		return false
	}
	c.caller.Store(&s)
	return true
}

func (c *guardedConn) notWaiting() {
	c.door.waiting.leave("source " + c.source)
	c.door.waiting.leave(everyone)
}

// Close closes the connection and counts it out.
func (c *guardedConn) Close() error {
	c.leave.Do(func() {
		c.arrive.Do(c.notWaiting)
		c.door.open.leave(everyone)
		if s := c.caller.Load(); s != nil {
			c.door.identity.leave(s.identity)
			c.door.agency.leave(s.agency)
		}
	})
	return c.Conn.Close()
}
