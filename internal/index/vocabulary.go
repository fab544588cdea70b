package index

import (
	"hash/maphash"
	"sync/atomic"

	"github.com/seed-1d76a664/entente/internal/text"
)

// vocabulary remembers which terms the words of texts have: few words make up
// most of what is written, and to fold one, to find its stem, and to hash it and
// how it begins takes ten times as long as to look it up. It never changes what
// is posted. It holds no words: one is known by two hashes under seeds that are
// drawn at start.
//
// It is a table of a fixed size, 16 MB, in sets of four places. A new word takes the place of one that
// nobody asked for lately: that of a word that comes often is kept. Nobody waits for anybody: who reads
// a place while it is being written does not know the word, and who would write it too lets it be.
type vocabulary struct {
	one, two maphash.Seed
	places   []wordPlace
}

const (
	vocabularySets = 1 << 16
	placesOfSet    = 4
	termsOfWord    = 4
)

// wordPlace holds one word, in a cache line.
type wordPlace struct {
	turn  atomic.Uint64 // odd while the place is being written, 0 while it is free
	one   atomic.Uint64 // the hashes of the word
	two   atomic.Uint64
	about atomic.Uint64 // how many terms there are, and beginnings among them, what the word is beside its letters, and whether it was asked for
	terms [termsOfWord]atomic.Uint64
}

func newVocabulary() *vocabulary {
	return &vocabulary{one: maphash.MakeSeed(), two: maphash.MakeSeed(), places: make([]wordPlace, vocabularySets*placesOfSet)}
}

// askedFor is the bit of about that says that a word was asked for since a new one looked for a place.
const askedFor = 1 << 32

// wordKey is a word as the vocabulary knows it.
type wordKey struct{ one, two, about uint64 }

// key is that of a word as it is written; inRun says that it stands in a run of
// characters without spaces.
func (v *vocabulary) key(l text.Language, written string, inRun bool) wordKey {
	k := wordKey{one: maphash.String(v.one, written), two: maphash.String(v.two, written), about: uint64(l) << 16}
	if inRun {
		k.about |= 1 << 8
	}
	return k
}

// place is the i-th place in which a word may be: those of its set, from its own on, where it mostly is.
func (v *vocabulary) place(k wordKey, i uint64) *wordPlace {
	return &v.places[k.one%vocabularySets*placesOfSet+(k.two+i)%placesOfSet]
}

// fetch has a place brought near: memory is far away, and the ways to several places at once take no longer than to one.
func (v *vocabulary) fetch(k wordKey) { v.place(k, 0).turn.Load() }

// recall appends the terms of a word; false if it is not known.
func (v *vocabulary) recall(terms []Term, k wordKey) ([]Term, bool) {
	for i := range uint64(placesOfSet) {
		if all, known := v.place(k, i).recall(terms, k); known {
			return all, true
		}
	}
	return terms, false
}

func (p *wordPlace) recall(terms []Term, k wordKey) ([]Term, bool) {
	turn, about := p.turn.Load(), p.about.Load()
	if turn == 0 || turn%2 == 1 || p.one.Load() != k.one || p.two.Load() != k.two || about&^(askedFor|0xff) != k.about {
		return terms, false
	}
	all := terms
	for i := range about & 0xf % (termsOfWord + 1) {
		all = append(all, Term(p.terms[i].Load()))
	}
	if about&askedFor == 0 {
		p.about.Or(askedFor) // or that of the word that has just taken the place: no matter
	}
	return all, p.turn.Load() == turn
}

// learn remembers the terms of a word, unless they are too many: its stem, so many
// beginnings, the shortest first, and others.
func (v *vocabulary) learn(k wordKey, terms []Term, beginnings int) {
	if len(terms) > termsOfWord {
		return
	}
	v.spare(k).learn(k, terms, beginnings)
}

// spare is the place for a new word: the first in which there is none that anybody asked for lately. It is the others' last chance.
func (v *vocabulary) spare(k wordKey) *wordPlace {
	for i := range uint64(placesOfSet) {
		if p := v.place(k, i); p.about.And(^uint64(askedFor))&askedFor == 0 {
			return p
		}
	}
	return v.place(k, 0)
}

func (p *wordPlace) learn(k wordKey, terms []Term, beginnings int) {
	turn := p.turn.Load()
	if turn%2 == 1 || !p.turn.CompareAndSwap(turn, turn+1) {
		return
	}
	p.one.Store(k.one)
	p.two.Store(k.two)
	p.about.Store(k.about | uint64(beginnings)<<4 | uint64(len(terms)))
	for i, t := range terms {
		p.terms[i].Store(uint64(t))
	}
	p.turn.Store(turn + 2)
}
