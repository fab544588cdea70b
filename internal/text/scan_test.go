package text

import (
	"slices"
	"testing"
	"unicode/utf8"
)

func divided(by func(string, visitor), text string) (words []string) {
	by(text, func(word string, _ Run) { words = append(words, word) })
	return words
}

// FuzzDivide: what is divided without the tables is divided as by them.
func FuzzDivide(f *testing.F) {
	for _, text := range []string{
		"Two boats, 9.5 m long; at 12:30.", "a.b a..b 1,000 1,a a:b 9:5 a_b _ 9.a a.9", "l’homme s'est enfui", "قَوَارِبُ, المُهَرِّبِينَ. ٣", "лодки ЙОД σκάφος",
		"東京で待つ boat 船", "e-mail@example.org, +33 6 12", "a\u0301b a\u00adb \u064ba.\u064bb", "don't 1'000 'a' \"b\" («c»)", "x\u00a0y\vz", "1.5a 1a.5 a1.b2",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		text = lower(text)
		if got, want := divided(divide, text), divided(tabled, text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, by the tables %q", text, got, want)
		}
	})
}
