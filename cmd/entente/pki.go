package main

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-1d76a664/entente/internal/identity"
)

// The files of an agency's own authority.
const (
	caCert = "ca.crt"
	caKey  = "ca.key"
)

func (a *app) pkiCommand() *cobra.Command {
	c := parent("pki", "An authority of one's own, for agencies that have none")
	var dir string
	c.PersistentFlags().StringVar(&dir, "dir", "pki", "folder of the authority")
	c.AddCommand(a.pkiInitCommand(&dir), a.pkiIssueCommand(&dir))
	return c
}

func (a *app) pkiInitCommand(dir *string) *cobra.Command {
	var ttl time.Duration
	c := &cobra.Command{
		Use: "init TRUST-DOMAIN", Short: "Make the agency's certificate authority", Args: cobra.ExactArgs(1),
		Example: "  entente pki init ofast.example",
		RunE: func(_ *cobra.Command, args []string) error {
			if _, err := os.Stat(filepath.Join(*dir, caKey)); err == nil {
				return usage(*dir + " holds an authority already; choose another --dir")
			}
			authority, err := identity.NewAuthority(args[0], identity.AuthorityOptions{TTL: ttl, Clock: time.Now})
			if err != nil {
				return usage(err.Error())
			}
			if err := os.MkdirAll(*dir, 0o700); err != nil {
				return err
			}
			if err := authority.Save(filepath.Join(*dir, caCert), filepath.Join(*dir, caKey)); err != nil {
				return err
			}
			a.say("The authority of %s is in %s. Keep %s offline.", args[0], *dir, caKey)
			a.say("Its fingerprint, to be compared over the telephone: %s", identity.Fingerprint(authority.Certificate()))
			a.say("Next: give %s to the operator of the hub, and", filepath.Join(*dir, caCert))
			a.say("  entente pki issue /gateway --dir %s", *dir)
			return nil
		},
	}
	c.Flags().DurationVar(&ttl, "ttl", 0, "how long it lasts; the usual time where not given")
	return c
}

func (a *app) pkiIssueCommand(dir *string) *cobra.Command {
	var ttl time.Duration
	c := &cobra.Command{
		Use: "issue PATH", Short: "Issue a certificate for a workload path", Args: cobra.ExactArgs(1),
		Long:    "Issues a certificate. The path decides the rights, by the agency's bindings: usually / reads and\nsubmits, /admin administers, /supervisor supervises. /officer/ID is an officer by name.",
		Example: "  entente pki issue /gateway\n  entente pki issue /officer/4711 --ttl 12h",
		RunE: func(_ *cobra.Command, args []string) error {
			if !strings.HasPrefix(args[0], "/") {
				return usage("a path begins with a slash, as in /gateway")
			}
			if _, err := os.Stat(filepath.Join(*dir, caKey)); err != nil {
				return usage("there is no authority in " + *dir + "; name its folder with --dir, or make one with `entente pki init`")
			}
			authority, err := identity.LoadAuthority(filepath.Join(*dir, caCert), filepath.Join(*dir, caKey), time.Now)
			if err != nil {
				return usage(err.Error())
			}
			own, err := authority.Issue(args[0], identity.IssueOptions{TTL: ttl})
			if err != nil {
				return usage(err.Error())
			}
			base := filepath.Join(*dir, strings.ReplaceAll(strings.Trim(args[0], "/"), "/", "-"))
			if err := own.Save(base+".crt", base+".key"); err != nil {
				return err
			}
			a.say("%s until %s, serial %s", own.ID, own.NotAfter.Format(time.RFC3339), own.Serial)
			a.say("Next: entente context add work --endpoint HOST:PORT --hub-ca FILE --cert %s.crt --key %s.key --purpose INVESTIGATION", base, base)
			return nil
		},
	}
	c.Flags().DurationVar(&ttl, "ttl", 0, "how long it lasts; the usual time where not given")
	return c
}
