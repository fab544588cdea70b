package text

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/segment"
)

// Word is a word of a text.
type Word struct {
	// Folded is the word as it was written, folded; never empty.
	Folded string
	// Stem is its stem, folded; the same where the language has none.
	Stem string
}

// Words are the words of a text in their order. language is a tag of BCP 47, of which the
// primary subtag counts; one that is not known has no stems. A text of n bytes has
// fewer than n words, and what is no UTF-8 has none.
func Words(language, text string) []Word {
	stem := fold
	if s := stemmers[primary(language)]; s != nil {
		stem = s.of
	}
	var words []Word
	each(text, func(word string) {
		if folded := fold(word); folded != "" {
			words = append(words, Word{Folded: folded, Stem: stem(word)})
		}
	})
	return words
}

// Asked is a word that somebody looks for, or a pair of characters of one.
type Asked struct {
	// Folded is the word, folded.
	Folded string
	// Stems are its stems in all languages, each once, sorted. A text holds the word if one
	// of its words has this Folded, or one of these as its Stem.
	Stems []string
}

// Ask are the words of a question, in any language.
func Ask(question string) []Asked {
	var asked []Asked
	each(question, func(word string) {
		folded := fold(word)
		if folded == "" {
			return
		}
		stems := map[string]bool{folded: true}
		for _, s := range stemmers {
			stems[s.of(word)] = true
		}
		asked = append(asked, Asked{Folded: folded, Stems: slices.Sorted(maps.Keys(stems))})
	})
	return asked
}

// Holds tells whether the word of a text is the one asked for.
func (a Asked) Holds(w Word) bool {
	return w.Folded == a.Folded || slices.Contains(a.Stems, w.Stem)
}

// primary is the first subtag of a language tag, in lower case.
func primary(tag string) string {
	first, _, _ := strings.Cut(tag, "-")
	return strings.ToLower(first)
}

// each visits the words of a text, in lower case.
func each(text string, visit func(word string)) {
	if !utf8.ValidString(text) {
		return
	}
	var run []string // characters of a script without spaces
	end := func() {
		pairs(run, visit)
		run = run[:0]
	}
	words := segment.NewWordSegmenterDirect([]byte(lower(text)))
	for words.Segment() {
		switch words.Type() {
		case segment.Ideo, segment.Kana:
			run = append(run, strings.Split(words.Text(), "")...)
			continue
		case segment.Letter, segment.Number:
			end()
			for _, part := range strings.FieldsFunc(words.Text(), apostrophe) {
				visit(part)
			}
		default:
			end()
		}
	}
	end()
}

func apostrophe(r rune) bool { return r == '\'' || r == '\u2019' || r == '\u02bc' || r == '`' }

// pairs visits each two neighbours of a run, or the only one.
func pairs(run []string, visit func(string)) {
	if len(run) == 1 {
		visit(run[0])
	}
	for i := 1; i < len(run); i++ {
		visit(run[i-1] + run[i])
	}
}
