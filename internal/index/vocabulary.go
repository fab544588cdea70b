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
// It is a table of a fixed size, 4 MB, in sets of four places. Nobody waits for anybody: who reads a place while it is
// being written does not know the word, and who would write it too lets it be.
type vocabulary struct {
	one, two maphash.Seed
	sets     []wordSet
	places   []wordPlace
}

const (
	vocabularySets = 1 << 14
	placesOfSet    = 4
	termsOfWord    = 4
)

// wordSet tells what its places hold, by half of a hash of each word: a word is
// looked for in the place that it has, and if it has none mostly in none.
type wordSet struct{ marks [placesOfSet]atomic.Uint32 }

// wordPlace holds one word, in a cache line.
type wordPlace struct {
	turn  atomic.Uint64 // odd while the place is being written
	one   atomic.Uint64 // the hashes of the word
	two   atomic.Uint64
	about atomic.Uint64 // how many terms there are, and what the word is beside its letters
	terms [termsOfWord]atomic.Uint64
}

func newVocabulary() *vocabulary {
	return &vocabulary{
		one: maphash.MakeSeed(), two: maphash.MakeSeed(),
		sets: make([]wordSet, vocabularySets), places: make([]wordPlace, vocabularySets*placesOfSet),
	}
}

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

func (k wordKey) set() uint64 { return k.one % vocabularySets }

// mark is never 0, which is that of a free place.
func (k wordKey) mark() uint32 { return uint32(k.one>>32) | 1 }

// recall appends the terms of a word; false if it is not known.
func (v *vocabulary) recall(terms []Term, k wordKey) ([]Term, bool) {
	for i := range placesOfSet {
		if v.sets[k.set()].marks[i].Load() != k.mark() {
			continue
		}
		if all, known := v.places[k.set()*placesOfSet+uint64(i)].recall(terms, k); known {
			return all, true
		}
	}
	return terms, false
}

func (p *wordPlace) recall(terms []Term, k wordKey) ([]Term, bool) {
	turn, about := p.turn.Load(), p.about.Load()
	if turn%2 == 1 || p.one.Load() != k.one || p.two.Load() != k.two || about&^0xff != k.about {
		return terms, false
	}
	all := terms
	for i := range about & 0xff % (termsOfWord + 1) {
		all = append(all, Term(p.terms[i].Load()))
	}
	return all, p.turn.Load() == turn
}

// learn remembers the terms of a word, unless they are too many.
func (v *vocabulary) learn(k wordKey, terms []Term) {
	if len(terms) > termsOfWord {
		return
	}
	marks := &v.sets[k.set()].marks
	at := k.two % placesOfSet // of another word, if none is free
	for i := range marks {
		if marks[i].Load() == 0 {
			at = uint64(i)
			break
		}
	}
	if v.places[k.set()*placesOfSet+at].learn(k, terms) {
		marks[at].Store(k.mark())
	}
}

func (p *wordPlace) learn(k wordKey, terms []Term) bool {
	turn := p.turn.Load()
	if turn%2 == 1 || !p.turn.CompareAndSwap(turn, turn+1) {
		return false
	}
	p.one.Store(k.one)
	p.two.Store(k.two)
	p.about.Store(k.about | uint64(len(terms)))
	for i, t := range terms {
		p.terms[i].Store(uint64(t))
	}
	p.turn.Store(turn + 2)
	return true
}
