package draw

import (
	"cmp"
	"slices"
)

const (
	boxWide, smallWide = 216.0, 178.0
	boxHigh, smallHigh = 62.0, 34.0
	bendHigh           = 6.0
	columnGap          = 104.0
	nodeGap            = 16.0
	// columnMost is how many nodes stand in one column; more get columns of their own.
	columnMost = 28
	// sweeps is how often the order of the columns is looked at again.
	sweeps = 12
)

// layout is where each node stands: the middle of its box. Behind the nodes of the graph come bends: room in a column for an edge that goes through it.
type layout struct {
	g          Graph
	columns    [][]int // node indices, from top to bottom
	neighbours [][]int
	bends      [][]int // of each edge, from its From to its To
	x, y       []float64
	wide, high float64
}

// place lays a graph out: what belongs together stands side by side, in the order that crosses fewest edges as far as averages find it. There is nothing
// random in it.
func place(g Graph) *layout {
	l := &layout{g: g, neighbours: make([][]int, len(g.Nodes))}
	last := 0
	for _, n := range g.Nodes {
		last = max(last, n.Layer)
	}
	l.columns = make([][]int, last+1)
	for i, n := range g.Nodes {
		l.columns[n.Layer] = append(l.columns[n.Layer], i)
	}
	l.columns = slices.DeleteFunc(l.columns, func(column []int) bool { return len(column) == 0 })
	l.bend()
	l.x, l.y = make([]float64, len(l.neighbours)), make([]float64, len(l.neighbours))
	for range sweeps {
		l.sweep()
		slices.Reverse(l.columns)
		l.sweep()
		slices.Reverse(l.columns)
	}
	l.split()
	l.across()
	for range sweeps {
		l.settle()
	}
	l.frame()
	return l
}

// bend joins neighbours, and gives an edge that crosses columns a bend in each.
func (l *layout) bend() {
	column := make([]int, len(l.g.Nodes))
	for c, nodes := range l.columns {
		for _, n := range nodes {
			column[n] = c
		}
	}
	join := func(a, b int) {
		l.neighbours[a], l.neighbours[b] = append(l.neighbours[a], b), append(l.neighbours[b], a)
	}
	for _, e := range l.g.Edges {
		at, step := e.From, 1
		if column[e.From] > column[e.To] {
			step = -1
		}
		var bends []int
		for c := column[e.From] + step; (column[e.To]-c)*step > 0; c += step {
			n := len(l.neighbours)
			l.neighbours = append(l.neighbours, nil)
			l.columns[c] = append(l.columns[c], n)
			join(at, n)
			bends, at = append(bends, n), n
		}
		join(at, e.To)
		l.bends = append(l.bends, bends)
	}
}

// sweep orders each column by where the neighbours of its nodes stand.
func (l *layout) sweep() {
	at := make([]float64, len(l.neighbours)) // from 0, the top, to 1
	for _, column := range l.columns {
		for i, n := range column {
			at[n] = (float64(i) + 0.5) / float64(len(column))
		}
	}
	for _, column := range l.columns {
		middle := make(map[int]float64, len(column))
		for _, n := range column {
			middle[n] = l.mean(n, at)
		}
		slices.SortStableFunc(column, func(a, b int) int { return cmp.Compare(middle[a], middle[b]) })
		for i, n := range column {
			at[n] = (float64(i) + 0.5) / float64(len(column))
		}
	}
}

// mean is the average of a node's neighbours, its own place where it has none.
func (l *layout) mean(n int, at []float64) float64 {
	if len(l.neighbours[n]) == 0 {
		return at[n]
	}
	sum := 0.0
	for _, o := range l.neighbours[n] {
		sum += at[o]
	}
	return sum / float64(len(l.neighbours[n]))
}

// split makes several columns of one that is too long.
func (l *layout) split() {
	var split [][]int
	for _, column := range l.columns {
		parts := (len(column) + columnMost - 1) / columnMost
		for i := range parts {
			split = append(split, column[i*len(column)/parts:(i+1)*len(column)/parts])
		}
	}
	l.columns = split
}

func (l *layout) size(n int) (wide, high float64) {
	if n >= len(l.g.Nodes) {
		return smallWide, bendHigh
	}
	if l.g.Nodes[n].Small {
		return smallWide, smallHigh
	}
	return boxWide, boxHigh
}

// across gives each column its x, and each node a first y, the columns in the middle.
func (l *layout) across() {
	left := 0.0
	for _, column := range l.columns {
		wide, high := 0.0, 0.0
		for _, n := range column {
			w, h := l.size(n)
			wide, high = max(wide, w), high+h+nodeGap
		}
		y := -high / 2
		for _, n := range column {
			_, h := l.size(n)
			l.x[n], l.y[n] = left+wide/2, y+h/2
			y += h + nodeGap
		}
		left += wide + columnGap
	}
}

// settle moves nodes towards their neighbours, in their order and without touching.
func (l *layout) settle() {
	for _, column := range l.columns {
		down, up := make([]float64, len(column)), make([]float64, len(column))
		for i, n := range column {
			down[i] = l.mean(n, l.y)
			up[i] = down[i]
			if i > 0 {
				down[i] = max(down[i], down[i-1]+l.apart(column[i-1], n))
			}
		}
		for i := len(column) - 2; i >= 0; i-- {
			up[i] = min(up[i], up[i+1]-l.apart(column[i], column[i+1]))
		}
		for i, n := range column {
			l.y[n] = (down[i] + up[i]) / 2
		}
	}
}

// apart is how far the middles of two nodes are from each other at least.
func (l *layout) apart(a, b int) float64 {
	_, above := l.size(a)
	_, below := l.size(b)
	return (above+below)/2 + nodeGap
}

// frame moves everything so that it begins at 0, 0.
func (l *layout) frame() {
	if len(l.g.Nodes) == 0 {
		return
	}
	top, left := l.y[0], l.x[0]
	for n := range l.neighbours {
		w, h := l.size(n)
		top, left = min(top, l.y[n]-h/2), min(left, l.x[n]-w/2)
	}
	for n := range l.neighbours {
		w, h := l.size(n)
		l.x[n] -= left
		l.y[n] -= top
		l.wide, l.high = max(l.wide, l.x[n]+w/2), max(l.high, l.y[n]+h/2)
	}
}
