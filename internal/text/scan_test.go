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

// FuzzDivide: what is divided stretch by stretch, and without the tables, is divided as the
// whole text in lower case by them.
func FuzzDivide(f *testing.F) {
	for _, text := range []string{
		"Two boats, 9.5 m long; at 12:30.", "a.b a..b 1,000 1,a a:b 9:5 a_b _ 9.a a.9", "l’homme s'est enfui", "قَوَارِبُ, المُهَرِّبِينَ. ٣", "лодки ЙОД σκάφος",
		"東京で待つ boat 船", "e-mail@example.org, +33 6 12", "a\u0301b a\u00adb \u064ba.\u064bb", "don't 1'000 'a' \"b\" («c»)", "x\u00a0y\vz", "Ÿ\u0308 ¨a \u0301b É\u00a0É İ\u0307 ﷺ ", "1.5a 1a.5 a1.b2",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		if got, want := divided(divide, text), divided(tabled, lower(text)); !slices.Equal(got, want) {
			t.Errorf("%q: %q, by the tables %q", text, got, want)
		}
	})
}

// What is settled is in lower case and known, each character by itself and beside each other.
func TestSettled(t *testing.T) {
	var all []rune
	for r := range rune(0x3000) {
		if settled(string(r)) {
			all = append(all, r)
			if r != '_' && !known(string(r)) {
				t.Errorf("%U is not known", r)
			}
		}
	}
	if len(all) < 240 {
		t.Errorf("%d characters are settled", len(all))
	}
	for _, r := range all {
		pairs := make([]rune, 0, 2*len(all))
		for _, other := range all {
			pairs = append(pairs, r, other)
		}
		if s := string(pairs); lower(s) != s {
			t.Errorf("%U is not in lower case beside something", r)
		}
	}
}
