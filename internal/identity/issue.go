package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"
)

// IssueOptions are what may differ between certificates. The zero value makes a
// caller's certificate of LeafTTL.
type IssueOptions struct {
	// TTL is how long it lasts, at most as long as the authority; LeafTTL when
	// zero.
	TTL time.Duration
	// NotBefore is when its validity begins; now when zero. It is not dated
	// back by itself: a revocation by "issued before" would then hit
	// certificates that were issued after it.
	NotBefore time.Time
	// Server makes it a hub's certificate: serverAuth beside clientAuth, and
	// the names below, of which at least one DNS name is needed.
	Server bool
	// DNS and IPs are the names and addresses under which a hub is reached.
	// Only with Server.
	DNS []string
	IPs []net.IP
}

// Credential is a certificate and its private key.
type Credential struct {
	// ID is the one URI of the certificate.
	ID ID
	// Serial is spelled as Serial spells it.
	Serial string
	// NotBefore and NotAfter bound its validity.
	NotBefore, NotAfter time.Time
	// CertPEM is the certificate; KeyPEM its key in PKCS #8, in clear.
	CertPEM, KeyPEM []byte
}

// Issue makes a P-256 key and a certificate for the workload path: one URI,
// digitalSignature, clientAuth. An officer's certificate has the path
// /officer/{id}, a hub's HubPath. Nothing is written; see Credential.Save.
func (a *Authority) Issue(path string, opts IssueOptions) (Credential, error) {
	id := ID{TrustDomain: a.trustDomain, Path: path}
	if _, err := ParseID(id.String()); err != nil {
		return Credential{}, fmt.Errorf("identity: issue: %w", err)
	}
	template, err := a.leafTemplate(id, opts)
	if err != nil {
		return Credential{}, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Credential{}, fmt.Errorf("identity: issue: %w", err)
	}
	cert, err := sign(template, a.cert, a.key, &key.PublicKey)
	if err != nil {
		return Credential{}, err
	}
	private, err := keyPEM(key)
	if err != nil {
		return Credential{}, err
	}
	return Credential{
		ID: id, Serial: Serial(cert), NotBefore: cert.NotBefore, NotAfter: cert.NotAfter,
		CertPEM: certPEM(cert.Raw), KeyPEM: private,
	}, nil
}

func (a *Authority) leafTemplate(id ID, opts IssueOptions) (*x509.Certificate, error) {
	from, to, err := a.validity(opts)
	if err != nil {
		return nil, err
	}
	if opts.Server != (len(opts.DNS) > 0) || !opts.Server && len(opts.IPs) > 0 {
		return nil, errors.New("identity: issue: a hub's certificate needs a DNS name, and only a hub's has names")
	}
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	uses := []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if opts.Server {
		uses = append(uses, x509.ExtKeyUsageServerAuth)
	}
	return &x509.Certificate{
		SerialNumber:          serial,
		URIs:                  []*url.URL{{Scheme: "spiffe", Host: id.TrustDomain, Path: id.Path}},
		DNSNames:              opts.DNS,
		IPAddresses:           opts.IPs,
		NotBefore:             from,
		NotAfter:              to,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           uses,
	}, nil
}

// validity is from when to when, within the authority's own life.
func (a *Authority) validity(opts IssueOptions) (from, to time.Time, err error) {
	from, ttl := opts.NotBefore, opts.TTL
	if from.IsZero() {
		from = a.clock()
	}
	if ttl == 0 {
		ttl = LeafTTL
	}
	to = from.Add(ttl)
	if to.After(a.cert.NotAfter) {
		to = a.cert.NotAfter
	}
	if !from.Before(to) {
		return from, to, errors.New("identity: issue: the certificate would never be valid; the authority may have expired")
	}
	return from, to, nil
}

// TLS is the credential as crypto/tls takes it.
func (c Credential) TLS() (tls.Certificate, error) {
	pair, err := tls.X509KeyPair(c.CertPEM, c.KeyPEM)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("identity: credential: %w", err)
	}
	return pair, nil
}
