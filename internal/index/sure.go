package index

// SearchSure is Search, and tells of each record whether it meets a clause beside the query: such as
// what a filter is sure of, among what it finds.
func (x *Layers) SearchSure(q Query, sure Clause, limit int, visit func(n Number, sure bool) bool) Cost {
	m := x.merge(&q)
	var cost Cost
	verdicts := map[layer]*verdict{}
	for range limit {
		n := m.next()
		if n == 0 {
			break
		}
		at := m.given
		one := verdicts[at.layer]
		if one == nil {
			one = newVerdict(at.layer, &sure, m.patience, &cost)
			verdicts[at.layer] = one
		}
		if !visit(n, one.meets(at.id, &cost)) {
			break
		}
	}
	return cost.Plus(m.cost())
}

// verdict is a clause as a layer answers it, id for id from the newest down.
type verdict struct {
	source source // nil where the answer is the same for all
	all    bool
}

func newVerdict(l layer, c *Clause, patience int, cost *Cost) *verdict {
	s, ok := conditions{layer: l, patience: patience, cost: cost}.clause(c)
	return &verdict{source: s, all: ok}
}

func (v *verdict) meets(id uint32, cost *Cost) bool {
	if v.source == nil {
		return v.all
	}
	return v.source.seek(id, cost) == id
}
