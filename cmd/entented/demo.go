package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/spf13/cobra"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"
	"github.com/seed-1d76a664/entente/cmd/entented/internal/demo"
)

type demoFlags struct {
	dir  string
	once bool
}

func demoCommand() *cobra.Command {
	var f demoFlags
	c := &cobra.Command{
		Use:   "demo",
		Short: "A hub and thirteen agencies on this machine, and a play",
		Long: "Make a throwaway PKI, start a hub on loopback, enrol thirteen agencies and let them share, find,\n" +
			"correct and recall through the API; each step is checked. Then stay up, with lines to paste.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runDemo(c.Context(), c.OutOrStdout(), f) },
	}
	c.Flags().StringVar(&f.dir, "dir", "", "folder to make and to keep (default: a temporary one, removed at the end)")
	c.Flags().BoolVar(&f.once, "once", false, "end after the play; exit code 0 only if every step held")
	return c
}

func runDemo(ctx context.Context, out io.Writer, f demoFlags) (err error) {
	dir := f.dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "entente-demo-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	d, err := demo.Start(ctx, demo.Options{Dir: dir, Listen: ports(f.once), Version: version().Version, Out: out})
	if err != nil {
		return err
	}
	err = d.Play(ctx)
	if !f.once && ctx.Err() == nil {
		err = stay(ctx, out, d, err)
	}
	return errors.Join(err, d.Close())
}

// stay prints what to try and waits for the end. What went wrong in the play is
// told at once, and again at the end.
func stay(ctx context.Context, out io.Writer, d *demo.Demo, played error) error {
	if played != nil {
		if _, err := fmt.Fprintf(out, "\n%v\n", played); err != nil {
			return err
		}
	}
	if err := d.Hints(); err != nil {
		return errors.Join(played, err)
	}
	if _, err := fmt.Fprint(out, "\nThe hub stays up; interrupt it with Ctrl-C.\n"); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return played
	case <-d.Failed():
		return errors.Join(played, errors.New("the hub ended by itself"))
	}
}

// ports are the usual ones if they are free, so that lines can be pasted again;
// otherwise, and for a play that only has to hold, any.
func ports(others bool) config.Listen {
	usual := config.Default().Listen
	if !others && free(usual.Main) && free(usual.Bulk) && free(usual.Admin) {
		return usual
	}
	return config.Listen{Main: "127.0.0.1:0", Bulk: "127.0.0.1:0", Admin: "127.0.0.1:0"}
}

func free(address string) bool {
	l, err := net.Listen("tcp", address)
	return err == nil && l.Close() == nil
}
