package daemon

import (
	"os"
	"runtime/debug"
)

// GCPercent is how much garbage a hub lets come up, in percent of what it holds,
// before it collects. What it holds is small (the index, about 1 KB a record) and
// each call makes some 30 KB of garbage: collecting at the usual 100 costs an
// eighth of the processor.
const GCPercent = 300

// spend sets it, unless the environment says otherwise.
func spend() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(GCPercent)
	}
}
