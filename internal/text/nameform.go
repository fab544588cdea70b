package text

import (
	"slices"
	"strings"
	"unicode"
)

// maxNameParts is how many parts of a name are looked at for pairs.
const maxNameParts = 8

// NameForm is one form of a name, ready to be compared.
type NameForm struct {
	// Keys has one key for each part of the name, each once, sorted. Two spellings of a part
	// mostly have one key.
	Keys []string
	// Joined is the key of all parts written together; empty if there is but one.
	Joined string
}

// FormOf reads a name. One without letters has no keys.
func FormOf(name string) NameForm { return formOf(nameParts(name)) }

func formOf(parts []string) NameForm {
	var f NameForm
	for _, part := range parts {
		if key := partKey(part); key != "" && len(f.Keys) < maxNameParts {
			f.Keys = append(f.Keys, key)
		}
	}
	slices.Sort(f.Keys)
	f.Keys = slices.Compact(f.Keys)
	if len(parts) > 1 && len(f.Keys) > 0 {
		f.Joined = partKey(strings.Join(parts, ""))
	}
	return f
}

// partKey is the consonants of a part; of one that has none, the part.
func partKey(part string) string {
	if key := skeleton(part); key != "" {
		return key
	}
	if strings.ContainsFunc(part, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return "=" + part
	}
	return ""
}

// Alone tells whether the form has one part only.
func (f NameForm) Alone() bool { return len(f.Keys) == 1 }

// Meets tells whether two forms may be of one name, and are worth a score: they share two
// parts, or the only part of one of them, or are the same written together.
func (f NameForm) Meets(o NameForm) bool {
	shared := 0
	for _, key := range f.Keys {
		if slices.Contains(o.Keys, key) {
			shared++
		}
	}
	return shared >= 2 || shared == 1 && (f.Alone() || o.Alone()) || f.joins(o) || o.joins(f) ||
		f.Joined != "" && f.Joined == o.Joined
}

// joins tells whether the form written together is a part of the other.
func (f NameForm) joins(o NameForm) bool { return f.Joined != "" && slices.Contains(o.Keys, f.Joined) }
