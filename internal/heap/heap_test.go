package heap

import (
	"context"
	"runtime"
	"runtime/debug"
	"testing"
)

func TestLimit(t *testing.T) {
	for held, want := range map[int64]int64{0: Floor, Floor / 16: Floor, Floor / 2: Floor/2 + Room, 200 << 20: 200<<20 + Room, Floor: Floor + Room, 1 << 30: 5 << 28} {
		if got := limit(held); got != want {
			t.Errorf("%d held: %d, not %d", held, got, want)
		}
	}
	held := make([]byte, 64<<20)
	runtime.GC()
	if got := live(); got < 64<<20 {
		t.Errorf("%d bytes are held", got)
	}
	runtime.KeepAlive(held)
}

func TestKeep(t *testing.T) {
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	before := debug.SetMemoryLimit(-1)
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	defer debug.SetMemoryLimit(before)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	Keep(ctx)
	if got := debug.SetMemoryLimit(-1); got < Floor || got == before {
		t.Errorf("the limit is %d", got)
	}
	if got := debug.SetGCPercent(100); got != Percent {
		t.Errorf("%d percent", got)
	}
}

// Who sets them in the environment knows better.
func TestTheEnvironmentGoesFirst(t *testing.T) {
	t.Setenv("GOGC", "77")
	t.Setenv("GOMEMLIMIT", "1GiB")
	limit := debug.SetMemoryLimit(-1)
	before := debug.SetGCPercent(77)
	defer debug.SetGCPercent(before)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	Keep(ctx)
	if got := debug.SetGCPercent(77); got != 77 {
		t.Errorf("%d percent", got)
	}
	if got := debug.SetMemoryLimit(-1); got != limit {
		t.Errorf("the limit is %d", got)
	}
}
