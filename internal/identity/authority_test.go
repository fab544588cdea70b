package identity

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
)

func mustAuthority(t testing.TB) *Authority {
	t.Helper()
	a, err := NewAuthority(frDomain, AuthorityOptions{Name: "French police", Clock: clockNow})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func mustIssue(t testing.TB, a *Authority, path string, opts IssueOptions) Credential {
	t.Helper()
	c, err := a.Issue(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What an Authority issues is what a Verifier accepts.
func TestIssuedCertificatesAreAccepted(t *testing.T) {
	w := newWorld(t)
	a := mustAuthority(t)
	roots, err := ParseBundle(a.BundlePEM())
	if err != nil {
		t.Fatal(err)
	}
	if err := CheckAuthorities(a.TrustDomain(), roots); err != nil {
		t.Fatal(err)
	}
	h := startHub(t, w, w.frWith(1, func(m *Member) { m.Roots = Pool(roots) }))
	cred := mustIssue(t, a, "/officer/7f3a", IssueOptions{})
	pair, err := cred.TLS()
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := ClientConfig(pair, w.roots, "hub.test")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Time = clockNow
	r := h.connect(t, cfg)
	caller, err := h.verifier.Caller(r.peer)
	if err != nil || caller.Officer != "7f3a" || caller.Serial != cred.Serial ||
		caller.Agency != "fr-police" || !caller.Has(intel.Read) {
		t.Errorf("caller %+v, %v", caller, err)
	}
	if !caller.NotAfter.Equal(now.Add(LeafTTL)) || !caller.AuthorityNotAfter.Equal(now.Add(AuthorityTTL)) {
		t.Errorf("valid until %v and %v", caller.NotAfter, caller.AuthorityNotAfter)
	}
}

func TestAuthorityShape(t *testing.T) {
	c := mustAuthority(t).Certificate()
	if c.Subject.CommonName != "French police" || len(c.URIs) != 1 || c.URIs[0].String() != "spiffe://"+frDomain ||
		!c.IsCA || c.MaxPathLen != 0 || !c.MaxPathLenZero || !c.NotBefore.Equal(now) {
		t.Errorf("%+v", c)
	}
	deep, err := NewAuthority(frDomain, AuthorityOptions{MaxPathLen: 1, TTL: time.Hour, Clock: clockNow})
	if err != nil {
		t.Fatal(err)
	}
	if c := deep.Certificate(); c.MaxPathLen != 1 || !c.NotAfter.Equal(now.Add(time.Hour)) || c.Subject.CommonName != frDomain {
		t.Errorf("%+v", c)
	}
}

func TestNewAuthorityRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		domain string
		opts   AuthorityOptions
	}{
		"no domain":         {"", AuthorityOptions{Clock: clockNow}},
		"upper-case domain": {"Police.example", AuthorityOptions{Clock: clockNow}},
		"a whole URI":       {"spiffe://police.example", AuthorityOptions{Clock: clockNow}},
		"no clock":          {frDomain, AuthorityOptions{}},
		"negative TTL":      {frDomain, AuthorityOptions{Clock: clockNow, TTL: -1}},
		"negative length":   {frDomain, AuthorityOptions{Clock: clockNow, MaxPathLen: -1}},
	} {
		if _, err := NewAuthority(c.domain, c.opts); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestIssueShape(t *testing.T) {
	a := mustAuthority(t)
	server := mustIssue(t, a, HubPath, IssueOptions{
		Server: true, DNS: []string{"hub.example"}, IPs: []net.IP{net.IPv4(127, 0, 0, 1)}, TTL: time.Hour,
	})
	leaf := parsePEM(t, server.CertPEM)
	if !slices.Equal(leaf.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}) ||
		leaf.VerifyHostname("hub.example") != nil || leaf.VerifyHostname("127.0.0.1") != nil ||
		leaf.IsCA || leaf.KeyUsage != x509.KeyUsageDigitalSignature {
		t.Errorf("%+v", leaf)
	}
	if err := CheckHubCertificate(leaf, now); err != nil {
		t.Error(err)
	}
	caller := parsePEM(t, mustIssue(t, a, "/gateway", IssueOptions{NotBefore: now.Add(-time.Hour), TTL: time.Minute}).CertPEM)
	if !slices.Equal(caller.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}) || len(caller.DNSNames) != 0 ||
		!caller.NotBefore.Equal(now.Add(-time.Hour)) || !caller.NotAfter.Equal(now.Add(-59*time.Minute)) {
		t.Errorf("%+v", caller)
	}
	long := mustIssue(t, a, "/gateway", IssueOptions{TTL: 2 * AuthorityTTL})
	if !long.NotAfter.Equal(a.Certificate().NotAfter) {
		t.Errorf("outlives its authority until %v", long.NotAfter)
	}
}

func parsePEM(t testing.TB, text []byte) *x509.Certificate {
	t.Helper()
	block, rest := pem.Decode(text)
	if block == nil || len(rest) != 0 {
		t.Fatalf("not one PEM block: %q", text)
	}
	return mustParse(t, block.Bytes)
}

func TestIssueRefuses(t *testing.T) {
	a := mustAuthority(t)
	for name, c := range map[string]struct {
		path string
		opts IssueOptions
	}{
		"no path":                {"", IssueOptions{}},
		"root path":              {"/", IssueOptions{}},
		"relative path":          {"gateway", IssueOptions{}},
		"dot dot":                {"/a/../b", IssueOptions{}},
		"query":                  {"/a?b", IssueOptions{}},
		"server without names":   {HubPath, IssueOptions{Server: true}},
		"names without server":   {"/a", IssueOptions{DNS: []string{"x.example"}}},
		"address without server": {"/a", IssueOptions{IPs: []net.IP{net.IPv4zero}}},
		"negative TTL":           {"/a", IssueOptions{TTL: -time.Hour}},
		"after the authority":    {"/a", IssueOptions{NotBefore: now.Add(2 * AuthorityTTL)}},
	} {
		if _, err := a.Issue(c.path, c.opts); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestSaveAndLoadAuthority(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "ca-key.pem")
	a := mustAuthority(t)
	if err := a.Save(certFile, keyFile); err != nil {
		t.Fatal(err)
	}
	expectMode(t, certFile, 0o644)
	expectMode(t, keyFile, 0o600)
	loaded, err := LoadAuthority(certFile, keyFile, clockNow)
	if err != nil || loaded.TrustDomain() != frDomain || loaded.BundlePEM() != a.BundlePEM() {
		t.Fatalf("%+v, %v", loaded, err)
	}
	leaf := parsePEM(t, mustIssue(t, loaded, "/gateway", IssueOptions{}).CertPEM)
	if err := leaf.CheckSignatureFrom(a.Certificate()); err != nil {
		t.Error(err)
	}
	before, err := os.ReadFile(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, names := range [][2]string{{certFile, keyFile}, {certFile, keyFile + "2"}, {certFile + "2", keyFile}} {
		if err := mustAuthority(t).Save(names[0], names[1]); !fault.Has(err, "FILE_EXISTS") || !errors.Is(err, fs.ErrExist) {
			t.Errorf("saved over an authority: %v", err)
		}
	}
	if after, err := os.ReadFile(keyFile); err != nil || string(after) != string(before) {
		t.Errorf("the key changed (%v)", err)
	}
	expectFiles(t, dir, "ca-key.pem", "ca.pem")
}

func expectMode(t *testing.T, name string, want fs.FileMode) {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil || info.Mode() != want {
		t.Errorf("%s: %v, %v", name, info.Mode(), err)
	}
}

func expectFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}
}

func TestSaveWithoutFolder(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "none", "x.pem")
	if err := mustAuthority(t).Save(missing, missing+".key"); err == nil || strings.Contains(err.Error(), "PRIVATE") {
		t.Errorf("error %v", err)
	}
	// A key whose certificate cannot be placed is taken away again.
	if err := mustAuthority(t).Save(missing, filepath.Join(dir, "key")); err == nil {
		t.Error("no error")
	}
	expectFiles(t, dir)
}

func TestCredentialSaveReplaces(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "c.pem"), filepath.Join(dir, "k.pem")
	a := mustAuthority(t)
	for range 2 {
		cred := mustIssue(t, a, "/gateway", IssueOptions{})
		if err := cred.Save(certFile, keyFile); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(certFile)
		if err != nil || string(got) != string(cred.CertPEM) {
			t.Errorf("certificate file: %v", err)
		}
	}
	expectMode(t, certFile, 0o644)
	expectMode(t, keyFile, 0o600)
	expectFiles(t, dir, "c.pem", "k.pem")
}

func TestLoadAuthorityRefuses(t *testing.T) {
	dir := t.TempDir()
	name := func(n string) string { return filepath.Join(dir, n) }
	a := mustAuthority(t)
	if err := a.Save(name("ca.pem"), name("ca.key")); err != nil {
		t.Fatal(err)
	}
	if err := mustAuthority(t).Save(name("other.pem"), name("other.key")); err != nil {
		t.Fatal(err)
	}
	if err := mustIssue(t, a, "/gateway", IssueOptions{}).Save(name("leaf.pem"), name("leaf.key")); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{{"ca.pem", "other.key"}, {"leaf.pem", "leaf.key"}, {"ca.pem", "none"}, {"none", "ca.key"}, {"ca.key", "ca.pem"}} {
		if _, err := LoadAuthority(name(c[0]), name(c[1]), clockNow); err == nil {
			t.Errorf("loaded %v", c)
		}
	}
	if _, err := LoadAuthority(name("ca.pem"), name("ca.key"), nil); err == nil {
		t.Error("loaded without a clock")
	}
}
