package identity

import (
	"crypto/fips140"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
)

// No accepted connection is ever a resumed one, however much the client wants
// it (THREATS T2), and no name of an authority is sent.
func TestNothingIsResumedAndNoNamesAreSent(t *testing.T) {
	w := newWorld(t)
	h := startHub(t, w, w.trust())
	cache := &countingCache{ClientSessionCache: tls.NewLRUClientSessionCache(8)}
	for range 5 {
		requests := 0
		said, err := h.dial(client{
			chain: [][]byte{forgeLeaf(t, frGateway, w.fr)}, key: keys.leaf(),
			config: func(c *tls.Config) { c.ClientSessionCache = cache },
			saw: func(info *tls.CertificateRequestInfo) {
				requests++
				if len(info.AcceptableCAs) != 0 {
					t.Errorf("%d names of authorities were sent", len(info.AcceptableCAs))
				}
			},
		})
		r := <-h.results
		if err != nil || said != greeting || r.err != nil || requests != 1 {
			t.Fatalf("client %q %v, hub %v, %d requests for a certificate", said, err, r.err, requests)
		}
		if r.state.DidResume || r.state.Version != tls.VersionTLS13 || r.state.NegotiatedProtocol != http2 {
			t.Errorf("connection state %+v", r.state)
		}
	}
	if cache.puts != 0 {
		t.Errorf("%d session tickets were issued", cache.puts)
	}
}

type countingCache struct {
	tls.ClientSessionCache
	puts int
}

func (c *countingCache) Put(key string, s *tls.ClientSessionState) {
	if s != nil {
		c.puts++
	}
	c.ClientSessionCache.Put(key, s)
}

// Were tickets ever switched on again, VerifyConnection alone would still refuse
// what is resumed.
func TestResumptionIsRefusedEvenWithTickets(t *testing.T) {
	w := newWorld(t)
	h := startHub(t, w, w.trust())
	cfg := h.verifier.ServerConfig(w.certificate)
	cfg.SessionTicketsDisabled = false
	cfg.Time = clockNow
	clientConfig := w.clientConfig(t, forgeLeaf(t, frGateway, w.fr))
	clientConfig.ClientSessionCache = tls.NewLRUClientSessionCache(1)
	if state, err := overLoopback(t, cfg, clientConfig); err != nil || state.DidResume {
		t.Fatalf("first connection: resumed %v, error %v", state.DidResume, err)
	}
	if _, err := overLoopback(t, cfg, clientConfig); err == nil {
		t.Fatal("the resumed connection was accepted")
	}
	if logged := h.log.take(); len(logged) != 1 || logged[0].Reason != ReasonResumed {
		t.Errorf("logged %v", logged)
	}
}

func (w *world) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) { return w.hubCert, nil }

func (w *world) clientConfig(t *testing.T, leaf []byte) *tls.Config {
	t.Helper()
	own := tls.Certificate{Certificate: [][]byte{leaf}, PrivateKey: keys.leaf()}
	cfg, err := ClientConfig(own, w.roots, "hub.test")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Time = clockNow
	return cfg
}

// overLoopback connects once and returns the server's view.
func overLoopback(t *testing.T, server, client *tls.Config) (tls.ConnectionState, error) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	done := make(chan error, 1)
	go func() {
		conn, err := tls.Dial("tcp", ln.Addr().String(), client)
		if err == nil {
			_, err = io.ReadAll(conn)
			conn.Close()
		}
		done <- err
	}()
	raw, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	conn := tls.Server(raw, server)
	err = conn.Handshake()
	state := conn.ConnectionState()
	conn.Close()
	return state, errors.Join(err, <-done)
}

func TestKeyExchange(t *testing.T) {
	w := newWorld(t)
	h := startHub(t, w, w.trust())
	leaf := forgeLeaf(t, frGateway, w.fr)
	for _, c := range []struct {
		name  string
		offer []tls.CurveID
		want  tls.CurveID
	}{
		{"as the client's config has it", nil, tls.X25519MLKEM768},
		{"classical first", []tls.CurveID{tls.CurveP256, tls.X25519MLKEM768}, tls.X25519MLKEM768},
		{"classical only", []tls.CurveID{tls.X25519}, tls.X25519},
		{"P-256 only", []tls.CurveID{tls.CurveP256}, tls.CurveP256},
	} {
		if c.want == tls.X25519 && fips140.Enabled() {
			continue // X25519 alone is not approved there
		}
		cfg := w.clientConfig(t, leaf)
		if c.offer != nil {
			cfg.CurvePreferences = c.offer
		}
		state, err := overLoopback(t, h.verifier.ServerConfig(w.certificate), cfg)
		if err != nil || state.CurveID != c.want {
			t.Errorf("%s: %v, %v; want %v", c.name, state.CurveID, err, c.want)
		}
	}
}

// A client refuses a hub under another name, of another authority, and one that
// shows a caller's certificate.
func TestClientChecksTheHub(t *testing.T) {
	w := newWorld(t)
	h := startHub(t, w, w.trust())
	leaf := forgeLeaf(t, frGateway, w.fr)
	imposter := forgeLeaf(t, "", w.hub, sans(uriName("spiffe://"+hubDomain+"/ops"), dnsName("hub.test")))
	for _, c := range []struct {
		name   string
		server CertSource
		bend   func(*tls.Config)
	}{
		{"other name", w.certificate, func(c *tls.Config) { c.ServerName = "other.test" }},
		{"other authority", w.certificate, func(c *tls.Config) { c.RootCAs = Pool([]*x509.Certificate{w.fr.cert}) }},
		{"no serverAuth", func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return &tls.Certificate{Certificate: [][]byte{imposter}, PrivateKey: keys.leaf()}, nil
		}, func(*tls.Config) {}},
	} {
		cfg := w.clientConfig(t, leaf)
		c.bend(cfg)
		_, err := overLoopback(t, h.verifier.ServerConfig(c.server), cfg)
		if err == nil || !strings.Contains(err.Error(), "x509") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestClientConfigNeedsEverything(t *testing.T) {
	w := newWorld(t)
	own := tls.Certificate{Certificate: [][]byte{w.fr.cert.Raw}}
	if _, err := ClientConfig(own, nil, "hub.test"); err == nil {
		t.Error("without roots, the machine's own would be trusted")
	}
	if _, err := ClientConfig(own, w.roots, ""); err == nil {
		t.Error("without a name, any would do")
	}
	if _, err := ClientConfig(tls.Certificate{}, w.roots, "hub.test"); err == nil {
		t.Error("without a certificate, nobody calls")
	}
}
