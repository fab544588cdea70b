package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

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
	st, ok := status.FromError(err)
	if !ok {
		a.say("entente: %v", err)
		if strings.Contains(err.Error(), "unknown command") || strings.Contains(err.Error(), "arg(s)") {
			return exitUsage
		}
		return exitFailure
	}
	a.say("entente: %s", explain(st))
	if a.requestID != "" && (st.Code() == codes.Unavailable || st.Code() == codes.DeadlineExceeded) {
		a.say("It may or may not have happened. Repeating it with request_id %s is safe.", a.requestID)
	}
	return exitOf(st.Code())
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
