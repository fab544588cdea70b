// Package heap says when a process that holds a hub collects its garbage. What a hub
// holds is small beside its file (the part of its index that is open, the newest
// records), and each call makes some 30 KB of garbage: collecting as often as Go does
// by itself costs an eighth of the processor, and letting garbage grow with the load
// takes memory that the file's pages need.
package heap

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// Percent is how much garbage may come up beside what is held, in percent of it.
	Percent = 300
	// Floor is the memory, in bytes, that a small hub is left alone with.
	Floor = 256 << 20
	// Room is the memory, in bytes, that a hub has beside what it holds.
	Room = 224 << 20
	// interval is how often the limit follows what is held.
	interval = 10 * time.Second
)

// Keep sets how garbage is collected, and lets the limit follow what is held until ctx
// ends: a soft limit that stayed where it was would stop a hub that outgrew it. GOGC
// and GOMEMLIMIT in the environment go first, each for itself.
func Keep(ctx context.Context) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(Percent)
	}
	if os.Getenv("GOMEMLIMIT") != "" {
		<-ctx.Done()
		return
	}
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		debug.SetMemoryLimit(limit(live()))
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// limit is Room beside what is held, and no less than Floor: each collection clears
// the same amount of garbage, however large the hub. One that holds more than all this
// was measured for gets a quarter, lest it do nothing but collect.
func limit(live int64) int64 {
	return max(Floor, live+Room, live+live/4)
}

// live is what the last collection found in use, in bytes.
func live() int64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return int64(min(sample[0].Value.Uint64(), 1<<60))
}
