package index

import (
	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// Ask is what has to be known about a question beside the wire's message.
type Ask struct {
	// Agency is the asking agency, and Owner its ordinal; empty and 0 for one
	// that owns no records.
	Agency intel.AgencyID
	// Owner is the ordinal of Agency.
	Owner uint32
	// Audience holds the terms of all audiences that the asker belongs to, by
	// Hasher.Audience. Without any, nothing is found.
	Audience AnyOf
	// NowMicros is the moment at which review times are judged.
	NowMicros int64
	// Identifiers are the forms of the identifiers in the query. One in the
	// query that has no form here finds nothing.
	Identifiers []IdentifierKey
	// TargetReadable says that the record named in linked_to exists and that
	// the asker may read it. Without it linked_to finds nothing, lest an edge
	// be learned of from its other end.
	TargetReadable bool
	// Filter is the rest of the query, by ItemFilter or SeizureFilter; nil asks
	// nothing. Where it is rough, what is found has yet to be compared with it.
	Filter *Filter
}

// wireQuery is what the query messages of both kinds have in common.
type wireQuery interface {
	GetOriginators() []string
	GetCaseReference() string
	GetReceived() *ententev1.Interval
	GetObserved() *ententev1.Interval
	GetCrimeAreas() []ententev1.CrimeArea
	GetRoutes() []ententev1.SmugglingRoute
	GetSubjectTypes() []ententev1.SubjectType
	GetIdentifiers() []*ententev1.Identifier
	GetStates() []ententev1.RecordState
	GetLinkedTo() string
	GetOtherLabels() []string
	GetReviewDue() bool
}

// ItemQuery is the query that the wire's message means for this asker. A nil
// message means every item that the asker may see.
func (h *Hasher) ItemQuery(q *ententev1.IntelligenceItemQuery, ask Ask) Query {
	out := h.recordQuery(q, internalv1.RecordKind_RECORD_KIND_INTELLIGENCE_ITEM, ask)
	out.anyOf(len(q.GetCrossingMethods()), enums(h, nil, FieldCrossing, q.GetCrossingMethods()...))
	out.anyOf(len(q.GetUrgencies()), enums(h, nil, FieldUrgency, q.GetUrgencies()...))
	if q.GetEvaluationAtLeast() != nil {
		out.anyOf(1, h.evaluationAtLeast(q.GetEvaluationAtLeast()))
	}
	return out
}

// SeizureQuery is ItemQuery's twin for seizure reports. Asset types and stages
// are asked for independently: the asset of a type need not be the one that
// stands at the stage.
func (h *Hasher) SeizureQuery(q *ententev1.SeizureReportQuery, ask Ask) Query {
	out := h.recordQuery(q, internalv1.RecordKind_RECORD_KIND_SEIZURE_REPORT, ask)
	out.anyOf(len(q.GetAssetTypes()), enums(h, nil, FieldAsset, q.GetAssetTypes()...))
	out.anyOf(len(q.GetStages()), enums(h, nil, FieldStage, q.GetStages()...))
	return out
}

func (h *Hasher) recordQuery(q wireQuery, kind internalv1.RecordKind, ask Ask) Query {
	out := Query{All: []AnyOf{ask.Audience}, Received: askedMicros(q.GetReceived())}
	h.askStanding(&out, kind, q.GetStates(), ask)
	h.askReview(&out, q.GetReviewDue(), ask)
	h.askOrigin(&out, q, ask)
	out.anyOf(len(q.GetCrimeAreas()), enums(h, nil, FieldCrimeArea, q.GetCrimeAreas()...))
	out.anyOf(len(q.GetRoutes()), enums(h, nil, FieldRoute, q.GetRoutes()...))
	out.anyOf(len(q.GetSubjectTypes()), enums(h, nil, FieldSubject, q.GetSubjectTypes()...))
	out.anyOf(len(q.GetIdentifiers()), h.identifiers(nil, ask.Identifiers))
	out.anyOf(len(q.GetOtherLabels()), h.labels(nil, q.GetOtherLabels()))
	h.askLink(&out, q.GetLinkedTo(), ask)
	h.askObserved(&out, q.GetObserved())
	out.askFilter(ask.Filter)
	return out
}

// askFilter asks for the clause of a filter, what is plain of it as terms.
func (q *Query) askFilter(f *Filter) {
	c := f.Clause()
	for _, one := range c.All {
		if one.AnyOf != nil && one.Near == nil && len(one.All)+len(one.Any)+len(one.None) == 0 {
			q.All = append(q.All, one.AnyOf)
			continue
		}
		q.Where = append(q.Where, one)
	}
	if c.All = nil; len(c.Any)+len(c.None) > 0 {
		q.Where = append(q.Where, c)
	}
}

// anyOf asks for a field in which the wire's message gives some values.
func (q *Query) anyOf(given int, terms AnyOf) {
	if given > 0 {
		q.All = append(q.All, terms)
	}
}

// askStanding asks for kind and states. Only the originator sees records that
// are not active.
func (h *Hasher) askStanding(out *Query, kind internalv1.RecordKind, states []ententev1.RecordState, ask Ask) {
	const active = ententev1.RecordState_RECORD_STATE_ACTIVE
	if len(states) == 0 {
		states = []ententev1.RecordState{active}
	}
	var standing AnyOf
	onlyActive := true
	for _, s := range states {
		standing = append(standing, h.Standing(kind, s))
		onlyActive = onlyActive && s == active
	}
	out.All = append(out.All, standing)
	if !onlyActive {
		out.All = append(out.All, AnyOf{h.Standing(kind, active), h.Originator(ask.Agency)})
	}
}

// askReview leaves out what is due for review, but for the originator, or asks
// for exactly what is due to the asker.
func (h *Hasher) askReview(out *Query, due bool, ask Ask) {
	out.Review = &Review{At: ask.NowMicros, Owner: ask.Owner, Due: due}
	if due {
		out.All = append(out.All, AnyOf{h.Originator(ask.Agency)})
	}
}

// askOrigin asks for originators, and for a case of the asker's own.
func (h *Hasher) askOrigin(out *Query, q wireQuery, ask Ask) {
	var originators AnyOf
	for _, name := range q.GetOriginators() {
		if id, ok := intel.ParseAgencyName(name); ok {
			originators = append(originators, h.Originator(id))
		}
	}
	out.anyOf(len(q.GetOriginators()), originators)
	if q.GetCaseReference() != "" {
		out.All = append(out.All, AnyOf{h.Case(ask.Agency, q.GetCaseReference())})
	}
}

// askLink asks for edges to a target that the asker may read.
func (h *Hasher) askLink(out *Query, target string, ask Ask) {
	if target == "" {
		return
	}
	var terms AnyOf
	if ask.TargetReadable {
		terms = AnyOf{h.Link(target)}
	}
	out.All = append(out.All, terms)
}

// askObserved asks for an overlap with the observed time.
func (h *Hasher) askObserved(out *Query, i *ententev1.Interval) {
	if out.Observed = askedSeconds(i); out.Observed != nil {
		out.All = append(out.All, h.OverlapTerms(*out.Observed))
	}
}
