package index

import (
	"testing"
	"unicode/utf8"
)

// TestFold says which labels are the same and which are not.
func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":           "",
		" \t\u3000":  "",
		"Jet  Ski ":  "jet ski",
		"ＪＥＴ　ＳＫＩ":    "jet ski",
		"Straße":     "strasse",
		"ΟΔΥΣΣΕΥΣ":   "οδυσσευσ",
		"Cafe\u0301": "caf\u00e9",
		"ﬁsh":        "fish",
		"ﾎﾞｰﾄ":       "ボート",
		"قارب":       "قارب",
		"a\nb\tc":    "a b c",
	} {
		if got := fold(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// FuzzFold says that folding twice changes nothing more, and that text stays
// text.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"Straße", "ﬁ", "İ", "ΐ", "ᾳ", "\u0345", "e\u0301\u0327", "ſ", "\xff", "Ꮟ", "ꮟ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := fold(s)
		if twice := fold(once); utf8.ValidString(s) && twice != once {
			t.Fatalf("%q becomes %q and then %q", s, once, twice)
		}
		if utf8.ValidString(s) && !utf8.ValidString(once) {
			t.Fatalf("%q becomes %q", s, once)
		}
	})
}
