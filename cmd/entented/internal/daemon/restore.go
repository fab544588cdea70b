package daemon

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/view"
)

// Restored is what a restore came to.
type Restored struct {
	// Entry is the last one that the snapshot has, Time its journal time.
	Entry uint64
	Time  time.Time
	// Epoch is the new one.
	Epoch string
}

// folderRestoring, in the data folder, is where the file is made ready: it comes into
// its place whole, checked and with its new epoch, or not at all.
const folderRestoring = "restoring"

// Restore puts a snapshot in the place of a view that is lost: checked from end to
// end, and with a new epoch, so that no partner takes the numbers that are given again
// for those that it knows. The hub must not be running, and nothing is replaced.
func Restore(ctx context.Context, o Options, snapshot string) (r Restored, err error) {
	place := filepath.Join(o.Config.Data, view.FileView)
	if _, err := os.Stat(place); err == nil {
		return r, fmt.Errorf("daemon: %s is there; move it away first, a restore replaces nothing", place)
	}
	d := &Daemon{Options: o}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.openKeys(); err != nil {
		return r, err
	}
	dir := filepath.Join(o.Config.Data, folderRestoring)
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := errors.Join(os.RemoveAll(dir), view.Prepare(dir), copyFile(filepath.Join(dir, view.FileView), snapshot)); err != nil {
		return r, err
	}
	if r, err = d.begin(ctx, dir); err != nil {
		return r, err
	}
	return r, errors.Join(os.Rename(filepath.Join(dir, view.FileView), place), syncFolder(o.Config.Data))
}

// begin opens the file in a folder of its own, with the keys of d, and begins the
// epoch. Journal time stays where it was: whether the clock is right is for the start.
func (d *Daemon) begin(ctx context.Context, dir string) (r Restored, err error) {
	there := &Daemon{Options: d.Options, ring: d.ring}
	there.Config.Data = dir
	defer func() { err = errors.Join(err, there.Close()) }()
	for _, open := range []func() error{there.openTrust, there.openView, func() error { return there.view.Check() }, there.openJournal} {
		if err := open(); err != nil {
			return r, err
		}
	}
	if there.view.Hub().GetGenesis() == nil {
		return r, errors.New("daemon: there is no hub in that file")
	}
	r = Restored{Entry: there.view.Position().Entry, Time: time.UnixMicro(there.view.Hub().GetTimeMicros()), Epoch: newEpoch()}
	command, err := ownCommand(d.ring, r.Time)
	if err != nil {
		return r, err
	}
	command.Kind = &internalv1.Command_BeginEpoch{BeginEpoch: &internalv1.BeginEpoch{Epoch: r.Epoch}}
	outcome, err := journal.Append(ctx, there.journal, command)
	if err == nil && outcome.GetRefusal() != "" {
		err = errors.New("daemon: the epoch could not begin: " + outcome.GetRefusal())
	}
	return r, err
}

// newEpoch names an epoch: nothing but that it is another one can be told from it.
func newEpoch() string {
	var epoch [8]byte
	_, _ = rand.Read(epoch[:]) // never fails
	return hex.EncodeToString(epoch[:])
}

func copyFile(to, from string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
