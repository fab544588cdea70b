package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/daemon"
)

func dbCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "db",
		Short: "What lies in the data folder",
		Args:  cobra.NoArgs,
		RunE:  help,
	}
	c.AddCommand(reindexCommand(), sizesCommand())
	return c
}

func reindexCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "reindex",
		Short: "Make the search index again from the records; the hub must be stopped",
		Long: "Throws away the segment files below index/ and makes them again from the records in view.db. A hub\n" +
			"does so by itself where it finds a segment damaged, and after an upgrade that reads texts in\n" +
			"another way; this does it beforehand, so that the start is short. It can be stopped at any time:\n" +
			"the hub's next start goes on from there.",
		Example: "  entented db reindex --config /etc/entente/hub.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o, err := options(file, c.ErrOrStderr())
			if err != nil {
				return err
			}
			begun, records := time.Now(), uint64(0)
			told := newProgress(c.ErrOrStderr())
			err = daemon.Reindex(c.Context(), o, func(done, of uint64) {
				records = of
				told(done, of)
			})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%d records indexed in %s\n", records, time.Since(begun).Round(time.Millisecond))
			return err
		},
	}
	configFlag(c, &file)
	return c
}

// newProgress says how far something is, once a second.
func newProgress(w io.Writer) func(done, of uint64) {
	last := time.Now()
	return func(done, of uint64) {
		if time.Since(last) < time.Second {
			return
		}
		last = time.Now()
		fmt.Fprintf(w, "%d of %d records (%d %%)\n", done, of, 100*done/max(of, 1))
	}
}
