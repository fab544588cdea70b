package identifier

import "unicode/utf8"

// The lengths of card numbers: by ISO/IEC 7812-1 up to 19 digits; 12 is used
// by Maestro alone and would find too many telephone numbers in free text.
const (
	minCard = 12
	minPAN  = 13
	maxPAN  = 19
)

// Span is a part of a text in bytes, End exclusive.
type Span struct{ Start, End int }

// ScanCards finds what looks like full payment card numbers in free text: 13
// to 19 digits, in groups or not, with the prefix and length of a known brand
// and a sound check digit. It serves a warning: one in ten numbers of that
// shape passes by chance. Spans do not overlap and come in order; nil means
// none. Work is linear in the length of the text.
func ScanCards(text string) []Span {
	var found []Span
	for at := 0; at < len(text); {
		if !startsGroup(text, at) {
			at++
			continue
		}
		if end := cardAt(text, at); end > at {
			found = append(found, Span{Start: at, End: end})
			at = end
			continue
		}
		for at < len(text) && isDigit(text[at]) {
			at++
		}
	}
	return found
}

func startsGroup(text string, at int) bool {
	return isDigit(text[at]) && (at == 0 || !isDigit(text[at-1]))
}

// cardAt is the end of the longest card number that begins at a group of
// digits and ends with a group, or 0. Groups are parted by one sign; all but
// the last have three digits or more.
func cardAt(text string, at int) (end int) {
	var digits [maxPAN]byte
	n := 0
	for at < len(text) {
		group := 0
		for at < len(text) && isDigit(text[at]) {
			if n == maxPAN {
				return end
			}
			digits[n] = text[at]
			n, group, at = n+1, group+1, at+1
		}
		if n >= minPAN && isCard(string(digits[:n])) {
			end = at
		}
		gap := groupGap(text[at:])
		if group < 3 || gap == 0 {
			return end
		}
		at += gap
	}
	return end
}

// groupGap is the width of one sign between two groups, or 0.
func groupGap(rest string) int {
	r, width := utf8.DecodeRuneInString(rest)
	switch r {
	case ' ', '-', '.', '\u00a0', '\u2009', '\u202f', '\u2010', '\u2011':
		if len(rest) > width && isDigit(rest[width]) {
			return width
		}
	}
	return 0
}

func isCard(digits string) bool {
	return isBrand(digits) && !oneDigit(digits) && luhn(digits)
}

// isBrand knows the prefixes and lengths of the brands met in the field: Visa,
// Mastercard, American Express, Discover, Diners, JCB, UnionPay, Maestro, Mir,
// Troy and RuPay.
func isBrand(digits string) bool {
	n := len(digits)
	prefix := 0
	for i := range 4 {
		prefix = prefix*10 + int(digits[i]-'0')
	}
	two, three := prefix/100, prefix/10
	long := n >= 16
	switch {
	case digits[0] == '4':
		return n == 13 || n == 16 || n == 19
	case two >= 51 && two <= 55, prefix >= 2221 && prefix <= 2720, prefix == 9792:
		return n == 16
	case two == 34 || two == 37:
		return n == 15
	case three >= 300 && three <= 305, two == 36, two == 38, two == 39:
		return n >= 14
	case prefix >= 3528 && prefix <= 3589, prefix >= 2200 && prefix <= 2204:
		return long
	case two == 60 || two == 62 || two == 65 || three >= 644 && three <= 649, two == 81 || two == 82:
		return long
	}
	return isMaestro(prefix)
}

func isMaestro(prefix int) bool {
	switch prefix {
	case 5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763:
		return true
	}
	return false
}
