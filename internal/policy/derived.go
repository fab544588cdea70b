package policy

import (
	"slices"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// Derived says which restrictions of a source a record that derives from it does
// not carry along. Fields are those of the markings; nothing of the source is
// told but that it is stricter.
func Derived(derived, source *ententev1.Markings) []fault.Violation {
	var violations []fault.Violation
	hold := func(carried bool, field string) {
		if !carried {
			violations = append(violations, fault.Violation{
				Field: field, Reason: "DERIVED_LOOSER", Description: "is looser than in the record that this one derives from; carry its restriction along",
			})
		}
	}
	hold(derived.GetTrafficLight() >= source.GetTrafficLight(), "trafficLight")
	hold(derived.GetClassification() >= source.GetClassification(), "classification")
	hold(holdsAll(derived.GetHandlingCodes(), source.GetHandlingCodes()), "handlingCodes")
	hold(derived.GetHandlingInstructions() != "" || source.GetHandlingInstructions() == "", "handlingInstructions")
	hold(derived.GetUkHandling() >= source.GetUkHandling(), "ukHandling")
	hold(carriesAction(derived.GetUkAction(), source.GetUkAction()), "ukAction")
	hold(derived.GetUkSanitisation() >= source.GetUkSanitisation(), "ukSanitisation")
	hold(holdsAll(derived.GetNationalCaveats(), source.GetNationalCaveats()), "nationalCaveats")
	hold(within(derived.GetReleasableRegionCodes(), source.GetReleasableRegionCodes()), "releasableRegionCodes")
	hold(within(derived.GetPermittedPurposes(), source.GetPermittedPurposes()), "permittedPurposes")
	hold(derived.GetContainsProtectedPersons() || !source.GetContainsProtectedPersons(), "containsProtectedPersons")
	return violations
}

// carriesAction: the UK's action conditions begin with the strictest, A1.
func carriesAction(derived, source ententev1.UkActionCondition) bool {
	return source == 0 || derived != 0 && derived <= source
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
