package text

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func divided(by func(string, visitor), text string) (words []string) {
	by(text, func(word string, run Run) { words = append(words, fmt.Sprint(word, run)) })
	return words
}

// FuzzDivide: what is divided stretch by stretch, and without the tables, is divided as the
// whole text in lower case by them.
func FuzzDivide(f *testing.F) {
	for _, text := range []string{
		"Two boats, 9.5 m long; at 12:30.", "a.b a..b 1,000 1,a a:b 9:5 a_b _ 9.a a.9", "l’homme s'est enfui", "قَوَارِبُ, المُهَرِّبِينَ. ٣", "лодки ЙОД σκάφος",
		"東京で待つ boat 船", "「東京」で、ボート・船。", "船\u0301で", "船\u064bب", "ｶﾞｽ（東京）", "Überfahrt ЙОД ΣΊΣΥΦΟΣ", "エンジン_a 9東9 a東b 々東ー", "e-mail@example.org, +33 6 12", "a\u0301b a\u00adb \u064ba.\u064bb", "don't 1'000 'a' \"b\" («c»)", "x\u00a0y\vz", "Ÿ\u0308 ¨a \u0301b É\u00a0É İ\u0307 ﷺ ", "1.5a 1a.5 a1.b2", "\u200fقوارب\u200f a\u00ad.\u00adb 東\u200d京 \u2066\u2069",
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

// What is settled is known, and needs its capitals made small and nothing else, if it says so, each character by itself
// and beside each other; those of Japanese and Chinese are too many for that, and are looked at beside one of each script.
func TestSettled(t *testing.T) {
	var all, many []rune
	for r := range rune(0x20000) {
		switch _, is := settled(string(r)); {
		case !is:
			continue
		case unspaced(r):
			many = append(many, r)
		default:
			all = append(all, r)
		}
		small, want := strings.ToLower(string(r)), trait(0)
		if small != string(r) {
			want |= capital
		}
		if classOf([]rune(small)[0]) != letter {
			want |= sign
		}
		if has, _ := settled(string(r)); r >= utf8.RuneSelf && has != want {
			t.Errorf("%U is told to be what it is not", r)
		}
		if r != '_' && !known(small) {
			t.Errorf("%U is not known", r)
		}
	}
	if len(all) < 350 || len(many) < 20_000 {
		t.Errorf("%d and %d characters are settled", len(all), len(many))
	}
	beside := func(r rune, others []rune) {
		pairs := make([]rune, 0, 2*len(others))
		for _, other := range others {
			pairs = append(pairs, r, other)
		}
		if s := string(pairs); lower(s) != strings.ToLower(s) {
			t.Errorf("%U is not in lower case beside something", r)
		}
	}
	for _, r := range all {
		beside(r, append(all, '東', 'が', 'ガ', 'ー'))
	}
	for _, r := range many {
		beside(r, []rune("aÉйσبー東がガ、"))
	}
}

// Each character that is read in pairs is so by the tables: by itself, in a run, and beside what divides and what does not.
func TestRunsAreThoseOfTheTables(t *testing.T) {
	for r := range rune(0x10000) {
		if !unspaced(r) {
			continue
		}
		for _, form := range []string{"*", "**", "東*", "*が", "ン*ー", "a*", "*a", "9*9", "ب*", "й*й", "a.*", "*.a", "*、*", "「*」", "*・*a", "*’*", "*-*,"} {
			text := strings.ReplaceAll(form, "*", string(r))
			if got, want := divided(divide, text), divided(tabled, lower(text)); !slices.Equal(got, want) {
				t.Errorf("%q: %q, by the tables %q", text, got, want)
			}
		}
	}
}
