package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/journal/local"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/rpc"
	"github.com/seed-1d76a664/entente/internal/view"
)

func (d *Daemon) openMetrics() error {
	d.registry = prometheus.NewRegistry()
	return errors.Join(
		d.registry.Register(collectors.NewGoCollector()),
		d.registry.Register(collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})),
	)
}

func (d *Daemon) openKeys() (err error) {
	if err := view.Prepare(d.Config.Data); err != nil {
		return err
	}
	if d.ring, err = keyring.Open(filepath.Join(d.Config.Data, view.FolderKeys)); err != nil {
		return err
	}
	d.onClose(d.ring.Close)
	return nil
}

func (d *Daemon) openCertificate() (err error) {
	d.reloader, err = identity.OpenReloader(d.Config.Certificate, d.Config.Key, d.Clock, func(err error) {
		if err != nil {
			d.Log.Error("the hub's new certificate cannot be used; the old one stays", slog.Any("error", err))
			return
		}
		d.Log.Info("the hub's certificate was replaced")
	})
	return err
}

func (d *Daemon) openTrust() (err error) {
	bundle, err := os.ReadFile(d.Config.Operator.Bundle)
	if err != nil {
		return fmt.Errorf("daemon: the operator's bundle: %w", err)
	}
	if d.verifier, err = identity.New(d.Clock, newRefusals(d.Log).note); err != nil {
		return err
	}
	operator := rpc.Operator{Domain: d.Config.Operator.TrustDomain, BundlePEM: string(bundle)}
	d.trust, err = rpc.NewPublisher(d.verifier, operator, func(err error) {
		d.Log.Error("an agency's authorities cannot be read; none of its certificates is accepted", slog.Any("error", err))
	})
	return err
}

// openView opens the file. A change of who is trusted is in force before it is
// acknowledged.
func (d *Daemon) openView() (err error) {
	d.view, err = view.Open(d.Config.Data, d.ring, view.Options{
		MaxBytes: int64(d.Config.Storage.MaxBytes), Reserve: int64(d.Config.Storage.Reserve), OnRoster: d.publish,
		IndexCache: int64(d.Config.Storage.IndexCache), OnIndexTrouble: d.indexTrouble, OnIndexProgress: d.indexProgress(),
	})
	if err != nil {
		return err
	}
	d.onClose(d.view.Close)
	genesis := d.view.Hub().GetGenesis()
	if genesis != nil && genesis.GetOperatorTrustDomain() != d.Config.Operator.TrustDomain {
		return errors.New("daemon: the data folder belongs to a hub with another operator.trust_domain; correct the configuration")
	}
	d.publish(d.view.Roster())
	return nil
}

func (d *Daemon) indexTrouble(err error) {
	d.Log.Warn("the search index is put right", slog.Any("error", err))
}

// indexProgress logs how far the index is while it is made, if that takes long.
func (d *Daemon) indexProgress() func(done, of uint64) {
	last := time.Now()
	return func(done, of uint64) {
		if time.Since(last) > 5*time.Second {
			last = time.Now()
			d.Log.Info("the search index is being made", slog.Uint64("records", done), slog.Uint64("of", of))
		}
	}
}

// publish comes from one goroutine at a time: Open's, then the applier's.
func (d *Daemon) publish(roster *view.Roster) {
	d.trust.Publish(d.roster.Add(1), roster.Agencies(), roster.OperatorRevocations())
}

func (d *Daemon) openJournal() error {
	d.journal = local.Open(d.Config.Hub, d.view)
	d.onClose(d.journal.Close)
	return nil
}

func (d *Daemon) openHub(ctx context.Context) (err error) {
	limits := limitsOf(d.Config.Limits)
	if d.budgets, err = rpc.NewBudgets(limits.Budgets); err != nil {
		return err
	}
	d.hub, err = exchange.New(exchange.Config{
		View: d.view, Journal: d.journal, Source: source{clock: d.Clock}, Authorities: rpc.NewAuthorities(), Status: rpc.Status,
		Limits: limits.Wire(), Quotas: d.budgets,
		HubID: d.reloader.Leaf().URIs[0].String(), BulkEndpoint: d.bulkAdvertised(),
	})
	if err != nil {
		return err
	}
	behind := prometheus.GaugeOpts{
		Namespace: "entente", Subsystem: "matcher", Name: "behind_records",
		Help: "Records that standing queries and deconfliction have still to look at, to two digits.",
	}
	if err := d.registry.Register(prometheus.NewGaugeFunc(behind, func() float64 { return float64(d.behind()) })); err != nil {
		return err
	}
	genesis, err := d.genesis()
	if err != nil {
		return err
	}
	return d.hub.Begin(ctx, genesis)
}

// source is the system's randomness with the hub's clock.
type source struct {
	exchange.System
	clock func() time.Time
}

// Now is the hub's clock.
func (s source) Now() time.Time { return s.clock() }

// genesis is the first command of a hub's journal.
func (d *Daemon) genesis() (*internalv1.Genesis, error) {
	bundle, err := os.ReadFile(d.Config.Operator.Bundle)
	if err != nil {
		return nil, fmt.Errorf("daemon: the operator's bundle: %w", err)
	}
	return &internalv1.Genesis{
		HubId: d.Config.Hub, Epoch: newEpoch(),
		OperatorTrustDomain: d.Config.Operator.TrustDomain, OperatorBundlePem: string(bundle),
		RecoveryDelaySeconds: int64(d.Config.Operator.RecoveryDelay.Seconds()),
	}, nil
}

func (d *Daemon) openEdge() (err error) {
	d.edge, err = rpc.New(rpc.Config{
		Hub: d.hub, Verifier: d.verifier, Certificate: d.reloader.Certificate, Budgets: d.budgets,
		Limits: limitsOf(d.Config.Limits), Room: d.view.Room, Logger: d.Log, Registry: d.registry,
	})
	return err
}

// listen binds the addresses: from here on a caller waits instead of being
// refused, and nobody else can take the port.
func (d *Daemon) listen() error {
	for _, l := range []struct {
		at   string
		into *net.Listener
	}{{d.Config.Listen.Main, &d.bound.main}, {d.Config.Listen.Bulk, &d.bound.bulk}, {d.Config.Listen.Admin, &d.bound.admin}} {
		listener, err := net.Listen("tcp", l.at)
		if err != nil {
			return fmt.Errorf("daemon: %w", err)
		}
		*l.into = listener
		d.onClose(func() error { return ignoreClosed(listener.Close()) })
	}
	return nil
}

// ignoreClosed: a server closes the listener that it was given.
func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
