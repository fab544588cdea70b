package identity

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"log/slog"
	"math/big"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// mustPeer connects with a sound certificate.
func mustPeer(t *testing.T, h *hub, chain ...[]byte) *Peer {
	t.Helper()
	r, err := h.call(chain...)
	if err != nil || r.err != nil {
		t.Fatalf("client %v, hub %v", err, r.err)
	}
	return r.peer
}

// cutText is all that a caller ever learns.
const cutText = "UNAUTHENTICATED CALLER_NOT_ACCEPTED: " +
	"The hub does not accept this certificate; ask your agency's administrator for a current one."

// expectCut checks that a peer is refused with the one text that everybody gets.
func expectCut(t *testing.T, h *hub, p *Peer) {
	t.Helper()
	caller, err := h.verifier.Caller(p)
	f := fault.As(err)
	if f == nil || f.Kind != fault.Unauthenticated || f.Error() != cutText || caller != (intel.Caller{}) {
		t.Fatalf("caller %+v, error %v", caller, err)
	}
}

// A change of trust cuts off the open connection, wakes who waits, and refuses
// the next handshake; undoing it lets the same connection go on.
func TestChangesReachOpenConnections(t *testing.T) {
	w := newWorld(t)
	h := startHub(t, w, w.trust())
	leaf := forgeLeaf(t, frGateway, w.fr)
	version := uint64(1)
	for name, c := range map[string]struct {
		reason Reason
		bend   func(*Member)
	}{
		"serial":    {ReasonRevoked, func(m *Member) { m.Revocations = []Revocation{{Serial: Serial(mustParse(t, leaf))}} }},
		"path":      {ReasonRevoked, func(m *Member) { m.Revocations = []Revocation{{PathPrefix: "/gateway"}} }},
		"issued":    {ReasonRevoked, func(m *Member) { m.Revocations = []Revocation{{IssuedBefore: now}} }},
		"suspended": {ReasonSuspended, func(m *Member) { m.Status = Suspended }},
		"expelled":  {ReasonExpelled, func(m *Member) { m.Status = Expelled }},
		"roots":     {ReasonChain, func(m *Member) { m.Roots = Pool([]*x509.Certificate{w.frNext.cert}) }},
	} {
		t.Run(name, func(t *testing.T) {
			peer := mustPeer(t, h, leaf)
			other := mustPeer(t, h, forgeLeaf(t, "spiffe://"+gbDomain+"/gateway", w.gb))
			changed := h.verifier.Changed()
			version++
			h.verifier.Publish(w.frWith(version, c.bend))
			<-changed
			expectCut(t, h, peer)
			expectCut(t, h, peer)
			if _, err := h.call(leaf); err == nil {
				t.Error("a new handshake was accepted")
			}
			if logged := h.log.take(); len(logged) != 2 || logged[0].Reason != c.reason || logged[1].Reason != c.reason ||
				logged[0].Agency != "fr-police" || logged[0].ID != frGateway {
				t.Errorf("logged %+v; want one for the call and one for the handshake", logged)
			}
			if _, err := h.verifier.Caller(other); err != nil {
				t.Errorf("another agency: %v", err)
			}
			version++
			h.verifier.Publish(w.frWith(version, func(*Member) {}))
			if _, err := h.verifier.Caller(peer); err != nil {
				t.Errorf("after it was undone: %v", err)
			}
		})
	}
}

func TestTheLogLearnsWhatTheCallerDoesNot(t *testing.T) {
	w := newWorld(t)
	h := startHub(t, w, w.trust())
	peer := mustPeer(t, h, forgeLeaf(t, frGateway, w.fr))
	h.verifier.Publish(w.frWith(2, func(m *Member) { m.Status = Suspended }))
	_, err := h.verifier.Caller(peer)
	if strings.Contains(err.Error(), string(ReasonSuspended)) || strings.Contains(err.Error(), frDomain) {
		t.Errorf("the caller is told %q", err)
	}
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("refused", "error", err)
	if !strings.Contains(out.String(), string(ReasonSuspended)) {
		t.Errorf("the log has %q", out.String())
	}
}

// Bindings are read anew as well: rights change on the open connection.
func TestRightsChangeOnOpenConnections(t *testing.T) {
	w := newWorld(t)
	h := startHub(t, w, w.trust())
	peer := mustPeer(t, h, forgeLeaf(t, frGateway, w.fr))
	for i, c := range []struct {
		bindings []Binding
		want     intel.Caller
	}{
		{nil, intel.Caller{}},
		{[]Binding{{PathPrefix: "/", Rights: intel.NewRights(intel.Read)}}, intel.Caller{Rights: intel.NewRights(intel.Read)}},
		{[]Binding{
			{PathPrefix: "/gateway", Rights: intel.NewRights(intel.Supervise), Unit: "aro"},
			{PathPrefix: "/", Rights: intel.NewRights(intel.Read)},
			{PathPrefix: "/gateway", Rights: intel.NewRights(intel.Submit)},
		}, intel.Caller{Rights: intel.NewRights(intel.Supervise), Unit: "aro"}},
		{[]Binding{
			{PathPrefix: "/gateway", Rights: 0},
			{PathPrefix: "/", Rights: intel.NewRights(intel.Read)},
		}, intel.Caller{}},
		{[]Binding{{PathPrefix: "/gate", Rights: intel.NewRights(intel.Read)}, {PathPrefix: "", Rights: intel.NewRights(intel.Read)}},
			intel.Caller{}},
	} {
		h.verifier.Publish(w.frWith(uint64(i+2), func(m *Member) { m.Bindings = c.bindings }))
		got, err := h.verifier.Caller(peer)
		if err != nil || got.Rights != c.want.Rights || got.Unit != c.want.Unit {
			t.Errorf("case %d: rights %v, unit %q, error %v", i, got.Rights, got.Unit, err)
		}
	}
}

// Expiry cuts off an open connection, and a clock set back revives nothing.
func TestExpiryOfAnOpenConnection(t *testing.T) {
	w := newWorld(t)
	var offset atomic.Int64
	var refused atomic.Int64
	v, err := New(func() time.Time { return now.Add(time.Duration(offset.Load())) }, func(r Refusal) {
		if r.Reason == ReasonExpired {
			refused.Add(1)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	v.Publish(w.trust())
	peer, err := v.Verify(parseAll(t, [][]byte{forgeLeaf(t, frGateway, w.fr)}))
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		at time.Duration
		ok bool
	}{{0, true}, {time.Hour - 1, true}, {time.Hour, false}, {0, false}, {48 * time.Hour, false}} {
		offset.Store(int64(c.at))
		if _, err := v.Caller(peer); (err == nil) != c.ok {
			t.Errorf("step %d at %v: %v", i, c.at, err)
		}
	}
	if refused.Load() != 1 {
		t.Errorf("%d refusals told, want 1", refused.Load())
	}
}

func TestPublishKeepsTheNewest(t *testing.T) {
	w := newWorld(t)
	h := startHub(t, w, w.frWith(7, func(m *Member) { m.Status = Suspended }))
	leaf := parseAll(t, [][]byte{forgeLeaf(t, frGateway, w.fr)})
	accepted := func() bool { _, err := h.verifier.Verify(leaf); return err == nil }
	h.verifier.Publish(w.frWith(6, func(*Member) {}))
	if accepted() {
		t.Error("an older trust came back")
	}
	h.verifier.Publish(nil)
	h.verifier.Publish(w.frWith(6, func(*Member) {}))
	if accepted() {
		t.Error("an older trust came back after nil")
	}
	h.verifier.Publish(w.frWith(7, func(*Member) {}))
	if !accepted() {
		t.Error("the same version was not taken after nil")
	}
	h.verifier.Publish(nil)
	if accepted() {
		t.Error("nil trusts somebody")
	}
}

// Many calls at once on one refused peer tell the log once.
func TestRefusalIsToldOnce(t *testing.T) {
	w := newWorld(t)
	h := startHub(t, w, w.trust())
	peer := mustPeer(t, h, forgeLeaf(t, frGateway, w.fr))
	for version := uint64(2); version < 12; version++ {
		h.verifier.Publish(w.frWith(version, func(m *Member) { m.Status = Suspended }))
		var calls sync.WaitGroup
		for range 8 {
			calls.Go(func() {
				if _, err := h.verifier.Caller(peer); err == nil {
					t.Error("accepted")
				}
			})
		}
		calls.Wait()
		if n := len(h.log.take()); n != 1 {
			t.Fatalf("%d refusals told, want 1", n)
		}
	}
}

// TestRotationUnderLoad replaces one agency's authority again and again while
// another agency connects and calls (THREATS T3): the other never fails; of the
// rotating one, an overlap loses no call and the old authority gets in no more
// once the overlap has ended.
func TestRotationUnderLoad(t *testing.T) {
	w := newWorld(t)
	h := startHub(t, w, w.trust())
	old, next := forgeLeaf(t, frGateway, w.fr), forgeLeaf(t, frGateway, w.frNext)
	both := []*x509.Certificate{w.fr.cert, w.frNext.cert}
	stop := make(chan struct{})
	var load sync.WaitGroup
	var calls atomic.Int64
	gb := parseAll(t, [][]byte{forgeLeaf(t, "spiffe://"+gbDomain+"/gateway", w.gb)})
	for range 2 {
		load.Go(func() { callUntil(t, h.verifier, gb, stop, &calls) })
	}
	verify := func(leaf []byte) error { _, err := h.verifier.Verify(parseAll(t, [][]byte{leaf})); return err }
	version := uint64(1)
	publish := func(roots []*x509.Certificate) {
		version++
		h.verifier.Publish(w.frWith(version, func(m *Member) { m.Roots = Pool(roots) }))
	}
	for round := range 20 {
		publish(both[:1])
		peer := mustPeer(t, h, old)
		publish(both)
		if _, err := h.verifier.Caller(peer); err != nil || verify(old) != nil || verify(next) != nil {
			t.Fatalf("round %d: the overlap lost somebody", round)
		}
		publish(both[1:])
		if _, err := h.verifier.Caller(peer); err == nil || verify(old) == nil || verify(next) != nil {
			t.Fatalf("round %d: the old authority is still accepted, or the next one is not", round)
		}
		if _, err := h.call(old); err == nil {
			t.Fatalf("round %d: a handshake under the old authority", round)
		}
	}
	close(stop)
	load.Wait()
	if calls.Load() == 0 {
		t.Error("the other agency never called")
	}
}

func callUntil(t *testing.T, v *Verifier, chain []*x509.Certificate, stop <-chan struct{}, calls *atomic.Int64) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		peer, err := v.Verify(chain)
		if err != nil {
			t.Errorf("another agency's handshake: %v", err)
			return
		}
		for range 10 {
			if _, err := v.Caller(peer); err != nil {
				t.Errorf("another agency's call: %v", err)
				return
			}
		}
		calls.Add(1)
	}
}

// A call that comes without a peer has nobody behind it.
func TestNobodyCalls(t *testing.T) {
	w := newWorld(t)
	h := startHub(t, w, w.trust())
	expectCut(t, h, nil)
	expectCut(t, h, new(Peer))
	if logged := h.log.take(); len(logged) != 2 || logged[0].Reason != ReasonNoCertificate {
		t.Errorf("logged %v", logged)
	}
}

func TestNewNeedsAClock(t *testing.T) {
	if _, err := New(nil, nil); err == nil {
		t.Error("a verifier without a clock")
	}
}

func BenchmarkCaller(b *testing.B) {
	w := newWorld(b)
	start := time.Now()
	running := func() time.Time { return now.Add(time.Since(start)) }
	for name, clock := range map[string]func() time.Time{"fixed clock": clockNow, "running clock": running} {
		v, err := New(clock, nil)
		if err != nil {
			b.Fatal(err)
		}
		v.Publish(w.trust())
		peer, err := v.Verify(parseAll(b, [][]byte{forgeLeaf(b, frGateway, w.fr)}))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := v.Caller(peer); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkVerify judges a new chain: with no revocation, and with as many as an
// agency might gather in years.
func BenchmarkVerify(b *testing.B) {
	w := newWorld(b)
	v, err := New(clockNow, nil)
	if err != nil {
		b.Fatal(err)
	}
	chain := parseAll(b, [][]byte{forgeLeaf(b, frGateway, w.fr)})
	for i, revoked := range []int{0, 10_000} {
		v.Publish(w.frWith(uint64(i+1), func(m *Member) {
			for n := range revoked {
				m.Revocations = append(m.Revocations, Revocation{Serial: big.NewInt(int64(n) + 1<<40).Text(16)})
			}
		}))
		b.Run(fmt.Sprintf("%d revocations", revoked), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := v.Verify(chain); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
