package draw

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// web is a graph of some size, the same for the same seed.
func web(seed uint64, nodes, edges int) Graph {
	r := rand.New(rand.NewPCG(seed, 7))
	g := Graph{Title: "A web", Kinds: []string{"one", "two", "three"}, Notes: []string{"Left out: nothing."}}
	for i := range nodes {
		layer := 0
		if i > 0 {
			layer = 1 + r.IntN(4)
		}
		g.Nodes = append(g.Nodes, Node{
			ID: fmt.Sprint("node/", i), Layer: layer, Kind: i % 3, Text: strings.Repeat("Words of a title ", 1+r.IntN(4)), Foot: "fr · 2026", Small: layer%2 == 1, Strong: i == 0,
		})
	}
	for range edges {
		g.Edges = append(g.Edges, Edge{From: r.IntN(nodes), To: r.IntN(nodes), Label: []string{"", "relates to"}[r.IntN(2)], Directed: r.IntN(2) == 0})
	}
	return g
}

// No box touches another, and all are in the picture.
func TestBoxesStandApart(t *testing.T) {
	for _, size := range [][2]int{{1, 0}, {2, 1}, {30, 40}, {200, 300}} {
		l := place(web(uint64(size[0]), size[0], size[1]))
		for a := range l.neighbours {
			wa, ha := l.size(a)
			if l.x[a]-wa/2 < -0.01 || l.y[a]-ha/2 < -0.01 || l.x[a]+wa/2 > l.wide+0.01 || l.y[a]+ha/2 > l.high+0.01 {
				t.Fatalf("%d nodes: %d is outside", size[0], a)
			}
			for b := range a {
				wb, hb := l.size(b)
				if abs(l.x[a]-l.x[b]) < (wa+wb)/2 && abs(l.y[a]-l.y[b]) < (ha+hb)/2 {
					t.Fatalf("%d nodes: %d lies on %d", size[0], a, b)
				}
			}
		}
	}
}

func abs(n float64) float64 { return max(n, -n) }

// The same graph is the same picture, and whatever stands in it, it is XML.
func TestGraphSVG(t *testing.T) {
	g := web(5, 40, 60)
	g.Nodes[3].Text, g.Nodes[4].Text = `<script>alert("x")</script> & \`, "mail\u202egnp.exe"
	picture := g.SVG()
	if string(picture) != string(g.SVG()) {
		t.Error("drawn twice it is another picture")
	}
	text := wellFormed(t, picture)
	if !strings.Contains(text, "A web") || strings.Contains(string(picture), "<script>") || strings.Contains(text, "\u202e") {
		t.Error("the picture says something else")
	}
	wellFormed(t, Graph{Title: "Nothing"}.SVG())
}

func TestDOT(t *testing.T) {
	g := Graph{Title: `A "title"`, Nodes: []Node{{ID: `a"b`, Text: `back\slash`, Foot: "foot\n};"}, {ID: "c", Small: true}}, Edges: []Edge{{From: 0, To: 1, Label: "l"}}}
	got := string(g.DOT())
	for _, want := range []string{`label="A \"title\""`, `"a\"b" [label="back\\slash\nfoot\n};"`, `"a\"b" -> "c" [label="l", dir=none];`, "shape=ellipse"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in\n%s", want, got)
		}
	}
}
