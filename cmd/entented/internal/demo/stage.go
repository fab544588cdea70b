package demo

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// stage is where the play happens: who plays, what has been said so far, and how
// much of it went wrong.
type stage struct {
	out      io.Writer
	players  map[string]*player // by agency id
	operator *player
	failed   int
	scenes   int

	// What later scenes speak of: the receipts of Italy's item, of Greece's, and of
	// Britain's seizure report, and Germany's group.
	item, open, report *ententev1.Receipt
	group              *ententev1.Group
}

// stepTime bounds a step; a healthy hub needs milliseconds.
const stepTime = 20 * time.Second

func (s *stage) scene(title string) {
	s.scenes++
	s.print("\n%d. %s\n", s.scenes, title)
}

// step plays one step and says how it went.
func (s *stage) step(ctx context.Context, text string, check func(ctx context.Context) error) {
	ctx, cancel := context.WithTimeout(ctx, stepTime)
	defer cancel()
	if err := check(ctx); err != nil {
		s.failed++
		s.print("   FAILED  %s\n           %v\n", text, err)
		return
	}
	s.print("   ok  %s\n", text)
}

func (s *stage) print(format string, args ...any) {
	_, _ = fmt.Fprintf(s.out, format, args...) // a play without audience still counts its failures
}

// by is the player of an agency id of the cast.
func (s *stage) by(id string) *player { return s.players[id] }

// refusedWith is nil if a call failed with the code and, unless it is empty, with
// the reason.
func refusedWith(err error, code codes.Code, reason string) error {
	got := status.Convert(err)
	if err == nil || got.Code() != code {
		return fmt.Errorf("answered %v, not %v", got.Code(), code)
	}
	if reason != "" && reasonOf(got) != reason {
		return fmt.Errorf("the reason is %q, not %q", reasonOf(got), reason)
	}
	return nil
}

// sameAnswer is nil if two failures are the same to the last byte that a caller
// sees.
func sameAnswer(a, b error) error {
	x, y := status.Convert(a).Proto(), status.Convert(b).Proto()
	if x.String() != y.String() {
		return fmt.Errorf("%v differs from %v", x, y)
	}
	return nil
}

// want is nil if what was found is what was wanted.
func want[T comparable](what string, got, wanted T) error {
	if got != wanted {
		return fmt.Errorf("%s is %v, not %v", what, got, wanted)
	}
	return nil
}

// refusedWithOneOf is nil if a call failed with one of the codes.
func refusedWithOneOf(err error, allowed ...codes.Code) error {
	if got := status.Code(err); err == nil || !slices.Contains(allowed, got) {
		return fmt.Errorf("answered %v, not one of %v", got, allowed)
	}
	return nil
}
