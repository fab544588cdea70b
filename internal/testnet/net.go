package testnet

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/journal/local"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/rpc"
	"github.com/seed-1d76a664/entente/internal/view"
)

// HubID is the name of the hub in every net.
const HubID = "hub.example"

// Options are what a net is made with. PKI and Dir are required.
type Options struct {
	PKI *PKI
	// Dir is an empty folder, or that of a net that was closed.
	Dir string
	// Source is where time and chance come from; the system's where nil.
	Source exchange.Source
	// Random is what the secrets of a new hub are drawn from; the system's where nil.
	Random io.Reader
	// Limits are rpc.DefaultLimits where nil.
	Limits *rpc.Limits
	// Wrap, where set, stands between the edge and the hub: a harness plants a leak
	// with it and sees whether it is found.
	Wrap func(rpc.Hub, *view.View) rpc.Hub
	// Journal, where set, stands between exchange and the journal: a test holds a
	// commit back with it.
	Journal func(journal.Journal) journal.Journal
	// RecoveryDelay is that of an operator's recovery of a bundle. Default an hour.
	RecoveryDelay time.Duration
	// MaxBytes and Reserve are those of view.Options; no bound and one MiB where 0.
	MaxBytes, Reserve int64
	// FlushRecords is how many records of the index lie in memory, see view.Options. Default 16: whatever is played, records lie in segments, and some
	// change there.
	FlushRecords int
	// NoSync is that of view.Options: the control of a test that cuts the power.
	NoSync bool
	// StillMatcher runs the matcher during Settle alone, so that what it tells has its place among other events.
	StillMatcher bool
	// WatchLife and WatchBeat are those of exchange.Config.
	WatchLife, WatchBeat time.Duration
}

// Net is one hub on loopback.
type Net struct {
	Options
	Hub  *exchange.Hub
	View *view.View
	// Address and BulkAddress are host:port of the two listeners.
	Address, BulkAddress string

	server  *rpc.Server
	closers []func() error

	mu    sync.Mutex
	conns map[string]*grpc.ClientConn
}

// Away is the net of a hub that runs in another process: it dials and enrols. Hub and View are nil, and Close closes the connections alone.
func Away(pki *PKI, address, bulkAddress string) *Net {
	return &Net{Options: Options{PKI: pki}, Address: address, BulkAddress: bulkAddress, conns: map[string]*grpc.ClientConn{}}
}

// Start brings a hub up. Nobody is enrolled in a new one. The caller closes it.
func Start(ctx context.Context, o Options) (n *Net, err error) {
	n = &Net{Options: o, conns: map[string]*grpc.ClientConn{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.Close())
		}
	}()
	ring, err := n.openKeys()
	if err != nil {
		return n, err
	}
	verifier, trust, err := n.openTrust()
	if err != nil {
		return n, err
	}
	if err := n.openView(ring, trust); err != nil {
		return n, err
	}
	return n, n.openEdge(ctx, verifier)
}

func (n *Net) openKeys() (ring *keyring.Ring, err error) {
	if n.Source == nil {
		n.Source = exchange.System{}
	}
	if n.Random == nil {
		n.Random = rand.Reader
	}
	keys := filepath.Join(n.Dir, "keys")
	if err := view.Prepare(n.Dir); err != nil {
		return nil, err
	}
	if ring, err = keyring.Open(keys); err != nil {
		ring, err = keyring.Create(keys, n.Random, n.Source.Now())
	}
	if err == nil {
		n.onClose(ring.Close)
	}
	return ring, err
}

func (n *Net) openTrust() (*identity.Verifier, *rpc.Publisher, error) {
	verifier, err := identity.New(time.Now, func(identity.Refusal) {})
	if err != nil {
		return nil, nil, err
	}
	trust, err := rpc.NewPublisher(verifier, rpc.Operator{Domain: OperatorDomain, BundlePEM: n.PKI.operator.BundlePEM()}, func(error) {})
	return verifier, trust, err
}

const flushRecords = 16

func (n *Net) openView(ring *keyring.Ring, trust *rpc.Publisher) (err error) {
	var version atomic.Uint64
	publish := func(r *view.Roster) { trust.Publish(version.Add(1), r.Agencies(), r.OperatorRevocations()) }
	if n.Reserve == 0 {
		n.Reserve = 1 << 20
	}
	if n.FlushRecords == 0 {
		n.FlushRecords = flushRecords
	}
	if n.View, err = view.Open(n.Dir, ring, view.Options{OnRoster: publish, MaxBytes: n.MaxBytes, Reserve: n.Reserve, NoSync: n.NoSync, FlushRecords: n.FlushRecords}); err != nil {
		return err
	}
	n.onClose(n.View.Close)
	publish(n.View.Roster())
	return nil
}

func (n *Net) openEdge(ctx context.Context, verifier *identity.Verifier) error {
	limits := rpc.DefaultLimits()
	if n.Limits != nil {
		limits = *n.Limits
	}
	budgets, err := rpc.NewBudgets(limits.Budgets)
	if err != nil {
		return err
	}
	main, bulk, err := n.listen()
	if err != nil {
		return err
	}
	if err := n.openHub(ctx, limits, budgets); err != nil {
		return errors.Join(err, main.Close(), bulk.Close())
	}
	var hub rpc.Hub = n.Hub
	if n.Wrap != nil {
		hub = n.Wrap(hub, n.View)
	}
	n.server, err = rpc.New(rpc.Config{
		Hub: hub, Verifier: verifier, Certificate: n.PKI.hubCertificate, Budgets: budgets, Limits: limits, Room: n.View.Room,
	})
	if err != nil {
		return errors.Join(err, main.Close(), bulk.Close())
	}
	n.serve(main, bulk)
	return nil
}

func (n *Net) listen() (main, bulk net.Listener, err error) {
	if main, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, nil, err
	}
	if bulk, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, nil, errors.Join(err, main.Close())
	}
	n.Address, n.BulkAddress = main.Addr().String(), bulk.Addr().String()
	return main, bulk, nil
}

func (n *Net) openHub(ctx context.Context, limits rpc.Limits, budgets *rpc.Budgets) (err error) {
	var ordered journal.Journal = local.Open(HubID, n.View)
	n.onClose(ordered.Close)
	if n.Journal != nil {
		ordered = n.Journal(ordered)
	}
	n.Hub, err = exchange.New(exchange.Config{
		View: n.View, Journal: ordered, Source: n.Source, Authorities: rpc.NewAuthorities(), Status: rpc.Status, Limits: limits.Wire(), Quotas: budgets,
		HubID: "spiffe://" + OperatorDomain + identity.HubPath, BulkEndpoint: "localhost:0", WatchLife: n.WatchLife, WatchBeat: n.WatchBeat,
	})
	if err != nil {
		return err
	}
	if !n.StillMatcher {
		stop := n.match()
		n.onClose(func() error { stop(); return nil })
	}
	epoch := make([]byte, 16)
	if _, err := io.ReadFull(n.Source.Draw("", "epoch"), epoch); err != nil {
		return err
	}
	delay := n.RecoveryDelay
	if delay == 0 {
		delay = time.Hour
	}
	return n.Hub.Begin(ctx, &internalv1.Genesis{
		HubId: HubID, Epoch: hex.EncodeToString(epoch), OperatorTrustDomain: OperatorDomain,
		OperatorBundlePem: n.PKI.operator.BundlePEM(), RecoveryDelaySeconds: int64(delay / time.Second),
	})
}

// match runs the hub's matcher until stop is called.
func (n *Net) match() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { n.Hub.Match(ctx, func(error) {}) })
	return func() {
		cancel()
		running.Wait()
	}
}

// Settle waits until new records have been matched, and told.
func (n *Net) Settle(ctx context.Context) error {
	if n.StillMatcher {
		defer n.match()()
	}
	return n.Hub.Settle(ctx)
}

func (n *Net) serve(main, bulk net.Listener) {
	var running sync.WaitGroup
	var failed [2]error
	running.Go(func() { failed[0] = n.server.Serve(main) })
	running.Go(func() { failed[1] = n.server.ServeBulk(bulk) })
	n.onClose(func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		n.server.Stop(ctx)
		running.Wait()
		return errors.Join(failed[:]...)
	})
}

func (n *Net) onClose(end func() error) { n.closers = append(n.closers, end) }

// Close closes all connections that Dial made, stops the hub and closes its file. The folder stays.
func (n *Net) Close() error {
	var errs []error
	n.mu.Lock()
	for _, c := range n.conns {
		errs = append(errs, c.Close())
	}
	n.conns = map[string]*grpc.ClientConn{}
	n.mu.Unlock()
	for i := len(n.closers) - 1; i >= 0; i-- {
		errs = append(errs, n.closers[i]())
	}
	n.closers = nil
	return errors.Join(errs...)
}

// Dial is a connection of an agency's workload path, or of the operator's where the id is empty. Each is made once and closed by Close.
func (n *Net) Dial(id, path string) (*grpc.ClientConn, error) { return n.dial(n.Address, id, path) }

// DialBulk is Dial to the listener for bulk streams.
func (n *Net) DialBulk(id, path string) (*grpc.ClientConn, error) {
	return n.dial(n.BulkAddress, id, path)
}

func (n *Net) dial(address, id, path string) (*grpc.ClientConn, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	key := strings.Join([]string{address, id, path}, " ")
	if c := n.conns[key]; c != nil {
		return c, nil
	}
	own, err := n.PKI.Certificate(id, path)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(n.PKI.operator.BundlePEM()))
	config, err := identity.ClientConfig(own, roots, "localhost")
	if err != nil {
		return nil, err
	}
	c, err := grpc.NewClient("passthrough:///"+address, grpc.WithTransportCredentials(credentials.NewTLS(config)))
	n.conns[key] = c
	return c, err
}

// Enrol enrols agencies through the API, in the country that each id begins with, as in fr-ofast, with one unit, "desk", for the workloads below /desk.
func (n *Net) Enrol(ctx context.Context, ids ...string) error {
	operator, err := n.Dial("", "/operator")
	if err != nil {
		return err
	}
	for _, id := range ids {
		_, err := ententev1.NewAgencyServiceClient(operator).EnrolAgency(ctx, &ententev1.EnrolAgencyRequest{AgencyId: id, Draft: n.Draft(id), RequestId: "enrol-" + id})
		if err != nil {
			return err
		}
	}
	return nil
}

// Draft is what Enrol enrols an agency with.
func (n *Net) Draft(id string) *ententev1.AgencyDraft {
	both := []ententev1.Right{ententev1.Right_RIGHT_READ, ententev1.Right_RIGHT_SUBMIT}
	return &ententev1.AgencyDraft{
		DisplayName: id, RegionCode: strings.ToUpper(id[:2]), TrustDomain: Domain(id), BundlePem: n.PKI.Bundle(id),
		Units: []*ententev1.Unit{{UnitId: "desk", DisplayName: "Desk"}},
		Bindings: []*ententev1.Binding{
			{PathPrefix: "/", Rights: both}, {PathPrefix: "/desk", Rights: both, Unit: "desk"},
			{PathPrefix: "/admin", Rights: []ententev1.Right{ententev1.Right_RIGHT_ADMINISTER}},
			{PathPrefix: "/supervisor", Rights: []ententev1.Right{ententev1.Right_RIGHT_SUPERVISE}},
		},
		DutyContacts: []*ententev1.DutyContact{{Function: ententev1.DutyFunction_DUTY_FUNCTION_DUTY_DESK, DisplayName: "Desk", LanguageCodes: []string{"en"}, Hours: "24/7"}},
	}
}
