package text

import (
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

// stemmers are the languages that have one, by the primary subtag of BCP 47.
var stemmers = map[string]*stemmer{
	"ar": {stem: arabic.Stem}, "de": {stem: german.Stem}, "en": {stem: english.Stem}, "es": {stem: spanish.Stem}, "fr": {stem: french.Stem},
	"it": {stem: italian.Stem}, "nl": {stem: dutch.Stem}, "pt": {stem: portuguese.Stem}, "ro": {stem: romanian.Stem}, "ru": {stem: russian.Stem},
	"tr": {stem: turkish.Stem},
}

// stemmer remembers the stems of words: a language has few that come often, and
// stemming takes ten times as long as all else about a word.
type stemmer struct {
	stem func(*snowballstem.Env) bool

	mu   sync.RWMutex
	memo map[string]string
}

const (
	// remembered bounds the memory of one language: about 2 MB, of all eleven 25.
	remembered = 1 << 14
	// longest is the longest word that is stemmed, in bytes. Longer ones are no words, and
	// some stemmers take time in their square.
	longest = 64
)

// of is the folded stem of a word in lower case.
func (s *stemmer) of(word string) string {
	if len(word) > longest {
		return fold(word)
	}
	s.mu.RLock()
	stem, known := s.memo[word]
	s.mu.RUnlock()
	if known {
		return stem
	}
	env := snowballstem.NewEnv(word)
	s.stem(env)
	if stem = fold(env.Current()); stem == "" {
		stem = fold(word)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.memo == nil || len(s.memo) >= remembered {
		s.memo = make(map[string]string)
	}
	s.memo[word] = stem
	return stem
}
