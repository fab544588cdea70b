package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-1d76a664/entente/cmd/entente/internal/draw"
)

const (
	// stepsMost and nodesMost bound a graph: beyond them nobody sees anything in it.
	stepsMost, nodesMost = 6, 1000
)

func (a *app) graphCommand() *cobra.Command {
	var steps, limit int
	var svg, dot string
	c := &cobra.Command{
		Use: "graph RECORD", Short: "Follow links and shared identifiers from a record", Args: cobra.ExactArgs(1),
		Long: `Follows links, in both directions, and identifiers that records share, some steps from a record, and shows
what hangs together: as a table, with --svg as a picture, with --dot for graphviz, with -o json for programs.

Each read is on record. Records whose neighbours are looked for are read in full, those of the last step
are listed; --steps 1 reads one record in full.`,
		Example: "  entente graph agencies/fr-ofast/intelligenceItems/… --steps 2 --svg network.svg",
		RunE: func(cmd *cobra.Command, args []string) error {
			if steps < 1 || steps > stepsMost || limit < 2 || limit > nodesMost {
				return usage(fmt.Sprintf("--steps is 1 to %d, --nodes 2 to %d", stepsMost, nodesMost))
			}
			if !strings.Contains(args[0], "/intelligenceItems/") && !strings.Contains(args[0], "/seizureReports/") {
				return usage("a record is agencies/…/intelligenceItems/… or agencies/…/seizureReports/…")
			}
			g := newCrawl(a, limit)
			if err := g.run(cmd.Context(), args[0], steps); err != nil {
				return err
			}
			if err := a.save(svg, g.picture().SVG()); err != nil || svg == "-" {
				return err
			}
			if err := a.save(dot, g.picture().DOT()); err != nil || dot == "-" {
				return err
			}
			return a.showGraph(g)
		},
	}
	c.Flags().IntVar(&steps, "steps", 1, "how many steps to go, 6 at most")
	c.Flags().IntVar(&limit, "nodes", 200, "how many records to show, 1000 at most")
	c.Flags().StringVar(&svg, "svg", "", "file for the picture; - is standard output")
	c.Flags().StringVar(&dot, "dot", "", "file for graphviz; - is standard output")
	return c
}

// showGraph prints the records, or the whole graph for programs.
func (a *app) showGraph(c *crawl) error {
	a.shape = nil
	v := view{rows: "records", columns: []column{{"STEP", "step"}, {"NAME", "name"}, {"TITLE", "title"}, {"THROUGH", "through"}}}
	if err := a.print(c.body(), v); err != nil {
		return err
	}
	if missing := c.missing(); missing != "" {
		a.say("%s", missing)
	}
	return nil
}

// body is the graph in JSON spelling.
func (c *crawl) body() map[string]any {
	records, edges, marks := []any{}, []any{}, []any{}
	for _, f := range c.order {
		records = append(records, map[string]any{
			"name": f.name, "kind": nounOf(f.name).one, "title": f.title, "originator": f.originator, "createTime": f.created.Format(time.RFC3339), "step": f.step, "through": f.through,
		})
	}
	for _, e := range c.links() {
		link := map[string]any{"from": e.from, "to": e.to}
		if e.kind != 0 {
			link["type"] = e.kind.String()
		}
		edges = append(edges, link)
	}
	for _, m := range c.sharedMarks() {
		holders := []any{}
		for _, f := range c.order {
			if m.holders[f.name] {
				holders = append(holders, f.name)
			}
		}
		marks = append(marks, map[string]any{"type": m.kind.String(), "value": m.value, "records": holders})
	}
	return map[string]any{"records": records, "links": edges, "identifiers": marks, "leftOut": len(c.left), "complete": c.missing() == ""}
}

// Kinds of nodes in the picture.
const (
	nodeItem = iota
	nodeReport
	nodeMark
)

// picture is the graph to be drawn: records in a column for each step, and what they share between.
func (c *crawl) picture() draw.Graph {
	g := draw.Graph{Title: "What hangs together with “" + c.order[0].title + "”", Kinds: []string{"intelligence item", "seizure report", "shared identifier"}}
	at := c.places()
	for _, f := range c.order {
		kind := nodeItem
		if nounOf(f.name).use == "seizure" {
			kind = nodeReport
		}
		g.Nodes = append(g.Nodes, draw.Node{
			ID: f.name, Layer: 2 * f.step, Kind: kind, Text: f.title, Foot: f.originator + " · received " + f.created.UTC().Format(time.DateOnly), Strong: f.step == 0,
		})
	}
	for _, e := range c.links() {
		g.Edges = append(g.Edges, draw.Edge{From: at[e.from], To: at[e.to], Label: words(linkName(e.kind)), Directed: true})
	}
	for _, m := range c.sharedMarks() {
		g.Nodes = append(g.Nodes, draw.Node{ID: m.String(), Layer: 2*m.step - 1, Kind: nodeMark, Text: m.value, Foot: words(kindName(m.kind)), Small: true})
		for _, f := range c.order {
			if m.holders[f.name] {
				g.Edges = append(g.Edges, draw.Edge{From: at[f.name], To: len(g.Nodes) - 1})
			}
		}
	}
	if missing := c.missing(); missing != "" {
		g.Notes = append(g.Notes, missing)
	}
	g.Notes = append(g.Notes, "As one agency may see it, on "+time.Now().UTC().Format(time.DateOnly)+"; other records may exist.")
	return g
}
