package policy

import (
	"slices"
	"strings"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// Derived says which restrictions of a source a record that derives from it does
// not carry along; nothing when it carries all. Fields are those of the markings,
// in their order; nothing of the source is told but that it is stricter there.
//
// What restricts nothing asks for nothing: TLP:CLEAR, UK handling code P, and H0
// beside H1 to H3, which say more and exclude it. National markings, review times
// and necessity statements are each record's own. For one audience and one owner,
// whoever may read the derived record may read the source.
func Derived(derived, source *ententev1.Markings) []fault.Violation {
	var l looseness
	l.order("trafficLight", light(derived), light(source))
	l.hold("handlingCodes", carriesCodes(derived.GetHandlingCodes(), source.GetHandlingCodes()))
	l.hold("handlingInstructions", carriesWords(derived.GetHandlingInstructions(), source.GetHandlingInstructions()))
	l.hold("ukHandling", derived.GetUkHandling() == conditions || source.GetUkHandling() != conditions)
	l.hold("ukAction", carriesAction(derived.GetUkAction(), source.GetUkAction()))
	l.order("ukSanitisation", int32(derived.GetUkSanitisation()), int32(source.GetUkSanitisation()))
	l.hold("nationalCaveats", holdsAll(derived.GetNationalCaveats(), source.GetNationalCaveats()))
	l.hold("releasableRegionCodes", within(derived.GetReleasableRegionCodes(), source.GetReleasableRegionCodes()))
	l.hold("permittedPurposes", carriesPurposes(derived, source))
	l.order("classification", int32(derived.GetClassification()), int32(source.GetClassification()))
	l.hold("containsProtectedPersons", derived.GetContainsProtectedPersons() || !source.GetContainsProtectedPersons())
	return l.found
}

const (
	conditions = ententev1.UkHandlingCode_UK_HANDLING_CODE_C
	baseline   = ententev1.EuropolHandlingCode_EUROPOL_HANDLING_CODE_H0
)

// looseness gathers where a record is looser than its source.
type looseness struct{ found []fault.Violation }

func (l *looseness) hold(field string, carried bool) {
	if !carried {
		l.found = append(l.found, fault.Violation{
			Field: field, Reason: "DERIVED_LOOSER",
			Description: "is looser than in the record that this one derives from; carry its restriction along",
		})
	}
}

// order holds a marking whose values are numbered from the loosest on.
func (l *looseness) order(field string, derived, source int32) { l.hold(field, derived >= source) }

// light is how strict a traffic light is; none is as strict as CLEAR.
func light(m *ententev1.Markings) int32 {
	return int32(max(m.GetTrafficLight(), ententev1.TrafficLight_TRAFFIC_LIGHT_CLEAR))
}

// carriesCodes: H0 is what every Europol code implies, and may not stand beside
// the others.
func carriesCodes(derived, source []ententev1.EuropolHandlingCode) bool {
	return !slices.ContainsFunc(source, func(c ententev1.EuropolHandlingCode) bool {
		return !slices.Contains(derived, c) && (c != baseline || len(derived) == 0)
	})
}

// carriesWords: restrictions in words are carried word for word, however spaced.
func carriesWords(derived, source string) bool {
	return strings.Contains(" "+folded(derived)+" ", " "+folded(source)+" ") || folded(source) == ""
}

func folded(s string) string { return strings.Join(strings.Fields(s), " ") }

// carriesAction: the UK's action conditions begin with the strictest, A1.
func carriesAction(derived, source ententev1.UkActionCondition) bool {
	return source == 0 || derived != 0 && derived <= source
}

// carriesPurposes: the derived list stays within the source's, and does not let
// machines deliver what, as TLP:RED without that purpose, they may not.
func carriesPurposes(derived, source *ententev1.Markings) bool {
	delivers := slices.Contains(derived.GetPermittedPurposes(), systemDelivery)
	if source.GetTrafficLight() == tlpRed && delivers && !slices.Contains(source.GetPermittedPurposes(), systemDelivery) {
		return false
	}
	return within(derived.GetPermittedPurposes(), source.GetPermittedPurposes())
}

// holdsAll tells whether a list of restrictions holds all of another.
func holdsAll[T comparable](list, all []T) bool {
	return !slices.ContainsFunc(all, func(x T) bool { return !slices.Contains(list, x) })
}

// within tells whether a list that limits (an empty one limits nothing) stays
// within another.
func within[T comparable](list, limit []T) bool {
	return len(limit) == 0 || len(list) > 0 && holdsAll(limit, list)
}
