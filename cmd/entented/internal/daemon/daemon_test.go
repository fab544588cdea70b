package daemon

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/setup"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/keyring"
)

func TestAHubServesStopsAndServesAgain(t *testing.T) {
	w := newWorld(t)
	var epochs []string
	for range 2 {
		d, stop := w.run()
		me := whoAmI(t, w, d, w.layout.Operator())
		if me.GetHub() != "spiffe://operator.example/hub" || me.GetAgency() != "" || len(me.GetRights()) != 1 {
			t.Errorf("the operator is told %v", me)
		}
		if me.GetBulkEndpoint() != d.Addresses().BulkAdvertised || !strings.HasPrefix(me.GetBulkEndpoint(), "localhost:") {
			t.Errorf("the bulk listener is at %s", me.GetBulkEndpoint())
		}
		epochs = append(epochs, d.view.Hub().GetGenesis().GetEpoch())
		stop()
		if s := d.phase.Load(); s != stopping {
			t.Errorf("phase %d", s)
		}
	}
	if epochs[0] == "" || epochs[0] != epochs[1] {
		t.Errorf("the epoch is %v", epochs)
	}
}

// whoAmI asks the hub with a certificate.
func whoAmI(t *testing.T, w *world, d *Daemon, p setup.Pair) *ententev1.WhoAmIResponse {
	t.Helper()
	conn, err := grpc.NewClient(d.Addresses().Main, grpc.WithTransportCredentials(credentials.NewTLS(clientTLS(t, w, p))))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	me, err := ententev1.NewAgencyServiceClient(conn).WhoAmI(t.Context(), &ententev1.WhoAmIRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return me
}

func clientTLS(t *testing.T, w *world, p setup.Pair) *tls.Config {
	t.Helper()
	own, err := tls.LoadX509KeyPair(p.Cert, p.Key)
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := os.ReadFile(w.layout.HubAuthority().Cert)
	if err != nil {
		t.Fatal(err)
	}
	roots, err := identity.ParseBundle(string(bundle))
	if err != nil {
		t.Fatal(err)
	}
	config, err := identity.ClientConfig(own, identity.Pool(roots), "localhost")
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func TestTheAdminListenerTellsHowTheHubIs(t *testing.T) {
	w := newWorld(t)
	d, _ := w.run()
	base := "http://" + d.Addresses().Admin
	client := browser(t, &http.Transport{})
	for path, want := range map[string]string{
		"/livez": "alive", "/readyz": "serving", "/metrics": "entente_matcher_behind_records 0", "/debug/pprof/": "goroutine",
	} {
		if code, body := page(t, client, base+path); code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
	_, body := page(t, client, base+"/status")
	var s Status
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		t.Fatal(err)
	}
	if s.State != StateServing || s.Hub != "localhost" || s.Version != "v0-test" || s.JournalTime.IsZero() || s.CertificateExpireTime.Before(s.Time) {
		t.Errorf("status %+v", s)
	}
}

// awaited tells when it is first waited for callers.
type awaited struct {
	net.Listener
	first func()
}

func (a *awaited) Accept() (net.Conn, error) {
	a.first()
	return a.Listener.Accept()
}

// Nobody who gets in is told that the hub has not come so far.
func TestWhoeverAsksIsServed(t *testing.T) {
	w := newWorld(t)
	d, err := Open(t.Context(), w.options())
	if err != nil {
		t.Fatal(err)
	}
	state := make(chan string, 1)
	d.bound.admin = &awaited{d.bound.admin, sync.OnceFunc(func() { state <- d.Status().State })}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	if got := <-state; got != StateServing {
		t.Errorf("the first who asks is told %q", got)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestElsewhereThanOnLoopbackTheAdminListenerIsTheOperators(t *testing.T) {
	w := newWorld(t)
	w.config.Listen.Admin = "0.0.0.0:0"
	d, _ := w.run()
	_, port, _ := strings.Cut(d.Addresses().Admin, "]:")
	base := "https://127.0.0.1:" + port
	operator := browser(t, &http.Transport{TLSClientConfig: clientTLS(t, w, w.layout.Operator()), ForceAttemptHTTP2: true})
	if code, body := page(t, operator, base+"/readyz"); code != http.StatusOK {
		t.Errorf("the operator got %d %s", code, body)
	}
	partner := browser(t, &http.Transport{TLSClientConfig: clientTLS(t, w, w.partner(d)), ForceAttemptHTTP2: true})
	if code, body := page(t, partner, base+"/metrics"); code != http.StatusForbidden {
		t.Errorf("a partner got %d %s", code, body)
	}
	roots := clientTLS(t, w, w.layout.Operator())
	roots.Certificates = nil
	nobody := browser(t, &http.Transport{TLSClientConfig: roots, ForceAttemptHTTP2: true})
	if answer, err := nobody.Get(base + "/livez"); err == nil {
		answer.Body.Close()
		t.Error("nobody got an answer")
	}
}

func TestTwoHubsDoNotShareAFolder(t *testing.T) {
	w := newWorld(t)
	w.run()
	if d, err := Open(t.Context(), w.options()); !errors.Is(err, keyring.ErrInUse) {
		t.Errorf("%v, %v", d, err)
	}
}

func TestAnotherOperatorIsRefused(t *testing.T) {
	w := newWorld(t)
	_, stop := w.run()
	stop()
	w.config.Operator.TrustDomain = "usurper.example"
	if _, err := Open(t.Context(), w.options()); err == nil || !strings.Contains(err.Error(), "another operator") {
		t.Errorf("got %v", err)
	}
}

func TestAStartThatFailsLeavesNothingOpen(t *testing.T) {
	w := newWorld(t)
	good := w.config
	for name, spoil := range map[string]func(){
		"no certificate": func() { w.config.Certificate = "absent.crt" },
		"no bundle":      func() { w.config.Operator.Bundle = "absent.crt" },
		"limits of none": func() { w.config.Limits.Handshakes = 0 },
		"no data":        func() { w.config.Data = w.layout.Config() },
		"address taken":  func() { w.config.Listen.Main = "192.0.2.1:7443" },
	} {
		w.config = good
		spoil()
		if d, err := Open(t.Context(), w.options()); err == nil {
			t.Errorf("%s: %v", name, d)
		}
	}
	w.config = good
	w.run() // nothing holds keys, file or ports
}

func TestAHubWithoutRoomSaysSo(t *testing.T) {
	w := newWorld(t)
	_, stop := w.run()
	stop()
	w.config.Storage.MaxBytes = 17 << 20
	w.config.Storage.Reserve = 17 << 20
	d, _ := w.run()
	code, body := page(t, browser(t, &http.Transport{}), "http://"+d.Addresses().Admin+"/readyz")
	if code != http.StatusServiceUnavailable || !strings.Contains(body, StateFull) {
		t.Errorf("%d %s", code, body)
	}
}

func TestTheHubsCertificateIsReplacedWhileItRuns(t *testing.T) {
	w := newWorld(t)
	d, _ := w.run()
	before := d.reloader.Leaf().SerialNumber
	ca, err := identity.LoadAuthority(w.layout.HubAuthority().Cert, w.layout.HubAuthority().Key, w.now)
	if err != nil {
		t.Fatal(err)
	}
	credential, err := ca.Issue(identity.HubPath, identity.IssueOptions{Server: true, DNS: []string{"localhost"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := credential.Save(w.config.Certificate, w.config.Key); err != nil {
		t.Fatal(err)
	}
	w.move(2 * 1e9)
	whoAmI(t, w, d, w.layout.Operator())
	if d.reloader.Leaf().SerialNumber.Cmp(before) == 0 || !strings.Contains(w.log.String(), "the hub's certificate was replaced") {
		t.Errorf("the old one is still in use; the log says %s", w.log)
	}
}
