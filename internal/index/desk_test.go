package index

import (
	"testing"

	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
	"github.com/seed-1d76a664/entente/internal/intel"
)

const (
	report   = internalv1.RecordKind_RECORD_KIND_SEIZURE_REPORT
	active   = ententev1.RecordState_RECORD_STATE_ACTIVE
	recalled = ententev1.RecordState_RECORD_STATE_RECALLED
	now      = 2_000_000_000_000_000 // microseconds; the desks' present
)

// kept is a record as it lies in the hub, in so far as the index cares.
type kept struct {
	content     string // prototext
	identifiers []*ententev1.Identifier
	agency      intel.AgencyID
	state       ententev1.RecordState
	link        string
	ownCase     string
	stages      []ententev1.RecoveryStage
	created     int64 // microseconds
	review      int64 // seconds
}

// and is the record with what is said in another added or put in its place.
func (k kept) and(o kept) kept {
	k.content += "\n" + o.content
	k.identifiers = append(k.identifiers[:len(k.identifiers):len(k.identifiers)], o.identifiers...)
	k.stages = append(k.stages[:len(k.stages):len(k.stages)], o.stages...)
	replace(&k.agency, o.agency)
	replace(&k.state, o.state)
	replace(&k.link, o.link)
	replace(&k.ownCase, o.ownCase)
	replace(&k.created, o.created)
	replace(&k.review, o.review)
	return k
}

func replace[T comparable](value *T, by T) {
	var none T
	if by != none {
		*value = by
	}
}

// desk is an index of records of one kind, and an analyst of Italy's.
type desk struct {
	t      *testing.T
	kind   internalv1.RecordKind
	hasher *Hasher
	x      *Index
	facts  map[Number]*Facts
}

func newDesk(t *testing.T, kind internalv1.RecordKind) *desk {
	return &desk{t: t, kind: kind, hasher: NewHasher([32]byte{2}), x: New(), facts: map[Number]*Facts{}}
}

// ordinal of an agency.
func ordinal(a intel.AgencyID) uint32 {
	return map[intel.AgencyID]uint32{"ita": 1, "fra": 2, "jpn": 3}[a]
}

// file posts a record as the view does, released to everyone.
func (d *desk) file(k kept) Number {
	d.t.Helper()
	keys := d.keys(k.identifiers)
	terms, observed, facts := d.content(k.content, keys)
	terms = append(terms, d.hasher.Standing(d.kind, k.state), d.hasher.Originator(k.agency), d.hasher.Audience("all"))
	if k.link != "" {
		terms = append(terms, d.hasher.Link(k.link))
	}
	if k.ownCase != "" {
		terms = append(terms, d.hasher.Case(k.agency, k.ownCase))
	}
	for _, s := range k.stages {
		terms = append(terms, d.hasher.Stage(s))
	}
	c := Change{Number: Number(d.x.Len() + 1), Add: terms, Columns: Columns{
		Kind: d.kind, Owner: ordinal(k.agency), CreateMicros: k.created, ReviewSeconds: k.review,
	}}
	c.Columns.ObservedStart, c.Columns.ObservedEnd = Observed(observed)
	if err := d.x.Apply(now, []Change{c}); err != nil {
		d.t.Fatal(err)
	}
	facts.Originator, facts.Stages = k.agency, k.stages
	d.facts[c.Number] = facts
	return c.Number
}

// content posts a content with its text, and has its facts.
func (d *desk) content(text string, keys []IdentifierKey) ([]Term, *ententev1.Interval, *Facts) {
	d.t.Helper()
	if d.kind == item {
		c := new(ententev1.IntelligenceContent)
		d.read(text, c)
		keys = append(keys, ContentKeys(c)...)
		return unique(append(d.hasher.ItemTerms(c, keys), d.hasher.ItemTextTerms(c, keys)...)), c.GetObserved(), &Facts{Item: c}
	}
	c := new(ententev1.SeizureContent)
	d.read(text, c)
	keys = append(keys, ContentKeys(c)...)
	return unique(append(d.hasher.SeizureTerms(c, keys), d.hasher.SeizureTextTerms(c, keys)...)), c.GetObserved(), &Facts{Report: c}
}

// read reads a message in which a field may be said twice: the last counts.
func (d *desk) read(text string, m proto.Message) {
	d.t.Helper()
	for line := range lines(text) {
		part := m.ProtoReflect().New().Interface()
		if err := prototext.Unmarshal([]byte(line), part); err != nil {
			d.t.Fatal(line, err)
		}
		proto.Merge(m, part)
	}
}

func (d *desk) keys(ids []*ententev1.Identifier) []IdentifierKey {
	d.t.Helper()
	var keys []IdentifierKey
	for _, id := range ids {
		finding, err := identifier.Understand(id)
		if err != nil {
			d.t.Fatal(err)
		}
		keys = append(keys, IdentifierKeys(id.GetType(), finding)...)
	}
	return keys
}

// italy asks, and may read whatever a link leads to.
func (d *desk) italy() Ask {
	return Ask{Agency: "ita", Owner: ordinal("ita"), Audience: AnyOf{d.hasher.Audience("all")}, NowMicros: now, TargetReadable: true}
}

// message is an empty query of the desk's kind.
func (d *desk) message() proto.Message {
	if d.kind == item {
		return new(ententev1.IntelligenceItemQuery)
	}
	return new(ententev1.SeizureReportQuery)
}

// query is what a query in prototext means for an asker.
func (d *desk) query(text string, ask Ask) Query {
	d.t.Helper()
	m := d.message()
	d.read(text, m)
	switch q := m.(type) {
	case *ententev1.IntelligenceItemQuery:
		ask.Filter = d.filter(m)
		ask.Identifiers = append(ask.Identifiers, d.keys(q.GetIdentifiers())...)
		return d.hasher.ItemQuery(q, ask)
	case *ententev1.SeizureReportQuery:
		ask.Filter = d.filter(m)
		ask.Identifiers = append(ask.Identifiers, d.keys(q.GetIdentifiers())...)
		return d.hasher.SeizureQuery(q, ask)
	default:
		panic("neither kind")
	}
}

// finds tells whether Italy finds a record by a query.
func (d *desk) finds(text string, k kept) bool {
	d.t.Helper()
	fresh := newDesk(d.t, d.kind)
	number := fresh.file(k)
	found := len(numbers(fresh.x, fresh.query(text, fresh.italy()), 9)) == 1
	m := fresh.message()
	fresh.read(text, m)
	f := fresh.filter(m)
	matches := f.Matches(fresh.facts[number])
	if found && !matches && !f.Rough() {
		d.t.Errorf("%s: found but no match, and the filter is not rough", text)
	}
	return found && matches
}

// filter is that of a query.
func (d *desk) filter(m proto.Message) (f *Filter) {
	d.t.Helper()
	var err error
	if q, ok := m.(*ententev1.IntelligenceItemQuery); ok {
		f, err = d.hasher.ItemFilter(q)
	} else {
		f, err = d.hasher.SeizureFilter(m.(*ententev1.SeizureReportQuery))
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return f
}
