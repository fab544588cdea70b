package text

import "strings"

// ending is how words of a language end for those who have no accents to type, and how they are written: the stemmers know these endings by
// their accents.
type ending struct{ code, typed, written string }

var endings = []ending{
	{"es", "cion", "ción"},
	{"fr", "ee", "ée"}, {"fr", "ees", "ées"}, {"fr", "ite", "ité"},
	{"pt", "cao", "ção"}, {"pt", "coes", "ções"},
	{"tr", "lari", "ları"},
}

// umlauts are written with an e where they cannot be typed, as in telexes, and the other way round.
var (
	umlauts  = strings.NewReplacer("ae", "ä", "oe", "ö", "ue", "ü")
	digraphs = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue")
)

// leastUmlauted is the shortest word in which two letters are taken for an umlaut: due is not dü, which is du in French.
const leastUmlauted = 6

// alsoTyped visits what a word that somebody typed may be in a language, beside itself.
func alsoTyped(code, word, folded string, visit func(written string)) {
	for _, e := range endings {
		if begin, found := strings.CutSuffix(folded, e.typed); found && e.code == code && word == folded {
			visit(begin + e.written)
		}
	}
	if code != "de" {
		return
	}
	if with := digraphs.Replace(word); with != word {
		visit(with)
	} else if with = umlauts.Replace(word); with != word && len(word) >= leastUmlauted {
		visit(with)
	}
}
