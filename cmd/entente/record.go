package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// noun is one kind of record, by the names that the API gives it.
type noun struct {
	use, short       string
	service          string // IntelligenceService
	one, many        string // IntelligenceItem, IntelligenceItems
	field, listField string // intelligenceItem, intelligenceItems
	template         string
	columns          []column // of summaries
	fullColumns      []column // of records in full, which come without a summary
}

func items() noun {
	return noun{
		use: "item", short: "Intelligence items", service: "IntelligenceService", one: "IntelligenceItem", many: "IntelligenceItems",
		field: "intelligenceItem", listField: "intelligenceItems", template: itemTemplate,
		columns:     []column{{"RECEIVED", "metadata.createTime"}, {"OBSERVED", "summary.observed"}, {"NAME", "metadata.name"}, {"TITLE", "summary.title"}, {"URGENCY", "summary.urgency"}, {"ROUTE", "summary.route"}},
		fullColumns: []column{{"RECEIVED", "metadata.createTime"}, {"OBSERVED", "plain.observed"}, {"NAME", "metadata.name"}, {"TITLE", "plain.title"}, {"URGENCY", "plain.urgency"}, {"ROUTE", "plain.route"}},
	}
}

func reports() noun {
	return noun{
		use: "seizure", short: "Seizure reports, and what becomes of the assets", service: "SeizureService", one: "SeizureReport", many: "SeizureReports",
		field: "seizureReport", listField: "seizureReports", template: reportTemplate,
		columns:     []column{{"RECEIVED", "metadata.createTime"}, {"OBSERVED", "summary.observed"}, {"NAME", "metadata.name"}, {"TITLE", "summary.title"}, {"ASSETS", "summary.assetCount"}, {"TYPES", "summary.assetTypes"}},
		fullColumns: []column{{"RECEIVED", "metadata.createTime"}, {"OBSERVED", "plain.observed"}, {"NAME", "metadata.name"}, {"TITLE", "plain.title"}, {"ROUTE", "plain.route"}},
	}
}

// method is the name of one of the noun's methods, with the verb in front.
func (n noun) method(verb, suffix string) string { return n.service + "/" + verb + n.one + suffix }

func (a *app) recordCommand(n noun) *cobra.Command {
	c := parent(n.use, n.short)
	c.AddCommand(a.submitCommand(n), a.getCommand(n), a.listCommand(n), a.reviseCommand(n), a.releaseCommand(n), a.linksCommand(n),
		a.recallCommand(n), a.revisionsCommand(n), a.importCommand(n), a.templateCommand(n))
	if n.use == "seizure" {
		c.AddCommand(a.stepCommand(n), a.summaryCommand(n))
	}
	return c
}

// checks gives a command the flag by which nothing is written.
func (a *app) checks(c *cobra.Command) *cobra.Command {
	c.Flags().BoolVar(&a.dryRun, "dry-run", false, "have everything checked and nothing written")
	return c
}

// writes gives a command the flags of a single write.
func (a *app) writes(c *cobra.Command) *cobra.Command {
	a.checks(c)
	c.Flags().StringVar(&a.repeat, "request-id", "", "id of a request that is repeated, as the failed command printed it; a new one where not given")
	return c
}

// answer makes a call and prints one field of the answer.
func (a *app) answer(ctx context.Context, method, field string, body map[string]any) error {
	got, err := a.call(ctx, method, body)
	if err != nil {
		return err
	}
	if inner, ok := got[field].(map[string]any); ok {
		got, a.shape = inner, within(a.shape, field)
	}
	return a.print(got, view{})
}

func (a *app) submitCommand(n noun) *cobra.Command {
	var file, ifExists, etag string
	c := &cobra.Command{
		Use: "submit -f FILE", Short: "Hand a record over", Args: cobra.NoArgs,
		Long:    "Hands a record over and prints the receipt: its name, its etags, and what the hub understood.\nThe file holds a draft in YAML or JSON; `entente " + n.use + " template` prints one to start from.",
		Example: fmt.Sprintf("  entente %s template > draft.yaml\n  entente %s submit -f draft.yaml --dry-run\n  entente %s submit -f draft.yaml", n.use, n.use, n.use),
		RunE: func(cmd *cobra.Command, _ []string) error {
			known, err := ifExistsOf(ifExists)
			if err != nil {
				return err
			}
			draft, err := a.readFile(file)
			if err != nil {
				return err
			}
			return a.answer(cmd.Context(), n.method("Submit", ""), "receipt", map[string]any{"draft": draft, "ifExists": known, "etag": etag})
		},
	}
	c.Flags().StringVarP(&file, "file", "f", "-", "file with the draft; - is standard input")
	c.Flags().StringVar(&ifExists, "if-exists", "refuse", "refuse or revise, when the agency has a record of this originator_reference")
	c.Flags().StringVar(&etag, "etag", "", "current etag, for --if-exists revise")
	return a.writes(c)
}

// ifExistsOf is what --if-exists asks for.
func ifExistsOf(flag string) (any, error) {
	names, err := chosen("if-exists", ententev1.IfExists(0).Descriptor(), []string{flag})
	if err != nil {
		return nil, err
	}
	return names[0], nil
}

func (a *app) getCommand(n noun) *cobra.Command {
	var reference bool
	c := &cobra.Command{
		Use: "get NAME…", Short: "Read records in full", Args: cobra.MinimumNArgs(1),
		Example: "  entente " + n.use + " get agencies/fr-ofast/…\n  entente " + n.use + " get --reference CASE-7-1",
		RunE: func(cmd *cobra.Command, args []string) error {
			for i, name := range args {
				if i > 0 && a.output != "json" {
					if _, err := fmt.Fprintln(a.out, "---"); err != nil {
						return err
					}
				}
				body := map[string]any{"name": name}
				if reference {
					body = map[string]any{"originatorReference": name}
				}
				if err := a.answer(cmd.Context(), n.method("Get", ""), n.field, body); err != nil {
					if len(args) > 1 {
						a.say("entente: at %s", name)
					}
					return err
				}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&reference, "reference", false, "the arguments are the own agency's references")
	return c
}

func (a *app) reviseCommand(n noun) *cobra.Command {
	var file, etag string
	c := &cobra.Command{
		Use: "revise NAME -f FILE", Short: "Replace the whole content of an own record", Args: cobra.ExactArgs(1),
		Long: "Replaces the whole content. The file holds the content alone, as under `plain` in a draft.\nWithout --etag the current one is read first; give it to be sure that nothing changed meanwhile.",
		RunE: func(cmd *cobra.Command, args []string) error {
			content, err := a.readPart(file, "plain", "content")
			if err != nil {
				return err
			}
			if etag, err = a.etagOf(cmd.Context(), n, args[0], etag, "etag"); err != nil {
				return err
			}
			return a.answer(cmd.Context(), n.method("Revise", ""), "receipt", map[string]any{"name": args[0], "etag": etag, "plain": content})
		},
	}
	c.Flags().StringVarP(&file, "file", "f", "-", "file with the content; - is standard input")
	c.Flags().StringVar(&etag, "etag", "", "etag that the change is based on")
	return a.writes(c)
}

// etagOf is the etag given, or the current one: of the record, its release or its links.
func (a *app) etagOf(ctx context.Context, n noun, name, given, which string) (string, error) {
	if given != "" {
		return given, nil
	}
	got, err := a.call(ctx, n.method("Get", ""), map[string]any{"name": name})
	if err != nil {
		return "", err
	}
	path := "metadata." + which
	if which != "etag" {
		path = "metadata.originatorMetadata." + which
	}
	a.basedOn = cell(got[n.field], path)
	return a.basedOn, nil
}

func (a *app) releaseCommand(n noun) *cobra.Command {
	var file, etag string
	var open bool
	c := &cobra.Command{
		Use: "release NAME -f FILE", Short: "Change who may see an own record", Args: cobra.ExactArgs(1),
		Long: "Replaces the whole release: audience, existence, markings. The file holds the release alone, as\nunder `release` in a draft. Who is no longer in the audience\nsees what a recall looks like.",
		RunE: func(cmd *cobra.Command, args []string) error {
			release, err := a.readPart(file, "release", "release")
			if err != nil {
				return err
			}
			if etag, err = a.etagOf(cmd.Context(), n, args[0], etag, "releaseEtag"); err != nil {
				return err
			}
			return a.answer(cmd.Context(), n.method("Update", "Release"), "receipt", map[string]any{
				"name": args[0], "releaseEtag": etag, "release": release, "openToCurrentMembers": open,
			})
		},
	}
	c.Flags().StringVarP(&file, "file", "f", "-", "file with the release; - is standard input")
	c.Flags().StringVar(&etag, "etag", "", "release_etag that the change is based on")
	c.Flags().BoolVar(&open, "open-to-current-members", false, "open it also to those who joined a named group, or the hub, since")
	return a.writes(c)
}

func (a *app) linksCommand(n noun) *cobra.Command {
	var add, remove []string
	var etag string
	c := &cobra.Command{
		Use: "links NAME", Short: "Add and remove links of an own record", Args: cobra.ExactArgs(1),
		Example: "  entente " + n.use + " links NAME --add RELATES_TO=agencies/fr-ofast/intelligenceItems/…",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(add)+len(remove) == 0 {
				return usage("nothing is to be changed: give --add or --remove")
			}
			added, err := linksOf(add)
			if err != nil {
				return err
			}
			removed, err := linksOf(remove)
			if err != nil {
				return err
			}
			if etag, err = a.etagOf(cmd.Context(), n, args[0], etag, "linksEtag"); err != nil {
				return err
			}
			return a.answer(cmd.Context(), n.method("Update", "Links"), "receipt", map[string]any{"name": args[0], "linksEtag": etag, "add": added, "remove": removed})
		},
	}
	c.Flags().StringArrayVar(&add, "add", nil, "TYPE=NAME of an edge to add")
	c.Flags().StringArrayVar(&remove, "remove", nil, "TYPE=NAME of an edge to remove")
	c.Flags().StringVar(&etag, "etag", "", "links_etag that the change is based on")
	return a.writes(c)
}

func linksOf(flags []string) ([]any, error) {
	list := []any{}
	for _, flag := range flags {
		kind, target, ok := strings.Cut(flag, "=")
		if !ok {
			return nil, usage("a link is TYPE=NAME, as in SEIZED_ON=agencies/…")
		}
		kinds, err := chosen("add and --remove: TYPE", ententev1.LinkType(0).Descriptor(), []string{kind})
		if err != nil {
			return nil, err
		}
		list = append(list, map[string]any{"type": kinds[0], "target": target})
	}
	return list, nil
}

func (a *app) recallCommand(n noun) *cobra.Command {
	var etag string
	c := &cobra.Command{
		Use: "recall NAME", Short: "Take an own record back from everyone, for ever", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if etag, err = a.etagOf(cmd.Context(), n, args[0], etag, "etag"); err != nil {
				return err
			}
			return a.answer(cmd.Context(), n.method("Recall", ""), "receipt", map[string]any{"name": args[0], "etag": etag})
		},
	}
	c.Flags().StringVar(&etag, "etag", "", "etag that the recall is based on")
	return a.writes(c)
}

func (a *app) revisionsCommand(n noun) *cobra.Command {
	return &cobra.Command{
		Use: "revisions NAME", Short: "List the contents that a record had", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.pages(cmd.Context(), n.service+"/List"+n.one+"Revisions", "revisions", map[string]any{"name": args[0]}, 0, view{rows: "revisions", columns: []column{
				{"REVISION", "revision"}, {"TAKEN", "createTime"}, {"TITLE", "plain.title"}, {"DIGEST", "contentDigest"},
			}})
		},
	}
}

func (a *app) stepCommand(n noun) *cobra.Command {
	var file string
	c := &cobra.Command{
		Use: "step NAME -f FILE", Short: "Record what became of an asset", Args: cobra.ExactArgs(1),
		Example: "  echo '{assetId: cash, stage: RECOVERY_STAGE_CONFISCATED, stepDate: 2026-11-20}' | entente seizure step NAME",
		RunE: func(cmd *cobra.Command, args []string) error {
			step, err := a.readFile(file)
			if err != nil {
				return err
			}
			return a.answer(cmd.Context(), n.service+"/RecordRecoveryStep", "receipt", map[string]any{"name": args[0], "step": step})
		},
	}
	c.Flags().StringVarP(&file, "file", "f", "-", "file with the step; - is standard input")
	return a.writes(c)
}

func (a *app) templateCommand(n noun) *cobra.Command {
	return &cobra.Command{
		Use: "template", Short: "Print a draft to start from", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(a.out, n.template)
			return err
		},
	}
}
