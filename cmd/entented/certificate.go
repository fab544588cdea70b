package main

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"
	"github.com/seed-1d76a664/entente/cmd/entented/internal/setup"
)

func certificateCommand() *cobra.Command {
	c := &cobra.Command{Use: "certificate", Short: "Issue the hub's next certificate, or an operator's", Args: cobra.NoArgs, RunE: help}
	c.AddCommand(hubCertificateCommand(), operatorCertificateCommand())
	return c
}

// issueFlags are what issuing takes beside the configuration.
type issueFlags struct {
	config, key string
	ttl         time.Duration
}

func (f *issueFlags) of(c *cobra.Command) {
	configFlag(c, &f.config)
	c.Flags().StringVar(&f.key, "authority-key", "", "the authority's key, where it is not in pki/ beside the configuration")
	c.Flags().DurationVar(&f.ttl, "ttl", 0, "how long it lasts; ninety days where not given")
}

// read is the configuration, the folder that it is in, and how to issue.
func (f *issueFlags) read(authority func(setup.Layout) setup.Pair) (config.Config, setup.Layout, setup.Issuing, error) {
	layout := setup.In(filepath.Dir(f.config))
	signer := authority(layout)
	if f.key != "" {
		signer.Key = f.key
	}
	c, err := config.Read(f.config)
	return c, layout, setup.Issuing{Authority: signer, TTL: f.ttl, Clock: time.Now}, err
}

func hubCertificateCommand() *cobra.Command {
	var f issueFlags
	c := &cobra.Command{
		Use: "hub", Short: "Replace the hub's certificate and key", Args: cobra.NoArgs,
		Long: "The new certificate has the names of the old one, and the key is new. A running hub takes it by\nitself, and partners notice nothing: it is of the same authority.",
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, _, issuing, err := f.read(setup.Layout.HubAuthority)
			if err != nil {
				return err
			}
			made, err := setup.RenewHub(cfg, issuing)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s  %s until %s\n%s is readable by its owner alone: give it to the user that the hub runs as\n",
				cfg.Certificate, made.ID, stamp(made.NotAfter), cfg.Key)
			return err
		},
	}
	f.of(c)
	return c
}

func operatorCertificateCommand() *cobra.Command {
	var f issueFlags
	c := &cobra.Command{
		Use: "operator [NAME]", Short: "Issue a certificate to an operator, or renew the first one", Args: cobra.MaximumNArgs(1),
		Long: "Each operator should have a certificate with a name of its own: it stands in the hub's log.",
		RunE: func(c *cobra.Command, args []string) error {
			cfg, layout, issuing, err := f.read(setup.Layout.OperatorAuthority)
			if err != nil {
				return err
			}
			files, made, err := setup.IssueOperator(cfg, layout, append(args, "")[0], issuing)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s  %s until %s\n", files.Cert, made.ID, stamp(made.NotAfter))
			return err
		},
	}
	f.of(c)
	return c
}
