package draw

import "fmt"

// SVG draws the graph as a picture.
func (g Graph) SVG() []byte {
	l := place(g)
	d := &graphPicture{layout: l, wide: max(l.wide+2*margin+l.around(), 560)}
	y := margin + 14
	for _, line := range wrap(clean(g.Title), int((d.wide-2*margin)/(18*0.56))) {
		d.write(margin, y, line, letters{size: 18, fill: ink, bold: true})
		y += 24
	}
	y = d.legend(y) + 18
	d.left, d.top = margin, y
	d.text.WriteString(`<defs><marker id="arrow" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0.5 L8,4 L0,7.5 z" fill="` + faint + `"/></marker></defs>` + "\n")
	for i := range g.Edges {
		d.edge(i)
	}
	for i := range g.Nodes {
		d.node(i)
	}
	y += l.high + 30
	for _, note := range g.Notes {
		for _, line := range wrap(clean(note), int((d.wide-2*margin)/(11.5*0.56))) {
			d.write(margin, y, line, letters{size: 11.5, fill: faint})
			y += 16
		}
	}
	return d.svg(d.wide, y+margin-16, g.Title)
}

type graphPicture struct {
	picture
	*layout
	wide, left, top float64
}

func (d *graphPicture) legend(y float64) float64 {
	x := margin
	for i, name := range d.g.Kinds {
		d.rect(x, y-10, 12, 12, colour(i))
		d.write(x+18, y, name, letters{size: 12, fill: ink})
		x += 18 + wideOf(name, 12) + 22
	}
	return y + 10
}

// at is the middle of a node in the picture.
func (d *graphPicture) at(n int) (x, y float64) { return d.left + d.x[n], d.top + d.y[n] }

// around is the room on the right for edges within the last column.
func (l *layout) around() float64 {
	for i, e := range l.g.Edges {
		if len(l.bends[i]) == 0 && l.x[e.From] == l.x[e.To] && l.x[e.From]+boxWide/2 >= l.wide {
			return columnGap
		}
	}
	return 0
}

// edge draws an edge from the side of one box to the side of the other, through its bends, and around where both boxes stand in one column.
func (d *graphPicture) edge(i int) {
	e := d.g.Edges[i]
	path := append(append([]int{e.From}, d.bends[i]...), e.To)
	var curves []curve
	for k := range len(path) - 1 {
		curves = append(curves, d.between(path[k], path[k+1]))
	}
	fmt.Fprintf(&d.text, `<path d="M%s,%s`, num(curves[0].x1), num(curves[0].y1))
	for _, c := range curves {
		fmt.Fprintf(&d.text, ` L%s,%s C%s,%s %s,%s %s,%s`, num(c.x1), num(c.y1), num(c.c1), num(c.y1), num(c.c2), num(c.y2), num(c.x2), num(c.y2))
	}
	d.text.WriteString(`" fill="none" stroke="#9aa5b1" stroke-width="1.3"`)
	if e.Directed {
		d.text.WriteString(` marker-end="url(#arrow)"`)
	}
	d.text.WriteString("/>\n")
	if e.Label == "" {
		return
	}
	at := curves[0]
	if len(d.neighbours[e.To]) < len(d.neighbours[e.From]) { // where fewer edges come together
		at = curves[len(curves)-1]
	}
	x, y := at.middle()
	wide := wideOf(e.Label, 10) + 6
	d.rect(x-wide/2, y-7, wide, 13, "#ffffff")
	d.write(x, y+3.5, e.Label, letters{size: 10, fill: faint, anchor: "middle"})
}

// curve goes from one side of a gap to the other; its handles are level with its ends.
type curve struct{ x1, y1, x2, y2, c1, c2 float64 }

func (c curve) middle() (x, y float64) { return (c.x1+c.x2)/8 + 3*(c.c1+c.c2)/8, (c.y1 + c.y2) / 2 }

// between is the curve from one box to another.
func (d *graphPicture) between(from, to int) curve {
	x1, y1 := d.at(from)
	x2, y2 := d.at(to)
	w1, _ := d.size(from)
	w2, _ := d.size(to)
	switch {
	case x1 < x2:
		x1, x2 = x1+w1/2, x2-w2/2
	case x2 < x1:
		x1, x2 = x1-w1/2, x2+w2/2
	default:
		x1, x2 = x1+w1/2, x2+w2/2
		return curve{x1, y1, x2, y2, max(x1, x2) + columnGap*0.6, max(x1, x2) + columnGap*0.6}
	}
	return curve{x1, y1, x2, y2, (x1 + x2) / 2, (x1 + x2) / 2}
}

// node draws a box with its text, or a small one.
func (d *graphPicture) node(i int) {
	n := d.g.Nodes[i]
	x, y := d.at(i)
	wide, high := d.size(i)
	stroke, round := 1.5, 6.0
	if n.Strong {
		stroke = 3.5
	}
	if n.Small {
		round = high / 2
	}
	fmt.Fprintf(&d.text, `<g><title>%s</title><rect x="%s" y="%s" width="%s" height="%s" rx="%s" fill="#ffffff" stroke="%s" stroke-width="%s"/>`+"\n",
		escaped(clean(n.ID)), num(x-wide/2), num(y-high/2), num(wide), num(high), num(round), colour(n.Kind), num(stroke))
	if n.Small {
		d.write(x, y-1, fit(clean(n.Text), int((wide-20)/(11*0.6))), letters{size: 11, fill: ink, anchor: "middle"})
		d.write(x, y+11, fit(clean(n.Foot), int((wide-20)/(9*0.6))), letters{size: 9, fill: faint, anchor: "middle"})
		d.text.WriteString("</g>\n")
		return
	}
	signs := int((wide - 20) / (12 * 0.58))
	lines := wrap(clean(n.Text), signs)
	if len(lines) > 2 {
		lines = []string{lines[0], fit(lines[1]+" "+lines[2], signs)}
	}
	top := y - 8
	if len(lines) == 1 {
		top = y - 1
	}
	for k, line := range lines {
		d.write(x-wide/2+10, top+float64(k)*15-2, fit(line, signs), letters{size: 12, fill: ink, bold: n.Strong})
	}
	d.write(x-wide/2+10, y+high/2-8, fit(clean(n.Foot), int((wide-20)/(10*0.58))), letters{size: 10, fill: faint})
	d.text.WriteString("</g>\n")
}
