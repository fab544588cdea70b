package index

import (
	"math"
	"slices"
)

var _ Searcher = (*Layers)(nil)

// Layers is the index of a whole archive: the newest records in memory, which
// alone change, and sealed layers behind them, each over the records that had
// come or changed until it was sealed. A record that changes leaves the sealed
// layer that holds it and goes into memory whole, under its number, so that
// each is found in one layer, and the order of first submission stays.
//
// It has no lock: any number of Search, Count and Len may run together, and
// what changes it (Apply, Freeze, Adopt) only alone. Of the sealed layers
// themselves nothing changes but who is dead in them.
type Layers struct {
	tail   *Index
	sealed []*sealed // the oldest first
	micros int64     // time has passed up to here
	words  *vocabulary
}

// sealed is a layer that takes in nothing any more.
type sealed struct {
	layer
	keeper
	dead set // ids that a newer layer has taken over, or that are gone
}

// keeper is what else is asked of a sealed layer.
type keeper interface {
	// id of a number; false if the layer has never held it.
	id(n uint32) (uint32, bool)
	// live is how many records it holds, the dead among them.
	live() int
	pass(nowMicros int64)
}

// NewLayers is an index without records, for which no time has passed.
func NewLayers() *Layers { return &Layers{tail: New()} }

// NewLayers is [NewLayers] for records that the hasher analyses: what it remembers of
// words makes files smaller.
func (h *Hasher) NewLayers() *Layers {
	x := NewLayers()
	x.words = h.words
	return x
}

// Len is how many records there are.
func (x *Layers) Len() int {
	n := x.tail.Len()
	for _, s := range x.sealed {
		n += s.live() - s.dead.size
	}
	return n
}

// Tail is how many records lie in the layer that changes.
func (x *Layers) Tail() int { return x.tail.Len() }

// TailPostings is how much was posted in that layer: a record has a few hundred
// terms, or, of a text that is made for it, a hundred thousand.
func (x *Layers) TailPostings() int { return x.tail.posted }

// Apply is Index.Apply. A change of a record that a sealed layer holds must
// list all of the record's terms in Add.
func (x *Layers) Apply(nowMicros int64, changes []Change) error {
	x.pass(nowMicros)
	defer x.tail.settle()
	for i := range changes {
		if err := x.apply(&changes[i]); err != nil {
			return err
		}
	}
	return nil
}

func (x *Layers) pass(nowMicros int64) {
	if nowMicros <= x.micros && x.micros != 0 {
		return
	}
	x.micros = nowMicros
	x.tail.pass(nowMicros)
	for _, s := range x.sealed {
		s.pass(nowMicros)
	}
}

func (x *Layers) apply(c *Change) error {
	if c.Number == 0 || c.Number > MaxNumber {
		return ErrNumber
	}
	n := uint32(c.Number)
	if n >= x.tail.rows.base || x.tail.rows.older[n] != nil {
		return x.tail.apply(c)
	}
	s, id := x.holder(n)
	if s == nil {
		return ErrNumber
	}
	if old, ok := s.columns(id, createColumn); !c.Gone && (!ok || c.Columns.Kind == 0 || c.Columns.CreateMicros != old.CreateMicros) {
		return ErrColumns
	}
	s.dead.add(id)
	if !c.Gone {
		x.tail.takeOver(n, c)
	}
	return nil
}

// holder is the sealed layer that holds a number, and its id there.
func (x *Layers) holder(n uint32) (*sealed, uint32) {
	for _, s := range slices.Backward(x.sealed) {
		if id, ok := s.id(n); ok && !s.dead.has(id) {
			return s, id
		}
	}
	return nil, 0
}

// Search implements Searcher.
func (x *Layers) Search(q Query, limit int, visit func(Number) bool) Cost {
	m := x.merge(&q)
	for range limit {
		n := m.next()
		if n == 0 || !visit(n) {
			break
		}
	}
	return m.cost()
}

// Count implements Searcher.
func (x *Layers) Count(q Query, limit int) (n int, more bool, cost Cost) {
	limit = min(max(limit, 0), math.MaxInt-1)
	m := x.merge(&q)
	for i := range m.streams {
		s := &m.streams[i]
		if n > limit {
			break
		}
		s.walk = newWalk(s.layer, s.dead, &q, m.patience)
		n += s.walk.count(limit - n)
	}
	return min(n, limit), n > limit, m.cost()
}

// merged is a search over layers. A layer is opened only once the search has
// come down to its newest number. All are asked before whether they may have
// anything of it, so that the processor waits for their memory together.
type merged struct {
	query    *Query
	patience int
	streams  []stream
	from     int    // the stream that gives the next number
	others   Number // no other stream has a higher one
	given    place  // of the number that was given last
	few      [8]stream
}

// place is where a record lies.
type place struct {
	layer layer
	id    uint32
}

// stream is a layer's part of a search.
type stream struct {
	layer layer
	dead  *set
	at    Number // its next number, or a bound of it while it is not opened; 0 at its end
	id    uint32 // of that number, once it is opened
	walk  *walk  // once it is opened
}

func (x *Layers) merge(q *Query) *merged {
	m := &merged{query: q, patience: x.tail.patience}
	m.streams = m.few[:0]
	m.add(x.tail, nil)
	for _, s := range slices.Backward(x.sealed) {
		m.add(s.layer, &s.dead)
	}
	m.choose()
	return m
}

func (m *merged) add(l layer, dead *set) {
	highest := MaxNumber
	if m.query.Before != 0 {
		highest = min(highest, m.query.Before-1)
	}
	newest := l.newest(highest)
	if newest != 0 && newest >= m.query.From && mayMeet(l, m.query) {
		m.streams = append(m.streams, stream{layer: l, dead: dead, at: newest})
	}
}

// choose finds the stream that may have the highest number.
func (m *merged) choose() {
	m.from, m.others = 0, 0
	for i := 1; i < len(m.streams); i++ {
		if m.streams[i].at > m.streams[m.from].at {
			m.others, m.from = m.streams[m.from].at, i
		} else {
			m.others = max(m.others, m.streams[i].at)
		}
	}
}

// next is the next number that is meant; 0 when there is none left.
func (m *merged) next() Number {
	if len(m.streams) == 0 {
		return 0
	}
	for {
		s := &m.streams[m.from]
		if s.at < m.others {
			m.choose()
			continue
		}
		if s.at == 0 {
			return 0
		}
		if s.walk == nil {
			s.walk = newWalk(s.layer, s.dead, m.query, m.patience)
			s.step()
			continue
		}
		n := s.at
		m.given = place{s.layer, s.id}
		s.step()
		return n
	}
}

func (s *stream) step() {
	s.id = s.walk.step()
	if s.at = 0; s.id != 0 {
		s.at = s.layer.number(s.id)
	}
}

func (m *merged) cost() (total Cost) {
	for i := range m.streams {
		if w := m.streams[i].walk; w != nil {
			total = total.Plus(w.cost)
		}
	}
	return total
}
