package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The exit codes. They are part of the command line's contract.
const (
	exitOK          = 0
	exitFailure     = 1
	exitUsage       = 2
	exitRefused     = 3
	exitNotFound    = 4
	exitDenied      = 5
	exitUnavailable = 6
	exitConflict    = 7
	exitInterrupted = 130
)

func exitCodes() *cobra.Command {
	return &cobra.Command{
		Use: "exit-codes", Short: "What the exit codes mean",
		Long: `  0  done
  1  failed for another reason
  2  the command line, a context or a file is not right; nothing was sent
  3  the hub refused the input: it says which field and why
  4  there is no such thing, for you
  5  the certificate is not accepted, or may not do this
  6  the hub cannot answer now, or a budget is spent: try again later
  7  the state has changed, or does not allow it: read again, then decide
130  interrupted`,
	}
}

// usage is a mistake on this side: nothing was sent.
type usage string

func (u usage) Error() string { return string(u) }

// refused is input that cannot be sent, or rows that the hub refused.
type refused struct{ text string }

func (r refused) Error() string { return r.text }

// report tells what went wrong and what to do, and gives the exit code.
func (a *app) report(err error) int {
	if err == nil {
		return exitOK
	}
	var wrong usage
	var input refused
	switch {
	case errors.As(err, &wrong):
		a.say("entente: %s", string(wrong))
		return exitUsage
	case errors.As(err, &input):
		a.say("entente: %s", input.text)
		return exitRefused
	case errors.Is(err, context.Canceled):
		a.say("entente: interrupted")
		return exitInterrupted
	}
	st, ok := statusOf(err)
	if !ok {
		a.say("entente: %v", err)
		if !a.begun { // arguments and flags are judged before anything else
			return exitUsage
		}
		return exitFailure
	}
	if handshakeFailed(st.Err()) {
		a.say("entente: %s", explainHandshake(st))
		return exitDenied
	}
	if st.Code() == codes.Canceled && len(st.Details()) == 0 {
		a.say("entente: interrupted")
	} else {
		a.say("entente: %s", a.unanswered(st)+explain(st))
	}
	if a.requestID != "" && undecided(st.Code()) {
		a.say("It may or may not have happened. Repeating the command with %s is safe.", a.again())
	}
	return exitOf(st.Code())
}

// unanswered says what to look at when no hub was reached, or none answered in time: gRPC's own words come with no
// details, and the hub's always with some.
func (a *app) unanswered(st *status.Status) string {
	switch {
	case len(st.Details()) > 0:
		return ""
	case st.Code() == codes.Unavailable:
		return "the hub cannot be reached: look at --endpoint, at the network, and whether it is running\n  "
	case st.Code() == codes.DeadlineExceeded:
		return fmt.Sprintf("no answer within %v (--timeout)\n  ", a.timeout)
	default:
		return ""
	}
}

// statusOf is the hub's answer inside an error. Going by the error alone would put gRPC's own words around it.
func statusOf(err error) (*status.Status, bool) {
	var answer interface{ GRPCStatus() *status.Status }
	if errors.As(err, &answer) {
		return answer.GRPCStatus(), true
	}
	return nil, false
}

// firstOf is the first of some errors, which the others follow from.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// undecided: after such a code a write may or may not have happened.
func undecided(code codes.Code) bool {
	switch code {
	case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled, codes.Internal, codes.Unknown:
		return true
	default:
		return false
	}
}

// again is the flags that make a repeated command the same request.
func (a *app) again() string {
	if a.basedOn == "" {
		return "--request-id " + a.requestID
	}
	return "--request-id " + a.requestID + " --etag " + a.basedOn
}

// handshakeFailed: one side did not accept the certificate of the other. gRPC tells it as
// UNAVAILABLE, and only in words; the hub's own refusal comes after the handshake, as TLS 1.3 has it.
func handshakeFailed(err error) bool {
	st, ok := status.FromError(err)
	return ok && st.Code() == codes.Unavailable &&
		(strings.Contains(st.Message(), "tls: ") || strings.Contains(st.Message(), "x509: "))
}

// explainHandshake says which side refused which certificate.
func explainHandshake(st *status.Status) string {
	if strings.Contains(st.Message(), "remote error: tls: ") {
		return "the hub does not accept the certificate\n  it may have expired or been revoked, or the agency may not be enrolled with this authority;\n" +
			"  look at --cert, and ask your administrator or the operator\n  " + st.Message()
	}
	return "the hub's certificate is not the one expected\n  --hub-ca must hold the hub's authority (hub-ca.crt), and the certificate the host of --endpoint\n" +
		"  (or --server-name) and the --hub-id; if they are right, somebody else may be answering: do not go on\n  " + st.Message()
}

// reasonOf is the stable reason of a status, empty where it has none.
func reasonOf(st *status.Status) string {
	for _, d := range st.Details() {
		if info, ok := d.(*errdetails.ErrorInfo); ok {
			return info.GetReason()
		}
	}
	return ""
}

// retryDelay is how long the hub says to wait, 0 where it says nothing.
func retryDelay(st *status.Status) time.Duration {
	for _, d := range st.Details() {
		if retry, ok := d.(*errdetails.RetryInfo); ok {
			return retry.GetRetryDelay().AsDuration()
		}
	}
	return 0
}

func exitOf(code codes.Code) int {
	switch code {
	case codes.InvalidArgument, codes.OutOfRange:
		return exitRefused
	case codes.NotFound:
		return exitNotFound
	case codes.PermissionDenied, codes.Unauthenticated:
		return exitDenied
	case codes.Unavailable, codes.ResourceExhausted, codes.DeadlineExceeded:
		return exitUnavailable
	case codes.Aborted, codes.AlreadyExists, codes.FailedPrecondition:
		return exitConflict
	case codes.Canceled:
		return exitInterrupted
	default:
		return exitFailure
	}
}

// explain is a status in words: what the hub says, why, which fields, and when to come again.
func explain(st *status.Status) string {
	var b strings.Builder
	b.WriteString(st.Message())
	for _, d := range st.Details() {
		switch d := d.(type) {
		case *errdetails.ErrorInfo:
			fmt.Fprintf(&b, "\n  reason: %s", d.GetReason())
			for _, key := range []string{"right", "limit", "unit", "resumeFrom"} {
				if v := d.GetMetadata()[key]; v != "" {
					fmt.Fprintf(&b, "\n  %s: %s", key, v)
				}
			}
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				fmt.Fprintf(&b, "\n  %s: %s (%s)", v.GetField(), v.GetDescription(), v.GetReason())
			}
		case *errdetails.QuotaFailure:
			for _, v := range d.GetViolations() {
				fmt.Fprintf(&b, "\n  %s: %s", v.GetSubject(), v.GetDescription())
			}
		case *errdetails.RetryInfo:
			fmt.Fprintf(&b, "\n  try again in %v", d.GetRetryDelay().AsDuration())
		}
	}
	return b.String()
}
