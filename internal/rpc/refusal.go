package rpc

import (
	"strconv"
	"time"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// overspent: the agency has used up its budget of a class.
func overspent(class ententev1.CallClass, rate Rate, wait time.Duration) *fault.Fault {
	return fault.New(fault.Exhausted, "RATE_EXCEEDED",
		"Your agency has used up its budget for calls of this kind; wait as long as the details say, then go on more slowly.").
		WithRetry(max(wait, time.Millisecond)).
		WithQuota("agency."+subject(class), strconv.FormatFloat(rate.PerSecond, 'f', -1, 64)+" a second").
		WithMetadata(fault.KeyLimit, strconv.FormatFloat(rate.PerSecond, 'f', -1, 64)).
		WithMetadata(fault.KeyUnit, "calls_per_second")
}

// crowded: whose, the identity or the agency, has too many calls in flight.
func crowded(whose, quota string, limit int) *fault.Fault {
	return fault.New(fault.Exhausted, "TOO_MANY_CALLS", "Too many calls of your "+whose+" are in flight; finish some of them first.").
		WithRetry(time.Second).
		WithQuota(quota, strconv.Itoa(limit)+" at once").
		WithMetadata(fault.KeyLimit, strconv.Itoa(limit)).
		WithMetadata(fault.KeyUnit, "calls")
}

// stalled: a message waited too long for its reader.
func stalled() *fault.Fault {
	return fault.New(fault.Exhausted, "SLOW_READER",
		"You did not read what the hub sent you; go on from resumeFrom and read without pausing.")
}

// silent: the hub waited too long for a message.
func silent() *fault.Fault {
	return fault.New(fault.Deadline, "STREAM_SILENT", "You left the stream open and sent nothing; open a new one when there is something to send.")
}

// departing: the hub stops, or the connection has come of age.
func departing() *fault.Fault {
	return fault.New(fault.Unavailable, "HUB_STOPPING", "The hub is closing this stream; open a new one and go on from resumeFrom.").
		WithRetry(time.Second)
}

// resumable adds the cursor to go on from, where there is one.
func resumable(f *fault.Fault, cursor *string) *fault.Fault {
	if cursor == nil {
		return f
	}
	return f.WithMetadata(fault.KeyResumeFrom, *cursor)
}
