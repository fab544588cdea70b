package index

import (
	"slices"
	"unicode/utf8"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/text"
)

// TextVersion says how the terms of ItemTextTerms and SeizureTextTerms are
// made. They are never stored with a record: segments carry the version, and
// one of another version is made anew.
const TextVersion uint32 = 1

// ItemTextTerms are the terms that an intelligence content posts beside those
// of ItemTerms, sorted and unique: what is worked out whenever the record
// enters the index and is never stored with it. keys are the forms of its
// identifiers; those of other namespaces than identifier types' are passed
// over. Equal contents and keys give equal terms.
func (h *Hasher) ItemTextTerms(c *ententev1.IntelligenceContent, keys []IdentifierKey) []Term {
	p := newPoster(h)
	itemTexts(c, p.text)
	p.names(c.GetSubjects())
	p.identifierParts(keys)
	p.cells(c, nil)
	p.attributes(c.GetSubjects())
	return p.done()
}

// SeizureTextTerms is ItemTextTerms' twin.
func (h *Hasher) SeizureTextTerms(c *ententev1.SeizureContent, keys []IdentifierKey) []Term {
	p := newPoster(h)
	seizureTexts(c, p.text)
	p.names(c.GetSubjects())
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
	// seen holds words that were posted, in the places of their low bits: a text
	// says most of its words more than once.
	seen []Term
}

const seenWords = 1 << 9

func newPoster(h *Hasher) *poster {
	return &poster{h: h, terms: make([]Term, 0, 1024), seen: make([]Term, seenWords)}
}

func (p *poster) post(field Field, value string) { p.terms = append(p.terms, p.h.Term(field, value)) }

func (p *poster) done() []Term { return slices.Clip(unique(p.terms)) }

// text posts the words of a text.
func (p *poster) text(language, words string) { text.Each(language, words, p.word) }

// word posts a word: as it was written, its stem where that is another, and
// its beginnings.
func (p *poster) word(w text.Word) {
	term := p.h.Term(FieldWord, w.Folded)
	place := &p.seen[term%seenWords]
	if w.Stem != w.Folded {
		p.terms = append(p.terms, p.h.Term(FieldStem, w.Stem)) // another in each language
	}
	if *place == term {
		return
	}
	*place = term
	p.terms = append(p.terms, term)
	if w.Run != text.Apart {
		for _, r := range w.Folded {
			p.terms = append(p.terms, p.h.Term(FieldPrefix, string(r)))
		}
		return
	}
	prefixes(w.Folded, func(prefix string) {
		if len(prefix) < len(w.Folded) {
			p.terms = append(p.terms, p.h.Term(FieldPrefix, prefix))
		}
	})
}

// How many characters a beginning or an end has that is a term.
const (
	minPart = 3
	maxPart = 8
)

// prefixes visits the beginnings of a value that are terms, the value itself
// among them if it is short enough.
func prefixes(value string, visit func(string)) {
	n := 0
	for i := range value {
		if n >= minPart {
			visit(value[:i])
		}
		if n++; n > maxPart {
			return
		}
	}
	if n >= minPart {
		visit(value)
	}
}

// suffixes is prefixes from the other end.
func suffixes(value string, visit func(string)) {
	at := len(value)
	for n := 1; n <= maxPart && at > 0; n++ {
		_, size := utf8.DecodeLastRuneInString(value[:at])
		if at -= size; n >= minPart {
			visit(value[at:])
		}
	}
}
