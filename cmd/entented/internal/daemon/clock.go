package daemon

import (
	"errors"
	"fmt"
	"time"
)

// Bounds of what a clock may do.
const (
	// MaxGap is how far the clock may be ahead of the journal at start: a hub that
	// stood still for a week.
	MaxGap = 7 * 24 * time.Hour
	// catchUp is how far it may be behind: the hub waits until the time has come
	// again, and serves nothing meanwhile.
	catchUp = 5 * time.Second
	// maxDrift is how far the clock may move against the time that has passed
	// while the hub runs.
	maxDrift = 5 * time.Minute
)

// ErrClock says that the clock contradicts the journal. Revived certificates and
// reviews that come too early are what it protects from.
var ErrClock = errors.New("the clock is not where the journal expects it; compare it with another one, set it right, or run: entented time confirm --config FILE")

// CheckClock compares the clock with the last time in the journal; 0 stands for a
// journal without one. wait is how long to wait before serving. The error wraps
// ErrClock.
func CheckClock(now time.Time, journalMicros int64) (wait time.Duration, err error) {
	if journalMicros == 0 {
		return 0, nil
	}
	last := time.UnixMicro(journalMicros)
	ahead := now.Sub(last)
	switch {
	case ahead > MaxGap:
		return 0, fmt.Errorf("daemon: the clock is %v ahead of the journal: %w", ahead.Round(time.Second), ErrClock)
	case ahead < -catchUp:
		return 0, fmt.Errorf("daemon: the clock is %v behind the journal: %w", (-ahead).Round(time.Second), ErrClock)
	}
	return max(-ahead, 0), nil
}

// checkDrift refuses a clock that moved otherwise than time has passed while the
// hub was running.
func checkDrift(moved, passed time.Duration) error {
	if d := (moved - passed).Abs(); d > maxDrift {
		return fmt.Errorf("daemon: the clock jumped by %v while the hub was running: %w", d.Round(time.Second), ErrClock)
	}
	return nil
}
