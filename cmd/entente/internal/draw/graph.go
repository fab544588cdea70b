package draw

import (
	"fmt"
	"strings"
	"unicode"
)

// Graph is nodes in layers, from left to right, with edges between them.
type Graph struct {
	// Title says what it is about, Notes what was left out.
	Title string
	Notes []string
	// Kinds are what nodes can be, in the order of the legend.
	Kinds []string
	Nodes []Node
	Edges []Edge
}

// Node is one thing.
type Node struct {
	// ID tells it from others, in DOT.
	ID string
	// Layer is its column, from 0.
	Layer int
	// Kind is the index of what it is.
	Kind int
	// Text names it; Foot says a little more, small.
	Text, Foot string
	// Small is for what only holds others together.
	Small bool
	// Strong is for where the graph began.
	Strong bool
}

// Edge joins two nodes, by their indices.
type Edge struct {
	From, To int
	Label    string
	// Directed has an arrow at To.
	Directed bool
}

// clean is a text without signs that steer whoever shows it.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		const nonJoiner, joiner = '\u200c', '\u200d' // parts of words in some scripts
		if unicode.IsPrint(r) || r == nonJoiner || r == joiner {
			return r
		}
		return ' '
	}, text)
}

// DOT is the graph in the language of graphviz.
func (g Graph) DOT() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n  rankdir=LR;\n  label=%s;\n  node [shape=box, style=rounded, fontname=\"Helvetica\", fontsize=11];\n  edge [fontname=\"Helvetica\", fontsize=9, color=\"#7b8794\"];\n",
		quoted("records"), quoted(strings.Join(append([]string{g.Title}, g.Notes...), "\n")))
	for _, n := range g.Nodes {
		shape := ""
		switch {
		case n.Small:
			shape = ", shape=ellipse, style=solid, fontsize=9"
		case n.Strong:
			shape = ", penwidth=2.5"
		}
		fmt.Fprintf(&b, "  %s [label=%s, color=\"%s\"%s];\n", quoted(n.ID), quoted(n.Text+"\n"+n.Foot), colour(n.Kind), shape)
	}
	for _, e := range g.Edges {
		more := ""
		if !e.Directed {
			more = ", dir=none"
		}
		fmt.Fprintf(&b, "  %s -> %s [label=%s%s];\n", quoted(g.Nodes[e.From].ID), quoted(g.Nodes[e.To].ID), quoted(e.Label), more)
	}
	b.WriteString("}\n")
	return []byte(b.String())
}

// quoted is a text as DOT has it; a new line stands as \n, and a backslash of the text's own as two.
func quoted(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		line = strings.ReplaceAll(clean(line), `\`, `\\`)
		lines[i] = strings.ReplaceAll(line, `"`, `\"`)
	}
	return `"` + strings.Join(lines, `\n`) + `"`
}
