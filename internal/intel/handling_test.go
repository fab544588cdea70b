package intel

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

func TestHandling(t *testing.T) {
	type codes = []ententev1.EuropolHandlingCode
	for _, c := range []struct {
		name string
		m    *ententev1.Markings
		want []string // how the sentences begin, in order
	}{
		{"nothing", nil, []string{"The originator states no restriction"}},
		{"not classified", &ententev1.Markings{Classification: 1, UkHandling: 1}, []string{"The originator states no restriction"}},
		{"CLEAR", &ententev1.Markings{TrafficLight: 1}, []string{"The originator sets no limit"}},
		{"CLEAR and H2", &ententev1.Markings{TrafficLight: 1, HandlingCodes: codes{3}}, []string{"Ask the originator before sharing"}},
		{"S1 and AMBER", &ententev1.Markings{TrafficLight: 3, UkSanitisation: 1, UkAction: 3, UkHandling: 2}, []string{"Keep it to those who need", "Overt action"}},
		{"S1 alone", &ententev1.Markings{UkSanitisation: 1, UkAction: 1, UkHandling: 2}, []string{"Do not act", "You may prepare"}},
		{"A1 and S2", &ententev1.Markings{UkHandling: 2, UkAction: 1, UkSanitisation: 2}, []string{"Do not act", "Ask the originator before you prepare"}},
		{"everything", &ententev1.Markings{
			TrafficLight: 5, HandlingCodes: codes{2, 3, 4}, HandlingInstructions: "call", UkHandling: 2, UkAction: 2, UkSanitisation: 2,
			NationalCaveats: []ententev1.NationalCaveat{1, 2}, ReleasableRegionCodes: []string{"FR", "GB"},
			PermittedPurposes: []ententev1.ProcessingPurpose{3, 6}, Classification: 2, ContainsProtectedPersons: true,
		}, []string{
			"Act covertly only", "For you personally", "Do not release it to another", "Ask the originator before sharing", "Release it to these countries only: FR, GB",
			"Ask the originator before you prepare", "Do not disclose it in judicial", "Follow the originator's", "Use it only for: investigation, asset recovery.",
			"It speaks of persons", "Keep it as your own material", "Law-enforcement sensitive",
		}},
		{"STRICT", &ententev1.Markings{TrafficLight: 4}, []string{"Keep it inside your own organisation"}},
		{"GREEN and H0", &ententev1.Markings{TrafficLight: 2, HandlingCodes: codes{1}}, []string{"Share it within", "Use it only to prevent"}},
		{"instructions alone", &ententev1.Markings{HandlingInstructions: "call"}, []string{"Follow the originator's"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Handling(c.m).GetSentences()
			if len(got) != len(c.want) {
				t.Fatalf("%q", got)
			}
			for i, want := range c.want {
				if !strings.HasPrefix(got[i], want) || !strings.HasSuffix(got[i], ".") {
					t.Errorf("%q, want %q", got[i], want)
				}
			}
		})
	}
}

// More markings never take a sentence away that restrains the reader.
func TestHandlingAddsUp(t *testing.T) {
	permissions := []string{"The originator ", "You may ", "Overt action "}
	rapid.Check(t, func(t *rapid.T) {
		m := &ententev1.Markings{
			TrafficLight: ententev1.TrafficLight(rapid.Int32Range(0, 5).Draw(t, "tlp")), UkAction: ententev1.UkActionCondition(rapid.Int32Range(0, 3).Draw(t, "a")),
			UkSanitisation: ententev1.UkSanitisationCondition(rapid.Int32Range(0, 2).Draw(t, "s")),
		}
		before := Handling(m).GetSentences()
		m.HandlingCodes = []ententev1.EuropolHandlingCode{ententev1.EuropolHandlingCode(rapid.Int32Range(2, 4).Draw(t, "h"))}
		m.NationalCaveats = []ententev1.NationalCaveat{ententev1.NationalCaveat(rapid.Int32Range(1, 2).Draw(t, "caveat"))}
		after := strings.Join(Handling(m).GetSentences(), "\n")
		for _, s := range before {
			permits := false
			for _, p := range permissions {
				permits = permits || strings.HasPrefix(s, p)
			}
			if !permits && !strings.Contains(after, s) {
				t.Fatalf("%q is gone from %q", s, after)
			}
		}
	})
}
