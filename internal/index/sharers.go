package index

import "slices"

// Sharer is a record that has one of some terms, and what is known of it without opening it.
type Sharer struct {
	Number Number
	// Owner is the ordinal of its agency.
	Owner uint32
	// Lacks says that it certainly has none of some other terms; where it may have one, or it would take long to know, it is false.
	Lacks bool
}

// lookAtMost is how many terms are looked up for a record of the layer in memory, which keeps no masks.
const lookAtMost = 64

// Sharers visits the records with one of some terms, newest first, until visit returns false or limit have been visited. among are the terms that Lacks is
// about.
func (x *Layers) Sharers(terms, among AnyOf, limit int, visit func(Sharer) bool) {
	m := x.merge(&Query{All: []AnyOf{terms}})
	var mask *mask // of the layer that gave the last one
	var of layer
	for range limit {
		n := m.next()
		if n == 0 {
			return
		}
		at := m.given
		if at.layer != of {
			of, mask = at.layer, maskOf(at.layer, among)
		}
		if !visit(Sharer{Number: n, Owner: at.owner(), Lacks: at.lacks(mask, among)}) {
			return
		}
	}
}

// maskOf is the mask that a sealed layer has of some terms; nil without one.
func maskOf(l layer, terms []Term) *mask {
	s, ok := l.united(terms, true)
	if !ok {
		return nil
	}
	m, _ := s.(*mask)
	return m
}

func (p place) owner() uint32 {
	if d, ok := p.layer.(*disk); ok {
		return uint32(d.reader.Column(columnOwner, p.id))
	}
	c, _ := p.layer.columns(p.id, reviewColumns)
	return c.Owner
}

func (p place) lacks(m *mask, terms []Term) bool {
	if m != nil {
		return !m.has(p.id)
	}
	x, ok := p.layer.(*Index)
	return ok && len(terms) <= lookAtMost && !x.hasAny(p.id, terms)
}

// hasAny tells whether a record has one of some terms. The last are looked up first: of what opens records to members those of now are the last.
func (x *Index) hasAny(n uint32, terms []Term) bool {
	for _, t := range slices.Backward(terms) {
		if c, ok := x.terms.of(t).posting(t); ok {
			c.seek(n, new(Cost))
			if c.stands() == n {
				return true
			}
		}
	}
	return false
}
