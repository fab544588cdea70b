package testnet

import (
	"crypto/tls"
	"fmt"
	"net"
	"path/filepath"
	"sync"
	"time"

	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// OperatorDomain is the operator's trust domain in every net.
const OperatorDomain = "operator.example"

// PKI is throwaway authorities: the operator's, under which the hub's certificate
// stands too, and one for each agency. It may be used by several goroutines.
type PKI struct {
	operator *identity.Authority
	agencies map[intel.AgencyID]*identity.Authority
	hub      tls.Certificate

	mu     sync.Mutex
	issued map[string]tls.Certificate // by agency and path
}

// NewPKI makes authorities for agencies with these ids.
func NewPKI(ids ...string) (*PKI, error) {
	operator, err := identity.NewAuthority(OperatorDomain, identity.AuthorityOptions{Clock: time.Now})
	if err != nil {
		return nil, err
	}
	p := &PKI{operator: operator, agencies: map[intel.AgencyID]*identity.Authority{}, issued: map[string]tls.Certificate{}}
	for _, id := range ids {
		authority, err := identity.NewAuthority(Domain(id), identity.AuthorityOptions{Clock: time.Now})
		if err != nil {
			return nil, err
		}
		p.agencies[intel.AgencyID(id)] = authority
	}
	return p, p.issueHub()
}

// issueHub makes the hub's own certificate.
func (p *PKI) issueHub() error {
	own, err := p.operator.Issue(identity.HubPath, identity.IssueOptions{
		Server: true, DNS: []string{"localhost"}, IPs: []net.IP{net.IPv4(127, 0, 0, 1)},
	})
	if err != nil {
		return err
	}
	p.hub, err = own.TLS()
	return err
}

// SaveOperator writes the operator's authority into a folder, for a hub in another process.
func (p *PKI) SaveOperator(dir string) error {
	return p.operator.Save(filepath.Join(dir, "operator.crt"), filepath.Join(dir, "operator.key"))
}

// LoadOperator reads what SaveOperator wrote: all that a hub needs, without the agencies' authorities.
func LoadOperator(dir string) (*PKI, error) {
	operator, err := identity.LoadAuthority(filepath.Join(dir, "operator.crt"), filepath.Join(dir, "operator.key"), time.Now)
	if err != nil {
		return nil, err
	}
	p := &PKI{operator: operator, issued: map[string]tls.Certificate{}}
	return p, p.issueHub()
}

// Domain is the trust domain of an agency in every net.
func Domain(id string) string { return id + ".example" }

// Bundle is the authorities of an agency, in PEM, or of the operator and the hub
// where the id is empty.
func (p *PKI) Bundle(id string) string {
	if id == "" {
		return p.operator.BundlePEM()
	}
	return p.agencies[intel.AgencyID(id)].BundlePEM()
}

// OperatorBundle is the authorities of the operator, in PEM: what a client trusts the hub by.
func (p *PKI) OperatorBundle() string { return p.operator.BundlePEM() }

// Certificate is a certificate of an agency for a workload path, or of the operator
// where the id is empty. The same one is given again.
func (p *PKI) Certificate(id, path string) (tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := id + path
	if c, made := p.issued[key]; made {
		return c, nil
	}
	authority := p.operator
	if id != "" {
		authority = p.agencies[intel.AgencyID(id)]
	}
	if authority == nil {
		return tls.Certificate{}, fmt.Errorf("testnet: there is no authority of %s", id)
	}
	own, err := authority.Issue(path, identity.IssueOptions{})
	if err != nil {
		return tls.Certificate{}, err
	}
	c, err := own.TLS()
	p.issued[key] = c
	return c, err
}

// hubCertificate is an identity.CertSource.
func (p *PKI) hubCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &p.hub, nil }
