package index

// union walks a disjunction from the newest id down: the postings of its terms
// in a heap, the newest id on top. Terms that do not exist take no part, so
// that an asker of many audiences pays for those that are in use.
type union struct {
	heap  []stand
	total int
	few   [2]stand // the heap, of so many at most
}

// stand is a posting and where it stands.
type stand struct {
	at uint32
	stepper
}

// openUnion opens the postings that a layer has of some terms; nil without any.
func openUnion(l layer, terms []Term, cost *Cost) *union {
	var u *union
	for i, t := range terms {
		s, ok := l.posting(t)
		if !ok {
			continue
		}
		if u == nil {
			u = newUnion(len(terms) - i)
		}
		u.add(s)
	}
	if u == nil {
		return nil
	}
	cost.Postings += len(u.heap)
	u.begin()
	return u
}

// source is the union as a condition: of one posting, that itself.
func (u *union) source() source {
	if len(u.heap) == 1 {
		return lone{u.heap[0].stepper}
	}
	return u
}

// lone is the condition that a posting stands for.
type lone struct{ stepper }

func (l lone) seek(n uint32, cost *Cost) uint32 {
	if l.stands() > n {
		l.stepper.seek(n, cost)
	}
	return l.stands()
}

// newUnion makes room for so many postings, which are then added.
func newUnion(most int) *union {
	u := new(union)
	if u.heap = u.few[:0]; most > len(u.few) {
		u.heap = make([]stand, 0, most)
	}
	return u
}

// add takes over a posting that is not at its end.
func (u *union) add(s stepper) {
	u.heap = append(u.heap, stand{s.stands(), s})
	u.total += s.size()
}

// begin puts what was added in order.
func (u *union) begin() {
	for i := len(u.heap)/2 - 1; i >= 0; i-- {
		u.sink(i)
	}
}

func (u *union) size() int { return u.total }

func (u *union) seek(n uint32, cost *Cost) uint32 {
	for len(u.heap) > 0 && u.heap[0].at > n {
		top := &u.heap[0]
		top.seek(n, cost)
		if top.at = top.stands(); top.at == 0 {
			last := len(u.heap) - 1
			u.heap[0] = u.heap[last]
			u.heap = u.heap[:last]
		}
		u.sink(0)
	}
	if len(u.heap) == 0 {
		return 0
	}
	return u.heap[0].at
}

func (u *union) mark(w *words, high uint32, cost *Cost) bool {
	marked := false
	for i := range u.heap {
		marked = u.heap[i].mark(w, high, cost) || marked
	}
	return marked
}

// sink moves an entry down until none below it is newer.
func (u *union) sink(i int) {
	for {
		newer := 2*i + 1
		if newer >= len(u.heap) {
			return
		}
		if right := newer + 1; right < len(u.heap) && u.heap[right].at > u.heap[newer].at {
			newer = right
		}
		if u.heap[newer].at <= u.heap[i].at {
			return
		}
		u.heap[i], u.heap[newer] = u.heap[newer], u.heap[i]
		i = newer
	}
}
