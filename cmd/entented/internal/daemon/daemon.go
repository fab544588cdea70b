package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/journal/local"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/rpc"
	"github.com/seed-1d76a664/entente/internal/view"
)

// Options are what a hub is run with. All of them are required.
type Options struct {
	Config config.Config
	// Version is that of the program, for /status.
	Version string
	Clock   func() time.Time
	Log     *slog.Logger
}

// Daemon is one hub with its listeners bound. Make it with Open, then Run it or
// Close it.
type Daemon struct {
	Options
	registry *prometheus.Registry
	ring     *keyring.Ring
	verifier *identity.Verifier
	reloader *identity.Reloader
	trust    *rpc.Publisher
	roster   atomic.Uint64 // how many rosters have been published
	view     *view.View
	journal  *local.Journal
	budgets  *rpc.Budgets
	hub      *exchange.Hub
	edge     *rpc.Server
	admin    *http.Server
	bound    bound
	started  time.Time
	phase    atomic.Int32
	closers  []func() error
}

// bound are the listeners.
type bound struct{ main, bulk, admin net.Listener }

// Open brings a hub up as far as it gets without answering anybody: what is
// missing, damaged or in use is an error here. ctx bounds the start alone.
func Open(ctx context.Context, o Options) (*Daemon, error) {
	d := &Daemon{Options: o, started: o.Clock()}
	steps := []struct {
		name string
		do   func() error
	}{
		{"metrics", d.openMetrics},
		{"keys", d.openKeys},
		{"certificate", d.openCertificate},
		{"trust", d.openTrust},
		{"view", d.openView},
		{"clock", func() error { return awaitClock(ctx, o, d.view) }},
		{"journal", d.openJournal},
		{"listeners", d.listen},
		{"hub", func() error { return d.openHub(ctx) }},
		{"edge", d.openEdge},
		{"admin", d.openAdmin},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			return nil, errors.Join(fmt.Errorf("start, %s: %w", step.name, err), d.Close())
		}
	}
	return d, nil
}

// Close ends what Open began, in the opposite order. Run does it by itself.
func (d *Daemon) Close() error {
	var errs []error
	for i := len(d.closers) - 1; i >= 0; i-- {
		errs = append(errs, d.closers[i]())
	}
	d.closers = nil
	return errors.Join(errs...)
}

// onClose puts what ends a step behind those that came after it.
func (d *Daemon) onClose(end func() error) { d.closers = append(d.closers, end) }

// Addresses are where the hub listens, with the ports that it got.
func (d *Daemon) Addresses() config.Listen {
	return config.Listen{
		Main: d.bound.main.Addr().String(), Bulk: d.bound.bulk.Addr().String(), Admin: d.bound.admin.Addr().String(),
		BulkAdvertised: d.bulkAdvertised(),
	}
}

// bulkAdvertised is the bulk listener as partners reach it.
func (d *Daemon) bulkAdvertised() string {
	if own := d.Config.Listen.BulkAdvertised; own != "" {
		return own
	}
	_, port, err := net.SplitHostPort(d.bound.bulk.Addr().String())
	if err != nil {
		return ""
	}
	return net.JoinHostPort(d.Config.Hub, port)
}
