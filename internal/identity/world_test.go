package identity

import (
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/seed-1d76a664/entente/internal/intel"
)

// The trust domains of the tests.
const (
	hubDomain = "hub.entente.example"
	frDomain  = "police.fr.example"
	gbDomain  = "nca.gb.example"
	itDomain  = "gdf.it.example" // suspended
	xkDomain  = "gone.example"   // expelled
	ncDomain  = "constrained.example"
	frGateway = "spiffe://police.fr.example/gateway"
)

// world is a hub's trust with its agencies' authorities, and a listener.
type world struct {
	hub, fr, frNext, gb, it, xk, constrained pair
	frInter                                  pair // under fr
	weak                                     pair // a root of RSA 2048
	hubCert                                  *tls.Certificate
	roots                                    *x509.CertPool // what clients trust
}

func newWorld(t testing.TB) *world {
	t.Helper()
	root := func(name string, changes ...change) pair {
		return forgeAuthority(t, name, pair{}, freshKey(), changes...)
	}
	w := &world{
		hub: root("hub"), fr: root("fr"), gb: root("gb"), it: root("it"), xk: root("xk"),
		frNext: root("fr next"),
		constrained: root("constrained", func(c *x509.Certificate) {
			c.PermittedURIDomains = []string{"elsewhere.example"}
		}),
	}
	w.weak = forgeAuthority(t, "weak", pair{}, keys.rsa2048())
	w.frInter = forgeAuthority(t, "fr inter", w.fr, freshKey())
	der := forgeLeaf(t, "spiffe://"+hubDomain+HubPath, w.hub,
		sans(uriName("spiffe://"+hubDomain+HubPath), dnsName("hub.test")),
		extUsage(x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth))
	w.hubCert = &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: keys.leaf()}
	w.roots = Pool([]*x509.Certificate{w.hub.cert})
	return w
}

// trust is the world at version 1; every call makes a fresh one, free to bend.
func (w *world) trust() *Trust {
	bindings := []Binding{
		{PathPrefix: "/", Rights: intel.NewRights(intel.Read, intel.Submit)},
		{PathPrefix: "/admin", Rights: intel.NewRights(intel.Administer)},
		{PathPrefix: "/aro", Rights: intel.NewRights(intel.Read, intel.Operate), Unit: "aro"},
	}
	t := &Trust{
		Version: 1, OperatorDomain: hubDomain,
		OperatorRoots: Pool([]*x509.Certificate{w.hub.cert}),
		Members:       make(map[string]*Member),
	}
	add := func(agency intel.AgencyID, domain string, status Status, root pair) {
		t.Members[domain] = &Member{
			Agency: agency, Status: status, Region: "FR", TrustDomain: domain,
			Roots: Pool([]*x509.Certificate{root.cert}), Bindings: bindings,
		}
	}
	add("fr-police", frDomain, Active, w.fr)
	add("gb-nca", gbDomain, Active, w.gb)
	add("it-gdf", itDomain, Suspended, w.it)
	add("xk-gone", xkDomain, Expelled, w.xk)
	add("nc-agency", ncDomain, Active, w.constrained)
	return t
}

// frWith is the world's trust with the French member bent.
func (w *world) frWith(version uint64, bend func(*Member)) *Trust {
	t := w.trust()
	t.Version = version
	bend(t.Members[frDomain])
	return t
}

// log collects refusals.
type log struct {
	mu  sync.Mutex
	all []Refusal
}

func (l *log) add(r Refusal) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, r)
}

// take returns what was logged since the last take.
func (l *log) take() []Refusal {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := l.all
	l.all = nil
	return taken
}

// hub is a listener on loopback that judges every connection with a Verifier
// and greets the accepted ones with one byte.
type hub struct {
	world    *world
	verifier *Verifier
	log      *log
	addr     string
	results  chan result
}

// result is how one handshake ended at the hub.
type result struct {
	peer  *Peer
	state tls.ConnectionState
	err   error
}

const greeting = "!"

func startHub(t testing.TB, w *world, trust *Trust) *hub {
	t.Helper()
	h := &hub{world: w, log: &log{}, results: make(chan result, 1024)}
	v, err := New(clockNow, h.log.add)
	if err != nil {
		t.Fatal(err)
	}
	v.Publish(trust)
	h.verifier = v
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.addr = ln.Addr().String()
	var serving sync.WaitGroup
	serving.Go(func() { h.accept(ln, &serving) })
	t.Cleanup(func() {
		ln.Close()
		serving.Wait()
	})
	return h
}

func (h *hub) accept(ln net.Listener, serving *sync.WaitGroup) {
	for {
		raw, err := ln.Accept()
		if err != nil {
			return
		}
		serving.Go(func() { h.serve(raw) })
	}
}

func (h *hub) serve(raw net.Conn) {
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(time.Minute))
	own := func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return h.world.hubCert, nil }
	conn, peer, err := h.verifier.Handshake(context.Background(), raw, own)
	if err != nil {
		h.results <- result{err: err}
		drain(raw)
		return
	}
	h.results <- result{peer: peer, state: conn.ConnectionState()}
	io.WriteString(conn, greeting)
	conn.CloseWrite()
}

// drain reads what a refused client still sends, so that closing does not reset
// the connection under the alert that is on its way.
func drain(raw net.Conn) {
	if tcp, ok := raw.(*net.TCPConn); ok {
		tcp.CloseWrite()
	}
	io.Copy(io.Discard, raw)
}

// client is how a row connects.
type client struct {
	chain  [][]byte
	key    crypto.Signer
	config func(*tls.Config)
	saw    func(*tls.CertificateRequestInfo)
}

// dial connects and returns what the hub said, or the error.
func (h *hub) dial(c client) (string, error) {
	cfg := &tls.Config{
		RootCAs: h.world.roots, ServerName: "hub.test", NextProtos: []string{http2}, Time: clockNow,
		GetClientCertificate: func(info *tls.CertificateRequestInfo) (*tls.Certificate, error) {
			if c.saw != nil {
				c.saw(info)
			}
			return &tls.Certificate{Certificate: c.chain, PrivateKey: c.key}, nil
		},
	}
	if c.config != nil {
		c.config(cfg)
	}
	raw, err := net.Dial("tcp", h.addr)
	if err != nil {
		return "", err
	}
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(time.Minute))
	conn := tls.Client(raw, cfg)
	said, err := io.ReadAll(conn) // the first read does the handshake
	return string(said), err
}

// connect dials with a whole configuration and expects to be greeted.
func (h *hub) connect(t testing.TB, cfg *tls.Config) result {
	t.Helper()
	conn, err := tls.Dial("tcp", h.addr, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	said, err := io.ReadAll(conn)
	r := <-h.results
	if err != nil || string(said) != greeting || r.err != nil {
		t.Fatalf("client %q %v, hub %v", said, err, r.err)
	}
	return r
}

// call is dial with a sound key, and the hub's own end of it.
func (h *hub) call(chain ...[]byte) (result, error) {
	said, err := h.dial(client{chain: chain, key: keys.leaf()})
	r := <-h.results
	if err == nil && said != greeting {
		err = errors.New("connected, but not greeted")
	}
	return r, err
}

func parseAll(t testing.TB, chain [][]byte) []*x509.Certificate {
	t.Helper()
	var certs []*x509.Certificate
	for _, der := range chain {
		certs = append(certs, mustParse(t, der))
	}
	return certs
}
