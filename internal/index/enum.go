package index

import ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"

// enums posts or asks for the values of an enum field. Zero, "not stated", has
// no term.
func enums[E ~int32](h *Hasher, terms []Term, field Field, values ...E) []Term {
	for _, v := range values {
		if v != 0 {
			terms = append(terms, h.number(field, uint64(v)))
		}
	}
	return terms
}

// urgencyOf reads an urgency that is not stated as ROUTINE, as the wire says.
func urgencyOf(u ententev1.Urgency) ententev1.Urgency {
	if u == ententev1.Urgency_URGENCY_UNSPECIFIED {
		return ententev1.Urgency_URGENCY_ROUTINE
	}
	return u
}
