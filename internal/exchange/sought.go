package exchange

import (
	"slices"
	"strings"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// sought is what a standing query looks for: the question of a query, or one for each kind of record.
type sought struct {
	questions   []*question
	identifiers []index.IdentifierKey
}

// sought understands a draft. It asks the questions that the queries of both kinds ask.
func (h *Hub) sought(d *ententev1.StandingQueryDraft) (*sought, error) {
	switch of := d.GetSubject().(type) {
	case *ententev1.StandingQueryDraft_IntelligenceItems:
		return h.soughtBy("intelligenceItems", of.IntelligenceItems.GetIdentifiers(), func() (*question, error) { return h.items(of.IntelligenceItems) })
	case *ententev1.StandingQueryDraft_SeizureReports:
		return h.soughtBy("seizureReports", of.SeizureReports.GetIdentifiers(), func() (*question, error) { return h.reports(of.SeizureReports) })
	default:
		list := d.GetIdentifiers().GetIdentifiers()
		return h.soughtBy("identifiers", list,
			func() (*question, error) { return h.items(&ententev1.IntelligenceItemQuery{Identifiers: list}) },
			func() (*question, error) { return h.reports(&ententev1.SeizureReportQuery{Identifiers: list}) })
	}
}

func (h *Hub) soughtBy(field string, identifiers []*ententev1.Identifier, questions ...func() (*question, error)) (*sought, error) {
	s := new(sought)
	for _, ask := range questions {
		q, err := ask()
		if err != nil {
			return nil, renamed(err, field)
		}
		s.questions = append(s.questions, q)
	}
	var err error
	s.identifiers, err = understoodAt(field+".identifiers", identifiers)
	return s, err
}

// renamed tells what is wrong with a query under the name that it has in a draft.
func renamed(err error, field string) error {
	f := fault.As(err)
	for i, v := range f.Violations {
		if rest, in := strings.CutPrefix(v.Field, "query"); in {
			f.Violations[i].Field = field + rest
		}
	}
	return f
}

// items is the question of a query for items.
func (h *Hub) items(query *ententev1.IntelligenceItemQuery) (*question, error) {
	filter, err := h.View.Hasher().ItemFilter(query)
	return &question{
		kind: kindItem, filter: filter, identifiers: query.GetIdentifiers(), linkedTo: query.GetLinkedTo(),
		build: func(ask index.Ask) index.Query { return h.View.Hasher().ItemQuery(query, ask) },
	}, err
}

// anybody is an audience that no record has: it stands for the one that is asked for.
const anybody index.Term = 0

// conditions are what a record must meet, each in at least one term (they are sorted), beside being visible and active: for each question of the index, as an
// agency asks it.
func (s *sought) conditions(h *index.Hasher, agency intel.AgencyID) [][]index.AnyOf {
	always := []index.Term{anybody}
	for _, q := range s.questions {
		for state := range ententev1.RecordState_name {
			always = append(always, h.Standing(q.kind, ententev1.RecordState(state)))
		}
	}
	var list [][]index.AnyOf
	for _, one := range s.questions {
		q := one.build(index.Ask{Agency: agency, Audience: index.AnyOf{anybody}, Identifiers: s.identifiers, TargetReadable: true, Filter: one.filter})
		var particular []index.AnyOf
		for _, c := range slices.Concat(q.All, required(index.Clause{All: q.Where})) {
			if !slices.ContainsFunc(c, func(t index.Term) bool { return slices.Contains(always, t) }) {
				c = slices.Clone(c)
				slices.Sort(c)
				particular = append(particular, c)
			}
		}
		list = append(list, particular)
	}
	return list
}

// required are conditions of which each must be met for a clause to hold. They need not be all that it asks.
func required(c index.Clause) []index.AnyOf {
	var list []index.AnyOf
	if c.AnyOf != nil {
		list = append(list, c.AnyOf)
	}
	for _, part := range c.All {
		list = append(list, required(part)...)
	}
	if one := oneOf(c.Any); one != nil {
		list = append(list, one)
	}
	return list
}

// oneOf is a condition that each of the alternatives needs; nil where one of them needs none.
func oneOf(alternatives []index.Clause) index.AnyOf {
	var one index.AnyOf
	for _, c := range alternatives {
		needs := required(c)
		if len(needs) == 0 {
			return nil
		}
		one = append(one, needs[0]...)
	}
	return one
}

// broad tells whether every record has to be tried.
func (s *sought) broad(h *index.Hasher, agency intel.AgencyID) bool {
	return slices.ContainsFunc(s.conditions(h, agency), func(particular []index.AnyOf) bool { return len(particular) == 0 })
}

// nothing tells whether no record can be meant, whatever comes: of a text or a name without letters.
func (s *sought) nothing(h *index.Hasher, agency intel.AgencyID) bool {
	return !slices.ContainsFunc(s.conditions(h, agency), func(particular []index.AnyOf) bool {
		return !slices.ContainsFunc(particular, func(c index.AnyOf) bool { return len(c) == 0 })
	})
}
