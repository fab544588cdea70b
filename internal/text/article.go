package text

import (
	"strings"
	"unicode/utf8"
)

// withoutArticles is a name without the Arabic articles in it, which one clerk writes and another leaves out: الطرابلسي and al-Tarabulsi are Trabelsi
// too; some tells that there are any. Abd al-Rahman keeps its own, as it is one word with it. A name that would lose one of two parts stays what it is: Al may be short for Albert.
func withoutArticles(name string) (bare string, some bool) {
	fields := strings.Fields(name)
	kept, dropped := fields[:0:len(fields)], false
	before := ""
	for i, field := range fields {
		rest, alone := article(field)
		switch {
		case servant(before):
			kept = append(kept, field)
		case alone && i+1 < len(fields):
			dropped = true
		default:
			kept, some = append(kept, rest), some || rest != field
		}
		before = field
	}
	if dropped && len(kept) < 2 {
		return name, false
	}
	return strings.Join(kept, " "), some || dropped
}

// article is a part of a name without its article, or tells that the part is one. Before some letters it is written as it sounds, but then with a hyphen.
func article(field string) (rest string, alone bool) {
	if rest, found := strings.CutPrefix(field, "ال"); found && len(rest) >= len("اسم") {
		return rest, false
	}
	at := strings.IndexAny(field, "-\u2010\u2011\u2012\u2013")
	if at < 0 {
		return field, strings.EqualFold(field, "al") || strings.EqualFold(field, "el")
	}
	_, size := utf8.DecodeRuneInString(field[at:])
	switch rest = field[at+size:]; strings.ToLower(field[:at]) {
	case "al", "el", "ad", "adh", "an", "ar", "as", "ash", "at", "az":
		if rest != "" {
			return rest, false
		}
	}
	return field, false
}

// servant tells the first half of a name that is made of two words and an article between them.
func servant(field string) bool {
	switch strings.ToLower(field) {
	case "abd", "abdel", "abdul", "abdal", "عبد":
		return true
	default:
		return false
	}
}
