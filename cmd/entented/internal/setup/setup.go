package setup

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"
	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/view"
)

// OperatorPath is the workload path of the operator's first certificate.
const OperatorPath = "/operator"

// Options say what hub to make. Clock and Random are required.
type Options struct {
	// Hub is the DNS name by which partners reach the hub.
	Hub string
	// OperatorDomain is the operator's SPIFFE trust domain; the hub's name when
	// empty.
	OperatorDomain string
	// IPs are addresses that clients may use instead of the name.
	IPs []net.IP
	// Listen are the addresses; each that is empty has its default.
	Listen config.Listen
	// LeafTTL is how long the two certificates last; identity's default when 0.
	LeafTTL time.Duration
	// Clock dates the certificates and keys, Random is where the keys come from.
	Clock  func() time.Time
	Random io.Reader
}

// Make makes the folder of a hub. The folder must be absent or empty. The
// configuration is written last: a folder without one was not finished.
func Make(dir string, o Options) (config.Config, error) {
	if o.OperatorDomain == "" {
		o.OperatorDomain = o.Hub
	}
	layout := In(dir)
	c, err := configure(layout, o)
	if err != nil {
		return config.Config{}, err
	}
	if err := empty(dir); err != nil {
		return config.Config{}, err
	}
	for _, step := range []func() error{
		func() error { return makePKI(layout, o) },
		func() error { return makeData(layout, o) },
		func() error { return write(layout.Config(), c) },
	} {
		if err := step(); err != nil {
			return config.Config{}, err
		}
	}
	return config.Read(layout.Config())
}

// empty makes the folder when it is absent and refuses one that holds something.
func empty(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return os.MkdirAll(dir, 0o750)
	case err != nil:
		return fmt.Errorf("setup: %w", err)
	case len(entries) > 0:
		return fmt.Errorf("setup: the folder %s is not empty, and nothing in it is built over; name a new one, or remove it", dir)
	}
	return nil
}

// configure is the configuration as the file will have it, with paths relative
// to the file, so that the folder can be moved.
func configure(l Layout, o Options) (config.Config, error) {
	c := config.Default()
	c.Hub = o.Hub
	c.Certificate, c.Key = relative(l, l.Hub().Cert), relative(l, l.Hub().Key)
	c.Operator.TrustDomain = o.OperatorDomain
	c.Operator.Bundle = relative(l, l.OperatorAuthority().Cert)
	for _, address := range []struct {
		key  *string
		want string
	}{{&c.Listen.Main, o.Listen.Main}, {&c.Listen.Bulk, o.Listen.Bulk}, {&c.Listen.Admin, o.Listen.Admin}, {&c.Listen.BulkAdvertised, o.Listen.BulkAdvertised}} {
		if address.want != "" {
			*address.key = address.want
		}
	}
	if err := c.Check(); err != nil {
		return config.Config{}, fmt.Errorf("setup: %w", err)
	}
	if err := identity.CheckTrustDomain(o.OperatorDomain); err != nil {
		return config.Config{}, fmt.Errorf("setup: the operator's trust domain: %w", err)
	}
	return c, nil
}

func relative(l Layout, path string) string {
	short, err := filepath.Rel(l.Dir(), path)
	if err != nil {
		return path
	}
	return short
}

// makePKI makes both authorities and a certificate from each.
func makePKI(l Layout, o Options) error {
	if err := os.MkdirAll(filepath.Dir(l.Hub().Cert), 0o750); err != nil {
		return fmt.Errorf("setup: %w", err)
	}
	server := identity.IssueOptions{Server: true, DNS: []string{o.Hub}, IPs: o.IPs, TTL: o.LeafTTL}
	return errors.Join(
		issue(o, o.Hub+" hub authority", l.HubAuthority(), identity.HubPath, server, l.Hub()),
		issue(o, o.OperatorDomain+" operator authority", l.OperatorAuthority(), OperatorPath, identity.IssueOptions{TTL: o.LeafTTL}, l.Operator()),
	)
}

// issue makes one authority of the operator's domain and one certificate by it.
func issue(o Options, name string, authority Pair, path string, options identity.IssueOptions, leaf Pair) error {
	ca, err := identity.NewAuthority(o.OperatorDomain, identity.AuthorityOptions{Name: name, Clock: o.Clock})
	if err != nil {
		return fmt.Errorf("setup: %w", err)
	}
	if err := ca.Save(authority.Cert, authority.Key); err != nil {
		return fmt.Errorf("setup: %w", err)
	}
	credential, err := ca.Issue(path, options)
	if err != nil {
		return fmt.Errorf("setup: %w", err)
	}
	return credential.Save(leaf.Cert, leaf.Key)
}

// makeData makes the data folder and its keys.
func makeData(l Layout, o Options) error {
	if err := view.Prepare(l.Data()); err != nil {
		return err
	}
	ring, err := keyring.Create(filepath.Join(l.Data(), view.FolderKeys), o.Random, o.Clock())
	if err != nil {
		return err
	}
	return ring.Close()
}

// write writes the configuration so that it is there entirely or not at all.
func write(path string, c config.Config) error {
	text, err := c.Encode()
	if err != nil {
		return err
	}
	temp := path + ".new"
	if err := os.WriteFile(temp, text, 0o600); err != nil {
		return fmt.Errorf("setup: %w", err)
	}
	return os.Rename(temp, path)
}
