package fault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestKinds(t *testing.T) {
	seen := make(map[string]bool)
	for _, k := range Kinds() {
		name := k.String()
		if name == "" || name != strings.ToUpper(name) || seen[name] {
			t.Errorf("kind %d is called %q", k, name)
		}
		seen[name] = true
	}
	if len(seen) != 13 {
		t.Errorf("%d kinds, want 13", len(seen))
	}
	var zero Kind
	if zero != Internal || Kind(200).String() != "INTERNAL" {
		t.Error("what is no kind must be Internal")
	}
}

// The inner error is found by errors.Is and by the log, and by nothing that a
// careless edge might print.
func TestInnerErrorStaysInside(t *testing.T) {
	secret := errors.New("row 7 of agency x: canary-4711")
	f := Wrap(fmt.Errorf("get: %w", secret), DataLoss, "RECORD_DAMAGED", "Tell the operator.")
	if !errors.Is(f, secret) {
		t.Error("the inner error is lost")
	}
	for _, text := range []string{
		f.Error(), fmt.Sprint(f), fmt.Sprintf("%v", error(f)), fmt.Sprintf("%+v", error(f)), fmt.Sprintf("%s", f), fmt.Sprintf("%q", f),
	} {
		if strings.Contains(text, "canary") {
			t.Errorf("it leaks in %q", text)
		}
	}
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Error("failed", "error", f)
	for _, want := range []string{"error.kind=DATA_LOSS", "error.reason=RECORD_DAMAGED", "canary-4711"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the log lacks %s: %s", want, out.String())
		}
	}
}

func TestError(t *testing.T) {
	f := Violated(
		Violation{Field: "content.title", Reason: "TOO_LONG", Description: "at most 200 characters"},
		Violation{Field: "release", Reason: "REQUIRED", Description: "say who may read it"},
	)
	got := f.Error()
	if !strings.HasPrefix(got, "INVALID INVALID_REQUEST: ") ||
		!strings.HasSuffix(got, " [content.title: TOO_LONG] [release: REQUIRED]") {
		t.Error(got)
	}
	if New(NotFound, "NOT_FOUND", "Nothing there.").Error() != "NOT_FOUND NOT_FOUND: Nothing there." {
		t.Error("a plain fault reads wrong")
	}
}

func TestAs(t *testing.T) {
	own := New(Stale, "ETAG_MISMATCH", "Read it again.")
	for _, c := range []struct {
		name   string
		err    error
		kind   Kind
		reason string
	}{
		{"itself", own, Stale, "ETAG_MISMATCH"},
		{"wrapped", fmt.Errorf("revise: %w", fmt.Errorf("apply: %w", own)), Stale, "ETAG_MISMATCH"},
		{"joined", errors.Join(io.EOF, own), Stale, "ETAG_MISMATCH"},
		{"the outermost", Wrap(own, Unavailable, "BEHIND", "Retry."), Unavailable, "BEHIND"},
		{"cancelled", fmt.Errorf("wait: %w", context.Canceled), Cancelled, "CANCELLED"},
		{"deadline", fmt.Errorf("wait: %w", context.DeadlineExceeded), Deadline, "DEADLINE_EXCEEDED"},
		{"a fault around a deadline", Wrap(context.DeadlineExceeded, Exhausted, "SLOW_READER", "Resume."), Exhausted, "SLOW_READER"},
		{"unknown", io.ErrUnexpectedEOF, Internal, "INTERNAL"},
		{"a fault that is none", (*Fault)(nil), Internal, "INTERNAL"},
	} {
		f := As(c.err)
		if f == nil || f.Kind != c.kind || f.Reason != c.reason || f.Message == "" {
			t.Errorf("%s: %+v", c.name, f)
		}
		if KindOf(c.err) != c.kind || !Has(c.err, c.reason) || Has(c.err, "OTHER") {
			t.Errorf("%s: KindOf or Has disagrees", c.name)
		}
	}
	if As(nil) != nil || Has(nil, "") || KindOf(nil) != Internal {
		t.Error("nil is no failure")
	}
	unknown := As(io.ErrUnexpectedEOF)
	if strings.Contains(unknown.Error(), "EOF") || !errors.Is(unknown, io.ErrUnexpectedEOF) {
		t.Error("an unknown error must keep inside what it was")
	}
}

// The With methods change copies: a fault may be shared.
func TestCopies(t *testing.T) {
	base := Violated(Violation{Field: "a", Reason: "R"}).WithMetadata(KeyLimit, "10")
	changed := base.WithRetry(time.Second).WithQuota("agency.writes", "2,000 a second").
		WithMetadata(KeyUnit, "calls_per_second").WithMetadata(KeyLimit, "20").Under("items[3]")
	if base.RetryAfter != 0 || base.Quota != nil || len(base.Metadata) != 1 || base.Metadata[KeyLimit] != "10" ||
		base.Violations[0].Field != "a" {
		t.Errorf("the original changed: %+v", base)
	}
	if changed.RetryAfter != time.Second || *changed.Quota != (Quota{"agency.writes", "2,000 a second"}) ||
		len(changed.Metadata) != 2 || changed.Metadata[KeyLimit] != "20" || changed.Violations[0].Field != "items[3].a" {
		t.Errorf("the copy is wrong: %+v", changed)
	}
	inner := errors.New("inner")
	if !errors.Is(Wrap(inner, Internal, "X", "x").WithRetry(1), inner) {
		t.Error("a copy loses the inner error")
	}
}

func TestUnder(t *testing.T) {
	for _, c := range []struct{ outer, inner, want string }{
		{"agency", "bundle", "agency.bundle"},
		{"agency.bundle", "", "agency.bundle"},
		{"", "bundle", "bundle"},
		{"items", "[2].title", "items[2].title"},
	} {
		f := Violated(Violation{Field: c.inner}).Under(c.outer)
		if got := f.Violations[0].Field; got != c.want {
			t.Errorf("%q under %q: %q", c.inner, c.outer, got)
		}
	}
}
