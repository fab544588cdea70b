package segment

import (
	"errors"
	"fmt"
)

// ErrDamaged is what every [Damage] is, for errors.Is.
var ErrDamaged = errors.New("segment is damaged")

// Damage says what of a file is not as it was written. [Open], [Reader.Verify]
// and [Merge] return it as an error; every other method of a reader, a posting
// or a cursor panics with it, since an answer that is short must not be taken
// for one.
type Damage struct {
	Path  string
	What  string // the part that is damaged
	Block int    // which block, -1 where it is none
	Err   error  // why, may be nil
}

// Error implements error.
func (d *Damage) Error() string {
	text := fmt.Sprintf("%s: %v: %s", d.Path, ErrDamaged, d.What)
	if d.Block >= 0 {
		text += fmt.Sprintf(", block %d", d.Block)
	}
	if d.Err != nil {
		text += ": " + d.Err.Error()
	}
	return text
}

// Is tells that it is an [ErrDamaged].
func (d *Damage) Is(target error) bool { return target == ErrDamaged }

// Unwrap is why.
func (d *Damage) Unwrap() error { return d.Err }

// caught turns a panic with a damage into an error. It is deferred.
func caught(err *error) {
	switch p := recover().(type) {
	case nil:
	case *Damage:
		*err = p
	default:
		panic(p)
	}
}
