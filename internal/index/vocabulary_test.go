package index

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	writings "github.com/seed-1d76a664/entente/internal/testnet/corpus"
	"github.com/seed-1d76a664/entente/internal/text"
)

// anew are the terms of a text as they are made without any memory.
func anew(h *Hasher, language, words string) []Term {
	p := &poster{h: h}
	for _, w := range text.Words(language, words) {
		p.word(text.In(language), w, w.Run)
	}
	return unique(p.terms)
}

// remembered are the same terms as they are posted.
func remembered(h *Hasher, language, words string) []Term {
	p := newPoster(h)
	p.text(language, words)
	return p.done()
}

// eachText visits texts as people write them, in all languages of the corpus.
func eachText(records int, visit func(language, words string)) {
	c := writings.New(7)
	for n := range records {
		if c.IsSeizure(n) {
			seizureTexts(c.Seizure(n).GetPlain(), visit)
		} else {
			itemTexts(c.Item(n).GetPlain(), visit)
		}
	}
}

func TestRememberedWordsPostTheSame(t *testing.T) {
	h := NewHasher([32]byte{3})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			eachText(150, func(language, words string) {
				for _, as := range []string{language, "de", ""} {
					if !slices.Equal(remembered(h, as, words), anew(h, as, words)) {
						t.Errorf("%s: %q posts other terms", as, words)
					}
				}
			})
		})
	}
	all.Wait()
}

// Words of other letters, lengths, runs and marks, in any language.
func TestRandomWordsPostTheSame(t *testing.T) {
	h, chance := NewHasher([32]byte{4}), rand.New(rand.NewPCG(1, 2))
	pieces := []string{"Boats", "boats", "s", "é", "E\u0301", "ß", "東", "京", "ガ", "ｶﾞ", "ー", "قَوَا", "رِبُ", "ﬁ", "İ", "ı", "Й", "9", ".", ",", "'", "’", " ", " ", "_", "\u00a0", "\n", "🚤", "한국", "ไทย"}
	languages := []string{"en", "fr-FR", "de", "it", "es", "ar", "ru", "tr", "ja", "", "xx"}
	for range 3000 {
		var b strings.Builder
		for range chance.IntN(30) {
			b.WriteString(strings.Repeat(pieces[chance.IntN(len(pieces))], 1+chance.IntN(2)))
		}
		language := languages[chance.IntN(len(languages))]
		for range 2 {
			if !slices.Equal(remembered(h, language, b.String()), anew(h, language, b.String())) {
				t.Errorf("%s: %q posts other terms", language, b.String())
			}
		}
	}
}

// However many words there are, the last one is remembered, and none has another's
// terms, whoever else learns words at the same time.
func TestVocabularyIsBounded(t *testing.T) {
	const places = vocabularySets * placesOfSet
	v := newVocabulary()
	key := func(l text.Language, n int, inRun bool) wordKey { return v.key(l, fmt.Sprint("word", n), inRun) }
	terms := func(n int) []Term { return []Term{Term(n), Term(n) * 3, ^Term(n)}[:n%4] }
	knows := func(n int) bool {
		got, known := v.recall(nil, key(1, n, n%2 == 0))
		if known && !slices.Equal(got, terms(n)) {
			t.Error("a word has another's terms")
		}
		return known
	}
	var all sync.WaitGroup
	for part := range 4 {
		all.Go(func() {
			for n := part; n < 2*places; n += 2 { // each by two
				v.learn(key(1, n, n%2 == 0), terms(n), 0)
				knows(n)
				knows(n / 2)
			}
		})
	}
	all.Wait()
	held := 0
	for n := range 2 * places {
		if knows(n) {
			held++
		}
		for _, other := range []wordKey{key(2, n, n%2 == 0), key(1, n, n%2 == 1)} {
			if _, known := v.recall(nil, other); known {
				t.Error("a word is taken for one of another language or place")
			}
		}
	}
	if held < places/2 || held > places {
		t.Errorf("%d words are held in %d places", held, places)
	}
	last, many := key(1, 2*places, false), key(1, 2*places+1, false)
	v.learn(last, terms(3), 0)
	v.learn(many, make([]Term, termsOfWord+1), 0)
	if _, known := v.recall(nil, last); !known {
		t.Error("the last word is not remembered")
	}
	if _, known := v.recall(nil, many); known {
		t.Error("what has no room is remembered")
	}
}

// Words that are asked for now and then are kept, however many others come and go.
func TestCommonWordsAreKept(t *testing.T) {
	const common, places = 100, vocabularySets * placesOfSet
	v := newVocabulary()
	key := func(n int) wordKey { return v.key(1, fmt.Sprint("word", n), false) }
	for n := range common {
		v.learn(key(n), nil, 0)
	}
	kept := 0
	for n := common; n < 2*places; n++ {
		if v.learn(key(n), nil, 0); n%common > 0 {
			continue
		}
		kept = 0
		for n := range common {
			if _, known := v.recall(nil, key(n)); known {
				kept++
			}
		}
	}
	if kept < common*9/10 {
		t.Errorf("%d of %d words are kept", kept, common)
	}
}

// FuzzVocabulary looks for a text that posts other terms once its words are known.
func FuzzVocabulary(f *testing.F) {
	eachText(20, func(language, words string) { f.Add(language, words) })
	h := NewHasher([32]byte{5})
	f.Fuzz(func(t *testing.T, language, words string) {
		want := anew(h, language, words)
		for range 2 {
			if !slices.Equal(remembered(h, language, words), want) {
				t.Errorf("%q: %q posts other terms", language, words)
			}
		}
		if len(want) > 0 && !utf8.ValidString(words) {
			t.Error("what is no UTF-8 has words")
		}
	})
}

// A list is the same however it is sorted.
func TestSortedUnique(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 63, 64, 65, 1000, 5000} {
		terms := make([]Term, n)
		for i := range terms {
			terms[i] = Term(chance.Uint64() >> (chance.IntN(3) * 30))
			if i > 0 && i%5 == 0 {
				terms[i] = terms[chance.IntN(i)]
			}
		}
		given := slices.Clone(terms)
		if got := sortedUnique(terms); !slices.Equal(got, unique(slices.Clone(given))) || !slices.Equal(terms, given) {
			t.Errorf("%d terms are sorted otherwise", n)
		}
	}
}

// BenchmarkTexts makes the terms of what one item of the corpus says.
func BenchmarkTexts(b *testing.B) {
	h, c := NewHasher([32]byte{3}), writings.New(7)
	items := make([]*ententev1.IntelligenceContent, 1000)
	for n := range items {
		items[n] = c.Item(n).GetPlain()
	}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		h.ItemTextTerms(items[n%len(items)], nil)
	}
}
