package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"
	"github.com/seed-1d76a664/entente/cmd/entented/internal/daemon"
)

func serveCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "serve",
		Short: "Run the hub until it is told to stop (SIGTERM or interrupt)",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o, err := options(file, c.ErrOrStderr())
			if err != nil {
				return err
			}
			if err := named(o.Config); err != nil {
				o.Log.Warn("callers will take another host for the hub, or none", slog.Any("fault", err))
			}
			return serve(c.Context(), o)
		},
	}
	configFlag(c, &file)
	return c
}

func configFlag(c *cobra.Command, file *string) {
	c.Flags().StringVar(file, "config", "entente/hub.yaml", "the hub's configuration")
	_ = c.MarkFlagFilename("config", "yaml", "yml") // only fails without such a flag
}

// options are those of the hub of a configuration file.
func options(file string, log io.Writer) (daemon.Options, error) {
	c, err := config.Read(file)
	if err != nil {
		return daemon.Options{}, err
	}
	logger, err := daemon.NewLogger(log, c.Log)
	if err != nil {
		return daemon.Options{}, err
	}
	return daemon.Options{Config: c, Version: version().Version, Clock: time.Now, Log: logger}, nil
}

// named says whether the hub's certificate has the name that callers check. One that cannot be read is the start's to refuse.
func named(c config.Config) error {
	own, err := tls.LoadX509KeyPair(c.Certificate, c.Key)
	if err != nil || own.Leaf.VerifyHostname(c.Hub) == nil {
		return nil //nolint:nilerr // told by the start
	}
	return fmt.Errorf("the certificate is not for %s, which the configuration calls the hub; `entented certificate hub` makes one that is", c.Hub)
}

func serve(ctx context.Context, o daemon.Options) error {
	d, err := daemon.Open(ctx, o)
	if err != nil {
		return err
	}
	return d.Run(ctx)
}

func timeCommand() *cobra.Command {
	c := &cobra.Command{Use: "time", Short: "What to do when the clock contradicts the journal", Args: cobra.NoArgs, RunE: help}
	var file string
	confirm := &cobra.Command{
		Use:   "confirm",
		Short: "Put on record that this machine's clock is right; the hub must be stopped",
		Long: "A hub does not serve while its clock is behind the journal, or more than seven days ahead of it:\n" +
			"a clock set back would revive certificates that have ended. Compare the clock with another one first.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o, err := options(file, c.ErrOrStderr())
			if err != nil {
				return err
			}
			times, err := daemon.ConfirmTime(c.Context(), o)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "clock    %s\njournal  %s\nconfirmed; start the hub\n", stamp(times.Clock), journalled(times.Journal))
			return err
		},
	}
	configFlag(confirm, &file)
	c.AddCommand(confirm)
	return c
}

// journalled is the time of the last entry; an empty journal has none.
func journalled(t time.Time) string {
	if t.Unix() <= 0 {
		return "no entry yet"
	}
	return stamp(t)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
