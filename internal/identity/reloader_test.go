package identity

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// shelf is a folder with the hub's certificate, a clock that a test moves, and
// what the reloader reported.
type shelf struct {
	authority         *Authority
	certFile, keyFile string

	mu       sync.Mutex
	at       time.Time
	reported []error
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	a, err := NewAuthority(hubDomain, AuthorityOptions{Clock: clockNow})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	return &shelf{
		authority: a, at: now,
		certFile: filepath.Join(dir, "hub.pem"), keyFile: filepath.Join(dir, "hub-key.pem"),
	}
}

func (s *shelf) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

func (s *shelf) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(d)
}

func (s *shelf) report(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reported = append(s.reported, err)
}

func (s *shelf) takeReports() []error {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.reported
	s.reported = nil
	return taken
}

// put issues a hub certificate and writes it.
func (s *shelf) put(t *testing.T, opts IssueOptions) Credential {
	t.Helper()
	if opts.DNS == nil {
		opts.Server, opts.DNS = true, []string{"hub.test"}
	}
	c := mustIssue(t, s.authority, HubPath, opts)
	if err := c.Save(s.certFile, s.keyFile); err != nil {
		t.Fatal(err)
	}
	return c
}

func (s *shelf) open(t *testing.T) *Reloader {
	t.Helper()
	r, err := OpenReloader(s.certFile, s.keyFile, s.clock, s.report)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// serves is the serial of the certificate that a handshake would get.
func serves(t *testing.T, r *Reloader) string {
	t.Helper()
	c, err := r.Certificate(nil)
	if err != nil || c.Leaf != r.Leaf() {
		t.Fatalf("certificate: %v", err)
	}
	return Serial(c.Leaf)
}

func TestReloaderFollowsTheFiles(t *testing.T) {
	s := newShelf(t)
	first := s.put(t, IssueOptions{})
	r := s.open(t)
	second := s.put(t, IssueOptions{})
	if got := serves(t, r); got != first.Serial {
		t.Error("looked at the files before a second had passed")
	}
	s.pass(reloadEvery)
	if got := serves(t, r); got != second.Serial {
		t.Error("the new certificate is not in use")
	}
	s.pass(reloadEvery)
	serves(t, r)
	if got := s.takeReports(); len(got) != 1 || got[0] != nil {
		t.Errorf("reported %v, want one success", got)
	}
	s.pass(-time.Hour) // the clock is corrected
	third := s.put(t, IssueOptions{NotBefore: now.Add(-2 * time.Hour)})
	if got := serves(t, r); got != third.Serial {
		t.Error("a clock set back keeps the reloader from looking")
	}
}

func TestReloaderKeepsTheOldOne(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, s *shelf){
		"files gone": func(t *testing.T, s *shelf) {
			if err := os.Remove(s.certFile); err != nil {
				t.Fatal(err)
			}
		},
		"half written": func(t *testing.T, s *shelf) { write(t, s.certFile, "-----BEGIN CERTIFICATE-----\nMII") },
		"empty key":    func(t *testing.T, s *shelf) { write(t, s.keyFile, "") },
		"huge":         func(t *testing.T, s *shelf) { write(t, s.certFile, strings.Repeat("x", maxKeyFile+1)) },
		"other key": func(t *testing.T, s *shelf) {
			write(t, s.keyFile, string(mustIssue(t, s.authority, HubPath, IssueOptions{}).KeyPEM))
		},
		"expired": func(t *testing.T, s *shelf) {
			s.put(t, IssueOptions{NotBefore: now.Add(-2 * time.Hour), TTL: time.Hour})
		},
		"not valid yet":  func(t *testing.T, s *shelf) { s.put(t, IssueOptions{NotBefore: now.Add(time.Hour)}) },
		"not a hub's":    func(t *testing.T, s *shelf) { s.put(t, IssueOptions{DNS: []string{}}) },
		"an authority's": func(t *testing.T, s *shelf) { writeAuthority(t, s) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newShelf(t)
			first := s.put(t, IssueOptions{})
			r := s.open(t)
			spoil(t, s)
			for range 3 {
				s.pass(reloadEvery)
				if got := serves(t, r); got != first.Serial {
					t.Fatal("the old certificate is no longer in use")
				}
			}
			if got := s.takeReports(); len(got) != 1 || got[0] == nil || strings.Contains(got[0].Error(), "PRIVATE") {
				t.Errorf("reported %v, want one failure", got)
			}
			good := s.put(t, IssueOptions{})
			s.pass(reloadEvery)
			if got := serves(t, r); got != good.Serial {
				t.Error("a good certificate was not taken afterwards")
			}
			if got := s.takeReports(); len(got) != 1 || got[0] != nil {
				t.Errorf("reported %v, want one success", got)
			}
		})
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func writeAuthority(t *testing.T, s *shelf) {
	t.Helper()
	key, err := keyPEM(s.authority.key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, s.keyFile, string(key))
	write(t, s.certFile, s.authority.BundlePEM())
}

func TestOpenReloaderRefuses(t *testing.T) {
	s := newShelf(t)
	if _, err := OpenReloader(s.certFile, s.keyFile, s.clock, nil); err == nil {
		t.Error("opened without files")
	}
	s.put(t, IssueOptions{NotBefore: now.Add(time.Hour)})
	if _, err := OpenReloader(s.certFile, s.keyFile, s.clock, nil); err == nil {
		t.Error("opened with a certificate that is not valid yet")
	}
	s.put(t, IssueOptions{})
	if _, err := OpenReloader(s.certFile, s.keyFile, nil, nil); err == nil {
		t.Error("opened without a clock")
	}
}

func TestCheckHubCertificate(t *testing.T) {
	w := newWorld(t)
	hub := "spiffe://" + hubDomain + HubPath
	named := sans(uriName(hub), dnsName("hub.test"))
	server := extUsage(x509.ExtKeyUsageServerAuth)
	forged := func(changes ...change) *x509.Certificate { return mustParse(t, forgeLeaf(t, hub, w.hub, changes...)) }
	for name, c := range map[string]struct {
		cert *x509.Certificate
		ok   bool
	}{
		"sound":         {forged(named, server), true},
		"no DNS name":   {forged(server), false},
		"no URI":        {forged(sans(dnsName("hub.test")), server), false},
		"two URIs":      {forged(sans(uriName(hub), uriName(hub), dnsName("hub.test")), server), false},
		"not SPIFFE":    {forged(sans(uriName("https://hub.test/"), dnsName("hub.test")), server), false},
		"no names":      {forged(sans(), server), false},
		"no serverAuth": {forged(named), false},
		"authority":     {forged(named, server, func(c *x509.Certificate) { c.IsCA = true }), false},
		"weak key":      {mustParse(t, forgeLeafKey(t, hub, w.hub, keys.rsa2048(), named, server)), false},
		"expired":       {forged(named, server, validity(now.Add(-2*time.Hour), now)), false},
		"not yet":       {forged(named, server, validity(now.Add(1), now.Add(time.Hour))), true}, // X.509 counts seconds
		"tomorrow":      {forged(named, server, validity(now.Add(24*time.Hour), now.Add(48*time.Hour))), false},
	} {
		if err := CheckHubCertificate(c.cert, now); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The hub's certificate changes under a client that keeps connecting: no
// handshake fails, and soon the new one is shown.
func TestReloadUnderConnections(t *testing.T) {
	w := newWorld(t)
	s := newShelf(t)
	s.put(t, IssueOptions{})
	r := s.open(t)
	verifier, err := New(clockNow, nil)
	if err != nil {
		t.Fatal(err)
	}
	verifier.Publish(w.trust())
	cfg := w.clientConfig(t, forgeLeaf(t, frGateway, w.fr))
	cfg.RootCAs = Pool([]*x509.Certificate{s.authority.Certificate()})
	var shown string
	cfg.VerifyConnection = func(cs tls.ConnectionState) error {
		shown = Serial(cs.PeerCertificates[0])
		return nil
	}
	for round := range 5 {
		next := s.put(t, IssueOptions{IPs: []net.IP{net.IPv4(127, 0, 0, 1)}})
		s.pass(reloadEvery)
		if _, err := overLoopback(t, verifier.ServerConfig(r.Certificate), cfg); err != nil || shown != next.Serial {
			t.Errorf("round %d: %v, shown %s, want %s", round, err, shown, next.Serial)
		}
	}
}
