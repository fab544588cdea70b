package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Options say how to give the demo.
type Options struct {
	// Dir is the folder for everything that is made; absent or empty.
	Dir string
	// Listen is where the hub listens.
	Listen config.Listen
	// Version is that of the program.
	Version string
	// Out gets the play and the hints.
	Out io.Writer
}

// Demo is a hub with its thirteen agencies. Make it with Start and Close it.
type Demo struct {
	Options
	hub   *hub
	stage *stage
}

// ErrPlay says that a step of the play did not hold.
var ErrPlay = errors.New("the play did not hold")

// bulkSuffix marks the player that speaks to the bulk listener.
const bulkSuffix = " bulk"

// Start makes the certificates, starts the hub and enrols everybody.
func Start(ctx context.Context, o Options) (*Demo, error) {
	h, err := startHub(ctx, filepath.Join(o.Dir, "hub"), o.Listen, o.Version)
	if err != nil {
		return nil, err
	}
	d := &Demo{Options: o, hub: h, stage: &stage{out: o.Out, players: map[string]*player{}}}
	if err := d.enrol(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Close stops the hub. The files stay.
func (d *Demo) Close() error {
	var errs []error
	for _, p := range d.stage.players {
		errs = append(errs, p.conn.Close())
	}
	if d.stage.operator != nil {
		errs = append(errs, d.stage.operator.conn.Close())
	}
	return errors.Join(errors.Join(errs...), d.hub.close())
}

// Failed is closed when the hub has ended, by itself or by Close, which then says
// why.
func (d *Demo) Failed() <-chan struct{} { return d.hub.ended }

// Play plays all scenes; the error wraps ErrPlay if a step did not hold.
func (d *Demo) Play(ctx context.Context) error {
	d.stage.print("A hub on %s, an operator, and thirteen agencies with an authority each.\nThe agencies and all they say are invented.\n", d.hub.daemon.Addresses().Main)
	d.stage.play(ctx)
	if d.stage.failed > 0 {
		return fmt.Errorf("demo: %w: %d step(s) failed", ErrPlay, d.stage.failed)
	}
	d.stage.print("\nEvery step held.\n")
	return nil
}

// enrol makes the authorities and certificates of the cast and lets the operator
// enrol them.
func (d *Demo) enrol(ctx context.Context) error {
	main := d.hub.door(d.hub.daemon.Addresses().Main)
	operator := d.hub.layout.Operator()
	var err error
	if d.stage.operator, err = main.enter(agency{}, operator.Cert, operator.Key); err != nil {
		return err
	}
	for _, a := range cast() {
		f := d.files(a)
		bundle, err := f.issue(a)
		if err != nil {
			return err
		}
		if _, err := d.stage.operator.agencies.EnrolAgency(ctx, enrolment(a, bundle)); err != nil {
			return fmt.Errorf("demo: enrol %s: %w", a.id, err)
		}
		if err := d.join(a, f); err != nil {
			return err
		}
	}
	return nil
}

// join connects the workloads of an agency.
func (d *Demo) join(a agency, f files) error {
	at := d.hub.daemon.Addresses()
	for _, seat := range []struct{ name, path, address string }{
		{a.id, gateway, at.Main}, {a.id + bulkSuffix, gateway, at.Bulk},
		{a.id + laptop, laptop, at.Main}, {a.id + admin, admin, at.Main}, {a.id + supervisor, supervisor, at.Main},
	} {
		cert, key := f.of(seat.path)
		p, err := d.hub.door(seat.address).enter(a, cert, key)
		if err != nil {
			return err
		}
		d.stage.players[seat.name] = p
	}
	return nil
}

func (d *Demo) files(a agency) files { return files{dir: filepath.Join(d.Dir, "agencies", a.id)} }

func enrolment(a agency, bundle string) *ententev1.EnrolAgencyRequest {
	return &ententev1.EnrolAgencyRequest{
		AgencyId: a.id,
		Draft: &ententev1.AgencyDraft{
			DisplayName: a.name, RegionCode: a.region, TrustDomain: a.domain(), BundlePem: bundle,
			DutyContacts: []*ententev1.DutyContact{{
				Function: ententev1.DutyFunction_DUTY_FUNCTION_DUTY_DESK, DisplayName: "Duty desk", PhoneNumber: a.phone,
				LanguageCodes: []string{"en"}, Hours: "24/7",
			}},
		},
	}
}
