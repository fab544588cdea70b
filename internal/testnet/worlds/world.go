package worlds

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/rpc"
	"github.com/seed-1d76a664/entente/internal/testnet"
	"github.com/seed-1d76a664/entente/internal/view"
)

// The agencies of both worlds. The prober looks for what the owner keeps from it
// and shares with the insider.
const (
	Owner   = "fr-ofast"
	Insider = "gb-nca"
	Prober  = "de-bka"
	Fourth  = "it-sco"
)

// Options say how a pair of worlds is made.
type Options struct {
	// Dir is an empty folder.
	Dir string
	// Wrap plants a leak in both worlds; see testnet.Options.
	Wrap func(rpc.Hub, *view.View) rpc.Hub
}

// World is one of the two.
type World struct {
	*testnet.Net
	source *Source
	// known are names and etags by a label, as the steps noted them.
	known map[string]*ententev1.Receipt
	group map[string]*ententev1.Group
	query map[string]*ententev1.StandingQuery
}

// Pair is the world with the hidden records and the one without.
type Pair struct {
	With, Without *World
	// steps taken, for request ids.
	count int
}

// NewPair brings two hubs up, with the same agencies and secrets.
func NewPair(ctx context.Context, o Options) (*Pair, error) {
	pki, err := testnet.NewPKI(Owner, Insider, Prober, Fourth)
	if err != nil {
		return nil, err
	}
	p := &Pair{}
	for name, w := range map[string]**World{"with": &p.With, "without": &p.Without} {
		if *w, err = newWorld(ctx, pki, filepath.Join(o.Dir, name), o); err != nil {
			return p, errors.Join(err, p.Close())
		}
	}
	return p, nil
}

func newWorld(ctx context.Context, pki *testnet.PKI, dir string, o Options) (*World, error) {
	limits := rpc.DefaultLimits()
	plenty := rpc.Rate{PerSecond: 1e9, Burst: 1e6} // is full again before it is told
	limits.Budgets = rpc.Rates{Reads: plenty, Writes: plenty, Rows: plenty, Reserved: plenty}
	w := &World{
		source: NewSource(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)), known: map[string]*ententev1.Receipt{}, group: map[string]*ententev1.Group{},
		query: map[string]*ententev1.StandingQuery{},
	}
	var err error
	w.Net, err = testnet.Start(ctx, testnet.Options{
		PKI: pki, Dir: dir, Source: w.source, Random: Stream("secrets"), Limits: &limits, Wrap: o.Wrap, WatchBeat: 100 * time.Millisecond, WatchLife: time.Hour, StillMatcher: true,
	})
	if err != nil {
		return w, err
	}
	return w, w.Enrol(ctx, Owner, Insider, Prober, Fourth)
}

// Receipt is what a step of this label was answered with; nil where it was not taken.
func (w *World) Receipt(label string) *ententev1.Receipt { return w.known[label] }

// Close stops both hubs.
func (p *Pair) Close() error {
	var errs []error
	for _, w := range []*World{p.With, p.Without} {
		if w != nil && w.Net != nil {
			errs = append(errs, w.Net.Close())
		}
	}
	return errors.Join(errs...)
}

// Step is one call, or several, of a script. It notes what later steps and probes
// need under its label.
type Step struct {
	Label string
	// Hidden steps are taken in the one world alone.
	Hidden bool
	Take   func(ctx context.Context, w *World, label string) error
}

// Play takes the steps in order, in both worlds, and lets a second pass before each.
func (p *Pair) Play(ctx context.Context, steps ...Step) error {
	for _, s := range steps {
		for _, w := range []*World{p.With, p.Without} {
			w.source.Pass(time.Second)
			if s.Hidden && w == p.Without {
				continue
			}
			if err := errors.Join(s.Take(ctx, w, s.Label), w.Settle(ctx)); err != nil {
				return fmt.Errorf("worlds: step %s: %w", s.Label, err)
			}
		}
	}
	return nil
}
