package index

import (
	"slices"
	"unicode/utf8"

	"github.com/seed-1d76a664/entente/internal/text"
)

// words asks for a text: all of its needs.
func (c *compiler) words(f *Filter, question, at string) {
	if question == "" {
		return
	}
	needs := text.Question(question)
	if len(needs) == 0 {
		c.add(f, 1, leaf{clause: never(), holds: func(*Facts) bool { return false }})
		return
	}
	for _, need := range needs {
		if need.Prefix && utf8.RuneCountInString(need.Words[0].Folded) < minPart {
			c.refuse(at+".text", "QUERY_PREFIX_TOO_SHORT", "has a beginning of a word of fewer than three characters; give it more of them")
			continue
		}
		c.add(f, len(need.Words), leaf{
			clause: c.h.needed(need), rough: roughly(need),
			holds: func(r *Facts) bool {
				return slices.ContainsFunc(r.written(), func(w written) bool { return need.Held(w.words) > 0 })
			},
			score: func(r *Facts) (float64, string) { return said(need, r.written()), "" },
		})
	}
}

// roughly tells whether the terms of a need find more than it means: words one
// after the other, a word as it is written, a beginning that is no term itself.
func roughly(n text.Need) bool {
	word := n.Words[0]
	switch {
	case len(n.Words) > 1:
		return true
	case n.Prefix:
		return firstOf(word.Folded, wordParts) != word.Folded
	default:
		return n.Exact && !word.Single()
	}
}

// needed is the clause of the records that say all words of a need somewhere.
func (h *Hasher) needed(n text.Need) Clause {
	if len(n.Words) == 1 {
		return h.asked(n, n.Words[0])
	}
	var out Clause
	for _, a := range n.Words {
		out.All = append(out.All, h.asked(n, a))
	}
	return out
}

// asked is the clause of the records that say a word.
func (h *Hasher) asked(n text.Need, a text.Asked) Clause {
	switch {
	case n.Prefix:
		return anyOf(h.Term(FieldPrefix, firstOf(a.Folded, wordParts)))
	case a.Single():
		return anyOf(h.Term(FieldWord, a.Folded), h.Term(FieldStem, a.Folded), h.Term(FieldPrefix, a.Folded))
	}
	terms := AnyOf{h.Term(FieldWord, a.Folded)}
	for _, stem := range a.Stems {
		terms = append(terms, h.Term(FieldStem, stem))
	}
	return Clause{AnyOf: terms}
}

// said scores what a record says of a need: 1 in a title, less elsewhere, and
// the more the more often.
func said(n text.Need, texts []written) float64 {
	times := 0
	for _, w := range texts {
		held := n.Held(w.words)
		if held > 0 && w.title {
			return 1
		}
		times += held
	}
	if times == 0 {
		return 0
	}
	return 0.9 - 0.4/float64(times)
}
