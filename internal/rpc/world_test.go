package rpc

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identity"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const hubName = "hub.operator.example"

// world is a server on loopback with an operator and two agencies, France and
// Italy, each with its own authority. Only what answers behind the edge is made
// up; connections, certificates and calls are real.
type world struct {
	t           *testing.T
	server      *Server
	verifier    *identity.Verifier
	publisher   *Publisher
	registry    *prometheus.Registry
	authorities map[string]*identity.Authority
	main, bulk  string
	log         *syncBuffer

	mu      sync.Mutex
	version uint64
	states  map[string]*internalv1.AgencyState
}

// syncBuffer is a log that several goroutines write.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// setup is what a test may change.
type setup struct {
	hub    Hub
	bound  bound
	limits func(*Limits)
	room   func() error
}

func newWorld(t *testing.T, s setup) *world {
	t.Helper()
	w := &world{
		t: t, registry: prometheus.NewRegistry(), authorities: map[string]*identity.Authority{}, log: new(syncBuffer),
		states: map[string]*internalv1.AgencyState{},
	}
	w.verifier = must(identity.New(time.Now, nil))(t)
	for _, domain := range []string{"operator.example", "fr.example", "it.example"} {
		w.authorities[domain] = must(identity.NewAuthority(domain, identity.AuthorityOptions{Clock: time.Now}))(t)
	}
	w.publisher = must(NewPublisher(w.verifier, Operator{Domain: "operator.example", BundlePEM: w.authorities["operator.example"].BundlePEM()}, func(err error) {
		t.Error(err)
	}))(t)
	w.enrol("fr-police", "FR", "fr.example")
	w.enrol("it-police", "IT", "it.example")
	w.start(s)
	return w
}

// must is for what cannot fail in a test that is right.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (w *world) enrol(id, region, domain string) {
	w.change(&internalv1.AgencyState{
		Id: id, RegionCode: region, TrustDomain: domain, BundlePem: w.authorities[domain].BundlePEM(),
		Status: ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE,
		Bindings: []*ententev1.Binding{
			{PathPrefix: "/", Rights: []ententev1.Right{ententev1.Right_RIGHT_READ, ententev1.Right_RIGHT_SUBMIT}},
			{PathPrefix: "/admin", Rights: []ententev1.Right{ententev1.Right_RIGHT_ADMINISTER}},
			{PathPrefix: "/supervisor", Rights: []ententev1.Right{ententev1.Right_RIGHT_SUPERVISE}},
			{PathPrefix: "/nothing"},
		},
	})
}

// change puts the state of an agency in force, as the applier would.
func (w *world) change(a *internalv1.AgencyState) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.version++
	w.states[a.GetId()] = a
	var all []*internalv1.AgencyState
	for _, each := range w.states {
		all = append(all, each)
	}
	w.publisher.Publish(w.version, all, nil)
}

// alter changes a copy of an agency's state and puts it in force.
func (w *world) alter(id string, change func(*internalv1.AgencyState)) {
	w.mu.Lock()
	old := w.states[id]
	w.mu.Unlock()
	next := &internalv1.AgencyState{
		Id: old.GetId(), RegionCode: old.GetRegionCode(), TrustDomain: old.GetTrustDomain(), BundlePem: old.GetBundlePem(), Status: old.GetStatus(),
		Bindings: old.GetBindings(), Revocations: old.GetRevocations(),
	}
	change(next)
	w.change(next)
}

func (w *world) suspend(id string) {
	w.alter(id, func(a *internalv1.AgencyState) { a.Status = ententev1.AgencyStatus_AGENCY_STATUS_SUSPENDED })
}

func (w *world) start(s setup) {
	limits := DefaultLimits()
	if s.limits != nil {
		s.limits(&limits)
	}
	if s.hub == nil {
		s.hub = &hubStub{}
	}
	if s.bound == nil {
		s.bound = bindings(s.hub)
	}
	own := w.pair("operator.example", "/hub", identity.IssueOptions{Server: true, DNS: []string{hubName}})
	server, err := build(Config{
		Verifier: w.verifier, Limits: limits, Registry: w.registry, Room: s.room,
		Certificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &own, nil },
		Logger:      slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}, s.bound)
	if err != nil {
		w.t.Fatal(err)
	}
	w.server = server
	w.main = w.serve(server.Serve)
	w.bulk = w.serve(server.ServeBulk)
	w.t.Cleanup(func() { w.stop(5 * time.Second) })
}

// serve serves on a free port and returns the address.
func (w *world) serve(serve func(net.Listener) error) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- serve(l) }()
	w.t.Cleanup(func() {
		if err := <-done; err != nil {
			w.t.Error(err)
		}
	})
	return l.Addr().String()
}

func (w *world) stop(within time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	w.server.Stop(ctx)
}

// pair issues a certificate.
func (w *world) pair(domain, path string, opts identity.IssueOptions) tls.Certificate {
	w.t.Helper()
	c := must(w.authorities[domain].Issue(path, opts))(w.t)
	return must(c.TLS())(w.t)
}

// config is the client side of a connection as domain's path.
func (w *world) config(domain, path string) *tls.Config {
	w.t.Helper()
	roots := must(identity.ParseBundle(w.authorities["operator.example"].BundlePEM()))(w.t)
	return must(identity.ClientConfig(w.pair(domain, path, identity.IssueOptions{}), identity.Pool(roots), hubName))(w.t)
}

// dial connects to the main listener as domain's path.
func (w *world) dial(domain, path string, opts ...grpc.DialOption) *grpc.ClientConn {
	w.t.Helper()
	return w.dialTo(w.main, domain, path, opts...)
}

func (w *world) dialTo(addr, domain, path string, opts ...grpc.DialOption) *grpc.ClientConn {
	w.t.Helper()
	opts = append([]grpc.DialOption{grpc.WithTransportCredentials(credentials.NewTLS(w.config(domain, path)))}, opts...)
	conn := must(grpc.NewClient("passthrough:///"+addr, opts...))(w.t)
	w.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// ctx bounds what a test waits for; nothing takes that long unless it hangs.
func (w *world) ctx() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	w.t.Cleanup(cancel)
	return ctx
}

// compressed sends a request packed, if packed.
func compressed(packed bool) []grpc.CallOption {
	if packed {
		return []grpc.CallOption{grpc.UseCompressor("gzip")}
	}
	return nil
}

// certsOf is a chain of one.
func certsOf(leaf *x509.Certificate) []*x509.Certificate { return []*x509.Certificate{leaf} }
