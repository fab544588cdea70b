package daemon

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/view"
)

// confirmedFile, in the data folder, holds the journal time that a clock behind it
// was confirmed against. Journal time stands still until the clock has caught up,
// so the confirmation is good for exactly as long as it is needed.
const confirmedFile = "clock-confirmed"

// Times are the two times that an operator compares.
type Times struct{ Clock, Journal time.Time }

// ConfirmTime puts on record that the clock is right although the journal says
// otherwise; the hub must not be running. It returns what it compared.
func ConfirmTime(ctx context.Context, o Options) (times Times, err error) {
	d := &Daemon{Options: o}
	defer func() { err = errors.Join(err, d.Close()) }()
	for _, open := range []func() error{d.openKeys, d.openTrust, d.openView, d.openJournal} {
		if err := open(); err != nil {
			return times, err
		}
	}
	times = Times{Clock: o.Clock(), Journal: time.UnixMicro(d.view.Hub().GetTimeMicros())}
	command, err := ownCommand(d.ring, times.Clock)
	if err != nil {
		return times, err
	}
	command.Kind = &internalv1.Command_ConfirmTime{ConfirmTime: &internalv1.ConfirmTime{}}
	if _, err := journal.Append(ctx, d.journal, command); err != nil {
		return times, err
	}
	text := strconv.FormatInt(d.view.Hub().GetTimeMicros(), 10) + "\n"
	return times, os.WriteFile(filepath.Join(o.Config.Data, confirmedFile), []byte(text), 0o600)
}

// ownCommand is a command of the hub's own, of a kind that is still to be said.
func ownCommand(ring *keyring.Ring, now time.Time) (*internalv1.Command, error) {
	storage, err := ring.Secret(keyring.Storage)
	if err != nil {
		return nil, err
	}
	inbox, err := ring.Secret(keyring.Inbox)
	if err != nil {
		return nil, err
	}
	return &internalv1.Command{
		Origin: &internalv1.Origin{Hub: true}, TimeMicros: now.UnixMicro(),
		StorageVersion: uint32(storage.Version), InboxVersion: uint32(inbox.Version),
	}, nil
}

// confirmed tells whether this very journal time was confirmed.
func confirmed(data string, journalMicros int64) (bool, error) {
	text, err := os.ReadFile(filepath.Join(data, confirmedFile))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("daemon: %w", err)
	}
	micros, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return err == nil && micros == journalMicros, nil
}

// awaitClock lets the hub go on once the clock is where it should be.
func awaitClock(ctx context.Context, o Options, v *view.View) error {
	journalMicros := v.Hub().GetTimeMicros()
	wait, err := CheckClock(o.Clock(), journalMicros)
	if err != nil {
		if ok, unreadable := confirmed(o.Config.Data, journalMicros); !ok {
			return errors.Join(err, unreadable)
		}
		o.Log.Warn("the clock is behind the journal, as an operator has confirmed; journal time stands still until it has caught up")
		return nil
	}
	select {
	case <-time.After(wait):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
