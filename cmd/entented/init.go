package main

import (
	"crypto/rand"
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
		Example: "  entented init --dir /etc/entente --hub hub.entente.example --main 0.0.0.0:7443 --bulk 0.0.0.0:7444",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o.Listen = config.Listen{Main: main, Bulk: bulk, Admin: admin}
			made, err := setup.Make(dir, o)
			if err != nil {
				return err
			}
			return next(c.OutOrStdout(), setup.In(dir), made)
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

// next prints the commands that come after init.
func next(w io.Writer, l setup.Layout, c config.Config) error {
	_, err := fmt.Fprintf(w, `A hub is ready in %[1]s.

  run it            entented serve --config %[2]s
  look at it        entented status --config %[2]s
  who am I          entente whoami --endpoint %[3]s --hub-ca %[4]s --cert %[5]s --key %[6]s
  enrol an agency   entente agency enrol --endpoint %[3]s --hub-ca %[4]s --cert %[5]s --key %[6]s --help

Give %[4]s to partners: it vouches for the hub.
Move %[7]s and %[8]s to a safe place: a running hub needs neither.
Back up %[9]s/keys apart from the snapshots, newest copy only.
`,
		l.Dir(), l.Config(), c.Listen.Main, l.HubAuthority().Cert, l.Operator().Cert, l.Operator().Key,
		l.HubAuthority().Key, l.OperatorAuthority().Key, l.Data())
	return err
}
