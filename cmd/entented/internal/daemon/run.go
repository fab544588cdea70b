package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/seed-1d76a664/entente/internal/heap"
)

// The phases of a hub.
const (
	starting int32 = iota
	serving
	stopping
)

// Run answers until ctx ends or something fails that a hub cannot live without.
// Then it stops, gently first, and closes everything. nil says that it was told to
// stop and everything went well.
func (d *Daemon) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failed := make(chan error, 8)
	tasks := []func() error{
		func() error { return d.edge.Serve(d.bound.main) },
		func() error { return d.edge.ServeBulk(d.bound.bulk) },
		d.serveAdmin,
		func() error { return d.tick(ctx, time.Minute) },
		func() error { return d.match(ctx) },
		func() error { return d.stand(ctx) },
		func() error { return d.maintain(ctx) },
		func() error { heap.Keep(ctx); return nil },
	}
	d.phase.Store(serving) // before anybody can ask
	for _, task := range tasks {
		go func() { failed <- task() }()
	}
	d.announce()
	finished := 0
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
		finished++
	}
	cancel()
	err = errors.Join(err, d.stop())
	for ; finished < len(tasks); finished++ {
		err = errors.Join(err, <-failed)
	}
	return errors.Join(err, d.Close())
}

// match looks at new records for standing queries. What fails is tried again.
func (d *Daemon) match(ctx context.Context) error {
	d.hub.Match(ctx, func(err error) { d.Log.Error("new records are not matched", slog.Any("fault", err)) })
	return nil
}

// stand lasts as long as the file can be trusted. Once a commit has failed so late
// that nobody can tell whether it took place, only opening the file again tells.
func (d *Daemon) stand(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-d.view.Fallen():
		return errFallen
	}
}

var errFallen = errors.New("daemon: the disk failed in the last step of a commit; look at the disk and start the hub again: what was acknowledged is there")

func (d *Daemon) announce() {
	at := d.Addresses()
	d.Log.Info("serving",
		slog.String("hub", d.Config.Hub), slog.String("version", d.Version), slog.String("main", at.Main),
		slog.String("bulk", at.Bulk), slog.String("admin", at.Admin), slog.Duration("start", d.Clock().Sub(d.started)))
}

// stop ends the edge gently within the grace; the admin listener goes last, so that
// it can tell what is going on.
func (d *Daemon) stop() error {
	d.phase.Store(stopping)
	d.Log.Info("stopping", slog.Duration("grace", d.Config.ShutdownGrace))
	ctx, cancel := context.WithTimeout(context.Background(), d.Config.ShutdownGrace)
	defer cancel()
	d.edge.Stop(ctx)
	err := d.admin.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = d.admin.Close()
	}
	return err
}

func (d *Daemon) serveAdmin() error {
	var err error
	if d.admin.TLSConfig != nil {
		err = d.admin.ServeTLS(d.bound.admin, "", "")
	} else {
		err = d.admin.Serve(d.bound.admin)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("daemon: the admin listener: %w", err)
}

// tick lets journal time pass and watches the clock. A tick that finds no room is
// only missed: the next one makes up for it.
func (d *Daemon) tick(ctx context.Context, every time.Duration) error {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	before := d.Clock()
	for {
		if err := d.hub.Tick(ctx); err != nil && ctx.Err() == nil {
			d.Log.Error("journal time did not pass", slog.Any("fault", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		now := d.Clock()
		// Without its monotonic reading a time is what the clock on the wall said.
		if err := checkDrift(now.Round(0).Sub(before.Round(0)), now.Sub(before)); err != nil {
			return err
		}
		before = now
	}
}
