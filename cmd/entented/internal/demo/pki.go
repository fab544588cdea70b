package demo

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/seed-1d76a664/entente/internal/identity"
)

// files are where an agency of the demo keeps its certificates.
type files struct{ dir string }

func (f files) authority() (cert, key string) { return f.pair("ca") }

// of is the certificate and key of a workload path.
func (f files) of(path string) (cert, key string) {
	return f.pair(strings.ReplaceAll(strings.TrimPrefix(path, "/"), "/", "-"))
}

func (f files) pair(name string) (cert, key string) {
	return filepath.Join(f.dir, name+".crt"), filepath.Join(f.dir, name+".key")
}

// issue makes the agency's authority and a certificate for each workload, and
// returns the bundle that the operator enrols it with.
func (f files) issue(a agency) (bundle string, err error) {
	if err := os.MkdirAll(f.dir, 0o750); err != nil {
		return "", fmt.Errorf("demo: %w", err)
	}
	ca, err := identity.NewAuthority(a.domain(), identity.AuthorityOptions{Name: a.name, Clock: time.Now})
	if err != nil {
		return "", fmt.Errorf("demo: %w", err)
	}
	cert, key := f.authority()
	if err := ca.Save(cert, key); err != nil {
		return "", fmt.Errorf("demo: %w", err)
	}
	for _, path := range []string{gateway, laptop, admin, supervisor} {
		credential, err := ca.Issue(path, identity.IssueOptions{})
		if err != nil {
			return "", fmt.Errorf("demo: %w", err)
		}
		cert, key := f.of(path)
		if err := credential.Save(cert, key); err != nil {
			return "", fmt.Errorf("demo: %w", err)
		}
	}
	return ca.BundlePEM(), nil
}
