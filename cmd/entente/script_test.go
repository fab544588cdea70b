package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identity"
)

// update makes the golden files anew: go test ./cmd/entente -update.
var update = flag.Bool("update", false, "write the golden files")

// golden compares with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	wants, gots := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range min(len(wants), len(gots)) {
		if wants[i] != gots[i] {
			t.Errorf("%s, line %d:\n got %q\nwant %q", name, i+1, gots[i], wants[i])
			return
		}
	}
	t.Errorf("%s: %d lines, not %d", name, len(gots), len(wants))
}

// request is one call that the script was asked for.
type request struct {
	method string
	body   map[string]any
}

// script is a hub that says what a test tells it to: a real server over mutual TLS with the services of the API.
type script struct {
	ententev1.UnimplementedAgencyServiceServer
	ententev1.UnimplementedGroupServiceServer
	ententev1.UnimplementedMatchServiceServer
	ententev1.UnimplementedStandingQueryServiceServer
	ententev1.UnimplementedDisclosureServiceServer
	ententev1.UnimplementedSeizureServiceServer
	ententev1.UnimplementedIntelligenceServiceServer
	ententev1.UnimplementedInboxServiceServer

	t         *testing.T
	dir       string
	address   string
	authority *identity.Authority

	// unary answers the n-th call, from 1; nil answers with empty messages.
	unary func(n int, method string, in proto.Message) (proto.Message, error)
	// watch serves the n-th watch, bulk the n-th bulk stream.
	watch func(n int, in *ententev1.WatchInboxRequest, send func(*ententev1.WatchInboxResponse) error) error
	bulk  func(n int, s grpc.BidiStreamingServer[ententev1.BulkSubmitIntelligenceItemsRequest, ententev1.BulkSubmitIntelligenceItemsResponse]) error

	mu              sync.Mutex
	requests        []request
	watches, bulks  int
	clientAuthority *identity.Authority
}

const scriptDomain = "operator.example"

// newScript starts the server and makes a context for it, named default.
func newScript(t *testing.T) *script {
	t.Helper()
	s := &script{t: t, dir: t.TempDir()}
	s.authority = newAuthority(t, scriptDomain)
	s.clientAuthority = newAuthority(t, "agency.example")
	hub, err := s.authority.Issue(identity.HubPath, identity.IssueOptions{Server: true, DNS: []string{"localhost"}})
	if err != nil {
		t.Fatal(err)
	}
	own, err := hub.TLS()
	if err != nil {
		t.Fatal(err)
	}
	config, err := identity.ClientConfig(own, identity.Pool([]*x509.Certificate{s.clientAuthority.Certificate()}), "unused")
	if err != nil {
		t.Fatal(err)
	}
	config.ClientCAs, config.ClientAuth = config.RootCAs, tls.RequireAndVerifyClientCert
	server := grpc.NewServer(grpc.Creds(credentials.NewTLS(config)), grpc.UnaryInterceptor(s.serveUnary))
	ententev1.RegisterAgencyServiceServer(server, s)
	ententev1.RegisterGroupServiceServer(server, s)
	ententev1.RegisterMatchServiceServer(server, s)
	ententev1.RegisterStandingQueryServiceServer(server, s)
	ententev1.RegisterDisclosureServiceServer(server, s)
	ententev1.RegisterSeizureServiceServer(server, s)
	ententev1.RegisterIntelligenceServiceServer(server, s)
	ententev1.RegisterInboxServiceServer(server, s)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	t.Cleanup(func() {
		server.Stop()
		if err := <-served; err != nil && !errors.Is(err, grpc.ErrServerStopped) { // stopped before it began
			t.Error(err)
		}
	})
	s.address = l.Addr().String()
	s.write("hub-ca.pem", s.authority.BundlePEM())
	s.certificate("me", s.clientAuthority)
	s.ok("context", "add", "default", "--endpoint", s.address, "--server-name", "localhost", "--bulk-endpoint", s.address, "--hub-ca", s.file("hub-ca.pem"),
		"--cert", s.file("me.pem"), "--key", s.file("me.key"), "--purpose", "investigation", "--case", "C-7", "--officer", "4711")
	return s
}

func newAuthority(t *testing.T, domain string) *identity.Authority {
	t.Helper()
	a, err := identity.NewAuthority(domain, identity.AuthorityOptions{Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// certificate writes a certificate of the authority's and its key.
func (s *script) certificate(name string, authority *identity.Authority) {
	s.t.Helper()
	own, err := authority.Issue("/gateway", identity.IssueOptions{})
	if err == nil {
		err = own.Save(s.file(name+".pem"), s.file(name+".key"))
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *script) file(name string) string { return filepath.Join(s.dir, name) }

func (s *script) write(name, text string) string {
	s.t.Helper()
	if err := os.WriteFile(s.file(name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return s.file(name)
}

// serveUnary notes the request and gives the script's answer.
func (s *script) serveUnary(_ context.Context, in any, info *grpc.UnaryServerInfo, _ grpc.UnaryHandler) (any, error) {
	m, ok := in.(proto.Message)
	if !ok {
		return nil, status.Error(codes.Internal, "no message")
	}
	method := strings.TrimPrefix(info.FullMethod, "/"+apiPackage)
	s.mu.Lock()
	s.requests = append(s.requests, request{method, inJSON(m)})
	n := len(s.requests)
	s.mu.Unlock()
	if s.unary != nil {
		return s.unary(n, method, m)
	}
	_, _, out, err := methodOf(method)
	if err != nil {
		return nil, err
	}
	return out.New().Interface(), nil
}

// WatchInbox serves the script's watches.
func (s *script) WatchInbox(in *ententev1.WatchInboxRequest, stream grpc.ServerStreamingServer[ententev1.WatchInboxResponse]) error {
	s.mu.Lock()
	s.watches++
	n := s.watches
	s.mu.Unlock()
	return s.watch(n, in, stream.Send)
}

// BulkSubmitIntelligenceItems serves the script's bulk streams.
func (s *script) BulkSubmitIntelligenceItems(stream grpc.BidiStreamingServer[ententev1.BulkSubmitIntelligenceItemsRequest, ententev1.BulkSubmitIntelligenceItemsResponse]) error {
	s.mu.Lock()
	s.bulks++
	n := s.bulks
	s.mu.Unlock()
	if _, err := stream.Recv(); err != nil { // the header
		return err
	}
	return s.bulk(n, stream)
}

// taken is the requests so far, and forgets them.
func (s *script) taken() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.requests
	s.requests = nil
	return all
}

// inJSON is a message as grpcurl would show it.
func inJSON(m proto.Message) map[string]any {
	body := map[string]any{}
	text, err := protojson.Marshal(m)
	if err == nil {
		err = json.Unmarshal(text, &body)
	}
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	return body
}

// run runs the program against the script.
func (s *script) run(ctx context.Context, in string, args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = run(ctx, args, strings.NewReader(in), &o, &e, s.env)
	return code, o.String(), e.String()
}

func (s *script) env(name string) string {
	return map[string]string{"ENTENTE_CONFIG": s.file("contexts.yaml")}[name]
}

func (s *script) ok(args ...string) (out, errs string) {
	s.t.Helper()
	code, out, errs := s.run(s.t.Context(), "", args...)
	if code != exitOK {
		s.t.Fatalf("entente %s: exit %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out, errs
}

// fails wants an exit code, and words in what is said.
func (s *script) fails(want int, words []string, args ...string) {
	s.t.Helper()
	code, out, errs := s.run(s.t.Context(), "", args...)
	if code != want {
		s.t.Errorf("entente %s: exit %d, not %d\n%s%s", strings.Join(args, " "), code, want, out, errs)
	}
	for _, word := range words {
		if !strings.Contains(errs, word) {
			s.t.Errorf("entente %s: %q is not in\n%s", strings.Join(args, " "), word, errs)
		}
	}
}
