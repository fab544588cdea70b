package text

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestQuestion(t *testing.T) {
	for _, row := range []struct {
		question, language, text string
		want                     bool
	}{
		{`boat "black engine"`, "en", "Boats, and a black engine", true},
		{`"black engines"`, "en", "a black engine", false},
		{`“black engine”`, "en", "a BLACK, engine", true},
		{`"black engine`, "en", "a black engine", true},
		{"warehou*", "en", "Warehouses", true},
		{"warehou*", "en", "a ware house", false},
		{"l'hom*", "fr", "l’homme", true},
		{"東京湾", "ja", "東京湾で", true},
		{"東京湾", "ja", "東京と京湾", false},
		{"湾", "ja", "東京湾で", true},
		{"湾*", "ja", "東京湾で", true},
		{"東京 boat", "ja", "東京のBOAT", true},
		{`""`, "en", "anything", true},
	} {
		held := true
		for _, n := range Question(row.question) {
			held = held && n.Held(Words(row.language, row.text)) > 0
		}
		if held != row.want {
			t.Errorf("%q in %q: %v", row.question, row.text, held)
		}
	}
	for _, nothing := range []string{"", `"`, " . ", `" , "`, "*", "\xff"} {
		if needs := Question(nothing); len(needs) != 0 {
			t.Errorf("%q needs %v", nothing, needs)
		}
	}
}

// FuzzQuestion: a text holds itself as a phrase, and each of its words; no question breaks anything.
func FuzzQuestion(f *testing.F) {
	for _, text := range []string{"Two boats, 9.5 m", "L’homme à l'hôtel", "東京で待つ boat 船", "قَوَارِبُ المُهَرِّبِينَ", `"a b" c* “d”`, "\xff", "**", "ｶﾞｽ*"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		words := Words("en", text)
		for _, n := range Question(text) {
			if len(n.Words) == 0 || n.Prefix && (len(n.Words) != 1 || n.Words[0].Folded == "") {
				t.Errorf("%q needs %v", text, n)
			}
		}
		if !utf8.ValidString(text) || quotes.Replace(text) != strings.ReplaceAll(text, `"`, "") {
			return
		}
		for _, n := range Question(`"` + text + `"`) {
			if n.Held(words) == 0 {
				t.Errorf("%q does not hold itself: %v, %v", text, n, words)
			}
		}
	})
}

// FuzzNameForm: forms meet both ways, each meets itself, and keys are few.
func FuzzNameForm(f *testing.F) {
	for _, name := range []string{"محمد كريمي", "Abd al-Rahman", "Мухаммед", "李小龍", "O'Neill", "\xff", "Aya", "a b c d e f g h i j k"} {
		f.Add(name, "Mohammed Karimi")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		one, two := FormOf(a), FormOf(b)
		if one.Meets(two) != two.Meets(one) {
			t.Errorf("%q and %q meet one way: %v, %v", a, b, one, two)
		}
		if len(one.Keys) > 0 && !one.Meets(one) {
			t.Errorf("%q does not meet itself: %v", a, one)
		}
		if len(one.Keys) > maxNameParts || !slices.IsSorted(one.Keys) || slices.Contains(one.Keys, "") {
			t.Errorf("%q has keys %q", a, one.Keys)
		}
	})
}
