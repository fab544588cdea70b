package index

import (
	"unicode/utf8"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/text"
)

// TextVersion says how the terms of ItemTextTerms and SeizureTextTerms are
// made. They are never stored with a record: segments carry the version, and
// one of another version is made anew.
const TextVersion uint32 = 9

// ItemTextTerms are the terms that an intelligence content posts beside those
// of ItemTerms, sorted and unique: what is worked out whenever the record
// enters the index and is never stored with it. keys are the forms of its
// identifiers; those of other namespaces than identifier types' are passed
// over. Equal contents and keys give equal terms.
func (h *Hasher) ItemTextTerms(c *ententev1.IntelligenceContent, keys []IdentifierKey) []Term {
	return h.itemTextTerms(c, keys, readNames(c.GetSubjects()))
}

func (h *Hasher) itemTextTerms(c *ententev1.IntelligenceContent, keys []IdentifierKey, names *Names) []Term {
	p := newPoster(h)
	itemTexts(c, p.text)
	p.names(names)
	p.identifierParts(keys)
	p.cells(c, nil)
	p.attributes(c.GetSubjects())
	return p.done()
}

// SeizureTextTerms is ItemTextTerms' twin.
func (h *Hasher) SeizureTextTerms(c *ententev1.SeizureContent, keys []IdentifierKey) []Term {
	return h.seizureTextTerms(c, keys, readNames(c.GetSubjects()))
}

func (h *Hasher) seizureTextTerms(c *ententev1.SeizureContent, keys []IdentifierKey, names *Names) []Term {
	p := newPoster(h)
	seizureTexts(c, p.text)
	p.names(names)
	p.identifierParts(keys)
	p.cells(c, c.GetAssets())
	p.bands(c.GetAssets())
	p.attributes(c.GetSubjects())
	return p.done()
}

// poster gathers the terms of one content.
type poster struct {
	h     *Hasher
	terms []Term
	// seen holds words that were heard, in the places of their hashes' low bits:
	// a text says most of its words more than once.
	seen [seenWords]wordKey
	// heard are words whose terms are looked up together.
	heard []heard
}

const (
	seenWords  = 1 << 8
	heardWords = 1 << 6
)

// heard is a word as it stands in a text.
type heard struct {
	key      wordKey
	written  string
	language text.Language
	run      text.Run
}

func newPoster(h *Hasher) *poster {
	p, again := h.posters.Get().(*poster)
	if !again {
		p = &poster{h: h, terms: make([]Term, 0, 2048), heard: make([]heard, 0, heardWords)}
	}
	p.terms, p.seen = p.terms[:0], [seenWords]wordKey{}
	return p
}

func (p *poster) post(field Field, value string) { p.terms = append(p.terms, p.h.Term(field, value)) }

// done returns what the poster has gathered and ends with it.
func (p *poster) done() []Term {
	p.recall()
	terms := sortedUnique(p.terms)
	if cap(p.terms) <= keptTerms {
		p.h.posters.Put(p)
	}
	return terms
}

// keptTerms is the room of the largest poster that is used again.
const keptTerms = 1 << 14

// text posts the words of a text.
func (p *poster) text(language, words string) {
	if words == "" {
		return
	}
	l := text.In(language)
	text.EachWritten(words, func(written string, run text.Run) { p.written(l, written, run) })
}

// written notes a word as it stands in a text, once.
func (p *poster) written(l text.Language, written string, run text.Run) {
	key := p.h.words.key(l, written, run != text.Apart)
	seen := &p.seen[key.one%seenWords]
	if *seen == key {
		return
	}
	*seen = key
	if p.heard = append(p.heard, heard{key, written, l, run}); len(p.heard) == heardWords {
		p.recall()
	}
}

// recall posts the words that were heard: those that are known as they are remembered.
func (p *poster) recall() {
	for i := range p.heard {
		p.h.words.fetch(p.heard[i].key)
	}
	for i := range p.heard {
		w := &p.heard[i]
		terms, known := p.h.words.recall(p.terms, w.key)
		if p.terms = terms; !known {
			p.learn(w)
		}
	}
	clear(p.heard) // of the texts
	p.heard = p.heard[:0]
}

// learn posts a word that is not known.
func (p *poster) learn(w *heard) {
	before, beginnings := len(p.terms), 0
	if made := w.language.Word(w.written); made.Folded != "" {
		beginnings = p.word(w.language, made, w.run)
	}
	p.h.words.learn(w.key, p.terms[before:], beginnings)
}

// word posts a word: its stem, how it begins, and how it was written where its
// stem does not tell: a word in ASCII is asked for by the stems that it has in
// all languages, and its own is among them, unless it has another one with its accents.
// The stem comes first, then how the word
// begins, in so many lengths; of a run, where every character is posted, in none.
func (p *poster) word(l text.Language, w text.Word, run text.Run) (beginnings int) {
	p.post(FieldStem, w.Stem) // another in each language
	if run == text.Apart {
		prefixes(w.Folded, wordParts, func(prefix string) {
			p.post(FieldPrefix, prefix)
			beginnings++
		})
	} else {
		for _, r := range w.Folded {
			p.post(FieldPrefix, string(r))
		}
	}
	if w.Stem != w.Folded && (!ascii(w.Folded) || l.Word(w.Folded).Stem != w.Stem) {
		p.post(FieldWord, w.Folded)
	}
	return beginnings
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// parts is how many characters the beginnings, or the ends, have that are
// terms: ascending, the first three. What is asked for by another number is
// found by the longest of them that it begins with, and compared. Each is worth
// its postings: with all lengths from three to eight there were twice as many,
// a third of the index, for questions that cost little more without. Eight first
// digits, or six last, are nearly those of one number alone: such a term costs
// more than to compare the few that have six, or five, in common.
type parts []int

// A part has three characters at least.
const minPart = 3

var (
	wordParts       = parts{minPart, 5}
	identifierFirst = parts{minPart, 4, 6}
	identifierLast  = parts{minPart, 4, 5}
)

// prefixes visits the beginnings of a value that are terms.
func prefixes(value string, lengths parts, visit func(string)) {
	n := 0
	for i := range value {
		if len(lengths) > 0 && n == lengths[0] {
			visit(value[:i])
			lengths = lengths[1:]
		}
		n++
	}
	if len(lengths) > 0 && n == lengths[0] {
		visit(value)
	}
}

// suffixes is prefixes from the other end.
func suffixes(value string, lengths parts, visit func(string)) {
	at := len(value)
	for n := 1; len(lengths) > 0 && at > 0; n++ {
		_, size := utf8.DecodeLastRuneInString(value[:at])
		if at -= size; n == lengths[0] {
			visit(value[at:])
			lengths = lengths[1:]
		}
	}
}

// firstOf is the longest beginning of a value that is a term.
func firstOf(value string, lengths parts) (first string) {
	prefixes(value, lengths, func(prefix string) { first = prefix })
	return first
}

// lastOf is firstOf from the other end.
func lastOf(value string, lengths parts) (last string) {
	suffixes(value, lengths, func(suffix string) { last = suffix })
	return last
}
