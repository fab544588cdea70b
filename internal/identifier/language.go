package identifier

import (
	"strings"

	"golang.org/x/text/language"
)

// maxTag bounds a language tag in bytes; RFC 5646 section 4.4.1 asks for 35 at
// least.
const maxTag = 64

// Language brings a BCP 47 language tag into its canonical form: fr, ar-TN,
// sr-Latn. It refuses tags that are ill-formed or hold an unknown subtag, and
// the empty tag. The error is a *Malformed.
func Language(tag string) (string, error) {
	if tag == "" || len(tag) > maxTag || strings.Contains(tag, "_") {
		return "", errLanguage()
	}
	parsed, err := language.Parse(tag)
	if err != nil {
		return "", errLanguage()
	}
	return parsed.String(), nil
}

func errLanguage() error {
	return malformed("LANGUAGE_CODE", "Use a language tag of BCP 47, as in fr, ar-TN or sr-Latn.")
}

// Script checks an ISO 15924 code in its usual spelling, as in Arab. The error
// is a *Malformed.
func Script(code string) error {
	if len(code) == 4 && isUpper(code[0]) && all(code[1:], isLower) {
		if _, err := language.ParseScript(code); err == nil {
			return nil
		}
	}
	return malformed("SCRIPT_CODE", "Use a script code of ISO 15924, as in Arab, Cyrl or Latn.")
}
