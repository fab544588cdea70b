package intel

import (
	"slices"
	"strings"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Handling says in plain words what markings ask of a reader, the strictest
// first. It is never nil and never empty. Nothing in it is more than the
// markings say, which the reader sees anyway: no name, no audience. What a
// stricter marking forbids, a laxer one beside it does not allow again, since
// restrictions add up.
func Handling(m *ententev1.Markings) *ententev1.Handling {
	var s sentences
	s.action(m)
	s.sharing(m)
	s.use(m)
	s.care(m)
	if len(s.list) == 0 {
		s.say(true, "The originator states no restriction beyond the law; use it only for the purpose that you stated.")
	}
	return &ententev1.Handling{Sentences: s.list}
}

// sentences gathers what is to be said.
type sentences struct{ list []string }

func (s *sentences) say(applies bool, sentence string) {
	if applies {
		s.list = append(s.list, sentence)
	}
}

// action says whether the reader may act on it (UK A conditions).
func (s *sentences) action(m *ententev1.Markings) {
	a := m.GetUkAction()
	s.say(a == ententev1.UkActionCondition_UK_ACTION_CONDITION_A1,
		"Do not act on this, nor on anything derived from it, without asking the originator; use it only to build up what you know.")
	s.say(a == ententev1.UkActionCondition_UK_ACTION_CONDITION_A2,
		"Act covertly only, protect the source and the technique, and do not rely on it alone as evidence, in court or for an arrest.")
}

// sharing says whether the reader may pass it on.
func (s *sentences) sharing(m *ententev1.Markings) {
	before := len(s.list)
	tlp := m.GetTrafficLight()
	asks := slices.Contains(m.GetHandlingCodes(), ententev1.EuropolHandlingCode_EUROPOL_HANDLING_CODE_H2)
	consult := m.GetUkSanitisation() == ententev1.UkSanitisationCondition_UK_SANITISATION_CONDITION_S2
	s.say(tlp == ententev1.TrafficLight_TRAFFIC_LIGHT_RED, "For you personally: do not pass it on to anybody (TLP:RED).")
	s.say(noforn(m), "Do not release it to another country (NOFORN).")
	s.say(asks, "Ask the originator before sharing it with anybody else (H2).")
	s.say(tlp == ententev1.TrafficLight_TRAFFIC_LIGHT_AMBER_STRICT, "Keep it inside your own organisation, for those who need to know (TLP:AMBER+STRICT).")
	s.say(tlp == ententev1.TrafficLight_TRAFFIC_LIGHT_AMBER, "Keep it to those who need to know in your own organisation and those it serves (TLP:AMBER).")
	s.say(len(m.GetReleasableRegionCodes()) > 0, "Release it to these countries only: "+strings.Join(m.GetReleasableRegionCodes(), ", ")+" (REL TO).")
	s.say(consult, "Ask the originator before you prepare a version for a wider audience (S2).")
	s.say(tlp == ententev1.TrafficLight_TRAFFIC_LIGHT_GREEN, "Share it within your professional community, never in public (TLP:GREEN).")
	if len(s.list) > before {
		return
	}
	s.say(m.GetUkSanitisation() == ententev1.UkSanitisationCondition_UK_SANITISATION_CONDITION_S1,
		"You may prepare a version for a wider audience without asking (S1).")
	s.say(tlp == ententev1.TrafficLight_TRAFFIC_LIGHT_CLEAR, "The originator sets no limit on sharing it (TLP:CLEAR).")
}

// use says what it may be used for.
func (s *sentences) use(m *ententev1.Markings) {
	codes := m.GetHandlingCodes()
	s.say(slices.Contains(codes, ententev1.EuropolHandlingCode_EUROPOL_HANDLING_CODE_H1),
		"Do not disclose it in judicial proceedings without the originator's permission (H1).")
	s.say(slices.Contains(codes, ententev1.EuropolHandlingCode_EUROPOL_HANDLING_CODE_H3) || !blank(m.GetHandlingInstructions()),
		"Follow the originator's own instructions, which stand beside the markings.")
	s.say(len(m.GetPermittedPurposes()) > 0, "Use it only for: "+purposes(m.GetPermittedPurposes())+".")
	s.say(slices.Contains(codes, ententev1.EuropolHandlingCode_EUROPOL_HANDLING_CODE_H0),
		"Use it only to prevent and combat crime (H0).")
	s.say(m.GetUkAction() == ententev1.UkActionCondition_UK_ACTION_CONDITION_A3,
		"Overt action is allowed as the originator specifies (A3).")
}

// care says how to keep it.
func (s *sentences) care(m *ententev1.Markings) {
	s.say(m.GetContainsProtectedPersons(),
		"It speaks of persons whom the law protects: use only what is strictly necessary, and never for returns.")
	s.say(m.GetClassification() == ententev1.ClassificationCeiling_CLASSIFICATION_CEILING_RESTRICTED_OR_EQUIVALENT,
		"Keep it as your own material marked RESTRICTED or equivalent.")
	s.say(slices.Contains(m.GetNationalCaveats(), ententev1.NationalCaveat_NATIONAL_CAVEAT_LES),
		"Law-enforcement sensitive: keep it among law-enforcement staff.")
}

// purposes are purposes in words: "investigation, asset recovery".
func purposes(list []ententev1.ProcessingPurpose) string {
	words := make([]string, len(list))
	for i, p := range list {
		name := strings.TrimPrefix(p.String(), "PROCESSING_PURPOSE_")
		words[i] = strings.ToLower(strings.ReplaceAll(name, "_", " "))
	}
	return strings.Join(words, ", ")
}
