package identifier

import (
	"strings"
	"testing"
)

func TestLanguage(t *testing.T) {
	for _, c := range []struct{ tag, want string }{
		{"fr", "fr"}, {"ar-TN", "ar-TN"}, {"AR-tn", "ar-TN"}, {"sr-Latn", "sr-Latn"}, {"prs", "prs"}, {"ckb", "ckb"}, {"ti", "ti"}, {"und", "und"},
	} {
		got, err := Language(c.tag)
		if err != nil || got != c.want {
			t.Errorf("%s = %q, %v", c.tag, got, err)
		}
	}
	for _, tag := range []string{"", "french", "xx-YY", "fr_FR", "f", "fr-", "123", strings.Repeat("en-", 40)} {
		_, err := Language(tag)
		checkReason(t, tag, err, "LANGUAGE_CODE")
	}
}

func TestScript(t *testing.T) {
	for _, code := range []string{"Arab", "Latn", "Cyrl", "Grek", "Hebr", "Ethi", "Hans", "Thai"} {
		if err := Script(code); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
	for _, code := range []string{"", "arab", "ARAB", "Arabic", "Qqqq", "Ara", "Ar4b"} {
		checkReason(t, code, Script(code), "SCRIPT_CODE")
	}
}

func TestName(t *testing.T) {
	for _, c := range []struct {
		text, want string
		mixed      bool
	}{
		{"  Ali  \tHassan ", "Ali Hassan", false},
		{"Jose\u0301", "Jos\u00e9", false},
		{"\u0645\u062d\u0645\u062f \u0639\u0644\u064a", "\u0645\u062d\u0645\u062f \u0639\u0644\u064a", false},
		{"\u041c\u0443\u0445\u0430\u043c\u043c\u0435\u0434", "\u041c\u0443\u0445\u0430\u043c\u043c\u0435\u0434", false},
		{"\u5c71\u7530 \u30a2\u30ad\u3089", "\u5c71\u7530 \u30a2\u30ad\u3089", false},
		{"Al\u0456", "Al\u0456", true}, // Cyrillic i
		{"Ali \u0639\u0644\u064a", "Ali \u0639\u0644\u064a", true},
		{"O'Brien-\u00d6z 2", "O'Brien-\u00d6z 2", false},
	} {
		got, mixed, err := Name(c.text)
		if err != nil || got != c.want || mixed != c.mixed {
			t.Errorf("%q = %q %v, %v", c.text, got, mixed, err)
		}
	}
	for _, text := range []string{"", "  ", "123", "-"} {
		_, _, err := Name(text)
		checkReason(t, text, err, "NAME_EMPTY")
	}
	_, _, err := Name("Ali\x00")
	checkReason(t, "Ali\\x00", err, "NAME_CHARSET")
}

// Every script that the package tells apart has a letter that it knows.
func TestScriptsOfNames(t *testing.T) {
	seen := map[script]bool{}
	for _, r := range "A\u0639\u0414\u03a9\u05d0\u1208\u0531\u10d0\u0995\u0915\u0b95\u0e01\u5c71" {
		s := scriptOf(r)
		if s == scriptOther || seen[s] {
			t.Errorf("%c is of script %d", r, s)
		}
		seen[s] = true
	}
	if scriptOf('\u1780') != scriptOther {
		t.Error("Khmer is taken for another script")
	}
}
