package daemon

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/view"
)

// A running hub takes a snapshot that serves in the place of its file, keeps the
// newest only, and the journal behind it is cut.
func TestSnapshotsOfARunningHub(t *testing.T) {
	w := newWorld(t)
	d, stop := w.run()
	epoch := d.view.Hub().GetGenesis().GetEpoch()
	for range 2 {
		if err := d.snapshot(); err != nil {
			t.Fatal(err)
		}
		grow(t, d)
	}
	files, err := snapshots(d.folder())
	if err != nil || len(files) != 1 {
		t.Fatalf("kept are %v, %v", files, err)
	}
	if !strings.Contains(w.log.String(), "journal cut behind it") {
		t.Error("nothing was told")
	}
	stop()

	data := filepath.Join(w.config.Data, view.FileView)
	if err := os.Rename(files[0], data); err != nil {
		t.Fatal(err)
	}
	d, stop = w.run()
	if got := d.view.Hub().GetGenesis().GetEpoch(); got != epoch || epoch == "" {
		t.Errorf("the epoch is %q, not %q", got, epoch)
	}
	stop()
}

// grow makes the journal longer by an entry.
func grow(t *testing.T, d *Daemon) {
	t.Helper()
	command, err := confirmation(d.ring, d.Clock())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := journal.Append(t.Context(), d.journal, command); err != nil {
		t.Fatal(err)
	}
}

// The first snapshot after a start is due when the last one was taken so long ago.
func TestRestartsPutNoSnapshotOff(t *testing.T) {
	w := newWorld(t)
	d, stop := w.run()
	const every = 24 * time.Hour
	if wait := d.firstSnapshot(every); wait != afterStart {
		t.Errorf("without any, %v", wait)
	}
	if err := d.snapshot(); err != nil {
		t.Fatal(err)
	}
	if wait := d.firstSnapshot(every); wait < every-time.Hour || wait > every {
		t.Errorf("just after one, %v", wait)
	}
	w.move(20 * time.Hour)
	if wait := d.firstSnapshot(every); wait < 3*time.Hour || wait > 4*time.Hour {
		t.Errorf("twenty hours after one, %v", wait)
	}
	stop()
}
