package identity

import (
	"crypto"
	"crypto/x509"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/seed-1d76a664/entente/internal/intel"
)

// TestAcceptedCertificates is the other half of the table: what must get in, and
// as whom.
func TestAcceptedCertificates(t *testing.T) {
	w := newWorld(t)
	h := startHub(t, w, w.trust())
	member := func(path string, rights ...intel.Right) intel.Caller {
		return intel.Caller{Agency: "fr-police", Region: "FR", Path: path, Rights: intel.NewRights(rights...)}
	}
	gateway := member("/gateway", intel.Read, intel.Submit)
	uri := func(path string) string { return "spiffe://" + frDomain + path }
	with := func(c intel.Caller, bend func(*intel.Caller)) intel.Caller { bend(&c); return c }
	rows := []struct {
		name  string
		chain [][]byte
		key   crypto.Signer
		want  intel.Caller
	}{
		{name: "P-256", chain: [][]byte{forgeLeaf(t, frGateway, w.fr)}, want: gateway},
		{name: "P-384", chain: [][]byte{forgeLeafKey(t, frGateway, w.fr, keys.p384())}, key: keys.p384(), want: gateway},
		{name: "P-521", chain: [][]byte{forgeLeafKey(t, frGateway, w.fr, keys.p521())}, key: keys.p521(), want: gateway},
		{name: "Ed25519", chain: [][]byte{forgeLeafKey(t, frGateway, w.fr, keys.ed25519())}, key: keys.ed25519(), want: gateway},
		{name: "RSA 3072", chain: [][]byte{forgeLeafKey(t, frGateway, w.fr, keys.rsa3072())}, key: keys.rsa3072(), want: gateway},
		{name: "under an intermediate", chain: under(t, w.frInter), want: gateway},
		{name: "with its root", chain: append(under(t, w.frInter), w.fr.cert.Raw), want: gateway},
		{name: "16 names", chain: [][]byte{forgeLeaf(t, frGateway, w.fr, sixteenNames())}, want: gateway},
		{name: "clientAuth and serverAuth", chain: [][]byte{forgeLeaf(t, frGateway, w.fr,
			extUsage(x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth))}, want: gateway},
		{name: "no basic constraints", chain: [][]byte{forgeLeaf(t, frGateway, w.fr,
			func(c *x509.Certificate) { c.BasicConstraintsValid = false })}, want: gateway},
		{name: "administrator", chain: [][]byte{forgeLeaf(t, uri("/admin"), w.fr)},
			want: member("/admin", intel.Administer)},
		{name: "below the administrator", chain: [][]byte{forgeLeaf(t, uri("/admin/Night_2.b-x"), w.fr)},
			want: member("/admin/Night_2.b-x", intel.Administer)},
		{name: "not the administrator", chain: [][]byte{forgeLeaf(t, uri("/administrators"), w.fr)},
			want: member("/administrators", intel.Read, intel.Submit)},
		{name: "unit, whose binding cannot give OPERATE", chain: [][]byte{forgeLeaf(t, uri("/aro/desk"), w.fr)},
			want: with(member("/aro/desk", intel.Read), func(c *intel.Caller) { c.Unit = "aro" })},
		{name: "officer", chain: [][]byte{forgeLeaf(t, uri("/officer/7f3a"), w.fr)},
			want: with(member("/officer/7f3a", intel.Read, intel.Submit), func(c *intel.Caller) { c.Officer = "7f3a" })},
		{name: "no officer below an officer", chain: [][]byte{forgeLeaf(t, uri("/officer/paris/7f3a"), w.fr)},
			want: member("/officer/paris/7f3a", intel.Read, intel.Submit)},
		{name: "no officer elsewhere", chain: [][]byte{forgeLeaf(t, uri("/x/officer/7f3a"), w.fr)},
			want: member("/x/officer/7f3a", intel.Read, intel.Submit)},
		{name: "operator", chain: [][]byte{forgeLeaf(t, "spiffe://"+hubDomain+"/officer/ops", w.hub)},
			want: intel.Caller{Operator: true, Path: "/officer/ops", Rights: intel.NewRights(intel.Operate)}},
		{name: "operator beside the hub", chain: [][]byte{forgeLeaf(t, "spiffe://"+hubDomain+"/hubert", w.hub)},
			want: intel.Caller{Operator: true, Path: "/hubert", Rights: intel.NewRights(intel.Operate)}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			if r.key == nil {
				r.key = keys.leaf()
			}
			said, err := h.dial(client{chain: r.chain, key: r.key})
			got := <-h.results
			if err != nil || said != greeting || got.err != nil {
				t.Fatalf("client: %q %v; hub: %v; log: %v", said, err, got.err, h.log.take())
			}
			caller, err := h.verifier.Caller(got.peer)
			if err != nil {
				t.Fatal(err)
			}
			leaf := mustParse(t, r.chain[0])
			r.want.Serial, r.want.NotBefore, r.want.NotAfter = Serial(leaf), leaf.NotBefore, leaf.NotAfter
			r.want.AuthorityNotAfter = now.Add(30 * 24 * time.Hour)
			if caller != r.want {
				t.Errorf("caller\n%+v, want\n%+v", caller, r.want)
			}
		})
	}
	if logged := h.log.take(); len(logged) != 0 {
		t.Errorf("refusals: %v", logged)
	}
}

func sixteenNames() change {
	all := []generalName{uriName(frGateway)}
	for i := range maxNames - 1 {
		all = append(all, dnsName(fmt.Sprintf("d%d.example", i)))
	}
	return sans(all...)
}

// A revocation that has every criterion hits only what meets all of them.
func TestRevocationsThatDoNotHit(t *testing.T) {
	w := newWorld(t)
	v, err := New(clockNow, nil)
	if err != nil {
		t.Fatal(err)
	}
	leaf := mustParse(t, forgeLeaf(t, frGateway, w.fr, serial(big.NewInt(0xab))))
	for i, r := range []Revocation{
		{Serial: "ac"},
		{PathPrefix: "/gate"},
		{PathPrefix: "/gateway/2"},
		{IssuedBefore: leaf.NotBefore},
		{PathPrefix: "/admin", IssuedBefore: now},
		{Serial: "ab", PathPrefix: "/admin"},
		{Serial: "ab", IssuedBefore: leaf.NotBefore},
	} {
		v.Publish(w.frWith(uint64(i), func(m *Member) { m.Revocations = []Revocation{r} }))
		if _, err := v.Verify([]*x509.Certificate{leaf}); err != nil {
			t.Errorf("%+v: %v", r, err)
		}
	}
}

// The earliest expiry among the authorities is told to the caller; with two ways
// up, that of the longer-lasting one.
func TestAuthorityExpiry(t *testing.T) {
	w := newWorld(t)
	v, err := New(clockNow, nil)
	if err != nil {
		t.Fatal(err)
	}
	key := freshKey()
	short := forgeAuthority(t, "inter", w.fr, key, validity(now.Add(-time.Hour), now.Add(time.Minute)))
	long := forgeAuthority(t, "inter", w.fr, key, validity(now.Add(-time.Hour), now.Add(2*time.Minute)))
	v.Publish(w.trust())
	leaf := mustParse(t, forgeLeaf(t, frGateway, short))
	for _, c := range []struct {
		chain []*x509.Certificate
		want  time.Duration
	}{
		{[]*x509.Certificate{leaf, short.cert}, time.Minute},
		{[]*x509.Certificate{leaf, short.cert, long.cert}, 2 * time.Minute},
	} {
		peer, err := v.Verify(c.chain)
		if err != nil {
			t.Fatal(err)
		}
		caller, err := v.Caller(peer)
		if err != nil || !caller.AuthorityNotAfter.Equal(now.Add(c.want)) || !caller.Until().Equal(now.Add(c.want)) {
			t.Errorf("authority until %v (%v), want %v", caller.AuthorityNotAfter, err, now.Add(c.want))
		}
	}
}
