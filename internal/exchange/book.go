package exchange

import (
	"slices"

	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/policy"
	"github.com/seed-1d76a664/entente/internal/view"
)

// book holds the active standing queries, each filed under the rarest of the conditions that a record must meet to be found by it: a record that meets none of
// the conditions under which a query is filed is never compared with it. Those that have no condition (they ask for a kind, or a time) are tried with every
// record; an agency may have few of them.
type book struct {
	queries map[uint32]*standing
	byTerm  map[index.Term][]*standing
	broad   []*standing
	version uint64 // ordinal of the last change that was taken in
	filed   uint64 // number of the newest record when the rarest were last chosen among all
	pass    uint64
}

// standing is a standing query in the book.
type standing struct {
	*sought
	ordinal    uint32
	reader     policy.Reader
	conditions [][]index.AnyOf // each sorted
	terms      []index.Term    // that it is filed under
	pass       uint64          // in which it was last compared
}

func newBook() book {
	return book{queries: map[uint32]*standing{}, byTerm: map[index.Term][]*standing{}}
}

func (b *book) empty() bool { return len(b.queries) == 0 }

// common is how many records may meet a condition for it to count as met by as many as any.
const common = 4_096

// takeInAtMost is how many changes are taken in between two batches.
const takeInAtMost = 256

// takeIn brings the book up to date.
func (m *matcher) takeIn() error {
	for {
		changed, err := m.changes()
		if err != nil {
			return err
		}
		for _, q := range changed {
			if err := m.enter(q); err != nil {
				return err
			}
			m.book.version = q.State.GetChangedOrdinal()
		}
		if len(changed) < takeInAtMost {
			return m.refile()
		}
	}
}

func (m *matcher) changes() (changed []view.StandingQuery, err error) {
	err = m.h.View.Read(func(s *view.Snapshot) error {
		return s.ChangedStandingQueries(m.book.version, func(q view.StandingQuery) (bool, error) {
			changed = append(changed, q)
			return len(changed) < takeInAtMost, nil
		})
	})
	return changed, err
}

// enter files a standing query anew, or takes it out.
func (m *matcher) enter(q view.StandingQuery) error {
	m.book.drop(q.State.GetOrdinal())
	if !q.Active() {
		return nil
	}
	look, err := m.h.sought(q.Draft)
	if err != nil {
		return nil //nolint:nilerr // an earlier build took what this one cannot ask; its owner finds it in its list, and the others are not held up by it
	}
	one := &standing{sought: look, ordinal: q.State.GetOrdinal(), reader: q.Reader(m.h.View.Roster())}
	one.conditions = look.conditions(m.h.View.Hasher(), one.reader.Agency)
	return m.file(one)
}

// refile chooses anew, once the archive has grown so much that what was rare may be rare no more.
func (m *matcher) refile() error {
	newest := m.h.View.Hub().GetNextRecord()
	if newest < 4*m.book.filed+1_000 {
		return nil
	}
	m.book.filed = newest
	for _, q := range m.book.queries {
		m.book.drop(q.ordinal)
		if err := m.file(q); err != nil {
			return err
		}
	}
	return nil
}

// file puts a standing query under the rarest condition of each of its questions.
func (m *matcher) file(q *standing) error {
	q.terms = nil
	isBroad := false
	for _, question := range q.conditions {
		rarest, err := m.rarest(question)
		if err != nil {
			return err
		}
		isBroad = isBroad || len(question) == 0
		q.terms = append(q.terms, rarest...)
	}
	slices.Sort(q.terms)
	q.terms = slices.Compact(q.terms)
	m.book.add(q, isBroad)
	return nil
}

func (m *matcher) rarest(question []index.AnyOf) (rarest index.AnyOf, err error) {
	if len(question) < 2 {
		return slices.Concat(question...), nil
	}
	err = m.h.View.Query(func(s *view.Snapshot) error {
		var least [2]int
		for _, c := range question {
			if n := [2]int{s.Holders(c, common), m.book.load(c)}; rarest == nil || slices.Compare(n[:], least[:]) < 0 {
				rarest, least = c, n
			}
		}
		return nil
	})
	return rarest, err
}

// load is how many standing queries are filed under a condition: where the archive does not tell which one is rare, they do.
func (b *book) load(c index.AnyOf) (n int) {
	for _, t := range c {
		n += len(b.byTerm[t])
	}
	return n
}

func (b *book) add(q *standing, isBroad bool) {
	b.queries[q.ordinal] = q
	if isBroad {
		b.broad = append(b.broad, q)
		return
	}
	for _, t := range q.terms {
		b.byTerm[t] = append(b.byTerm[t], q)
	}
}

func (b *book) drop(ordinal uint32) {
	q := b.queries[ordinal]
	if q == nil {
		return
	}
	delete(b.queries, ordinal)
	b.broad = without(b.broad, q)
	for _, t := range q.terms {
		if left := without(b.byTerm[t], q); len(left) > 0 {
			b.byTerm[t] = left
		} else {
			delete(b.byTerm, t)
		}
	}
}

func without(list []*standing, q *standing) []*standing {
	return slices.DeleteFunc(list, func(x *standing) bool { return x == q })
}

// candidates are the standing queries whose conditions a record meets, by ordinal.
func (b *book) candidates(r view.Looked) []*standing {
	b.pass++
	var found []*standing
	consider := func(list []*standing) {
		for _, q := range list {
			if q.pass != b.pass {
				q.pass = b.pass
				if q.meets(r.Terms) {
					found = append(found, q)
				}
			}
		}
	}
	consider(b.broad)
	for _, t := range r.Terms {
		consider(b.byTerm[t])
	}
	slices.SortFunc(found, func(x, y *standing) int { return int(x.ordinal) - int(y.ordinal) })
	return found
}

// meets tells whether a record with these terms, which are sorted, meets all conditions of one of the questions.
func (q *standing) meets(terms []index.Term) bool {
	return slices.ContainsFunc(q.conditions, func(question []index.AnyOf) bool {
		return !slices.ContainsFunc(question, func(c index.AnyOf) bool { return !overlap(c, terms) })
	})
}

// overlap tells whether two sorted lists have a term in common.
func overlap(a, b []index.Term) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return slices.ContainsFunc(a, func(t index.Term) bool {
		_, found := slices.BinarySearch(b, t)
		return found
	})
}

// triesAtOnce is how many standing queries are tried on a record in one go: no entry is published while the index is asked for them.
const triesAtOnce = 16

// try leaves with each record the standing queries that find it: by the same question of the index that a query asks, and the same decision on the row.
func (m *matcher) try(b *batch) error {
	for _, r := range b.records {
		var found []*standing
		for tried := range slices.Chunk(r.queries, triesAtOnce) {
			err := m.h.View.Query(func(s *view.Snapshot) (err error) {
				found, err = tryAll(s, r, tried, found)
				return err
			})
			if m.passOver(r.number, err) {
				found = nil
				break
			}
			if err != nil {
				return err
			}
		}
		r.queries, r.facts = found, nil
	}
	return nil
}

// sighting is a record that the index names for a standing query, by one of its questions.
type sighting struct {
	by *standing
	of *question
	x  *view.Record
}

// tryAll adds those that find a record. The index is let go before the record is opened and compared: what that costs, those decide who asked and who wrote.
func tryAll(s *view.Snapshot, r *seen, tried, found []*standing) ([]*standing, error) {
	var named []sighting
	for _, q := range tried {
		of, x, err := q.named(s, r)
		if err != nil {
			return nil, err
		}
		if of != nil {
			named = append(named, sighting{q, of, x})
		}
	}
	s.Release()
	for _, n := range named {
		means, err := r.meant(n)
		if err != nil {
			return nil, err
		}
		if means {
			found = append(found, n.by)
		}
	}
	return found, nil
}

// meant tells whether the record is what a question means. It is opened once for all of them.
func (r *seen) meant(n sighting) (means bool, err error) {
	if !n.of.filter.Rough() {
		return true, nil
	}
	if r.facts == nil {
		if r.facts, err = factsOf(n.x); err != nil {
			return false, err
		}
	}
	return n.of.filter.Matches(r.facts), nil
}

// named asks the index for exactly this record; nil where no question finds it. One that was corrected meanwhile waits to be looked at again.
func (q *standing) named(s *view.Snapshot, r *seen) (*question, *view.Record, error) {
	x, err := s.RecordAt(q.reader, r.number)
	switch {
	case err != nil && answered(err):
		return nil, nil, nil
	case err != nil:
		return nil, nil, err
	case x.Envelope().GetRevision() != r.Revision || !x.Listed():
		return nil, nil, nil
	}
	for _, one := range q.questions {
		if one.kind != x.Envelope().GetKind() {
			continue
		}
		if found, err := q.asks(s, one, x); found || err != nil {
			return one, x, err
		}
	}
	return nil, nil, nil
}

// asks asks the index one of the questions, of this record alone.
func (q *standing) asks(s *view.Snapshot, one *question, x *view.Record) (found bool, err error) {
	ask := index.Ask{
		Agency: q.reader.Agency, Owner: s.Roster().Agency(q.reader.Agency).GetOrdinal(), Audience: s.Audience(q.reader), NowMicros: s.Micros(),
		Identifiers: q.identifiers, Filter: one.filter,
	}
	if ask.TargetReadable, err = s.Readable(q.reader, one.linkedTo); err != nil {
		return false, err
	}
	iq, number := one.build(ask), index.Number(x.Envelope().GetNumber())
	iq.From, iq.Before = number, number+1
	s.Search(q.reader, iq, 1, func(index.Number) bool {
		found = true
		return false
	})
	return found, nil
}
