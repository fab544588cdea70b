package index

import ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"

// ItemTerms are the terms that an intelligence content posts, sorted and
// unique. keys are the forms of all its identifiers, see IdentifierKeys.
func (h *Hasher) ItemTerms(c *ententev1.IntelligenceContent, keys []IdentifierKey) []Term {
	terms := make([]Term, 0, 32+len(keys))
	terms = h.identifiers(terms, keys)
	terms = enums(h, terms, FieldCrimeArea, c.GetCrimeAreas()...)
	terms = enums(h, terms, FieldRoute, c.GetRoute())
	terms = enums(h, terms, FieldCrossing, c.GetCrossingMethods()...)
	terms = enums(h, terms, FieldUrgency, urgencyOf(c.GetUrgency()))
	terms = h.evaluation(terms, c.GetEvaluation())
	terms = h.subjects(terms, c.GetSubjects())
	terms = h.labels(terms, c.GetOtherLabels())
	terms = h.observed(terms, c.GetObserved())
	return unique(terms)
}

// SeizureTerms are the terms that a seizure content posts, sorted and unique.
// keys are the forms of all identifiers of subjects and assets.
func (h *Hasher) SeizureTerms(c *ententev1.SeizureContent, keys []IdentifierKey) []Term {
	terms := make([]Term, 0, 32+len(keys))
	terms = h.identifiers(terms, keys)
	terms = enums(h, terms, FieldCrimeArea, c.GetCrimeAreas()...)
	terms = enums(h, terms, FieldRoute, c.GetRoute())
	terms = h.subjects(terms, c.GetSubjects())
	terms = h.labels(terms, c.GetOtherLabels())
	for _, a := range c.GetAssets() {
		terms = enums(h, terms, FieldAsset, a.GetType())
		terms = h.label(terms, a.GetOtherLabel())
	}
	terms = h.observed(terms, c.GetObserved())
	return unique(terms)
}
