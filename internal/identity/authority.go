package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"time"
)

// Lifetimes where the caller names none.
const (
	// AuthorityTTL is how long a new authority lasts: ten years of 365 days.
	AuthorityTTL = 10 * 365 * 24 * time.Hour
	// LeafTTL is how long an issued certificate lasts: 90 days.
	LeafTTL = 90 * 24 * time.Hour
)

// Authority is a certificate authority of one trust domain, with its private
// key in memory. It may issue from many goroutines at once.
type Authority struct {
	trustDomain string
	cert        *x509.Certificate
	key         *ecdsa.PrivateKey
	clock       func() time.Time
}

// AuthorityOptions are what may differ between authorities. The zero value is
// the usual one, but for the clock.
type AuthorityOptions struct {
	// Name is the common name; the trust domain's name when empty.
	Name string
	// TTL is how long the authority lasts; AuthorityTTL when zero.
	TTL time.Duration
	// MaxPathLen is how many authorities may stand between this one and a
	// caller's certificate: usually none.
	MaxPathLen int
	// Clock gives the time of this and of every later issue; required.
	Clock func() time.Time
}

// NewAuthority makes a self-signed P-256 authority that carries the trust
// domain as its SPIFFE URI. Nothing is written; see Save.
func NewAuthority(trustDomain string, opts AuthorityOptions) (*Authority, error) {
	if err := CheckTrustDomain(trustDomain); err != nil {
		return nil, fmt.Errorf("identity: new authority: %w", err)
	}
	if opts.Clock == nil || opts.TTL < 0 || opts.MaxPathLen < 0 {
		return nil, errors.New("identity: new authority: a clock is required, and no option may be negative")
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("identity: new authority: %w", err)
	}
	template, err := authorityTemplate(trustDomain, opts)
	if err != nil {
		return nil, err
	}
	cert, err := sign(template, template, key, &key.PublicKey)
	if err != nil {
		return nil, err
	}
	return &Authority{trustDomain: trustDomain, cert: cert, key: key, clock: opts.Clock}, nil
}

func authorityTemplate(trustDomain string, opts AuthorityOptions) (*x509.Certificate, error) {
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	name, ttl := opts.Name, opts.TTL
	if name == "" {
		name = trustDomain
	}
	if ttl == 0 {
		ttl = AuthorityTTL
	}
	now := opts.Clock()
	return &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: name},
		URIs:                  []*url.URL{{Scheme: "spiffe", Host: trustDomain}},
		NotBefore:             now,
		NotAfter:              now.Add(ttl),
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLen:            opts.MaxPathLen,
		MaxPathLenZero:        opts.MaxPathLen == 0,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}, nil
}

// TrustDomain is the domain whose certificates the authority issues.
func (a *Authority) TrustDomain() string { return a.trustDomain }

// Certificate is the authority's own certificate; do not change it.
func (a *Authority) Certificate() *x509.Certificate { return a.cert }

// BundlePEM is the authority's certificate as ParseBundle reads it. The bundles
// of two authorities, one after the other, are the bundle of an overlap.
func (a *Authority) BundlePEM() string { return string(certPEM(a.cert.Raw)) }

// newSerial is 127 random bits, never zero: unguessable, and within the 20
// octets of RFC 5280.
func newSerial() (*big.Int, error) {
	limit := new(big.Int).Lsh(big.NewInt(1), 127)
	n, err := rand.Int(rand.Reader, limit.Sub(limit, big.NewInt(1)))
	if err != nil {
		return nil, fmt.Errorf("identity: serial number: %w", err)
	}
	return n.Add(n, big.NewInt(1)), nil
}

// sign makes a certificate and reads it back, so that what is used is what was
// signed.
func sign(template, parent *x509.Certificate, key *ecdsa.PrivateKey, pub *ecdsa.PublicKey) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, pub, key)
	if err != nil {
		return nil, fmt.Errorf("identity: sign: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("identity: sign: %w", err)
	}
	return cert, nil
}

func certPEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func keyPEM(key *ecdsa.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("identity: encode key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}
