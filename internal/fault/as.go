package fault

import (
	"context"
	"errors"
)

// As is the fault inside err, for the edge and for whoever must branch on it.
// nil stays nil. The outermost *Fault in the chain wins; a context's end becomes
// Cancelled or Deadline; anything else becomes Internal with a fixed text
// around err. The result may be shared: do not change it.
func As(err error) *Fault {
	var f *Fault
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f):
		if f == nil { // somebody returned a nil *Fault as an error
			return internal(errNilFault)
		}
		return f
	case errors.Is(err, context.Canceled):
		return Wrap(err, Cancelled, "CANCELLED", "The call was cancelled before it finished.")
	case errors.Is(err, context.DeadlineExceeded):
		return Wrap(err, Deadline, "DEADLINE_EXCEEDED",
			"The call ran out of time; repeat it with the same request_id and a longer deadline.")
	default:
		return internal(err)
	}
}

var errNilFault = errors.New("a nil *fault.Fault was returned as an error")

func internal(inner error) *Fault {
	return Wrap(inner, Internal, "INTERNAL",
		"The hub failed; repeat the call with the same request_id, and tell the operator if it fails again.")
}

// KindOf is the kind of As(err). It must not be asked about nil, which is no
// failure; it answers Internal then.
func KindOf(err error) Kind {
	if f := As(err); f != nil {
		return f.Kind
	}
	return Internal
}

// Has tells whether err is a fault with this reason.
func Has(err error, reason string) bool {
	f := As(err)
	return f != nil && f.Reason == reason
}
