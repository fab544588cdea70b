package fault

// Kind is one of the thirteen ways to fail. The zero value is Internal, so
// that a fault whose kind was forgotten tells the caller nothing.
type Kind uint8

// The kinds, each with the promise that it makes to the caller.
const (
	// Internal is a defect of ours. The caller gets a fixed text.
	Internal Kind = iota
	// Invalid: the request alone is wrong, whatever the state of the hub.
	// Repeating it unchanged fails again.
	Invalid
	// Unauthenticated: nobody that the hub accepts is behind the call.
	Unauthenticated
	// Denied: the caller is known, and may not do this. Only for what the
	// caller may know to exist; everything else is NotFound.
	Denied
	// NotFound: absent, or not for this caller; the two never differ.
	NotFound
	// AlreadyExists: the name, reference or request_id is taken by something
	// of the caller's own.
	AlreadyExists
	// Stale: the caller's ETag or revision is no longer the current one.
	// Read again, then decide again.
	Stale
	// Precondition: the state of the record or of the hub forbids this now;
	// repeating it helps only after that state has changed.
	Precondition
	// Exhausted: a quota, a budget, a limit or the disk is used up.
	Exhausted
	// Unavailable: the hub cannot answer now. Retry with the same request_id.
	Unavailable
	// DataLoss: a stored value is damaged and was not served.
	DataLoss
	// Deadline: time ran out. A write may or may not have happened; retry it
	// with the same request_id.
	Deadline
	// Cancelled: the caller gave up.
	Cancelled

	kinds // how many there are
)

// String is the kind in upper snake case, for logs and tests.
func (k Kind) String() string {
	names := [kinds]string{
		Internal:        "INTERNAL",
		Invalid:         "INVALID",
		Unauthenticated: "UNAUTHENTICATED",
		Denied:          "DENIED",
		NotFound:        "NOT_FOUND",
		AlreadyExists:   "ALREADY_EXISTS",
		Stale:           "STALE",
		Precondition:    "PRECONDITION",
		Exhausted:       "EXHAUSTED",
		Unavailable:     "UNAVAILABLE",
		DataLoss:        "DATA_LOSS",
		Deadline:        "DEADLINE",
		Cancelled:       "CANCELLED",
	}
	if k >= kinds {
		return "INTERNAL"
	}
	return names[k]
}

// Kinds lists every kind once, in order; rpc proves its table complete with it.
func Kinds() []Kind {
	all := make([]Kind, 0, kinds)
	for k := Internal; k < kinds; k++ {
		all = append(all, k)
	}
	return all
}
