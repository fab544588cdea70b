package fault

import (
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"
)

// Key names a fact that a Fault may carry for machines. The set is closed, so
// that no value finds its way out under a name made up on the spot.
type Key string

// The metadata keys. Values are made by the hub, never copied from a request.
const (
	// KeyResumeFrom is the cursor from which a cut-off stream goes on.
	KeyResumeFrom Key = "resumeFrom"
	// KeyRight is the right that the method declares.
	KeyRight Key = "right"
	// KeyLimit is the limit that was hit, as a decimal number.
	KeyLimit Key = "limit"
	// KeyUnit is what KeyLimit counts, such as "bytes" or "calls_per_second".
	KeyUnit Key = "unit"
)

// Violation is one thing wrong with one field of a request.
type Violation struct {
	// Field is the path in JSON spelling, such as "content.subjects[2].phone".
	Field string
	// Reason is stable, in UPPER_SNAKE, for machines.
	Reason string
	// Description says to a person what to change, without the value.
	Description string
}

// Quota says whose allowance is used up.
type Quota struct {
	// Subject is what is limited, such as "agency.writes".
	Subject string
	// Description says how much it is and when there is more.
	Description string
}

// Fault is a failure as the caller learns of it, around the error that caused
// it. Treat a Fault as immutable: the With methods and Under return copies.
type Fault struct {
	// Kind decides the status code.
	Kind Kind
	// Reason is stable, in UPPER_SNAKE, for machines.
	Reason string
	// Message says to a person what to do next. A fixed text.
	Message string
	// Violations are the fields at fault, in the order of the request.
	Violations []Violation
	// RetryAfter is how long to wait before trying again; 0 says nothing.
	RetryAfter time.Duration
	// Quota is the allowance that ran out, or nil.
	Quota *Quota
	// Metadata are further facts for machines, or nil.
	Metadata map[Key]string

	inner error
}

// New makes a fault without an inner error. Reason is UPPER_SNAKE and stable;
// message is a fixed text that says what to do next.
func New(kind Kind, reason, message string) *Fault {
	return &Fault{Kind: kind, Reason: reason, Message: message}
}

// Wrap makes a fault around the error that caused it. The inner error goes to
// the log (LogValue) and to errors.Is and errors.As, never to the caller.
func Wrap(inner error, kind Kind, reason, message string) *Fault {
	return &Fault{Kind: kind, Reason: reason, Message: message, inner: inner}
}

// Violated is an Invalid fault about the given fields.
func Violated(violations ...Violation) *Fault {
	return &Fault{
		Kind:       Invalid,
		Reason:     "INVALID_REQUEST",
		Message:    "The request is not valid; correct the fields listed in the details and send it again.",
		Violations: violations,
	}
}

// Error is the outer side in one line: kind, reason, message, fields. It never
// holds the inner error.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.Kind.String())
	b.WriteString(" " + f.Reason + ": " + f.Message)
	for _, v := range f.Violations {
		b.WriteString(" [" + v.Field + ": " + v.Reason + "]")
	}
	return b.String()
}

// Unwrap is the inner error, or nil. A nil *Fault that was returned as an error has
// none.
func (f *Fault) Unwrap() error {
	if f == nil {
		return nil
	}
	return f.inner
}

// LogValue shows both sides to the log, the inner error as "cause".
func (f *Fault) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("kind", f.Kind.String()), slog.String("reason", f.Reason)}
	for _, v := range f.Violations {
		attrs = append(attrs, slog.String("field", v.Field+" "+v.Reason))
	}
	if f.inner != nil {
		attrs = append(attrs, slog.String("cause", f.inner.Error()))
	}
	return slog.GroupValue(attrs...)
}

// WithRetry is a copy that tells the caller how long to wait.
func (f *Fault) WithRetry(after time.Duration) *Fault {
	c := f.clone()
	c.RetryAfter = after
	return c
}

// WithQuota is a copy that names the allowance that ran out.
func (f *Fault) WithQuota(subject, description string) *Fault {
	c := f.clone()
	c.Quota = &Quota{Subject: subject, Description: description}
	return c
}

// WithMetadata is a copy with one more fact. The value must be the hub's own.
func (f *Fault) WithMetadata(key Key, value string) *Fault {
	c := f.clone()
	if c.Metadata == nil {
		c.Metadata = make(map[Key]string, 1)
	}
	c.Metadata[key] = value
	return c
}

// Under is a copy whose violations lie inside the given field: whoever checks
// a part of a message does not know where that part stands.
func (f *Fault) Under(field string) *Fault {
	c := f.clone()
	for i := range c.Violations {
		c.Violations[i].Field = join(field, c.Violations[i].Field)
	}
	return c
}

func join(outer, inner string) string {
	switch {
	case outer == "":
		return inner
	case inner == "" || inner[0] == '[':
		return outer + inner
	default:
		return outer + "." + inner
	}
}

func (f *Fault) clone() *Fault {
	c := *f
	c.Violations = slices.Clone(f.Violations)
	c.Metadata = maps.Clone(f.Metadata)
	return &c
}
