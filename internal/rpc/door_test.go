package rpc

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// seated dials and completes the handshake, and tells whether the hub let the
// connection be: it then speaks HTTP/2 first.
func seated(t *testing.T, w *world, domain, path string) (*tls.Conn, bool) {
	t.Helper()
	raw := must(net.Dial("tcp", w.main))(t)
	t.Cleanup(func() { _ = raw.Close() })
	conn := tls.Client(raw, w.config(domain, path))
	if err := conn.HandshakeContext(w.ctx()); err != nil {
		return conn, false
	}
	if _, err := conn.Write([]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")); err != nil {
		return conn, false
	}
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	_, err := io.ReadFull(conn, make([]byte, 9))
	return conn, err == nil
}

// One identity and one agency have so many connections; who closes one may open
// another, and nobody else notices.
func TestConnectionsOfOneIdentity(t *testing.T) {
	w := newWorld(t, setup{limits: func(l *Limits) { l.Main.PerIdentity, l.Main.PerAgency = 2, 3 }})
	first, ok := seated(t, w, "fr.example", "/gateway")
	_, second := seated(t, w, "fr.example", "/gateway")
	if !ok || !second {
		t.Fatal("two connections are allowed")
	}
	if _, ok := seated(t, w, "fr.example", "/gateway"); ok {
		t.Error("the identity has three connections")
	}
	if _, ok := seated(t, w, "fr.example", "/other"); !ok {
		t.Error("another identity of the agency has none")
	}
	if _, ok := seated(t, w, "fr.example", "/third"); ok {
		t.Error("the agency has four connections")
	}
	if _, ok := seated(t, w, "it.example", "/gateway"); !ok {
		t.Error("another agency has none")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	w.eventually(func() bool { return w.server.main.door.identity.count("fr-police/gateway") == 1 })
	if _, ok := seated(t, w, "fr.example", "/gateway"); !ok {
		t.Error("a closed connection still counts")
	}
	for reason, want := range map[string]float64{turnedIdentity: 1, turnedAgency: 1} {
		if n := w.metric("entente_rpc_connections_refused_total", map[string]string{"reason": reason, "listener": "main"}); n != want {
			t.Errorf("%v refused for %s", n, reason)
		}
	}
}

// eventually waits for the other side of a socket.
func (w *world) eventually(done func() bool) {
	w.t.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatal("it never came about")
		}
	}
}

// Handshakes that do not end are few, end by themselves, and shut nobody out for
// longer.
func TestUnfinishedHandshakes(t *testing.T) {
	w := newWorld(t, setup{limits: func(l *Limits) { l.HandshakesPerSource, l.HandshakeTimeout = 4, 2*time.Second }})
	var open []net.Conn
	for range 10 {
		c := must(net.Dial("tcp", w.main))(t)
		defer c.Close()
		open = append(open, c)
	}
	door := w.server.main.door
	w.eventually(func() bool {
		return w.metric("entente_rpc_connections_refused_total", map[string]string{"reason": turnedWaiting}) >= 6
	})
	if n := door.waiting.count(everyone); n > 4 {
		t.Errorf("%d handshakes are waited for", n)
	}
	for _, c := range open { // each is closed, at once or in time, without a byte
		_ = c.SetReadDeadline(time.Now().Add(time.Minute))
		if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil || isTimeout(err) {
			t.Errorf("%d bytes, %v", n, err)
		}
	}
	w.eventually(func() bool { return door.waiting.count(everyone) == 0 && door.open.count(everyone) == 0 })
	if _, ok := seated(t, w, "fr.example", "/gateway"); !ok {
		t.Error("nobody gets in any more")
	}
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}

// A listener that is full turns away; the bound holds in a crowd.
func TestListenerFull(t *testing.T) {
	w := newWorld(t, setup{limits: func(l *Limits) { l.Main.Connections, l.HandshakesPerSource = 3, 100 }})
	var held sync.WaitGroup
	for range 20 {
		held.Go(func() {
			if c, err := net.Dial("tcp", w.main); err == nil {
				t.Cleanup(func() { _ = c.Close() })
			}
		})
	}
	held.Wait()
	w.eventually(func() bool {
		return w.metric("entente_rpc_connections_refused_total", map[string]string{"reason": turnedFull}) == 17
	})
	if n := w.server.main.door.open.count(everyone); n != 3 {
		t.Errorf("%d connections are open", n)
	}
}

// The calls in flight of one identity are bounded over all its connections.
func TestCallsInFlight(t *testing.T) {
	w := newWorld(t, setup{hub: &hubStub{watch: idle}, limits: func(l *Limits) { l.StreamsPerIdentity = 3 }})
	one, two := w.dial("fr.example", "/gateway"), w.dial("fr.example", "/gateway")
	openWatch(t, w, one)
	openWatch(t, w, two)
	third := openWatch(t, w, one)
	err := askStream(two, probe{})
	if status.Code(err) != codes.ResourceExhausted || reason(err) != "TOO_MANY_CALLS" {
		t.Error(err)
	}
	openWatch(t, w, w.dial("fr.example", "/other"))
	_ = third
	if n := w.server.main.door.calls.count("fr-police/gateway"); n != 3 {
		t.Errorf("%d calls are counted", n)
	}
}

// An agency makes as many identities as it likes; its calls in flight are bounded over
// all of them. What it revokes with is not: it may be flooded from inside.
func TestCallsInFlightOfAnAgency(t *testing.T) {
	w := newWorld(t, setup{hub: &hubStub{watch: idle}, limits: func(l *Limits) { l.StreamsPerIdentity = 2 }})
	for _, path := range []string{"/a", "/b", "/c", "/d"} {
		conn := w.dial("fr.example", path)
		openWatch(t, w, conn)
		openWatch(t, w, conn)
	}
	err := askStream(w.dial("fr.example", "/e"), probe{})
	if status.Code(err) != codes.ResourceExhausted || reason(err) != "TOO_MANY_CALLS" {
		t.Error(err)
	}
	admin := ententev1.NewAgencyServiceClient(w.dial("fr.example", "/admin"))
	_, err = admin.RevokeCertificate(w.ctx(), new(ententev1.RevokeCertificateRequest))
	if reason(err) == "TOO_MANY_CALLS" {
		t.Error("an agency whose identities are busy cannot revoke them")
	}
	openWatch(t, w, w.dial("it.example", "/gateway"))
}

// A connection that did not come through a door is nobody's.
func TestHandshakeWithoutDoor(t *testing.T) {
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	c := credential{}
	if _, _, err := c.ServerHandshake(a); !errors.Is(err, errNotOurs) {
		t.Error(err)
	}
	if _, _, err := c.ClientHandshake(t.Context(), "", a); !errors.Is(err, errServerOnly) || c.OverrideServerName("x") == nil {
		t.Error("a client can use it")
	}
	if c.Info().SecurityProtocol != "tls" || c.Clone() == nil || new(link).AuthType() != "tls" {
		t.Error("it has no name")
	}
}

// A client without a certificate, of an unknown authority, or that speaks no TLS
// gets no connection.
func TestStrangers(t *testing.T) {
	w := newWorld(t, setup{})
	config := w.config("fr.example", "/gateway")
	none := config.Clone()
	none.Certificates = nil
	old := config.Clone()
	old.MinVersion, old.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	for name, c := range map[string]*tls.Config{"no certificate": none, "TLS 1.2": old} {
		conn, err := tls.Dial("tcp", w.main, c)
		if err == nil {
			_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
			_, err = conn.Read(make([]byte, 1))
			_ = conn.Close()
		}
		if err == nil || isTimeout(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	plain := must(net.Dial("tcp", w.main))(t)
	defer plain.Close()
	_, _ = plain.Write([]byte("GET / HTTP/1.1\r\n\r\n"))
	_ = plain.SetReadDeadline(time.Now().Add(time.Minute))
	if answer, err := io.ReadAll(plain); isTimeout(err) || len(answer) > 16 {
		t.Errorf("%q, %v", answer, err)
	}
	w.suspend("it-police")
	client := ententev1.NewAgencyServiceClient(w.dial("it.example", "/gateway", grpc.WithDefaultCallOptions()))
	if _, err := client.WhoAmI(w.ctx(), new(ententev1.WhoAmIRequest)); status.Code(err) != codes.Unavailable {
		t.Errorf("suspended: %v", err)
	}
}
