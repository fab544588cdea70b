package setup

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/seed-1d76a664/entente/internal/identity"
)

func issuing(authority Pair) Issuing { return Issuing{Authority: authority, Clock: time.Now} }

// The hub's next certificate has a new key, and the names of the old one and of the configuration.
func TestTheHubsCertificateIsRenewed(t *testing.T) {
	l, c := made(t)
	old, err := tls.LoadX509KeyPair(c.Certificate, c.Key)
	if err != nil {
		t.Fatal(err)
	}
	c.Hub = "other.example"
	if _, err := RenewHub(c, issuing(l.HubAuthority())); err != nil {
		t.Fatal(err)
	}
	pair, err := tls.LoadX509KeyPair(c.Certificate, c.Key)
	if err != nil {
		t.Fatal(err)
	}
	if pair.Leaf.Equal(old.Leaf) {
		t.Error("it is the old one")
	}
	if err := identity.CheckHubCertificate(pair.Leaf, time.Now()); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"hub.example", "other.example", "127.0.0.1"} {
		if _, err := pair.Leaf.Verify(x509.VerifyOptions{Roots: pool(t, l.HubAuthority()), DNSName: name}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Operators have certificates of their own, and all of them are the operator.
func TestOperatorsAreIssued(t *testing.T) {
	l, c := made(t)
	verifier, err := identity.New(time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	verifier.Publish(&identity.Trust{Version: 1, OperatorDomain: c.Operator.TrustDomain, OperatorRoots: pool(t, l.OperatorAuthority())})
	for _, name := range []string{"", "desk-2"} {
		files, credential, err := IssueOperator(c, l, name, issuing(l.OperatorAuthority()))
		if err != nil {
			t.Fatal(err)
		}
		if caller, err := judge(t, verifier, files); err != nil || !caller.Operator {
			t.Errorf("%s is refused: %v", credential.ID, err)
		}
	}
	if _, _, err := IssueOperator(c, l, "../desk", issuing(l.OperatorAuthority())); err == nil {
		t.Error("a name leads out of the folder")
	}
}

// An authority of another domain, or none, issues nothing and spoils nothing.
func TestAForeignAuthorityIssuesNothing(t *testing.T) {
	l, c := made(t)
	before, err := os.ReadFile(c.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	other := options()
	other.OperatorDomain = "other.example"
	dir := filepath.Join(t.TempDir(), "other")
	if _, err := Make(dir, other); err != nil {
		t.Fatal(err)
	}
	for _, authority := range []Pair{In(dir).HubAuthority(), {Cert: l.HubAuthority().Cert, Key: "absent"}, {Cert: l.HubAuthority().Cert, Key: l.OperatorAuthority().Key}} {
		if _, err := RenewHub(c, issuing(authority)); err == nil {
			t.Errorf("%v issued", authority)
		}
	}
	if after, err := os.ReadFile(c.Certificate); err != nil || string(after) != string(before) {
		t.Errorf("the certificate changed: %v", err)
	}
}
