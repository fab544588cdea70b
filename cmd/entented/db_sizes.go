package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"
	"github.com/seed-1d76a664/entente/internal/view"
)

func sizesCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "sizes",
		Short: "What takes up how much of view.db; the hub must be stopped",
		Long: "Lists for each kind of stored value how many there are and what they take up: keys, values, the pages\n" +
			"that they lie on, and pages for a record. It reads the whole file, needs no keys and changes nothing.\n" +
			"Free pages are used again before the file grows: most of them are the journal's, cut behind a snapshot.",
		Example: "  entented db sizes --config /etc/entente/hub.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := config.Read(file)
			if err != nil {
				return err
			}
			w, err := view.Weigh(cfg.Data)
			if err != nil {
				return err
			}
			return sizes(c.OutOrStdout(), w)
		},
	}
	configFlag(c, &file)
	return c
}

func sizes(out io.Writer, w *view.Weights) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	per := func(n int64) string { return fmt.Sprintf("%.1f", float64(n)/float64(max(w.Records, 1))) }
	fmt.Fprintln(t, "what\tvalues\tkeys, bytes\tvalues, bytes\tpages, bytes\ta record\t")
	for _, one := range w.List {
		if one.Part == "" {
			fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%s\t\n", one.Bucket, one.Values, one.KeyBytes, one.ValueBytes, one.PageBytes, per(one.PageBytes))
			continue
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t\t%s\t\n", one.Part, one.Values, one.KeyBytes, one.ValueBytes, per(one.KeyBytes+one.ValueBytes))
	}
	fmt.Fprintf(t, "free\t\t\t\t%d\t%s\t\n", w.FreeBytes, per(w.FreeBytes))
	fmt.Fprintf(t, "file\t%d\t\t\t%d\t%s\t\n", w.Records, w.FileBytes, per(w.FileBytes))
	return t.Flush()
}
