package daemon

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/seed-1d76a664/entente/internal/view"
)

// afterStart is how long a snapshot that is due waits when the hub has just started.
const afterStart = 5 * time.Minute

// maintain takes a snapshot now and then and cuts the journal behind it. One that
// fails is told and tried again the next time: the journal is longer until then,
// and nothing is lost.
func (d *Daemon) maintain(ctx context.Context) error {
	every := d.Config.Storage.SnapshotEvery
	if every <= 0 {
		<-ctx.Done()
		return nil
	}
	timer := time.NewTimer(d.firstSnapshot(every))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		if err := d.snapshot(); err != nil {
			d.Log.Error("no snapshot was taken, and the journal was not cut", slog.Any("fault", err))
		}
		timer.Reset(every)
	}
}

// firstSnapshot is how long until the first one is due: restarts put nothing off.
func (d *Daemon) firstSnapshot(every time.Duration) time.Duration {
	due := time.Duration(0)
	if files, err := snapshots(d.folder()); err == nil && len(files) > 0 {
		if newest, err := os.Stat(files[len(files)-1]); err == nil {
			due = every - d.Clock().Sub(newest.ModTime())
		}
	}
	return min(every, max(due, afterStart))
}

func (d *Daemon) folder() string { return filepath.Join(d.Config.Data, view.FolderBackups) }

// snapshots lists the files, oldest first: their names are in the order of their age.
func snapshots(dir string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "view-*.db"))
	slices.Sort(files)
	return files, err
}

// snapshot takes one, cuts the journal behind it, and removes those before it.
func (d *Daemon) snapshot() error {
	began := d.Clock()
	backup, err := d.view.Backup()
	if err != nil {
		return err
	}
	cut, err := d.view.CutJournal(backup)
	if err != nil {
		return err
	}
	d.Log.Info("a snapshot was taken and checked, and the journal cut behind it", slog.String("file", filepath.Base(backup.Path)),
		slog.Int64("bytes", backup.Bytes), slog.Int("entries", cut), slog.Duration("took", d.Clock().Sub(began)))
	return prune(d.folder(), d.Config.Storage.Snapshots)
}

// prune removes all snapshots but the newest.
func prune(dir string, keep int) error {
	files, err := snapshots(dir)
	errs := []error{err}
	for _, old := range files[:max(0, len(files)-keep)] {
		errs = append(errs, os.Remove(old))
	}
	return errors.Join(errs...)
}
