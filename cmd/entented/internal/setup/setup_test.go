package setup

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"
	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/view"
)

func options() Options {
	return Options{Hub: "hub.example", OperatorDomain: "operator.example", IPs: []net.IP{net.IPv4(127, 0, 0, 1)}, Clock: time.Now, Random: rand.Reader}
}

func made(t *testing.T) (Layout, config.Config) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "hub")
	c, err := Make(dir, options())
	if err != nil {
		t.Fatal(err)
	}
	return In(dir), c
}

func TestTheHubsCertificateIsOneThatClientsAccept(t *testing.T) {
	l, c := made(t)
	pair, err := tls.LoadX509KeyPair(c.Certificate, c.Key)
	if err != nil {
		t.Fatal(err)
	}
	if err := identity.CheckHubCertificate(pair.Leaf, time.Now()); err != nil {
		t.Error(err)
	}
	if got := pair.Leaf.URIs[0].String(); got != "spiffe://operator.example/hub" {
		t.Errorf("the hub is %s", got)
	}
	_, err = pair.Leaf.Verify(x509.VerifyOptions{Roots: pool(t, l.HubAuthority()), DNSName: "hub.example"})
	if err != nil {
		t.Error(err)
	}
	if err := pair.Leaf.VerifyHostname("127.0.0.1"); err != nil {
		t.Error(err)
	}
}

func pool(t *testing.T, p Pair) *x509.CertPool {
	t.Helper()
	text, err := os.ReadFile(p.Cert)
	if err != nil {
		t.Fatal(err)
	}
	certs, err := identity.ParseBundle(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return identity.Pool(certs)
}

// Whoever can make hub certificates cannot make operators.
func TestTheTwoAuthoritiesAreApart(t *testing.T) {
	l, c := made(t)
	verifier, err := identity.New(time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	verifier.Publish(&identity.Trust{Version: 1, OperatorDomain: c.Operator.TrustDomain, OperatorRoots: pool(t, l.OperatorAuthority())})
	if caller, err := judge(t, verifier, l.Operator()); err != nil || !caller.Operator {
		t.Errorf("the operator is refused: %v", err)
	}
	if _, err := judge(t, verifier, l.Hub()); err == nil {
		t.Error("the hub's certificate is accepted from a caller")
	}
	rogue, err := identity.LoadAuthority(l.HubAuthority().Cert, l.HubAuthority().Key, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	credential, err := rogue.Issue(OperatorPath, identity.IssueOptions{})
	if err != nil {
		t.Fatal(err)
	}
	rogueFiles := l.Pair("rogue")
	if err := credential.Save(rogueFiles.Cert, rogueFiles.Key); err != nil {
		t.Fatal(err)
	}
	if _, err := judge(t, verifier, rogueFiles); err == nil {
		t.Error("the hub's authority made an operator")
	}
}

func TestTheDataFolderHasItsKeys(t *testing.T) {
	_, c := made(t)
	ring, err := keyring.Open(filepath.Join(c.Data, view.FolderKeys))
	if err != nil {
		t.Fatal(err)
	}
	if err := ring.Close(); err != nil {
		t.Error(err)
	}
	if err := view.Prepare(c.Data); err != nil {
		t.Error(err)
	}
}

func TestKeysAreTheOwnersAlone(t *testing.T) {
	l, _ := made(t)
	err := filepath.WalkDir(l.Dir(), func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		secret := strings.HasSuffix(path, ".key") || strings.HasPrefix(path, filepath.Join(l.Data(), "keys"))
		if secret && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestNothingIsBuiltOver(t *testing.T) {
	l, _ := made(t)
	before, err := os.ReadFile(l.Operator().Key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Make(l.Dir(), options()); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("got %v", err)
	}
	if after, err := os.ReadFile(l.Operator().Key); err != nil || string(after) != string(before) {
		t.Error("a key changed")
	}
}

func TestABadNameLeavesNothingBehind(t *testing.T) {
	for _, name := range []string{"", "10.0.0.1", "hub.example:7443"} {
		dir := filepath.Join(t.TempDir(), "hub")
		o := options()
		o.Hub = name
		if _, err := Make(dir, o); err == nil {
			t.Errorf("%q was taken", name)
		}
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("%q left a folder: %v", name, err)
		}
	}
	o := options()
	o.OperatorDomain = "Operator_Example"
	if _, err := Make(filepath.Join(t.TempDir(), "hub"), o); err == nil {
		t.Error("a trust domain that is none was taken")
	}
}

func TestTheFolderMayMove(t *testing.T) {
	l, _ := made(t)
	moved := l.Dir() + "-moved"
	if err := os.Rename(l.Dir(), moved); err != nil {
		t.Fatal(err)
	}
	c, err := config.Read(In(moved).Config())
	if err != nil {
		t.Fatal(err)
	}
	if c.Key != In(moved).Hub().Key {
		t.Errorf("the key is looked for at %s", c.Key)
	}
}
