package main

import (
	"github.com/spf13/cobra"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

func (a *app) matchCommand() *cobra.Command {
	c := parent("match", "Checks: what became of them (for the supervisor), budgets and known numbers (for the operator)")
	c.AddCommand(a.unfollowedCommand(), a.repeatedCommand(), a.checkBudgetCommand(), a.benignCommand())
	return c
}

func (a *app) unfollowedCommand() *cobra.Command {
	var days, limit int
	c := &cobra.Command{
		Use: "unfollowed", Short: "List the own agency's checks that led to something nobody has read since", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if days < 1 {
				return usage("--older-than is a number of days, 1 or more")
			}
			return a.pages(cmd.Context(), "MatchService/ListUnfollowedChecks", "checks", map[string]any{"olderThanDays": days}, limit, view{rows: "checks", columns: []column{
				{"NUMBER", "consultation"}, {"TIME", "checkTime"}, {"OFFICER", "officer"}, {"CASE", "caseReference"}, {"ASKED", "identifierCount"}, {"OF", "agencies"}, {"HANDLE", "handle"},
			}})
		},
	}
	c.Flags().IntVar(&days, "older-than", 7, "only checks at least so many days old, 1 or more")
	c.Flags().IntVar(&limit, "limit", 50, "rows at most; 0 is all")
	return c
}

func (a *app) repeatedCommand() *cobra.Command {
	var since, until string
	var times, limit int
	c := &cobra.Command{
		Use: "repeated", Short: "List the values that the own agency asked for again and again", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			period, err := interval("", since, until)
			if err != nil {
				return err
			}
			body, _ := period.(map[string]any)
			if body == nil {
				body = map[string]any{}
			}
			body["timesAtLeast"] = times
			return a.pages(cmd.Context(), "MatchService/ListRepeatedChecks", "checks", body, limit, view{rows: "checks", columns: []column{
				{"TYPE", "identifier.type"}, {"VALUE", "identifier.rawValue"}, {"TIMES", "times"}, {"OFFICERS", "officers"}, {"FIRST", "firstTime"}, {"LAST", "lastTime"},
			}})
		},
	}
	c.Flags().IntVar(&times, "times", 3, "only values asked for so many times")
	c.Flags().StringVar(&since, "since", "", "from this time on: RFC 3339, or a day; thirty days where not given")
	c.Flags().StringVar(&until, "until", "", "up to this time")
	c.Flags().IntVar(&limit, "limit", 50, "rows at most; 0 is all")
	return c
}

func (a *app) checkBudgetCommand() *cobra.Command {
	var agency, kind string
	var perDay int64
	var withdraw bool
	c := &cobra.Command{
		Use: "budget", Short: "Declare how many identifiers a day may be checked (for the operator)", Args: cobra.NoArgs,
		Long:    "Declares how many identifiers a day may be checked: of all agencies and kinds, or of one of them. The most special\ndeclaration counts: of agency and kind, of the agency, of the kind, of all. Each agency sees its own in whoami.",
		Example: "  entente match budget --per-day 20000 --type PHONE_NUMBER\n  entente match budget --agency fr-ofast --withdraw",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("per-day") == withdraw {
				return usage("give either --per-day or --withdraw")
			}
			body := map[string]any{"perDay": perDay, "withdraw": withdraw}
			if agency != "" {
				body["agency"] = agencyName(agency)
			}
			if kind != "" {
				names, err := chosen("type", ententev1.IdentifierType(0).Descriptor(), []string{kind})
				if err != nil {
					return err
				}
				body["type"] = names[0]
			}
			_, err := a.call(cmd.Context(), "MatchService/SetCheckBudget", body)
			return err
		},
	}
	c.Flags().StringVar(&agency, "agency", "", "the agency; all where not given")
	c.Flags().StringVar(&kind, "type", "", "the kind of identifier; all where not given")
	c.Flags().Int64Var(&perDay, "per-day", 0, "identifiers a day")
	c.Flags().BoolVar(&withdraw, "withdraw", false, "take the declaration back")
	complete(c, "type", ententev1.IdentifierType(0).Descriptor())
	return a.writes(c)
}

func (a *app) benignCommand() *cobra.Command {
	c := parent("benign", "Identifiers that every check answers as known and harmless (for the operator)")
	var limit int
	list := &cobra.Command{Use: "list", Short: "List them", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return a.pages(cmd.Context(), "MatchService/ListBenignIdentifiers", "identifiers", map[string]any{}, limit, view{rows: "identifiers", columns: []column{
			{"TYPE", "type"}, {"VALUE", "normalizedValue"}, {"LABEL", "label"}, {"SINCE", "createTime"},
		}})
	}}
	list.Flags().IntVar(&limit, "limit", 0, "rows at most; 0 is all")
	var label string
	add := a.benignChange("add [TYPE=]VALUE ...", "Enrol identifiers", "MatchService/EnrolBenignIdentifiers", func(body map[string]any) { body["label"] = label })
	add.Flags().StringVar(&label, "label", "", "what they are, in words: a helpline, a marketplace")
	_ = add.MarkFlagRequired("label")
	c.AddCommand(list, add, a.benignChange("remove [TYPE=]VALUE ...", "Take identifiers off the list", "MatchService/RemoveBenignIdentifiers", func(map[string]any) {}))
	return c
}

func (a *app) benignChange(use, about, method string, more func(map[string]any)) *cobra.Command {
	var given asking
	c := &cobra.Command{Use: use, Short: about, RunE: func(cmd *cobra.Command, args []string) error {
		_, ids, err := a.asked(given, args)
		if err != nil {
			return err
		}
		for len(ids) > 0 {
			n := min(len(ids), checkAtOnce)
			body := map[string]any{"identifiers": ids[:n]}
			more(body)
			if _, err := a.call(cmd.Context(), method, body); err != nil {
				return err
			}
			ids = ids[n:]
		}
		return nil
	}}
	given.flags(c)
	return a.writes(c)
}
