package main

import (
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"
	"github.com/seed-1d76a664/entente/cmd/entented/internal/setup"
)

func initCommand() *cobra.Command {
	var (
		dir, main, bulk, admin string
		o                      = setup.Options{Clock: time.Now, Random: rand.Reader}
	)
	c := &cobra.Command{
		Use:   "init",
		Short: "Make a hub: authorities, certificates, keys, data folder, configuration",
		Long: "Make the folder of a new hub. Nothing that exists is ever overwritten.\n\n" +
			"The hub's DNS name is the one by which partners will reach it; it stands in the hub's certificate.\n" +
			"The operator's trust domain is fixed for the life of the hub.",
		Example: "  entented init --dir /etc/entente --hub hub.entente.example --operator-domain operator.entente.example \\\n    --main 0.0.0.0:7443 --bulk 0.0.0.0:7444",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o.Listen = config.Listen{Main: main, Bulk: bulk, Admin: admin}
			made, err := setup.Make(dir, o)
			if err != nil {
				return err
			}
			return next(c.OutOrStdout(), setup.In(dir), made, here(made, o.IPs))
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "dir", "entente", "folder to make; absent or empty")
	f.StringVar(&o.Hub, "hub", "localhost", "DNS name of the hub")
	f.StringVar(&o.OperatorDomain, "operator-domain", "", "the operator's SPIFFE trust domain (default: the hub's name)")
	f.IPSliceVar(&o.IPs, "ip", []net.IP{net.IPv4(127, 0, 0, 1)}, "addresses that clients may use instead of the name")
	f.StringVar(&main, "main", "", "address of the main listener (default 127.0.0.1:7443)")
	f.StringVar(&bulk, "bulk", "", "address of the bulk listener (default 127.0.0.1:7444)")
	f.StringVar(&admin, "admin", "", "address of the admin listener (default 127.0.0.1:7445)")
	return c
}

// here is where the hub is reached from this machine: the address that it listens on, and where that is every address,
// one that its certificate has.
func here(c config.Config, ips []net.IP) string {
	host, port, err := net.SplitHostPort(c.Listen.Main)
	if err != nil {
		return c.Listen.Main
	}
	if ip := net.ParseIP(host); host != "" && (ip == nil || !ip.IsUnspecified()) {
		return c.Listen.Main
	}
	host = c.Hub
	for _, ip := range ips {
		if ip.IsLoopback() {
			host = ip.String()
		}
	}
	return net.JoinHostPort(host, port)
}

// next prints the commands that come after init.
func next(w io.Writer, l setup.Layout, c config.Config, endpoint string) error {
	own, err := tls.LoadX509KeyPair(c.Certificate, c.Key)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, `A hub is ready in %[1]s.

  run it            entented serve --config %[2]s
  look at it        entented status --config %[2]s
  talk to it        entente context add operator --endpoint %[3]s --hub-ca %[4]s --cert %[5]s --key %[6]s
                    entente whoami
  enrol an agency   entente agency enrol fr-police --name Police --region FR --trust-domain police.fr.example --bundle fr-police-ca.crt

Give %[4]s to partners: it vouches for the hub.
Move %[7]s and %[8]s to a safe place: a running hub needs neither.
Before %[10]s, when they end: entented certificate hub, entented certificate operator.
Back up %[9]s/keys apart from the snapshots, newest copy only.
`,
		l.Dir(), l.Config(), endpoint, l.HubAuthority().Cert, l.Operator().Cert, l.Operator().Key,
		l.HubAuthority().Key, l.OperatorAuthority().Key, l.Data(), own.Leaf.NotAfter.UTC().Format(time.DateOnly))
	return err
}
