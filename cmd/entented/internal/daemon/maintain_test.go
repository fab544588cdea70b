package daemon

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/view"
)

// A running hub takes a snapshot that serves in the place of its file, in an epoch of
// its own; it keeps the newest only, and the journal behind it is cut.
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
	if _, err := Restore(t.Context(), w.options(), files[0]); err == nil || !strings.Contains(err.Error(), "replaces nothing") {
		t.Errorf("over a view: %v", err)
	}
	if err := os.Rename(data, data+".lost"); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), w.options(), filepath.Join(w.config.Data, "format")); err == nil {
		t.Error("something else was restored")
	}
	r, err := Restore(t.Context(), w.options(), files[0])
	if err != nil || r.Epoch == epoch || r.Entry == 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err := os.Stat(filepath.Join(w.config.Data, folderRestoring)); !os.IsNotExist(err) {
		t.Errorf("something is left: %v", err)
	}
	d, stop = w.run()
	if got := d.view.Epoch(); got != r.Epoch {
		t.Errorf("the epoch is %q, not %q", got, r.Epoch)
	}
	stop()
}

// grow makes the journal longer by an entry.
func grow(t *testing.T, d *Daemon) {
	t.Helper()
	command, err := ownCommand(d.ring, d.Clock())
	if err != nil {
		t.Fatal(err)
	}
	command.Kind = &internalv1.Command_ConfirmTime{ConfirmTime: &internalv1.ConfirmTime{}}
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
