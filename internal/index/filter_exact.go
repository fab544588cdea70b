package index

import (
	"errors"
	"fmt"
	"slices"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// exact reads the fields of a nested filter that the query messages have on
// their own.
func (c *compiler) exact(f *Filter, q *ententev1.Filter, at string) {
	c.originators(f, q.GetOriginators())
	c.interval(q.GetObserved(), at+".observed")
	c.overlap(f, q.GetObserved())
	values(c, f, FieldCrimeArea, q.GetCrimeAreas(), func(r *Facts) []ententev1.CrimeArea { return r.content().GetCrimeAreas() })
	values(c, f, FieldRoute, q.GetRoutes(), func(r *Facts) []ententev1.SmugglingRoute {
		return []ententev1.SmugglingRoute{r.content().GetRoute()}
	})
	values(c, f, FieldSubject, q.GetSubjectTypes(), subjectTypes)
	c.identified(f, q.GetIdentifiers(), at)
	c.labelled(f, q.GetOtherLabels())
	if c.of(internalv1.RecordKind_RECORD_KIND_INTELLIGENCE_ITEM, len(q.GetCrossingMethods())+len(q.GetUrgencies()), at) {
		values(c, f, FieldCrossing, q.GetCrossingMethods(), func(r *Facts) []ententev1.CrossingMethod { return r.Item.GetCrossingMethods() })
		values(c, f, FieldUrgency, q.GetUrgencies(), func(r *Facts) []ententev1.Urgency { return []ententev1.Urgency{urgencyOf(r.Item.GetUrgency())} })
	}
	if c.of(internalv1.RecordKind_RECORD_KIND_SEIZURE_REPORT, len(q.GetAssetTypes())+len(q.GetStages()), at) {
		values(c, f, FieldAsset, q.GetAssetTypes(), assetTypes)
		values(c, f, FieldStage, q.GetStages(), func(r *Facts) []ententev1.RecoveryStage { return r.Stages })
	}
}

// of tells whether fields that only one kind of record has may be asked for.
func (c *compiler) of(kind internalv1.RecordKind, given int, at string) bool {
	if given > 0 && c.kind != kind {
		c.refuse(at, "FILTER_FIELD_OF_OTHER_KIND", "asks for a field that this kind of record does not have; leave it out")
		return false
	}
	return true
}

// values asks for the values of an enum field.
func values[E ~int32](c *compiler, f *Filter, field Field, asked []E, has func(*Facts) []E) {
	if len(asked) == 0 {
		return
	}
	c.add(f, len(asked), leaf{
		clause: anyOf(enums(c.h, nil, field, asked...)...),
		holds: func(r *Facts) bool {
			return slices.ContainsFunc(has(r), func(v E) bool { return v != 0 && slices.Contains(asked, v) })
		},
	})
}

func subjectTypes(r *Facts) (types []ententev1.SubjectType) {
	for _, s := range r.content().GetSubjects() {
		types = append(types, subjectType(s))
	}
	return types
}

func assetTypes(r *Facts) (types []ententev1.AssetType) {
	for _, a := range r.Report.GetAssets() {
		types = append(types, a.GetType())
	}
	return types
}

func (c *compiler) originators(f *Filter, names []string) {
	if len(names) == 0 {
		return
	}
	var ids []intel.AgencyID
	clause := never()
	for _, name := range names {
		if id, ok := intel.ParseAgencyName(name); ok {
			ids = append(ids, id)
			clause.AnyOf = append(clause.AnyOf, c.h.Originator(id))
		}
	}
	c.add(f, len(names), leaf{clause: clause, holds: func(r *Facts) bool { return slices.Contains(ids, r.Originator) }})
}

func (c *compiler) labelled(f *Filter, labels []string) {
	if len(labels) == 0 {
		return
	}
	folded := make([]string, len(labels))
	for i, l := range labels {
		folded[i] = fold(l)
	}
	folded = slices.DeleteFunc(folded, func(l string) bool { return l == "" })
	c.add(f, len(labels), leaf{clause: anyOf(c.h.labels(nil, labels)...), holds: func(r *Facts) bool { return r.hasLabel(folded) }})
}

// overlap asks for a time observed; the calendar is rough.
func (c *compiler) overlap(f *Filter, i *ententev1.Interval) {
	asked := askedSeconds(i)
	if asked == nil {
		return
	}
	c.add(f, 1, leaf{
		clause: anyOf(c.h.OverlapTerms(*asked)...), rough: true,
		holds: func(r *Facts) bool { return asked.overlaps(Observed(r.content().GetObserved())) },
	})
}

func (c *compiler) identified(f *Filter, ids []*ententev1.Identifier, at string) {
	if len(ids) == 0 {
		return
	}
	var keys []IdentifierKey
	for i, id := range ids {
		finding, err := identifier.Understand(id)
		var m *identifier.Malformed
		if errors.As(err, &m) {
			c.refuse(fmt.Sprintf("%s.identifiers[%d].rawValue", at, i), m.Reason, m.Advice)
			continue
		}
		keys = append(keys, IdentifierKeys(id.GetType(), finding)...)
	}
	c.add(f, len(ids), leaf{
		clause: anyOf(c.h.identifiers(nil, keys)...),
		holds: func(r *Facts) bool {
			return slices.ContainsFunc(r.identifiers(), func(k IdentifierKey) bool { return slices.Contains(keys, k) })
		},
	})
}
