package index

import (
	"cmp"
	"math/bits"
	"slices"
)

// both is the condition that all conditions of a list are met and none of
// another: a query as a whole, and any clause of it.
type both struct {
	all  []source // the rarest first
	none []source
	near []near // what is looked at last
	low  uint32 // no id below it is sought

	begun, patience int // see the constant
	block           *block

	// answered is what seek said last, where sought. What it stands on has been
	// moved as far down in finding that, and cannot say again what lies above.
	answered uint32
	sought   bool
}

func (b *both) size() int { return b.all[0].size() }

// order puts the condition that fewest records meet in front.
func (b *both) order() {
	slices.SortStableFunc(b.all, func(x, y source) int { return cmp.Compare(x.size(), y.size()) })
}

func (b *both) seek(n uint32, cost *Cost) uint32 {
	if !b.sought || n < b.answered {
		b.answered, b.sought = b.find(n, cost), true
	}
	return b.answered
}

func (b *both) find(n uint32, cost *Cost) uint32 {
	for n != 0 && n >= b.low {
		m := b.candidate(n, cost)
		if m == 0 || m < b.low {
			return 0
		}
		if !b.excluded(m, cost) && b.nearby(m, cost) {
			return m
		}
		n = m - 1
	}
	return 0
}

// candidate is the newest id, not above n, that all conditions agree on.
func (b *both) candidate(n uint32, cost *Cost) uint32 {
	if b.block == nil {
		at, agreed := b.agree(n, cost)
		if agreed {
			return at
		}
		b.block, n = new(block), at
	}
	return b.block.down(b, n, cost)
}

// agree is the newest id on which all conditions agree. Whenever one of them
// disagrees, the rarest is asked first how far down it goes. It is false when
// patience came to an end; at is then how far it came.
func (b *both) agree(n uint32, cost *Cost) (at uint32, agreed bool) {
	for i := 0; i < len(b.all); {
		if cost.Postings-b.begun >= b.patience {
			return n, false
		}
		m := b.all[i].seek(n, cost)
		switch {
		case m == n:
			i++
		case m == 0, m < b.low:
			return 0, true
		case i == 0:
			n, i = m, 1
		default:
			n, i = m, 0
		}
	}
	return n, true
}

func (b *both) excluded(n uint32, cost *Cost) bool {
	return slices.ContainsFunc(b.none, func(s source) bool { return s.seek(n, cost) == n })
}

// near is a condition on the spots of a layer's records.
type near struct {
	*Near
	layer layer
}

func (b *both) nearby(n uint32, cost *Cost) bool {
	for _, c := range b.near {
		if cost.Probes++; !c.holds(c.layer.spots(n)) {
			return false
		}
	}
	return true
}

// keepNear clears the bits of ids that are not near.
func (b *both) keepNear(answer *words, high uint32, cost *Cost) {
	if len(b.near) == 0 {
		return
	}
	for i, word := range answer {
		for ; word != 0; word &= word - 1 {
			bit := bits.TrailingZeros64(word)
			if !b.nearby(high<<pageBits|uint32(64*i+bit), cost) {
				answer[i] &^= 1 << bit
			}
		}
	}
}

func (b *both) mark(w *words, high uint32, cost *Cost) bool {
	var answer words
	if b.sought && high > b.answered>>pageBits || !b.markAll(&answer, high, cost) {
		return false
	}
	if b.sought && high == b.answered>>pageBits {
		answer.between(0, uint16(b.answered)) // there are none above
	}
	for i, word := range answer {
		w[i] |= word
	}
	return true
}

// markAll works out which ids with the upper bits meet the condition.
func (b *both) markAll(answer *words, high uint32, cost *Cost) bool {
	if !b.all[0].mark(answer, high, cost) {
		return false
	}
	var met words
	for _, s := range b.all[1:] {
		met = words{}
		if !s.mark(&met, high, cost) {
			return false
		}
		for i, word := range met {
			answer[i] &= word
		}
	}
	for _, s := range b.none {
		met = words{}
		if s.mark(&met, high, cost) {
			answer.without(&met)
		}
	}
	b.keepNear(answer, high, cost)
	return true
}

// either is the condition that one of several is met.
type either []source

func (e either) size() int {
	n := 0
	for _, s := range e {
		n += s.size()
	}
	return n
}

func (e either) seek(n uint32, cost *Cost) uint32 {
	newest := uint32(0)
	for _, s := range e {
		newest = max(newest, s.seek(n, cost))
	}
	return newest
}

func (e either) mark(w *words, high uint32, cost *Cost) bool {
	marked := false
	for _, s := range e {
		marked = s.mark(w, high, cost) || marked
	}
	return marked
}

// conditions opens what the conditions of a query or a clause stand on; ok is
// false where one is met by no record of the layer.
type conditions struct {
	layer    layer
	patience int
	cost     *Cost
}

// clause is nil, and ok, where the clause asks nothing.
func (o conditions) clause(c *Clause) (s source, ok bool) {
	b := &both{patience: o.patience}
	if !o.into(b, c) {
		return nil, false
	}
	switch rest := len(b.none) + len(b.near); {
	case len(b.all) == 0 && rest == 0:
		return nil, true
	case len(b.all) == 0:
		b.all = append(b.all, o.layer.every())
	case len(b.all) == 1 && rest == 0:
		return b.all[0], true
	}
	b.order()
	b.begun = o.cost.Postings
	return b, true
}

// into adds what a clause asks.
func (o conditions) into(b *both, c *Clause) bool {
	if c.Near != nil {
		b.near = append(b.near, near{c.Near, o.layer})
	}
	return (c.AnyOf == nil || o.terms(b, c.AnyOf)) && o.clauses(b, c.All) && o.any(b, c.Any) && o.none(b, c.None)
}

func (o conditions) terms(b *both, terms AnyOf) bool {
	if s, ok := o.layer.united(terms, len(terms) > 1); ok {
		o.cost.Postings++
		b.all = append(b.all, s)
		return true
	}
	u := openUnion(o.layer, terms, o.cost)
	if u == nil {
		return false
	}
	if len(terms) == 1 && u.total > o.layer.every().size()/common {
		o.layer.united(terms, true) // such as the state that all are asked for in
	}
	b.all = append(b.all, u.source())
	return true
}

// A single term gets a mask if one in common has it: opening its posting is
// little work, but done in every segment by every query.
const common = 4

func (o conditions) clauses(b *both, all []Clause) bool {
	for i := range all {
		if !o.into(b, &all[i]) {
			return false
		}
	}
	return true
}

func (o conditions) any(b *both, clauses []Clause) bool {
	var some either
	for i := range clauses {
		s, ok := o.clause(&clauses[i])
		if ok && s == nil {
			return true // one that asks nothing holds for all
		}
		if ok {
			some = append(some, s)
		}
	}
	if len(some) > 0 {
		b.all = append(b.all, some)
	}
	return len(some) > 0 || len(clauses) == 0
}

func (o conditions) none(b *both, clauses []Clause) bool {
	for i := range clauses {
		s, ok := o.clause(&clauses[i])
		if ok && s == nil {
			return false // holds for all, so none is left
		}
		if ok {
			b.none = append(b.none, s)
		}
	}
	return true
}
