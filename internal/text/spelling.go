package text

import (
	"math/bits"
	"strings"
)

// Spelling is a form of a name, ready to be scored: as many parts as are
// compared, and all of them written together.
type Spelling struct {
	parts []part
	whole part
}

// part is what of a part of a name is compared.
type part struct {
	letters string
	bones   string // its skeleton
	voiced  bool   // it has vowels
}

// ReadName reads a form of a name, for both steps.
func ReadName(name string) (NameForm, Spelling) {
	parts := nameParts(name)
	return formOf(parts), spellingOf(parts)
}

func spellingOf(parts []string) Spelling {
	parts = scored(parts)
	s := Spelling{parts: make([]part, len(parts)), whole: partOf(strings.Join(parts, ""))}
	for i, letters := range parts {
		s.parts[i] = partOf(letters)
	}
	return s
}

func partOf(letters string) part {
	return part{letters: letters, bones: skeleton(letters), voiced: strings.ContainsAny(letters, vowels)}
}

// Like says how alike two forms are, from 0 to 1: part by part from either side,
// and written together.
func (s Spelling) Like(o Spelling) float64 {
	if len(s.parts) == 0 || len(o.parts) == 0 {
		return 0
	}
	if len(s.parts) > len(o.parts) {
		s, o = o, s
	}
	var like likeness
	for i := range s.parts {
		for j := range o.parts {
			like[i][j] = s.parts[i].like(&o.parts[j])
		}
	}
	best := max(like.fit(len(s.parts), len(o.parts)), s.whole.like(&o.whole))
	if len(s.parts) == len(o.parts) {
		best = max(best, like.turned().fit(len(o.parts), len(s.parts)))
	}
	return best
}

// Finds says how alike a name that is asked for and one that is held are. Who asks for one part alone asks for everybody who bears it: what
// else they are called counts little, however much it is.
func (s Spelling) Finds(held Spelling) float64 {
	like := s.Like(held)
	if len(s.parts) != 1 {
		return like
	}
	for i := range held.parts {
		like = max(like, s.parts[0].like(&held.parts[i])/(1+surplus/2))
	}
	return like
}

// likeness is how alike each part of one form and each of another are.
type likeness [scoredParts][scoredParts]float64

func (l *likeness) turned() *likeness {
	var t likeness
	for i := range l {
		for j := range l[i] {
			t[j][i] = l[i][j]
		}
	}
	return &t
}

// fit finds for each of n parts, in their order, the one of m others that fits
// best and is left; n is not more than m.
func (l *likeness) fit(n, m int) float64 {
	free := 1<<m - 1
	total := 0.0
	for i := range n {
		at, like := bits.TrailingZeros(uint(free)), 0.0
		for j := range m {
			if free>>j&1 != 0 && l[i][j] > like {
				at, like = j, l[i][j]
			}
		}
		free &^= 1 << at
		total += like
	}
	return total / (float64(n) + surplus*float64(m-n))
}

// like compares two parts. Where the consonants are the same and one of them has no vowels,
// because its script writes none, there is nothing left to compare; where they differ, half
// of the likeness that is left is chance.
func (p *part) like(o *part) float64 {
	if p.letters == o.letters {
		return 1
	}
	like := float64(max(jaroWinkler(p.letters, o.letters), jaroWinkler(o.letters, p.letters)))
	if p.bones != o.bones {
		return max(0, 2*like-1)
	}
	if p.bones != "" && !(p.voiced && o.voiced) {
		return max(like, bareLike)
	}
	return like
}

const (
	vowels   = "aeiou"
	bareLike = 0.95
)

// wholeLetters is how many letters are compared at most.
const wholeLetters = scoredParts * scoredLetters

// jaroWinkler is the measure of Jaro, raised by what Winkler adds for each of the first four letters
// that two words begin with alike. Letters are bytes.
func jaroWinkler(a, b string) float32 {
	s := jaro(a, b)
	if s == 0 || s == 1 {
		return s
	}
	alike := 0
	for alike < min(len(a), len(b), 4) && a[alike] == b[alike] {
		alike++
	}
	return s + 0.1*float32(alike)*(1-s)
}

// jaro looks for each letter of one word near its place in the other, counts those found, and how
// many of them are found in another order.
func jaro(a, b string) float32 {
	if a == "" || b == "" {
		return 0
	}
	if a == b {
		return 1
	}
	var taken [wholeLetters]bool // letters of b
	var found [wholeLetters]byte // letters of a, in its order
	n, near := 0, max(len(a), len(b))/2-1
	for i := range len(a) {
		for j := max(0, i-near); j < min(len(b), i+near+1); j++ {
			if a[i] == b[j] && !taken[j] {
				taken[j], found[n] = true, a[i]
				n++
				break
			}
		}
	}
	if n == 0 {
		return 0
	}
	moved, k := 0, 0
	for j := range len(b) {
		if taken[j] {
			if b[j] != found[k] {
				moved++
			}
			k++
		}
	}
	m := float32(n)
	return (m/float32(len(a)) + m/float32(len(b)) + (m-float32(moved)/2)/m) / 3
}
