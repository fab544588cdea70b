package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

func standingColumns() []column {
	return []column{{"NAME", "name"}, {"STATE", "state"}, {"DISPLAY NAME", "draft.displayName"}, {"INBOX", "draft.inbox"}, {"SINCE", "createTime"}}
}

func (a *app) standingQueryCommand() *cobra.Command {
	c := parent("standing", "Standing queries: what they find of new and corrected records comes into the inbox")
	c.AddCommand(
		&cobra.Command{Use: "list", Short: "List the standing queries of the own agency and unit", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
			return a.pages(cmd.Context(), "StandingQueryService/ListStandingQueries", "standingQueries", map[string]any{}, 0, view{rows: "standingQueries", columns: standingColumns()})
		}},
		&cobra.Command{Use: "get NAME", Short: "Show a standing query", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
			return a.answer(cmd.Context(), "StandingQueryService/GetStandingQuery", "standingQuery", map[string]any{"name": args[0]})
		}},
		a.standCommand(), a.changeStanding("pause", "Pause", "Stop asking for a while; what comes meanwhile is never matched"),
		a.changeStanding("resume", "Resume", "Ask again, from now on"), a.changeStanding("delete", "Delete", "End a standing query for good; the events that it made stay"))
	return c
}

func (a *app) changeStanding(use, verb, short string) *cobra.Command {
	var etag string
	c := &cobra.Command{Use: use + " NAME", Short: short, Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		body := map[string]any{"name": args[0]}
		if err := a.basedOnCurrent(cmd.Context(), body, etag, "StandingQueryService/GetStandingQuery", "standingQuery"); err != nil {
			return err
		}
		return a.answer(cmd.Context(), "StandingQueryService/"+verb+"StandingQuery", "standingQuery", body)
	}}
	c.Flags().StringVar(&etag, "etag", "", "etag that the change is based on; the current one where not given")
	return a.writes(c)
}

func (a *app) standCommand() *cobra.Command {
	c := parent("create", "Make a standing query, of items, seizure reports or identifiers")
	c.AddCommand(a.standForRecords(items(), "intelligenceItems"), a.standForRecords(reports(), "seizureReports"), a.standForIdentifiers())
	return c
}

// stand sends a draft.
func (a *app) stand(cmd *cobra.Command, name, inbox, field string, subject any) error {
	return a.answer(cmd.Context(), "StandingQueryService/CreateStandingQuery", "standingQuery", map[string]any{
		"draft": map[string]any{"displayName": name, "inbox": inbox, field: subject},
	})
}

func inboxFlag(c *cobra.Command, inbox *string) {
	c.Flags().StringVar(inbox, "inbox", "", "where matches go: agencies/…/units/…/inbox of the own unit; the own agency's inbox where not given")
}

func (a *app) standForRecords(n noun, field string) *cobra.Command {
	q := &query{}
	var inbox string
	c := &cobra.Command{
		Use: n.use + " NAME", Short: "Look for new " + strings.ToLower(n.short[:1]) + n.short[1:], Args: cobra.ExactArgs(1),
		Long:    "Makes a standing query. Flags given are all required; values of one flag are alternatives.",
		Example: "  entente standing create " + n.use + " \"Boats to Lampedusa\" --route CENTRAL_MEDITERRANEAN --identifier PHONE_NUMBER=+33612345678",
		RunE: func(cmd *cobra.Command, args []string) error {
			asked, err := q.body(n)
			if err != nil {
				return err
			}
			a.hint(q.text)
			return a.stand(cmd, args[0], inbox, field, asked)
		},
	}
	q.asks(c, n)
	inboxFlag(c, &inbox)
	return a.writes(c)
}

func (a *app) standForIdentifiers() *cobra.Command {
	var given []string
	var file, inbox string
	c := &cobra.Command{
		Use: "identifiers NAME [[TYPE=]VALUE ...]", Short: "Look for new records of either kind with any of some identifiers", Args: cobra.MinimumNArgs(1),
		Example: "  entente standing create identifiers \"Lille phones\" +33612345678 IMEI=490154203237518\n  entente standing create identifiers \"Seized handsets\" --file numbers.txt",
		RunE: func(cmd *cobra.Command, args []string) error {
			all := slices.Concat(args[1:], given)
			if file != "" {
				lines, err := a.values(file)
				if err != nil {
					return err
				}
				all = append(all, lines...)
			}
			set, err := identifiersOf(all)
			if err != nil {
				return err
			}
			if len(set) == 0 {
				return usage("nothing is looked for: give identifiers behind the name, or --file")
			}
			return a.stand(cmd, args[0], inbox, "identifiers", map[string]any{"identifiers": set})
		},
	}
	c.Flags().StringArrayVar(&given, "identifier", nil, "[TYPE=]VALUE of an identifier, as in +33612345678 or IMEI=490154203237518")
	c.Flags().StringVar(&file, "file", "", "file with one [TYPE=]VALUE a line; - is standard input")
	inboxFlag(c, &inbox)
	return a.writes(c)
}
