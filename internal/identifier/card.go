package identifier

import "strings"

// The hub keeps first six and last four digits of a payment card, the most
// that PCI DSS 3.4.1 lets be shown to everyone.
const (
	cardHead = 6
	cardTail = 4
)

// CardMask is the form in which content names a card and in which the hub
// compares it: 411111******1111, six stars whatever the length of the number.
func CardMask(bin, lastFour string) string { return bin + "******" + lastFour }

// readCard reads a masked card number. A full one is refused: it would stay in
// the content for ever.
func readCard(c claim) (Finding, error) {
	card := compact(c.raw)
	head := leadingDigits(card)
	tail := trailingDigits(card[head:])
	if n := countDigits(card); n >= minPAN || n >= minCard && n == len(card) {
		return Finding{}, malformed("CARD_FULL_NUMBER",
			"Send the full number in the request's card field only; the content holds it as 411111******1111.")
	}
	if head != cardHead || tail != cardTail || !isMask(card[head:len(card)-tail]) {
		return Finding{}, malformed("CARD_MASK", "Write a card as its first six digits, stars, and its last four, as in 411111******1111.")
	}
	return unverifiable(CardMask(card[:cardHead], card[len(card)-cardTail:])), nil
}

// isMask accepts what terminals and receipts print for a hidden digit. The
// letter is upper-cased by compact.
func isMask(s string) bool {
	if n := strings.Count(s, "") - 1; n > maxPAN {
		return false
	}
	return s != "" && strings.Trim(s, "*X#•●∗") == ""
}

// Card takes a full card number apart: bin is its first six digits, lastFour
// its last four, digits the whole number without blanks, for the keyed hash
// alone. The caller must not store digits. A number that fails the Luhn formula
// is refused: this is the one identifier whose failed check is not kept, since
// nothing of it would remain to be compared. The error is a *Malformed.
func Card(number string) (bin, lastFour, digits string, err error) {
	if len(number) > maxLength || !legible(number, false) {
		return "", "", "", errCardCharset()
	}
	digits = compact(number)
	switch {
	case !all(digits, isDigit):
		return "", "", "", errCardCharset()
	case len(digits) < minCard || len(digits) > maxPAN:
		return "", "", "", malformed("CARD_LENGTH", "A card number has 12 to 19 digits.")
	case oneDigit(digits) || !luhn(digits):
		return "", "", "", malformed("CARD_LUHN", "The card number fails its check digit; compare it with the card.")
	}
	return digits[:cardHead], digits[len(digits)-cardTail:], digits, nil
}

func errCardCharset() error {
	return malformed("CARD_CHARSET", "A card number is digits only.")
}

func leadingDigits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

func trailingDigits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[len(s)-1-n]) {
		n++
	}
	return n
}

func countDigits(s string) int {
	n := 0
	for i := range len(s) {
		if isDigit(s[i]) {
			n++
		}
	}
	return n
}
