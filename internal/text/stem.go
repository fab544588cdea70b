package text

import (
	"strings"
	"sync"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/arabic"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/turkish"
)

// Language is one in which texts are written, as far as words depend on it. The zero
// value is that of all languages without stems.
type Language byte

// stemmers are the languages that have one, by the primary subtag of BCP 47. Their
// places are the values of Language.
var stemmers = [...]*stemmer{
	nil,
	{code: "ar", stem: arabic.Stem}, {code: "de", stem: german.Stem}, {code: "en", stem: english.Stem}, {code: "es", stem: spanish.Stem},
	{code: "fr", stem: french.Stem}, {code: "it", stem: italian.Stem}, {code: "nl", stem: dutch.Stem}, {code: "pt", stem: portuguese.Stem},
	{code: "ro", stem: romanian.Stem}, {code: "ru", stem: russian.Stem}, {code: "tr", stem: turkish.Stem},
}

// In is the language of a tag of BCP 47, of which the primary subtag counts.
func In(tag string) Language {
	code := primary(tag)
	for i, s := range stemmers[1:] {
		if s.code == code {
			return Language(i + 1)
		}
	}
	return 0
}

// Word is a word that [EachWritten] visits, folded and with its stem; without a folded
// form it is none.
func (l Language) Word(written string) Word { return stemmers[l].word(written) }

// stemmer remembers words with their stems: a language has few that come often, and
// stemming takes ten times as long as all else about a word.
type stemmer struct {
	code string
	stem func(*snowballstem.Env) bool

	mu   sync.RWMutex
	memo map[string]Word
}

const (
	// remembered bounds the memory of one language: about 2 MB, of all eleven 25.
	remembered = 1 << 14
	// longest is the longest word that is stemmed, in bytes. Longer ones are no words, and
	// some stemmers take time in their square.
	longest = 64
)

// word is a word in lower case, folded, with its stem. A nil stemmer is that of the
// languages without one: the stem is the word.
func (s *stemmer) word(word string) Word {
	if s == nil || len(word) > longest {
		folded := fold(word)
		return Word{Folded: folded, Stem: folded}
	}
	s.mu.RLock()
	known, ok := s.memo[word]
	s.mu.RUnlock()
	if ok {
		return known
	}
	word = strings.Clone(word) // the text that it is part of is not to be kept
	made := Word{Folded: fold(word)}
	env := snowballstem.NewEnv(word)
	s.stem(env)
	if made.Stem = fold(env.Current()); made.Stem == "" {
		made.Stem = made.Folded
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.memo == nil || len(s.memo) >= remembered {
		s.memo = make(map[string]Word)
	}
	s.memo[word] = made
	return made
}
