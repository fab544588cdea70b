package index

import (
	"encoding/binary"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/text"
)

// leastScore is the score from which two names are taken for candidates of one.
const leastScore = 0.8

// formsScored is how many forms of names in one record are scored for a name:
// the first that share keys with it. No record but one that is made for it has
// more, and what a comparison costs must not be its writer's to choose.
const formsScored = 64

// Names are the names in a content, read: which is most of what comparing them
// costs. They never change, and may be kept and used by many at once.
type Names struct {
	forms   []nameForm
	written WrittenNames
	size    int
}

// WrittenNames are the names in a content as they are written, one behind the
// other, each behind its length: a fiftieth of what they take once they are read.
type WrittenNames string

type nameForm struct {
	written  string
	form     text.NameForm
	spelling text.Spelling
}

// readName reads a form of a name, in all the ways in which it may be read.
func readName(written string) (forms []nameForm) {
	for _, reading := range text.NameReadings(written) {
		form, spelling := text.ReadName(reading)
		forms = append(forms, nameForm{written, form, spelling})
	}
	return forms
}

// Size is about how many bytes of memory they take.
func (n *Names) Size() int {
	if n == nil {
		return 0
	}
	return n.size
}

// Written are the names as they are written, to be kept in little memory.
func (n *Names) Written() WrittenNames { return n.written }

// Read is the way back.
func (w WrittenNames) Read() *Names {
	n := &Names{written: w}
	for rest := []byte(w); len(rest) > 0; {
		length, size := binary.Uvarint(rest)
		n.add(string(rest[size : size+int(length)]))
		rest = rest[size+int(length):]
	}
	return n
}

func (n *Names) add(written string) {
	forms := readName(written)
	n.forms = append(n.forms, forms...)
	n.size += len(forms) * (formSize + lettersSize*len(written))
}

// Names reads the names in the content, once.
func (r *Facts) Names() *Names {
	if r.names == nil {
		r.names = readNames(r.content().GetSubjects())
	}
	return r.names
}

// NamesIn reads the names in a content.
func NamesIn(content proto.Message) *Names {
	var subjects []*ententev1.Subject
	if c, ok := content.(shared); ok {
		subjects = c.GetSubjects()
	}
	return readNames(subjects).bounded()
}

// MostNames is how much memory the names of one content may take, in bytes, to be
// held anywhere: a usual content has some hundred bytes of names, one that is made
// for it three megabytes.
const MostNames = 8 << 10

func (n *Names) bounded() *Names {
	if n.size > MostNames {
		return nil
	}
	return n
}

func readNames(subjects []*ententev1.Subject) *Names {
	n := new(Names)
	var all []byte
	nameForms(subjects, func(written string) bool {
		n.add(written)
		all = append(binary.AppendUvarint(all, uint64(len(written))), written...)
		return true
	})
	n.written = WrittenNames(all)
	return n
}

// What a form takes in memory, and each byte of it: it is held as it is written,
// by its keys, and by its parts in letters and consonants.
const (
	formSize    = 500
	lettersSize = 6
)

// names asks for any of some names. The index finds who shares keys of the
// name; the score decides who is shown.
func (c *compiler) names(f *Filter, names []string) {
	if len(names) == 0 {
		return
	}
	clause := never()
	var asked []nameForm
	for _, name := range names {
		asked = append(asked, readName(name)...)
	}
	for i := range asked {
		clause.AnyOf = append(clause.AnyOf, c.h.askName(asked[i].form)...)
	}
	fits := func(n *Names) (float64, string) { return n.best(asked) }
	c.add(f, len(names), leaf{
		clause: clause, rough: true,
		score: func(r *Facts) (float64, string) { return fits(r.Names()) },
		holds: func(r *Facts) bool {
			score, _ := fits(r.Names())
			return score > 0
		},
		named: func(n *Names) bool {
			score, _ := fits(n)
			return score > 0
		},
	})
}

// best is the form that is most like one of those asked for; 0 without any that
// is like enough.
func (n *Names) best(asked []nameForm) (best float64, by string) {
	scored := make([]int, len(asked))
	for i := range n.forms {
		f := &n.forms[i]
		for k := range asked {
			if scored[k] == formsScored || !asked[k].form.Meets(f.form) {
				continue
			}
			scored[k]++
			if score := asked[k].spelling.Finds(f.spelling); score >= leastScore && score > best {
				best, by = score, f.written
			}
		}
		if best >= 1 {
			break
		}
	}
	return min(best, 1), by
}

// Excludes tells from its names alone that a record does not match. Where it is
// false, the record may match.
func (f *Filter) Excludes(n *Names) bool {
	if f == nil {
		return false
	}
	for _, l := range f.leaves {
		if l.named != nil && !l.named(n) {
			return true
		}
	}
	for _, g := range f.all {
		if g.Excludes(n) {
			return true
		}
	}
	for _, g := range f.any {
		if !g.Excludes(n) {
			return false
		}
	}
	return len(f.any) > 0
}

// name posts a form of a name, so that askName finds each that it Meets: its
// parts; each two of them; the only one; and all written together.
func (p *poster) name(f *text.NameForm) {
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
}

func (p *poster) names(n *Names) {
	for i := range n.forms {
		p.name(&n.forms[i].form)
	}
}

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
