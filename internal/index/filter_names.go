package index

import (
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/text"
)

// leastScore is the score from which two names are taken for candidates of one.
const leastScore = 0.8

// formsScored is how many forms of names in one record are scored for a name:
// the first that share keys with it. No record but one that is made for it has
// more, and what a comparison costs must not be its writer's to choose.
const formsScored = 64

// names asks for any of some names. The index finds who shares keys of the
// name; the score decides who is shown.
func (c *compiler) names(f *Filter, names []string) {
	if len(names) == 0 {
		return
	}
	clause := never()
	forms := make([]text.NameForm, len(names))
	for i, name := range names {
		forms[i] = text.FormOf(name)
		clause.AnyOf = append(clause.AnyOf, c.h.askName(forms[i])...)
	}
	fits := func(r *Facts) (best float64, by string) {
		scored := make([]int, len(names))
		nameForms(r.content().GetSubjects(), func(form string) bool {
			read := text.FormOf(form)
			for i, name := range names {
				if scored[i] == formsScored || !forms[i].Meets(read) {
					continue
				}
				scored[i]++
				if score := text.NameScore([]string{name}, []string{form}); score >= leastScore && score > best {
					best, by = score, form
				}
			}
			return best < 1
		})
		return min(best, 1), by
	}
	c.add(f, len(names), leaf{
		clause: clause, rough: true, named: true, score: fits,
		holds: func(r *Facts) bool {
			score, _ := fits(r)
			return score > 0
		},
	})
}

// name posts a form of a name, so that askName finds each that it Meets: its
// parts; each two of them; the only one; and all written together.
func (p *poster) name(form string) bool {
	f := text.FormOf(form)
	for i, key := range f.Keys {
		p.post(FieldNamePart, key)
		for _, other := range f.Keys[i+1:] {
			p.post(FieldNamePair, key+"\x00"+other)
		}
	}
	if f.Alone() {
		p.post(FieldNameAlone, f.Keys[0])
	}
	if f.Joined != "" {
		p.post(FieldNameJoined, f.Joined)
	}
	return true
}

func (p *poster) names(subjects []*ententev1.Subject) { nameForms(subjects, p.name) }

func (h *Hasher) askName(f text.NameForm) (terms AnyOf) {
	for i, key := range f.Keys {
		if f.Alone() {
			terms = append(terms, h.Term(FieldNamePart, key))
		}
		terms = append(terms, h.Term(FieldNameAlone, key), h.Term(FieldNameJoined, key))
		for _, other := range f.Keys[i+1:] {
			terms = append(terms, h.Term(FieldNamePair, key+"\x00"+other))
		}
	}
	if f.Joined != "" {
		terms = append(terms, h.Term(FieldNamePart, f.Joined), h.Term(FieldNameJoined, f.Joined))
	}
	return terms
}
