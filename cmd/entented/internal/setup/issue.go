package setup

import (
	"crypto/tls"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"
	"github.com/seed-1d76a664/entente/internal/identity"
)

// Issuing is with what a certificate of an existing hub is issued. Clock is required.
type Issuing struct {
	// Authority signs; its key may have been brought back from a safe place.
	Authority Pair
	// TTL is how long the certificate lasts; identity's default when 0.
	TTL   time.Duration
	Clock func() time.Time
}

// RenewHub replaces the hub's certificate and key by new ones for the same names,
// and for the one in the configuration. A running hub takes them by itself.
func RenewHub(c config.Config, i Issuing) (identity.Credential, error) {
	ca, err := i.authority(c)
	if err != nil {
		return identity.Credential{}, err
	}
	old, err := tls.LoadX509KeyPair(c.Certificate, c.Key)
	if err != nil {
		return identity.Credential{}, fmt.Errorf("setup: the hub's certificate until now: %w", err)
	}
	names := old.Leaf.DNSNames
	if !slices.Contains(names, c.Hub) {
		names = append(names, c.Hub)
	}
	credential, err := ca.Issue(identity.HubPath, identity.IssueOptions{Server: true, DNS: names, IPs: old.Leaf.IPAddresses, TTL: i.TTL})
	if err != nil {
		return credential, fmt.Errorf("setup: %w", err)
	}
	return credential, credential.Save(c.Certificate, c.Key)
}

// IssueOperator issues a certificate to an operator, under a name of its own, into
// files; older ones of that name are replaced. Without a name it renews the first.
func IssueOperator(c config.Config, l Layout, name string, i Issuing) (Pair, identity.Credential, error) {
	files, path := l.Operator(), OperatorPath
	if name != "" {
		if filepath.Base(name) != name {
			return Pair{}, identity.Credential{}, errors.New("setup: an operator's name has no slash")
		}
		files, path = l.Pair("operator-"+name), OperatorPath+"/"+name
	}
	ca, err := i.authority(c)
	if err != nil {
		return files, identity.Credential{}, err
	}
	credential, err := ca.Issue(path, identity.IssueOptions{TTL: i.TTL})
	if err != nil {
		return files, credential, fmt.Errorf("setup: %w", err)
	}
	return files, credential, credential.Save(files.Cert, files.Key)
}

// authority is the one that signs; it must be of the operator's domain.
func (i Issuing) authority(c config.Config) (*identity.Authority, error) {
	ca, err := identity.LoadAuthority(i.Authority.Cert, i.Authority.Key, i.Clock)
	if err != nil {
		return nil, fmt.Errorf("setup: the authority's key may be in its safe place; name it with --authority-key: %w", err)
	}
	if ca.TrustDomain() != c.Operator.TrustDomain {
		return nil, errors.New("setup: the authority is not of the operator's trust domain")
	}
	return ca, nil
}
