package rpc

import (
	"errors"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/seed-1d76a664/entente/internal/fault"
)

// Domain is the ErrorInfo.domain of all that the hub refuses.
const Domain = "entente"

// maxViolations bounds the fields that a status names: details travel in a header
// block, and clients accept as little as 8 KiB of it.
const maxViolations = 20

// codeOf is the one table from the ways to fail to gRPC's codes.
func codeOf(k fault.Kind) codes.Code {
	switch k {
	case fault.Invalid:
		return codes.InvalidArgument
	case fault.Unauthenticated:
		return codes.Unauthenticated
	case fault.Denied:
		return codes.PermissionDenied
	case fault.NotFound:
		return codes.NotFound
	case fault.AlreadyExists:
		return codes.AlreadyExists
	case fault.Stale:
		return codes.Aborted
	case fault.Precondition:
		return codes.FailedPrecondition
	case fault.Exhausted:
		return codes.ResourceExhausted
	case fault.Unavailable:
		return codes.Unavailable
	case fault.DataLoss:
		return codes.DataLoss
	case fault.Deadline:
		return codes.DeadlineExceeded
	case fault.Cancelled:
		return codes.Canceled
	case fault.Internal:
		return codes.Internal
	default:
		return codes.Internal
	}
}

// unimplemented is the one failure that is the edge's own: there is no such
// method. It is no fault.Kind, because no room behind the edge can have it.
type unimplemented struct{}

func (unimplemented) Error() string { return "rpc: no such method" }

// broken is a failure of the connection itself. gRPC has given the stream its
// status already; the edge has nothing to add.
type broken struct{ error }

func (b broken) Unwrap() error { return b.error }

// statusOf is an error as its caller learns of it: the code, the reason, and what
// to do, and never the error that was wrapped. nil stays nil.
func statusOf(err error) *status.Status {
	var (
		wire broken
		none unimplemented
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wire):
		return status.Convert(wire.error)
	case errors.As(err, &none):
		return detailed(status.New(codes.Unimplemented, "The hub has no such method; WhoAmI tells its API revision and features."),
			&errdetails.ErrorInfo{Reason: "METHOD_UNKNOWN", Domain: Domain})
	}
	f := fault.As(err)
	return detailed(status.New(codeOf(f.Kind), f.Message), details(f)...)
}

// Status words a failure as the edge does, for answers that carry failures of
// their own, such as the rows of a batch. nil stays nil.
func Status(err error) *spb.Status { return statusOf(err).Proto() }

// detailed adds details. They are messages of ours, so they can be encoded; if
// one could not, the caller is better off without them than without a status.
func detailed(s *status.Status, details ...protoadapt.MessageV1) *status.Status {
	if with, err := s.WithDetails(details...); err == nil {
		return with
	}
	return s
}

// details in a fixed order: ErrorInfo always, the others where there is something
// to say.
func details(f *fault.Fault) []protoadapt.MessageV1 {
	info := &errdetails.ErrorInfo{Reason: f.Reason, Domain: Domain}
	for key, value := range f.Metadata {
		if info.Metadata == nil {
			info.Metadata = make(map[string]string, len(f.Metadata))
		}
		info.Metadata[string(key)] = value
	}
	list := []protoadapt.MessageV1{info}
	if len(f.Violations) > 0 {
		list = append(list, badRequest(f.Violations))
	}
	if f.RetryAfter > 0 {
		list = append(list, &errdetails.RetryInfo{RetryDelay: durationpb.New(f.RetryAfter.Round(time.Millisecond))})
	}
	if f.Quota != nil {
		list = append(list, &errdetails.QuotaFailure{Violations: []*errdetails.QuotaFailure_Violation{
			{Subject: f.Quota.Subject, Description: f.Quota.Description},
		}})
	}
	return list
}

func badRequest(violations []fault.Violation) *errdetails.BadRequest {
	bad := new(errdetails.BadRequest)
	for _, v := range violations[:min(len(violations), maxViolations)] {
		bad.FieldViolations = append(bad.FieldViolations, &errdetails.BadRequest_FieldViolation{
			Field: v.Field, Reason: v.Reason, Description: v.Description,
		})
	}
	return bad
}
