package intel

import (
	"slices"
	"strings"
	"unicode"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// classification refuses what is classified above RESTRICTED: the hub is not
// accredited for it. The national marking is free text, so a well-known higher
// level in it counts as well.
func (a *audit) classification(m *ententev1.Markings) {
	const advice = "The hub carries nothing above RESTRICTED or its equivalent; use a channel that is accredited."
	a.text("markings", "nationalMarking", m.GetNationalMarking())
	if m.GetClassification() == ententev1.ClassificationCeiling_CLASSIFICATION_CEILING_ABOVE_RESTRICTED {
		a.refuse("markings", "classification", ReasonClassification, advice)
	}
	if aboveCeiling(m.GetNationalMarking()) {
		a.refuse("markings", "nationalMarking", ReasonClassification, advice)
	}
}

// aboveCeiling tells whether a marking, or a part of it between // or other
// signs, is a level above the ceiling. Only whole parts count: a text that
// mentions the secrecy of an inquiry is no classification.
func aboveCeiling(marking string) bool {
	parts := strings.FieldsFunc(strings.ToUpper(marking), func(r rune) bool { return strings.ContainsRune("/;,|()[]", r) })
	return slices.ContainsFunc(parts, func(part string) bool {
		words := strings.FieldsFunc(part, func(r rune) bool { return unicode.IsSpace(r) || r == '-' || r == '–' || r == '_' || r == '.' })
		return higher(strings.Join(words, " "))
	})
}

// higher knows the levels above the ceiling of the states and bodies whose
// records the hub carries: GSCP (UK), Council Decision 2013/488/EU, NATO,
// IGI 1300 (FR), VSA (DE), DPCM 5/2015 (IT), EO 13526 (US), and Canada's.
func higher(level string) bool {
	switch level {
	case "SECRET", "TOP SECRET", "TS", "UK SECRET", "UK TOP SECRET",
		"CONFIDENTIAL", "CONFIDENTIEL UE", "EU CONFIDENTIAL", "C UE", "EU C", "SECRET UE", "EU SECRET", "S UE", "EU S",
		"TRES SECRET UE", "TRÈS SECRET UE", "EU TOP SECRET", "TS UE", "EU TS",
		"NATO CONFIDENTIAL", "NATO SECRET", "COSMIC TOP SECRET", "NC", "NS", "CTS",
		"TRES SECRET", "TRÈS SECRET", "SECRET DEFENSE", "SECRET DÉFENSE", "CONFIDENTIEL DEFENSE", "CONFIDENTIEL DÉFENSE",
		"VS VERTRAULICH", "VS VERTR", "GEHEIM", "STRENG GEHEIM",
		"RISERVATISSIMO", "SEGRETO", "SEGRETISSIMO", "PROTECTED C":
		return true
	default:
		return false
	}
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
