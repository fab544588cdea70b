package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"
	"github.com/seed-1d76a664/entente/cmd/entented/internal/daemon"
	"github.com/seed-1d76a664/entente/internal/identity"
)

// The exit codes of status, by state.
const (
	exitServing     = 0
	exitNotServing  = 2
	exitFull        = 3
	exitUnreachable = 4
)

// soon is when the end of the hub's certificate is worth a word.
const soon = 14 * 24 * time.Hour

type statusFlags struct{ config, output, cacert, cert, key string }

func statusCommand() *cobra.Command {
	var f statusFlags
	c := &cobra.Command{
		Use:   "status",
		Short: "What a running hub is doing",
		Long: "Ask the admin listener of a running hub. Exit codes: 0 serving, 2 starting or stopping,\n" +
			"3 no room, 4 not reachable. An admin listener that is not on a loopback address wants the\n" +
			"operator's certificate: --cacert, --cert and --key.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return status(c.Context(), c.OutOrStdout(), f) },
	}
	configFlag(c, &f.config)
	c.Flags().StringVarP(&f.output, "output", "o", "table", "table or json")
	c.Flags().StringVar(&f.cacert, "cacert", "", "the hub's authority, PEM")
	c.Flags().StringVar(&f.cert, "cert", "", "the operator's certificate, PEM")
	c.Flags().StringVar(&f.key, "key", "", "its key, PEM")
	return c
}

func status(ctx context.Context, w io.Writer, f statusFlags) error {
	cfg, err := config.Read(f.config)
	if err != nil {
		return err
	}
	client, base, err := adminClient(cfg, f)
	if err != nil {
		return err
	}
	s, err := ask(ctx, client, base)
	if err != nil {
		return exit{exitUnreachable, "the hub does not answer on its admin listener; is it running? " + err.Error()}
	}
	if err := show(w, f.output, s); err != nil {
		return err
	}
	return exitOf(s)
}

func exitOf(s daemon.Status) error {
	switch s.State {
	case daemon.StateServing:
		return nil
	case daemon.StateFull:
		return exit{code: exitFull}
	default:
		return exit{code: exitNotServing}
	}
}

// adminClient reaches the admin listener as its address wants it.
func adminClient(c config.Config, f statusFlags) (*http.Client, string, error) {
	client := &http.Client{Timeout: 5 * time.Second}
	host, port, err := net.SplitHostPort(c.Listen.Admin)
	if err != nil {
		return nil, "", err
	}
	if f.cert == "" {
		return client, "http://" + c.Listen.Admin, nil
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = c.Hub
	}
	transport, err := operatorTLS(c, f)
	if err != nil {
		return nil, "", err
	}
	client.Transport = &http.Transport{TLSClientConfig: transport, ForceAttemptHTTP2: true}
	return client, "https://" + net.JoinHostPort(host, port), nil
}

func operatorTLS(c config.Config, f statusFlags) (*tls.Config, error) {
	own, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return nil, err
	}
	bundle, err := os.ReadFile(f.cacert)
	if err != nil {
		return nil, err
	}
	certs, err := identity.ParseBundle(string(bundle))
	if err != nil {
		return nil, err
	}
	return identity.ClientConfig(own, identity.Pool(certs), c.Hub)
}

func ask(ctx context.Context, client *http.Client, base string) (s daemon.Status, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/status", http.NoBody)
	if err != nil {
		return s, err
	}
	answer, err := client.Do(request)
	if err != nil {
		return s, err
	}
	defer func() { _ = answer.Body.Close() }() // nothing is lost
	if answer.StatusCode != http.StatusOK {
		return s, fmt.Errorf("it answered %s", answer.Status)
	}
	return s, json.NewDecoder(io.LimitReader(answer.Body, 1<<20)).Decode(&s)
}

func show(w io.Writer, output string, s daemon.Status) error {
	switch output {
	case "json":
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(s)
	case "table":
		return table(w, s)
	default:
		return exit{2, "--output is table or json"}
	}
}

func table(w io.Writer, s daemon.Status) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	rows := [][2]string{
		{"state", s.State}, {"problem", s.Problem}, {"hub", s.Hub}, {"version", s.Version},
		{"running since", stamp(s.StartTime)}, {"clock", stamp(s.Time)}, {"journal time", stamp(s.JournalTime)},
		{"certificate until", stamp(s.CertificateExpireTime) + warning(s)},
		{"agencies", fmt.Sprint(s.Agencies)}, {"records, about", fmt.Sprint(s.RecordsAbout)},
		{"of them to be matched, about", fmt.Sprint(s.BehindAbout)},
	}
	for _, row := range rows {
		if row[1] == "" {
			continue
		}
		if _, err := fmt.Fprintf(t, "%s\t%s\n", row[0], row[1]); err != nil {
			return err
		}
	}
	return t.Flush()
}

func warning(s daemon.Status) string {
	if left := s.CertificateExpireTime.Sub(s.Time); left < soon {
		return fmt.Sprintf("  (%d days left: replace it)", int(left.Hours())/24)
	}
	return ""
}
