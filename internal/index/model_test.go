package index

import "slices"

var _ Searcher = (*model)(nil)

// model is what an Index must be, said as plainly as possible: it keeps each
// record's terms and looks at every record for every question.
type model struct {
	records []record // ascending, those that are gone among them
	seconds int64
}

type record struct {
	number  Number
	terms   map[Term]bool
	columns Columns
	gone    bool
}

func (m *model) find(n Number) *record {
	i, found := slices.BinarySearchFunc(m.records, n, func(r record, n Number) int { return int(r.number) - int(n) })
	if !found {
		return nil
	}
	return &m.records[i]
}

func (m *model) Len() int {
	live := 0
	for _, r := range m.records {
		if !r.gone {
			live++
		}
	}
	return live
}

func (m *model) Apply(nowMicros int64, changes []Change) error {
	m.seconds = max(m.seconds, floorSeconds(nowMicros))
	for _, c := range changes {
		if err := m.apply(c); err != nil {
			return err
		}
	}
	return nil
}

func (m *model) apply(c Change) error {
	if c.Number == 0 || c.Number > MaxNumber {
		return ErrNumber
	}
	r := m.find(c.Number)
	if r == nil {
		return m.begin(c)
	}
	if r.gone {
		return ErrNumber
	}
	if c.Gone {
		r.gone, r.terms = true, nil
		return nil
	}
	if c.Columns.Kind == 0 || c.Columns.CreateMicros != r.columns.CreateMicros {
		return ErrColumns
	}
	r.change(c)
	return nil
}

func (m *model) begin(c Change) error {
	last := len(m.records) - 1
	if c.Gone || last >= 0 && m.records[last].number > c.Number {
		return ErrNumber
	}
	if c.Columns.Kind == 0 || last >= 0 && m.records[last].columns.CreateMicros > c.Columns.CreateMicros {
		return ErrColumns
	}
	m.records = append(m.records, record{number: c.Number, terms: map[Term]bool{}})
	m.records[last+1].change(c)
	return nil
}

func (r *record) change(c Change) {
	for _, t := range c.Remove {
		delete(r.terms, t)
	}
	for _, t := range c.Add {
		r.terms[t] = true
	}
	r.columns = c.Columns
}

func (m *model) Search(q Query, limit int, visit func(Number) bool) (cost Cost) {
	for i := len(m.records) - 1; i >= 0 && limit > 0; i-- {
		cost.Rows++
		if !m.means(q, m.records[i]) {
			continue
		}
		if limit--; !visit(m.records[i].number) {
			break
		}
	}
	return cost
}

func (m *model) Count(q Query, limit int) (n int, more bool, _ Cost) {
	for _, r := range m.records {
		if m.means(q, r) {
			n++
		}
	}
	limit = max(limit, 0)
	return min(n, limit), n > limit, Cost{}
}

func (m *model) means(q Query, r record) bool {
	switch {
	case r.gone, q.Before != 0 && r.number >= q.Before, r.number < q.From:
		return false
	case !r.meets(q.All), !r.holds(Clause{All: q.Where}):
		return false
	case q.Received != nil && !q.Received.holds(r.columns.CreateMicros):
		return false
	case q.Observed != nil && !observedIn(*q.Observed, r.columns):
		return false
	}
	return q.Review == nil || m.reviewed(*q.Review, r.columns)
}

func (r record) meets(all []AnyOf) bool {
	for _, disjunct := range all {
		if !slices.ContainsFunc(disjunct, func(t Term) bool { return r.terms[t] }) {
			return false
		}
	}
	return true
}

func (r record) holds(c Clause) bool {
	holds := func(c Clause) bool { return r.holds(c) }
	switch {
	case c.AnyOf != nil && !r.meets([]AnyOf{c.AnyOf}):
		return false
	case slices.ContainsFunc(c.All, func(c Clause) bool { return !r.holds(c) }):
		return false
	case len(c.Any) > 0 && !slices.ContainsFunc(c.Any, holds):
		return false
	case c.Near != nil && !c.Near.holds(r.columns.Spots):
		return false
	}
	return !slices.ContainsFunc(c.None, holds)
}

// observedIn asks whether there is a second in both intervals.
func observedIn(i Interval, c Columns) bool {
	if c.ObservedStart == 0 && c.ObservedEnd == 0 {
		return false
	}
	o := openEnds(c.ObservedStart, c.ObservedEnd)
	return max(i.From, o.From) <= min(i.To, o.To)
}

func (m *model) reviewed(r Review, c Columns) bool {
	passed := c.ReviewSeconds != 0 && c.ReviewSeconds <= max(floorSeconds(r.At), m.seconds)
	own := c.Owner != 0 && c.Owner == r.Owner
	if r.Due {
		return passed && own
	}
	return !passed || own
}

// floorSeconds is the last whole second that is not after a moment.
func floorSeconds(micros int64) int64 {
	if micros < 0 {
		return -((-micros + 999_999) / 1_000_000)
	}
	return micros / 1_000_000
}
