package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/daemon"
)

func restoreCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "restore SNAPSHOT",
		Short: "Put a snapshot in the place of a view.db that is lost; the hub must be stopped",
		Long: "Checks the snapshot from end to end, puts it into the data folder, which must have its keys and no\n" +
			"view.db, and begins a new epoch: what came after the snapshot is lost, its numbers will be given\n" +
			"again, and no partner may take them for those that it has. Every cursor and etag of before is\n" +
			"refused, and partners read their inboxes from the beginning.",
		Example: "  entented restore /backup/view-00000000000000012345.db --config /etc/entente/hub.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o, err := options(file, c.ErrOrStderr())
			if err != nil {
				return err
			}
			r, err := daemon.Restore(c.Context(), o, args[0])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "entry   %d\ntime    %s\nepoch   %s\nrestored; what came after that time is lost. Start the hub, and tell its partners\n",
				r.Entry, stamp(r.Time), r.Epoch)
			return err
		},
	}
	configFlag(c, &file)
	return c
}
