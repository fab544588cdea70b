package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// app is one run of the program.
type app struct {
	in        io.Reader
	out, errs io.Writer
	env       func(string) string

	given   settings // by flags
	context string
	output  string
	timeout time.Duration
	dryRun  bool

	shape     protoreflect.MessageDescriptor // of what is printed, where it is an answer
	conns     []*grpc.ClientConn
	hub       *grpc.ClientConn // over which the calls go, from the first on
	begun     bool             // the command line was understood: what fails now is no mistake in it
	repeat    string           // the --request-id given
	requestID string           // of the last write, for when it fails
	basedOn   string           // the etag that the write is based on, where it was read just before
}

// close ends the connections.
func (a *app) close() {
	for _, c := range a.conns {
		_ = c.Close() // the calls have been answered, or have failed
	}
}

// say tells the person in front of the terminal something; data goes elsewhere.
func (a *app) say(format string, args ...any) {
	_, _ = fmt.Fprintf(a.errs, format+"\n", args...)
}

// root is the command line.
func (a *app) root() *cobra.Command {
	c := &cobra.Command{
		Use:   "entente",
		Short: "Share intelligence and seizure reports with partner agencies",
		Long: `entente talks to a hub on behalf of one agency: it submits, finds, corrects and
recalls records, watches the inbox, and shows who read what.

Where the hub is and which certificate to use stands in a context:

  entente context add work --endpoint hub.example:7443 --hub-ca hub-ca.crt \
      --cert gateway.crt --key gateway.key --purpose INVESTIGATION
  entente whoami

Flags override the environment (ENTENTE_ENDPOINT, ENTENTE_CERT, …), which overrides
the context.`,
		SilenceUsage: true, SilenceErrors: true,
	}
	f := c.PersistentFlags()
	f.StringVar(&a.context, "context", "", "context to use instead of the current one")
	f.StringVarP(&a.output, "output", "o", "table", "table, json or yaml")
	f.DurationVar(&a.timeout, "timeout", 30*time.Second, "how long a call may take")
	a.given.flags(f)
	c.AddGroup(&cobra.Group{ID: "records", Title: "Records:"}, &cobra.Group{ID: "logs", Title: "What happened:"}, &cobra.Group{ID: "trust", Title: "Agencies and trust:"})
	add := func(group string, commands ...*cobra.Command) {
		for _, each := range commands {
			each.GroupID = group
			c.AddCommand(each)
		}
	}
	add("records", a.recordCommand(items()), a.recordCommand(reports()), a.graphCommand(), a.checkCommand(), a.standingQueryCommand())
	add("logs", a.inboxCommand(), a.disclosureCommand(), a.consultationCommand(), a.matchCommand())
	add("trust", a.whoAmICommand(), a.agencyCommand(), a.groupCommand(), a.pkiCommand())
	c.AddCommand(a.contextCommand(), a.benchCommand(), a.versionCommand(), exitCodes())
	_ = c.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(forms(), cobra.ShellCompDirectiveNoFileComp))
	_ = c.RegisterFlagCompletionFunc("context", a.completeContexts)
	complete(c, "purpose", purposeEnum())
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err.Error()) })
	a.guard(c)
	return c
}

// guard stands in front of every command: nothing is sent when the answer could not be shown, and
// from here on a failure is no mistake in the command line.
func (a *app) guard(c *cobra.Command) {
	for _, each := range c.Commands() {
		a.guard(each)
	}
	if takes := c.Args; takes != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if err := takes(c, args); err != nil {
				return usage(misused(c, args, err) + "\n  " + c.UseLine())
			}
			return nil
		}
	}
	inner := c.RunE
	if inner == nil {
		return
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		if !slices.Contains(forms(), a.output) {
			return usage("--output is " + strings.Join(forms(), ", "))
		}
		a.begun = true
		return inner(c, args)
	}
}

// misused says what is wrong with the arguments of a command, and what may have been meant.
func misused(c *cobra.Command, args []string, err error) string {
	if len(args) == 0 {
		return "something is missing behind " + c.CommandPath()
	}
	c.SuggestionsMinimumDistance = 2
	if like := c.SuggestionsFor(args[0]); len(like) > 0 {
		return err.Error() + "; is it " + strings.Join(like, " or ") + "?"
	}
	return err.Error()
}

// forms are what --output takes.
func forms() []string { return []string{"table", "json", "yaml"} }

// parent is a command that only holds others: a name that is none of them is a mistake.
func parent(use, short string) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
}
