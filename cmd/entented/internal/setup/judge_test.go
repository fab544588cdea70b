package setup

import (
	"crypto/tls"
	"crypto/x509"
	"testing"

	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// judge asks a verifier about the certificate in a file.
func judge(t *testing.T, v *identity.Verifier, p Pair) (intel.Caller, error) {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(p.Cert, p.Key)
	if err != nil {
		t.Fatal(err)
	}
	peer, err := v.Verify([]*x509.Certificate{pair.Leaf})
	if err != nil {
		return intel.Caller{}, err
	}
	return v.Caller(peer)
}
