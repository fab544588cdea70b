package intel

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/identifier"
)

// maxViolations bounds what one refusal lists: an answer must fit in the
// trailer of a call. Who mends the first fifty is told of the rest.
const maxViolations = 50

// audit gathers what is wrong with a message, in the order of its fields.
type audit struct{ violations []fault.Violation }

// refuse notes what is wrong with a field of the part that lies at a path.
func (a *audit) refuse(at, field, reason, advice string) {
	if len(a.violations) < maxViolations {
		a.violations = append(a.violations, fault.Violation{Field: within(at, field), Reason: reason, Description: advice})
	}
}

// malformed notes an error of package identifier; nil is none. Every error of
// that package is a *Malformed, of which both texts are fixed.
func (a *audit) malformed(at, field string, err error) bool {
	if err == nil {
		return false
	}
	var m *identifier.Malformed
	if !errors.As(err, &m) {
		m = &identifier.Malformed{Reason: "MALFORMED", Advice: "Correct this value."}
	}
	a.refuse(at, field, m.Reason, m.Advice)
	return true
}

// region checks a country code that may be empty.
func (a *audit) region(at, field, code string) {
	if code != "" {
		a.malformed(at, field, identifier.Region(code))
	}
}

// text refuses free text with a full card number in it: the number would stay
// in the record for ever.
func (a *audit) text(at, field, value string) {
	if holdsCard(value) {
		a.refuse(at, field, ReasonCardInText,
			"Take the payment card number out: name the card as a PAYMENT_CARD identifier, 411111******1111, and send its number in card_numbers. "+
				"If it is another number, make it an identifier of its type.")
	}
}

// texts is text of each element.
func (a *audit) texts(at, field string, values []string) {
	for i, value := range values {
		a.text(at, index(field, i), value)
	}
}

// timestamp checks a time that may be absent.
func (a *audit) timestamp(at, field string, t *timestamppb.Timestamp) bool {
	if t == nil || t.IsValid() {
		return true
	}
	a.refuse(at, field, ReasonTimestamp, "Give a time between the years 1 and 9999, as in 2026-11-24T10:00:00Z.")
	return false
}

// holdsCard tells whether a text holds a card number that is not part of a web
// address: the numbers of posts and pages there pass for card numbers.
func holdsCard(text string) bool {
	for _, span := range identifier.ScanCards(text) {
		if !insideAddress(text, span.Start) {
			return true
		}
	}
	return false
}

// insideAddress tells whether the word around a place in a text begins as a
// web address does, up to that place.
func insideAddress(text string, at int) bool {
	word := text[:at]
	if i := strings.LastIndexFunc(word, endsAddress); i >= 0 {
		_, width := utf8.DecodeRuneInString(word[i:])
		word = word[i+width:]
	}
	return strings.Contains(word, "://") || len(word) > 4 && strings.EqualFold(word[:4], "www.")
}

func endsAddress(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(`"<>,;`, r)
}

// within is the path of a field of what lies at a path.
func within(at, field string) string {
	switch {
	case at == "":
		return field
	case field == "":
		return at
	default:
		return at + "." + field
	}
}

// index is the path of an element of a list.
func index(field string, i int) string {
	return field + "[" + strconv.Itoa(i) + "]"
}
