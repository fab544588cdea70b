// Command entented is the hub: it sets one up, runs it, and shows it.
//
//	entented init         authorities, certificates, keys, data folder, configuration
//	entented serve        run the hub
//	entented status       what a running hub is doing, with an exit code by state
//	entented certificate  the hub's next certificate, or an operator's
//	entented restore      a snapshot in the place of a view that is lost
//	entented db           the data folder: sizes, the search index made again
//	entented time         what to do when the clock contradicts the journal
//	entented demo         a hub and thirteen agencies on this machine, and a play
//	entented version      what this program was made from
//
// Talk goes to standard error, data to standard output.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := root().ExecuteContext(ctx)
	stop()
	os.Exit(report(err))
}

// exit is an error that has its own exit code, and perhaps has been told already.
type exit struct {
	code int
	text string
}

// Error is what there is to say.
func (e exit) Error() string { return e.text }

// report tells what went wrong and returns the exit code.
func report(err error) int {
	if err == nil {
		return 0
	}
	var known exit
	if errors.As(err, &known) {
		if known.text != "" {
			fmt.Fprintln(os.Stderr, "entented:", known.text)
		}
		return known.code
	}
	fmt.Fprintln(os.Stderr, "entented:", err)
	return 1
}

// root is the command line.
func root() *cobra.Command {
	c := &cobra.Command{
		Use:           "entented",
		Short:         "The hub through which agencies share intelligence and seizure reports",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          help,
	}
	c.AddCommand(initCommand(), serveCommand(), statusCommand(), certificateCommand(), restoreCommand(), dbCommand(), timeCommand(), demoCommand(), versionCommand())
	return c
}

// help is what a command does that only has others below it; being runnable makes
// it refuse a name that is none of them.
func help(c *cobra.Command, _ []string) error { return c.Help() }
