package rpc

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// Every kind has a code of its own choosing; nothing falls to Unknown.
func TestEveryKindHasACode(t *testing.T) {
	want := map[fault.Kind]codes.Code{
		fault.Internal: codes.Internal, fault.Invalid: codes.InvalidArgument, fault.Unauthenticated: codes.Unauthenticated,
		fault.Denied: codes.PermissionDenied, fault.NotFound: codes.NotFound, fault.AlreadyExists: codes.AlreadyExists,
		fault.Stale: codes.Aborted, fault.Precondition: codes.FailedPrecondition, fault.Exhausted: codes.ResourceExhausted,
		fault.Unavailable: codes.Unavailable, fault.DataLoss: codes.DataLoss, fault.Deadline: codes.DeadlineExceeded, fault.Cancelled: codes.Canceled,
	}
	for _, k := range fault.Kinds() {
		if c, ok := want[k]; !ok || codeOf(k) != c {
			t.Errorf("%v becomes %v", k, codeOf(k))
		}
	}
	if codeOf(fault.Kind(250)) != codes.Internal || statusOf(nil) != nil {
		t.Error("what is no kind is Internal, and nil is nil")
	}
}

// A fault arrives over a real connection with all that it says, and with nothing
// of the error inside it.
func TestStatusRoundTrip(t *testing.T) {
	var next error
	hub := &hubStub{whoAmI: func(context.Context, exchange.Call) (*ententev1.WhoAmIResponse, error) { return nil, next }}
	w := newWorld(t, setup{hub: hub})
	client := ententev1.NewAgencyServiceClient(w.dial("fr.example", "/gateway"))
	inner := errors.New("canary: page 4711")
	for _, k := range fault.Kinds() {
		f := fault.Wrap(inner, k, "SOME_REASON", "Do this.").WithRetry(1500*time.Millisecond).WithQuota("agency.writes", "10 a second").
			WithMetadata(fault.KeyResumeFrom, "e1:7").WithMetadata(fault.KeyLimit, "10")
		f.Violations = []fault.Violation{{Field: "content.title", Reason: "TOO_LONG", Description: "at most 200"}}
		next = fmt.Errorf("wrapped: %w", f)
		_, err := client.WhoAmI(w.ctx(), new(ententev1.WhoAmIRequest))
		got := status.Convert(err)
		if got.Code() != codeOf(k) || got.Message() != "Do this." || strings.Contains(got.Proto().String(), "canary") {
			t.Errorf("%v: %v", k, got.Proto())
		}
		want := []proto.Message{
			&errdetails.ErrorInfo{Reason: "SOME_REASON", Domain: Domain, Metadata: map[string]string{"resumeFrom": "e1:7", "limit": "10"}},
			&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "content.title", Reason: "TOO_LONG", Description: "at most 200"}}},
			&errdetails.RetryInfo{}, &errdetails.QuotaFailure{},
		}
		details := got.Details()
		if len(details) != len(want) {
			t.Fatalf("%v: %d details", k, len(details))
		}
		for i := range want[:2] {
			if m, ok := details[i].(proto.Message); !ok || !proto.Equal(m, want[i]) {
				t.Errorf("%v: detail %d is %v", k, i, details[i])
			}
		}
		if r, ok := details[2].(*errdetails.RetryInfo); !ok || r.GetRetryDelay().AsDuration() != 1500*time.Millisecond {
			t.Errorf("%v: %v", k, details[2])
		}
		if q, ok := details[3].(*errdetails.QuotaFailure); !ok || q.GetViolations()[0].GetSubject() != "agency.writes" {
			t.Errorf("%v: %v", k, details[3])
		}
	}
	for _, unknown := range []error{inner, (*fault.Fault)(nil)} {
		next = unknown
		_, err := client.WhoAmI(w.ctx(), new(ententev1.WhoAmIRequest))
		if status.Code(err) != codes.Internal || strings.Contains(err.Error(), "canary") {
			t.Errorf("%v became %v", unknown, err)
		}
	}
	if log := w.log.String(); !strings.Contains(log, "canary: page 4711") {
		t.Error("the operator does not learn what was wrong")
	}
}

// However much is wrong, the answer fits where details travel.
func TestViolationsAreBounded(t *testing.T) {
	var many []fault.Violation
	for range 1000 {
		many = append(many, fault.Violation{Field: strings.Repeat("f", 60), Reason: "REASON", Description: strings.Repeat("d", 100)})
	}
	s := statusOf(fault.Violated(many...))
	if n := proto.Size(s.Proto()); n > 8<<10 {
		t.Errorf("a status of %d bytes", n)
	}
}

func TestUnknownMethods(t *testing.T) {
	w := newWorld(t, setup{bound: agreeable()})
	conn := w.dial("fr.example", "/gateway")
	for _, name := range []string{
		"/entente.v1.AgencyService/Nothing", "/entente.v1.agencyservice/WhoAmI", "/nothing/WhoAmI", "//WhoAmI", "/entente.v1.AgencyService/WhoAmI/",
		"/grpc.channelz.v1.Channelz/GetServers", "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
	} {
		err := conn.Invoke(w.ctx(), name, new(ententev1.WhoAmIRequest), new(ententev1.WhoAmIResponse))
		if status.Code(err) != codes.Unimplemented || reason(err) != "METHOD_UNKNOWN" {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.suspend("fr-police")
	if err := conn.Invoke(w.ctx(), "/no.such.Service/Method", new(ententev1.WhoAmIRequest), new(ententev1.WhoAmIResponse)); status.Code(err) != codes.Unauthenticated {
		t.Errorf("a stranger learns which methods there are: %v", err)
	}
}
