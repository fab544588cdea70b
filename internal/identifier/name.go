package identifier

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Name brings a person's name into canonical composition (NFC) with single
// blanks, in its own script. mixed says that it holds letters of more than one
// script: an alias, a slip, or letters chosen to defeat a search. The scripts
// of Japanese and of Korean count as one. The error, for a name without a
// letter, is a *Malformed.
func Name(text string) (normalized string, mixed bool, err error) {
	if !legible(text, true) {
		return "", false, malformed("NAME_CHARSET", "Remove control characters; the name must be valid UTF-8.")
	}
	normalized = strings.Join(strings.Fields(norm.NFC.String(text)), " ")
	if !strings.ContainsFunc(normalized, unicode.IsLetter) {
		return "", false, malformed("NAME_EMPTY", "Give the name as it is written, in its own script.")
	}
	return normalized, mixedScripts(normalized), nil
}

func mixedScripts(text string) bool {
	first := scriptOther
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		s := scriptOf(r)
		if s == scriptOther {
			continue
		}
		if first != scriptOther && s != first {
			return true
		}
		first = s
	}
	return false
}

// script is one of the writing systems that names in the field come in.
type script uint8

const (
	scriptOther script = iota
	scriptLatin
	scriptArabic
	scriptCyrillic
	scriptGreek
	scriptHebrew
	scriptEthiopic
	scriptArmenian
	scriptGeorgian
	scriptBengali
	scriptDevanagari
	scriptTamil
	scriptThai
	scriptEastAsian
)

func scriptOf(r rune) script {
	switch {
	case unicode.Is(unicode.Latin, r):
		return scriptLatin
	case unicode.Is(unicode.Arabic, r):
		return scriptArabic
	case unicode.Is(unicode.Cyrillic, r):
		return scriptCyrillic
	case unicode.Is(unicode.Greek, r):
		return scriptGreek
	case unicode.Is(unicode.Hebrew, r):
		return scriptHebrew
	case unicode.Is(unicode.Ethiopic, r):
		return scriptEthiopic
	case unicode.Is(unicode.Armenian, r):
		return scriptArmenian
	case unicode.Is(unicode.Georgian, r):
		return scriptGeorgian
	default:
		return scriptOfAsia(r)
	}
}

func scriptOfAsia(r rune) script {
	switch {
	case unicode.Is(unicode.Bengali, r):
		return scriptBengali
	case unicode.Is(unicode.Devanagari, r):
		return scriptDevanagari
	case unicode.Is(unicode.Tamil, r):
		return scriptTamil
	case unicode.Is(unicode.Thai, r):
		return scriptThai
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo):
		return scriptEastAsian
	default:
		return scriptOther
	}
}
