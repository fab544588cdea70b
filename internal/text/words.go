package text

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Word is a word of a text.
type Word struct {
	// Folded is the word as it was written, folded; never empty.
	Folded string
	// Stem is its stem, folded; the same where the language has none.
	Stem string
	// Run says whether it is part of a run without spaces.
	Run Run
}

// Run says where in a run of characters without spaces between them a word stands.
type Run byte

// The places of words.
const (
	// Apart is a word by itself.
	Apart Run = iota
	// Begins is the first pair of characters of a run, or its only character.
	Begins
	// GoesOn is a pair that follows on the one before: they share a character.
	GoesOn
)

// Words are the words of a text in their order. language is a tag of BCP 47, of which the
// primary subtag counts; one that is not known has no stems. A text of n bytes has
// fewer than 2n words (one character may stand for six of a run), and what is no UTF-8 has none.
func Words(language, text string) []Word {
	var words []Word
	Each(language, text, func(w Word) { words = append(words, w) })
	return words
}

// Each visits the words that [Words] returns. What it hands out must be copied to be kept:
// it may hold on to the whole text.
func Each(language, text string, visit func(Word)) {
	if text == "" {
		return
	}
	l := In(language)
	EachWritten(text, func(written string, run Run) {
		if w := l.Word(written); w.Folded != "" {
			w.Run = run
			visit(w)
		}
	})
}

// EachWritten visits the words of a text as they are written, in lower case, in their
// order: for who remembers what [Language.Word] makes of one. They must be copied to be
// kept.
func EachWritten(text string, visit func(written string, run Run)) {
	if !utf8.ValidString(text) {
		return
	}
	divide(text, visit)
}

// Asked is a word that somebody looks for, or a pair of characters of one.
type Asked struct {
	// Folded is the word, folded.
	Folded string
	// Stems are its stems in all languages and itself, each once, sorted, also of what it may be that was typed without accents. A text
	// holds the word if one of these is one of its words, or the stem of one.
	Stems []string
	// Run says whether it is part of a run without spaces.
	Run Run
}

// Ask are the words of a question, in any language.
func Ask(question string) []Asked {
	var asked []Asked
	EachWritten(question, func(word string, run Run) {
		folded := fold(word)
		if folded == "" {
			return
		}
		stems := map[string]bool{folded: true}
		for _, s := range stemmers[1:] {
			stems[s.word(word).Stem] = true
			stems[s.word(folded).Stem] = true // of who types an accent that the text lacks
			alsoTyped(s.code, word, folded, func(written string) {
				made := s.word(written)
				stems[made.Stem], stems[made.Folded] = true, true
			})
		}
		asked = append(asked, Asked{Folded: folded, Stems: slices.Sorted(maps.Keys(stems)), Run: run})
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

// visitor is told the words of a text, in lower case, in their order.
type visitor func(word string, run Run)

func apostrophe(r rune) bool { return r == '\'' || r == '\u2019' || r == '\u02bc' || r == '`' }

// pairs visits each two neighbours of a run, or the only one.
func pairs(run []string, visit visitor) {
	place := Begins
	if len(run) == 1 {
		visit(run[0], place)
	}
	for i := 1; i < len(run); i++ {
		visit(run[i-1]+run[i], place)
		place = GoesOn
	}
}
