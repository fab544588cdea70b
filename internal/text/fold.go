package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// lower is a word in the form that the stemmers know: composed, compatibility forms
// and width folded, in lower case, without what nobody sees.
func lower(word string) string {
	if ascii(word) {
		return strings.ToLower(word)
	}
	if strings.ContainsFunc(word, unseen) {
		word = strings.Map(func(r rune) rune {
			if unseen(r) {
				return -1
			}
			return r
		}, word)
	}
	return norm.NFKC.String(strings.ToLower(norm.NFKC.String(word)))
}

// unseen tells the characters that come along with copied text and are no part of a word: soft
// hyphens, joiners, marks of direction. One has them, and who asks for it has not.
func unseen(r rune) bool {
	switch {
	case r < 0xad:
		return false
	case r == 0xad, r == 0x34f, r == 0x61c, r == 0x180e, r == 0xfeff, r >= 0x200c && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f:
		return true
	}
	return false
}

// plain are letters that have no accent to take off and are written without it all the
// same, where keyboards or registers lack them.
var plain = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "ł", "l", "þ", "th", "ħ", "h", "ı", "i", "ς", "σ",
	"ى", "ي", "ة", "ه", "ـ", "", "ک", "ك", "ی", "ي")

// fold takes from a word in lower case what people leave out or cannot type: accents,
// vowel marks, letters that have a plain form. The marks of kana stay: they make another
// sound. Folding what is folded changes nothing.
func fold(word string) string {
	if ascii(word) {
		return word
	}
	var b strings.Builder
	kana := false
	for _, r := range norm.NFD.String(word) {
		if unicode.Is(unicode.Mn, r) && !kana {
			continue
		}
		kana = unicode.In(r, unicode.Hiragana, unicode.Katakana)
		b.WriteRune(r)
	}
	return plain.Replace(norm.NFC.String(b.String()))
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
