package identifier

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// compact upper-cases a value and drops what people write between its groups:
// spaces, hyphens, dots, slashes, underscores. Everything else stays, so that
// the type's own character set can refuse it. Beyond ASCII it also folds
// compatibility forms, turns the digits of other scripts into 0-9 and drops
// invisible characters that copying leaves behind.
func compact(raw string) string {
	for i := range len(raw) {
		if b := raw[i]; !isUpper(b) && !isDigit(b) {
			return compactFrom(raw, i)
		}
	}
	return raw
}

func compactFrom(raw string, start int) string {
	for i := start; i < len(raw); i++ {
		if raw[i] >= utf8.RuneSelf {
			return settle(raw, compactRunes)
		}
	}
	out := make([]byte, start, len(raw))
	copy(out, raw)
	for i := start; i < len(raw); i++ {
		switch b := raw[i]; {
		case isLower(b):
			out = append(out, b-'a'+'A')
		case !isSeparator(rune(b)):
			out = append(out, b)
		}
	}
	return string(out)
}

func compactRunes(raw string) string {
	return strings.Map(func(r rune) rune {
		if isSeparator(r) || unicode.In(r, unicode.Cf, unicode.Pd, unicode.White_Space) {
			return -1
		}
		return unicode.ToUpper(foldDigit(r))
	}, norm.NFKC.String(raw))
}

// foldName is the form in which names of accounts are compared: lower case,
// compatibility forms and digits folded, invisible characters dropped.
func foldName(raw string) string {
	for i := range len(raw) {
		if raw[i] >= utf8.RuneSelf {
			return settle(raw, foldNameRunes)
		}
	}
	return strings.ToLower(strings.TrimSpace(raw))
}

func foldNameRunes(raw string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToLower(foldDigit(r))
	}, norm.NFKC.String(raw)))
}

// Plain is a part of a value as somebody types it, in the characters that normal forms have: compatibility forms and
// the digits of all scripts folded.
func Plain(raw string) string {
	return strings.Map(foldDigit, norm.NFKC.String(raw))
}

// visible drops invisible format characters, such as the direction marks that
// address books put around numbers.
func visible(raw string) string {
	return strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, raw)
}

func invisible(r rune) bool { return r >= utf8.RuneSelf && unicode.Is(unicode.Cf, r) }

// settle repeats a folding until it changes nothing: case mapping can undo
// composition and the other way round. No text known needs more than three
// rounds; the bound keeps the work finite.
func settle(raw string, fold func(string) string) string {
	for range 8 {
		next := fold(raw)
		if next == raw {
			return next
		}
		raw = next
	}
	return raw
}

// foldDigit turns a decimal digit of any script into its ASCII twin. Unicode
// keeps the ten digits of a script in order, so the offset in their range is
// their value.
func foldDigit(r rune) rune {
	if r < utf8.RuneSelf || !unicode.Is(unicode.Nd, r) {
		return r
	}
	for _, span := range unicode.Nd.R16 {
		if r >= rune(span.Lo) && r <= rune(span.Hi) {
			return '0' + (r-rune(span.Lo))%10
		}
	}
	for _, span := range unicode.Nd.R32 {
		if r >= rune(span.Lo) && r <= rune(span.Hi) {
			return '0' + (r-rune(span.Lo))%10
		}
	}
	return r
}

func isUpper(b byte) bool { return b >= 'A' && b <= 'Z' }
func isLower(b byte) bool { return b >= 'a' && b <= 'z' }
func isDigit(b byte) bool { return b >= '0' && b <= '9' }
func isAlnum(b byte) bool { return isUpper(b) || isDigit(b) }

func isSeparator(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '-', '.', '/', '_':
		return true
	}
	return false
}

// all tells whether s is not empty and every byte of it passes.
func all(s string, pass func(byte) bool) bool {
	for i := range len(s) {
		if !pass(s[i]) {
			return false
		}
	}
	return s != ""
}

// holdsText tells whether there is at least one letter or digit in s.
func holdsText(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsNumber(r)
	})
}

// lowerASCII lower-cases A-Z alone, which never changes the length.
func lowerASCII(s string) string {
	for i := range len(s) {
		if isUpper(s[i]) {
			return lowerFrom(s, i)
		}
	}
	return s
}

func lowerFrom(s string, start int) string {
	out := []byte(s)
	for i := start; i < len(out); i++ {
		if isUpper(out[i]) {
			out[i] += 'a' - 'A'
		}
	}
	return string(out)
}
