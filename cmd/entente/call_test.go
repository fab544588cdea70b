package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identity"
)

// fault is a status as the hub makes them.
func faultOf(t *testing.T, code codes.Code, message string, details ...protoadapt.MessageV1) error {
	t.Helper()
	st, err := status.New(code, message).WithDetails(details...)
	if err != nil {
		t.Fatal(err)
	}
	return st.Err()
}

// A write that the hub cannot take now is sent again, as the same request.
func TestRetry(t *testing.T) {
	s := newScript(t)
	s.unary = func(n int, _ string, _ proto.Message) (proto.Message, error) {
		if n < 3 {
			return nil, faultOf(t, codes.Unavailable, "The hub is stopping.")
		}
		return &ententev1.SubmitIntelligenceItemResponse{Receipt: &ententev1.Receipt{Name: "agencies/x/intelligenceItems/1"}}, nil
	}
	if out, _ := s.ok("item", "submit", "-f", s.write("draft.yaml", "plain: {title: T}\n")); !strings.Contains(out, "agencies/x/intelligenceItems/1") {
		t.Errorf("receipt: %s", out)
	}
	sent := s.taken()
	if len(sent) != 3 {
		t.Fatalf("%d requests, not 3", len(sent))
	}
	for _, each := range sent {
		if id := each.body["requestId"]; id == nil || id != sent[0].body["requestId"] {
			t.Errorf("the request ids differ: %v", sent)
		}
	}
}

// What is not UNAVAILABLE is never sent again.
func TestNoRetry(t *testing.T) {
	for _, code := range []codes.Code{codes.InvalidArgument, codes.ResourceExhausted, codes.Internal, codes.Aborted} {
		s := newScript(t)
		s.unary = func(int, string, proto.Message) (proto.Message, error) { return nil, status.Error(code, "no") }
		if got, _, _ := s.run(t.Context(), "", "item", "recall", "agencies/x/intelligenceItems/1", "--etag", "e"); got != exitOf(code) {
			t.Errorf("%v: exit %d", code, got)
		}
		if n := len(s.taken()); n != 1 {
			t.Errorf("%v: %d requests", code, n)
		}
	}
}

// When a write may have happened, the command says how to repeat it so that it happens once.
func TestHowToRepeat(t *testing.T) {
	s := newScript(t)
	s.unary = func(_ int, method string, _ proto.Message) (proto.Message, error) {
		if strings.HasSuffix(method, "/GetIntelligenceItem") {
			return &ententev1.GetIntelligenceItemResponse{IntelligenceItem: &ententev1.IntelligenceItem{Metadata: &ententev1.RecordMetadata{Etag: "e1"}}}, nil
		}
		return nil, status.Error(codes.DeadlineExceeded, "The call ran out of time.")
	}
	code, _, errs := s.run(t.Context(), "", "item", "recall", "agencies/x/intelligenceItems/1")
	id, _ := s.taken()[1].body["requestId"].(string)
	if code != exitUnavailable || !strings.Contains(errs, "--request-id "+id+" --etag e1") {
		t.Errorf("exit %d: %s", code, errs)
	}
	s.fails(exitUnavailable, []string{"--request-id mine"}, "item", "submit", "-f", s.write("draft.yaml", "plain: {title: T}\n"), "--request-id", "mine")
}

// A failure is told with everything that the hub says of it, and its kind is the exit code.
func TestFailures(t *testing.T) {
	s := newScript(t)
	for _, row := range []struct {
		err  error
		exit int
		want []string
	}{
		{
			faultOf(t, codes.InvalidArgument, "Two fields are not right.",
				&errdetails.ErrorInfo{Reason: "REQUEST_MALFORMED", Domain: "entente"},
				&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
					{Field: "draft.plain.title", Description: "must be given", Reason: "REQUIRED"}, {Field: "draft.release", Description: "must be given", Reason: "REQUIRED"},
				}}),
			exitRefused, []string{"Two fields are not right.", "reason: REQUEST_MALFORMED", "draft.plain.title: must be given (REQUIRED)", "draft.release: "},
		},
		{
			faultOf(t, codes.ResourceExhausted, "Your agency has used up its budget.",
				&errdetails.ErrorInfo{Reason: "RATE_EXCEEDED", Metadata: map[string]string{"limit": "1000", "unit": "calls_per_second"}},
				&errdetails.QuotaFailure{Violations: []*errdetails.QuotaFailure_Violation{{Subject: "agency.writes", Description: "1000 a second"}}},
				&errdetails.RetryInfo{RetryDelay: durationpb.New(2 * time.Second)}),
			exitUnavailable, []string{"limit: 1000", "unit: calls_per_second", "agency.writes: 1000 a second", "try again in 2s"},
		},
		{faultOf(t, codes.PermissionDenied, "You may not.", &errdetails.ErrorInfo{Reason: "RIGHT_REQUIRED", Metadata: map[string]string{"right": "RIGHT_SUBMIT"}}), exitDenied, []string{"right: RIGHT_SUBMIT"}},
		{faultOf(t, codes.NotFound, "There is no such thing."), exitNotFound, []string{"There is no such thing."}},
		{faultOf(t, codes.Unauthenticated, "The certificate is not accepted."), exitDenied, nil},
		{faultOf(t, codes.Aborted, "The etag is not current.", &errdetails.ErrorInfo{Reason: "ETAG_STALE"}), exitConflict, []string{"ETAG_STALE"}},
		{faultOf(t, codes.AlreadyExists, "It is taken."), exitConflict, nil},
		{faultOf(t, codes.FailedPrecondition, "Not from there."), exitConflict, nil},
		{faultOf(t, codes.DataLoss, "A value is damaged."), exitFailure, []string{"A value is damaged."}},
		{faultOf(t, codes.Unimplemented, "No such method."), exitFailure, nil},
	} {
		s.unary = func(int, string, proto.Message) (proto.Message, error) { return nil, row.err }
		s.fails(row.exit, append(row.want, "entente: "), "whoami")
		if _, _, errs := s.run(t.Context(), "", "whoami"); strings.Contains(errs, "rpc error") {
			t.Errorf("gRPC's own words: %s", errs)
		}
	}
}

// A certificate that the other side does not accept is no network trouble: it is said which, and not tried again.
func TestHandshakes(t *testing.T) {
	s := newScript(t)
	s.ok("whoami", "--hub-id", "spiffe://operator.example/hub")
	s.write("other.pem", newAuthority(t, scriptDomain).BundlePEM())
	s.certificate("stranger", newAuthority(t, "agency.example"))
	s.taken()
	for _, row := range []struct {
		word string
		args []string
	}{
		{"the hub's certificate is not the one expected", []string{"--hub-ca", s.file("other.pem")}},
		{"the hub's certificate is not the one expected", []string{"--server-name", "hub.example"}},
		{"the hub's certificate is not the one expected", []string{"--hub-id", "spiffe://operator.example/other"}},
		{"the hub does not accept the certificate", []string{"--cert", s.file("stranger.pem"), "--key", s.file("stranger.key")}},
	} {
		began := time.Now()
		s.fails(exitDenied, []string{row.word}, append([]string{"whoami"}, row.args...)...)
		if took := time.Since(began); took > pauses()[1]+pauses()[2] {
			t.Errorf("%v: tried again, for %v", row.args, took)
		}
	}
	if n := len(s.taken()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// A certificate that is over is not even shown to the hub.
func TestOwnCertificateIsOver(t *testing.T) {
	s := newScript(t)
	old, err := identity.NewAuthority(scriptDomain, identity.AuthorityOptions{Clock: func() time.Time { return time.Now().AddDate(-1, 0, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	s.certificate("old", old)
	s.fails(exitUsage, []string{"old.pem is good until 20", "which is over"}, "whoami", "--cert", s.file("old.pem"), "--key", s.file("old.key"))
}

// A hub that is not there, and a person who does not want to wait.
func TestNobodyAnswers(t *testing.T) {
	s := newScript(t)
	s.fails(exitUnavailable, []string{"the hub cannot be reached", "--endpoint"}, "whoami", "--endpoint", "127.0.0.1:1", "--timeout", "300ms")
	s.fails(exitUnavailable, []string{"no answer within 1ns"}, "whoami", "--timeout", "1ns")
	ctx, cancel := context.WithCancel(t.Context())
	s.unary = func(int, string, proto.Message) (proto.Message, error) {
		cancel()
		<-t.Context().Done()
		return nil, status.Error(codes.Canceled, "over")
	}
	if code, _, _ := s.run(ctx, "", "whoami"); code != exitInterrupted {
		t.Errorf("exit %d", code)
	}
}
