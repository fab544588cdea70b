package text

import (
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/segment"
)

// Most of what people write needs none of the tables of word boundaries: letters of the
// alphabets, digits, spaces, and punctuation that always divides. Such stretches are
// divided here, as the tables would, at a tenth of their cost, and so are runs of Japanese
// and Chinese; a stretch between spaces that holds anything else is left to the tables. Most
// stretches are small letters of ASCII and one word: they are handed on as they stand. Tests
// compare the ways.

// class is what a character does to a word.
type class byte

const (
	other     class = iota // not known here: the stretch is left to the tables
	letter                 // goes on with a word
	digit                  // goes on with a word
	mark                   // goes with what it stands after
	divides                // ends a word
	midLetter              // between two letters goes on with the word, else divides: a colon
	midNumber              // the same between two digits: a comma
	midBoth                // the same between two letters or two digits: a full stop
	ideograph              // of a script without spaces: begins a run, or goes on with one
)

// asciiClasses are those of the ASCII characters.
var asciiClasses = func() (c [utf8.RuneSelf]class) {
	for b := range c {
		switch {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z':
			c[b] = letter
		case b >= '0' && b <= '9':
			c[b] = digit
		case b == '_':
			c[b] = other
		case b == ':':
			c[b] = midLetter
		case b == ',' || b == ';':
			c[b] = midNumber
		case b == '.':
			c[b] = midBoth
		default:
			c[b] = divides
		}
	}
	return c
}()

// trait is what there is in a stretch beside small letters of ASCII.
type trait byte

const (
	capital trait = 1 << iota // a letter to be made small
	sign                      // a digit, punctuation, or a character that is read in pairs
	odd                       // what only the tables know
	foreign                   // what is not of ASCII
	blank                     // what no stretch has: a space
)

// traits are those of the bytes of a text.
var traits = func() (t [1 << 8]trait) {
	for b := range t {
		switch {
		case b >= utf8.RuneSelf:
			t[b] = foreign
		case space(byte(b)):
			t[b] = blank
		case b >= 'A' && b <= 'Z':
			t[b] = capital
		case asciiClasses[b] == other:
			t[b] = odd
		case asciiClasses[b] != letter:
			t[b] = sign
		}
	}
	return t
}()

// classOf is the class of a character. Apostrophes divide: words are divided at them.
func classOf(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		return asciiClasses[r]
	case r >= 0xc0 && r <= 0x24f && r != 0xd7 && r != 0xf7, // Latin
		r >= 0x430 && r <= 0x45f,                           // Cyrillic, small
		r >= 0x3b1 && r <= 0x3ce,                           // Greek, small
		r >= 0x621 && r <= 0x63a, r >= 0x641 && r <= 0x64a, // Arabic
		r == 0x67e, r == 0x686, r == 0x698, r == 0x6a9, r == 0x6af, r == 0x6cc: // Persian
		return letter
	case unspaced(r):
		return ideograph
	case r >= 0x64b && r <= 0x652:
		return mark
	case r == '\u2019' || r == 0xab || r == 0xbb || r >= 0x2010 && r <= 0x2015 || r == 0x201c || r == 0x201d || r == 0x20ac, stops(r):
		return divides
	default:
		return other
	}
}

// unspaced tells the characters of Japanese and Chinese that are read in pairs.
func unspaced(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fa5 || // Han
		r >= 0x3041 && r <= 0x3096 || // Hiragana
		r >= 0x30a1 && r <= 0x30fa || r == 'ー' // Katakana
}

// stops tells the stops, brackets and dots that divide what is written in them.
func stops(r rune) bool { return r == '、' || r == '。' || r >= '「' && r <= '』' || r == '・' }

// space tells what divides stretches: it belongs to no word, nor does it join two.
func space(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' }

// divide visits the words of a text in lower case: those of its stretches, in their order.
// A space stands for itself whatever is before and after it, so that each stretch is
// brought into lower case by itself.
func divide(text string, visit visitor) {
	for len(text) > 0 {
		has, end := trait(0), 0
		for end < len(text) {
			t := traits[text[end]]
			if t == blank {
				break
			}
			has |= t
			end++
		}
		if end > 0 {
			stretched(text[:end], has, visit)
		}
		text = text[min(end+1, len(text)):]
	}
}

// stretched visits the words of a stretch that has something of what has says.
func stretched(stretch string, has trait, visit visitor) {
	if has&foreign != 0 {
		if more, is := settled(stretch); is {
			has |= more
		} else {
			stretch = lower(stretch)
			if has = has&^capital | sign; !known(stretch) {
				has |= odd
			}
		}
	}
	if has&capital != 0 {
		stretch = strings.ToLower(stretch)
	}
	switch {
	case has&odd != 0:
		tabled(stretch, visit)
	case has&sign != 0:
		simple(stretch, visit)
	default:
		visit(stretch, Apart)
	}
}

// settled tells that to bring a stretch into lower case its capitals alone need be made small, and
// that its characters are known: nothing goes together with what is beside it, and nothing is
// a form of anything else. has is what there is beyond ASCII: of no sign all are letters.
func settled(stretch string) (has trait, is bool) {
	for _, r := range stretch {
		switch {
		case r < utf8.RuneSelf,
			r >= 0xdf && r <= 0xff && r != 0xf7,                // Latin
			r >= 0x430 && r <= 0x45f,                           // Cyrillic
			r >= 0x3b1 && r <= 0x3ce,                           // Greek
			r >= 0x621 && r <= 0x63a, r >= 0x641 && r <= 0x64a: // Arabic
		case unspaced(r), stops(r):
			has |= sign
		case r >= 0xc0 && r <= 0xde && r != 0xd7, // the capitals of the first three
			r >= 0x400 && r <= 0x42f,
			r >= 0x391 && r <= 0x3a9 && r != 0x3a2:
			has |= capital
		default:
			return 0, false
		}
	}
	return has, true
}

// known tells whether all characters of a stretch have their class here. A mark would part
// the pairs of a run.
func known(stretch string) bool {
	marks, runs := false, false
	for _, r := range stretch {
		switch classOf(r) {
		case other:
			return false
		case mark:
			marks = true
		case ideograph:
			runs = true
		}
	}
	return !marks || !runs
}

// simple visits the words of a stretch whose characters are known.
func simple(stretch string, visit visitor) {
	start, last := -1, other // of the word, and the class before that is no mark
	for i := 0; i < len(stretch); {
		r, size := utf8.DecodeRuneInString(stretch[i:])
		c := classOf(r)
		switch {
		case c == letter || c == digit:
			if start < 0 {
				start = i
			}
		case c == mark:
			i += size
			continue // goes with a letter, or with nothing
		case start >= 0 && !goesOn(c, last, stretch[i+size:]):
			visit(stretch[start:i], Apart)
			start = -1
		}
		if last = c; c == ideograph {
			i = run(stretch, i, visit)
		} else {
			i += size
		}
	}
	if start >= 0 {
		visit(stretch[start:], Apart)
	}
}

// run visits the pairs of a run that begins at a place, and tells where it ends.
func run(stretch string, from int, visit visitor) (end int) {
	_, size := utf8.DecodeRuneInString(stretch[from:])
	before, end, place := from, from+size, Begins
	for end < len(stretch) {
		r, size := utf8.DecodeRuneInString(stretch[end:])
		if !unspaced(r) {
			break
		}
		visit(stretch[before:end+size], place)
		before, end, place = end, end+size, GoesOn
	}
	if place == Begins {
		visit(stretch[from:end], Begins)
	}
	return end
}

// goesOn tells whether a word goes on over a character that stands between two.
func goesOn(c, before class, rest string) bool {
	after := other
	for _, r := range rest {
		if after = classOf(r); after != mark {
			break
		}
	}
	if before != after {
		return false
	}
	return before == letter && (c == midLetter || c == midBoth) || before == digit && (c == midNumber || c == midBoth)
}

// tabled visits the words of a stretch by the tables of Unicode.
func tabled(stretch string, visit visitor) {
	var run []string // characters of a script without spaces
	end := func() {
		pairs(run, visit)
		run = run[:0]
	}
	words := segment.NewWordSegmenterDirect([]byte(stretch))
	for words.Segment() {
		switch words.Type() {
		case segment.Ideo, segment.Kana:
			run = append(run, strings.Split(words.Text(), "")...)
			continue
		case segment.Letter, segment.Number:
			end()
			for _, part := range strings.FieldsFunc(words.Text(), apostrophe) {
				visit(part, Apart)
			}
		default:
			end()
		}
	}
	end()
}
