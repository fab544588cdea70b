package text

import (
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/segment"
)

// Most of what people write needs none of the tables of word boundaries: letters of the
// alphabets, digits, spaces, and punctuation that always divides. Such stretches are
// divided here, as the tables would, at a tenth of their cost; a stretch between spaces
// that holds anything else is left to the tables. Most stretches are small letters of
// ASCII and one word: they are handed on as they stand. Tests compare the ways.

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
	sign                      // a digit, or punctuation
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
	case r >= 0x64b && r <= 0x652:
		return mark
	case r == '\u2019' || r == 0xab || r == 0xbb || r >= 0x2010 && r <= 0x2015 || r == 0x201c || r == 0x201d || r == 0x20ac:
		return divides
	default:
		return other
	}
}

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
	switch {
	case has&foreign != 0:
		if settled(stretch) {
			break
		}
		if stretch = lower(stretch); !known(stretch) {
			has |= odd
		}
	case has&capital != 0:
		stretch = strings.ToLower(stretch)
	}
	switch {
	case has&odd != 0:
		tabled(stretch, visit)
	case has&(sign|foreign) != 0:
		simple(stretch, visit)
	default:
		visit(stretch, Apart)
	}
}

// settled tells that a stretch is in lower case as it stands, and that its characters are
// known: there are no capitals, nothing that goes together with what is beside it, and no
// form of anything else.
func settled(stretch string) bool {
	for _, r := range stretch {
		small := r < utf8.RuneSelf && traits[r]&capital == 0 ||
			r >= 0xe0 && r <= 0xff && r != 0xf7 || // Latin
			r >= 0x430 && r <= 0x45f || // Cyrillic
			r >= 0x3b1 && r <= 0x3ce || // Greek
			r >= 0x621 && r <= 0x63a || r >= 0x641 && r <= 0x64a // Arabic
		if !small {
			return false
		}
	}
	return true
}

// known tells whether all characters of a stretch have their class here.
func known(stretch string) bool {
	for _, r := range stretch {
		if classOf(r) == other {
			return false
		}
	}
	return true
}

// simple visits the words of a stretch whose characters are known.
func simple(stretch string, visit visitor) {
	start, last := -1, other // of the word, and the class before that is no mark
	for i, r := range stretch {
		c := classOf(r)
		switch {
		case c == letter || c == digit:
			if start < 0 {
				start = i
			}
		case c == mark:
			continue // goes with a letter, or with nothing
		case start >= 0 && !goesOn(c, last, stretch[i+utf8.RuneLen(r):]):
			visit(stretch[start:i], Apart)
			start = -1
		}
		last = c
	}
	if start >= 0 {
		visit(stretch[start:], Apart)
	}
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
