package daemon

import (
	"errors"
	"testing"
	"time"
)

func TestCheckClock(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for name, row := range map[string]struct {
		behind  time.Duration // the journal's time behind the clock
		wait    time.Duration
		refused bool
	}{
		"a moment ago":          {behind: time.Second},
		"the very moment":       {},
		"six days":              {behind: 6 * 24 * time.Hour},
		"a week to the second":  {behind: MaxGap},
		"a week and a second":   {behind: MaxGap + time.Second, refused: true},
		"two seconds too early": {behind: -2 * time.Second, wait: 2 * time.Second},
		"a minute too early":    {behind: -time.Minute, refused: true},
		"ten years back":        {behind: -10 * 365 * 24 * time.Hour, refused: true},
		"ten years on":          {behind: 10 * 365 * 24 * time.Hour, refused: true},
	} {
		wait, err := CheckClock(now, now.Add(-row.behind).UnixMicro())
		if wait != row.wait || errors.Is(err, ErrClock) != row.refused || (err != nil) != row.refused {
			t.Errorf("%s: %v, %v", name, wait, err)
		}
	}
	if wait, err := CheckClock(now, 0); wait != 0 || err != nil {
		t.Errorf("a journal without a time: %v, %v", wait, err)
	}
}

func TestDrift(t *testing.T) {
	for _, row := range []struct {
		moved, passed time.Duration
		refused       bool
	}{
		{time.Minute, time.Minute, false},
		{time.Minute + time.Second, time.Minute, false},
		{time.Hour, time.Minute, true},
		{-time.Hour, time.Minute, true},
		{0, 3 * time.Minute, false},
		{time.Minute, time.Hour, true},
	} {
		if err := checkDrift(row.moved, row.passed); (err != nil) != row.refused {
			t.Errorf("moved %v in %v: %v", row.moved, row.passed, err)
		}
	}
}

// A clock that was wrong by a year, and is then put right, stops the hub until
// somebody has confirmed the time; then it serves.
func TestAClockSetBackWaitsForConfirmation(t *testing.T) {
	w := newWorld(t)
	w.move(48 * time.Hour)
	_, stop := w.run()
	stop()
	w.move(0)
	if _, err := Open(t.Context(), w.options()); !errors.Is(err, ErrClock) {
		t.Fatalf("got %v", err)
	}
	times, err := ConfirmTime(t.Context(), w.options())
	if err != nil {
		t.Fatal(err)
	}
	if times.Journal.Sub(times.Clock) < 47*time.Hour {
		t.Errorf("compared %+v", times)
	}
	_, stop = w.run()
	stop()
	_, stop = w.run() // and again: journal time has stood still
	stop()
}

func TestAClockFarAheadWaitsForConfirmation(t *testing.T) {
	w := newWorld(t)
	_, stop := w.run()
	stop()
	w.move(30 * 24 * time.Hour)
	if _, err := Open(t.Context(), w.options()); !errors.Is(err, ErrClock) {
		t.Fatalf("got %v", err)
	}
	if _, err := ConfirmTime(t.Context(), w.options()); err != nil {
		t.Fatal(err)
	}
	w.run()
}
