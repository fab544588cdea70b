package identifier

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// readSerial reads a number that no public standard governs, such as an
// outboard engine's or a national account's: compared without the blanks and
// signs between its groups.
func readSerial(c claim) (Finding, error) {
	number := compact(c.raw)
	if !holdsText(number) {
		return Finding{}, errEmpty()
	}
	return unchecked(number), nil
}

// readNational reads a number that means something only in its country: a
// plate, a personal number, a number in a company register. The country stands
// in front, so that AB123CD of France is not AB123CD of Italy.
func readNational(c claim) (Finding, error) {
	scope := c.region + ":"
	number := strings.TrimPrefix(compact(c.raw), scope)
	if !holdsText(number) {
		return Finding{}, errEmpty()
	}
	return unchecked(scope + number), nil
}

// readDocumentNumber reads the number of a travel or identity document, with
// or without the fillers of its machine-readable zone. The country is left out:
// often it is not known, and numbers of documents seldom collide.
func readDocumentNumber(c claim) (Finding, error) {
	number := compact(c.raw)
	if strings.Contains(number, "<") {
		number = strings.ReplaceAll(number, "<", "")
	}
	if !holdsText(number) {
		return Finding{}, errEmpty()
	}
	return unchecked(number), nil
}

// readOther keeps a value as it is written, in canonical composition. Only what is blank or invisible
// around it goes.
func readOther(c claim) (Finding, error) {
	value := strings.TrimFunc(norm.NFC.String(c.raw), func(r rune) bool { return unicode.IsSpace(r) || invisible(r) })
	if value == "" {
		return Finding{}, errEmpty()
	}
	return unchecked(value), nil
}
