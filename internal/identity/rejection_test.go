package identity

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"
)

// TestRefusedCertificates runs the table of THREATS T5: every row is refused
// over a real connection and by Verify, the log has the reason, and the client
// learns nothing but an alert.
func TestRefusedCertificates(t *testing.T) {
	w := newWorld(t)
	h := startHub(t, w, w.trust())
	rows := refusedRows()
	if len(rows) < 40 {
		t.Fatalf("only %d rows", len(rows))
	}
	for i, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			trust := w.trust()
			trust.Version = uint64(i + 2)
			if r.bend != nil {
				r.bend(w, trust)
			}
			h.verifier.Publish(trust)
			chain := r.chain(t, w)
			r.overTLS(t, h, chain)
			if !r.tlsOnly {
				r.direct(t, h, chain)
			}
		})
	}
}

// overTLS expects a refused handshake, one log line, and an alert.
func (r row) overTLS(t *testing.T, h *hub, chain [][]byte) {
	t.Helper()
	c := client{chain: chain, key: keys.leaf(), config: r.config}
	if r.key != nil {
		c.key = r.key()
	}
	said, err := h.dial(c)
	if said != "" || err == nil {
		t.Fatalf("the client was greeted %q, error %v", said, err)
	}
	if err := bareAlert(err); err != nil {
		t.Error(err)
	}
	if got := <-h.results; got.err == nil || got.peer != nil {
		t.Fatal("the hub accepted the connection")
	}
	logged := h.log.take()
	if len(logged) != 1 {
		t.Fatalf("%d refusals logged, want 1", len(logged))
	}
	r.checkLogged(t, logged[0])
}

func (r row) checkLogged(t *testing.T, got Refusal) {
	t.Helper()
	if got.Reason != r.reason {
		t.Errorf("logged reason %s (%s), want %s", got.Reason, got.Detail, r.reason)
	}
	if !strings.HasPrefix(got.Remote, "127.0.0.1:") || !got.Time.Equal(now) {
		t.Errorf("logged from %q at %v", got.Remote, got.Time)
	}
	for _, text := range []string{got.ID, got.Detail, got.Serial, got.Error()} {
		if len(text) > 3*maxDetail || strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c > '~' }) {
			t.Errorf("log text is not bounded and printable: %q", text)
		}
	}
}

// bareAlert says what is wrong unless err is a TLS alert of the fixed kinds, or
// a connection that was shut before the alert could be read.
func bareAlert(err error) error {
	if errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, io.EOF) {
		return nil
	}
	for _, alert := range []string{
		"bad certificate", "certificate required", "error decoding message", "protocol version not supported",
		"no application protocol", "error decrypting message", "internal error", "unexpected message",
	} {
		if err.Error() == "remote error: tls: "+alert {
			return nil
		}
	}
	return fmt.Errorf("the client learned %q", err)
}

// direct expects Verify to refuse the chain for the same reason.
func (r row) direct(t *testing.T, h *hub, chain [][]byte) {
	t.Helper()
	peer, err := h.verifier.Verify(parseAll(t, chain))
	var refusal *Refusal
	if peer != nil || !errors.As(err, &refusal) || refusal.Reason != r.reason {
		t.Errorf("Verify: %v, want %s", err, r.reason)
	}
	if logged := h.log.take(); len(logged) != 0 {
		t.Errorf("Verify told the callback: %v", logged)
	}
}

func TestVerifyStartsClosedAndRefusesResumption(t *testing.T) {
	w := newWorld(t)
	v, err := New(clockNow, nil)
	if err != nil {
		t.Fatal(err)
	}
	good := mustParse(t, forgeLeaf(t, frGateway, w.fr))
	if _, err := v.Verify([]*x509.Certificate{good}); err == nil {
		t.Error("accepted before anything was published")
	}
	v.Publish(w.trust())
	if _, err := v.Verify([]*x509.Certificate{good}); err != nil {
		t.Errorf("after publishing: %v", err)
	}
	resumed := tls.ConnectionState{
		Version: tls.VersionTLS13, NegotiatedProtocol: http2, DidResume: true,
		PeerCertificates: []*x509.Certificate{good},
	}
	var refusal *Refusal
	if _, err := v.verifyConnection(resumed, ""); !errors.As(err, &refusal) || refusal.Reason != ReasonResumed {
		t.Errorf("a resumed session: %v", err)
	}
}

// FuzzVerify: no certificate makes the judgement panic, and none that did not
// come from the authority is accepted.
func FuzzVerify(f *testing.F) {
	w := newWorld(f)
	v, err := New(clockNow, nil)
	if err != nil {
		f.Fatal(err)
	}
	v.Publish(w.trust())
	good := forgeLeaf(f, frGateway, w.fr)
	for _, seed := range [][]byte{good, w.fr.cert.Raw, w.frInter.cert.Raw, forgeLeaf(f, "spiffe://a/%2f", w.fr)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return
		}
		peer, err := v.Verify([]*x509.Certificate{c, w.frInter.cert})
		if err == nil && string(c.RawTBSCertificate) != string(mustParse(t, good).RawTBSCertificate) {
			if caller, err := v.Caller(peer); err == nil {
				t.Fatalf("accepted as %+v", caller)
			}
		}
	})
}
