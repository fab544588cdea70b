package intel

import (
	"fmt"
	"io"
	"strings"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
)

// cardField is the field of a draft, beside the content, that carries card
// numbers past it.
const cardField = "cardNumbers"

// CardMatch is a full payment card number on its way to becoming a keyed hash.
// It prints as nothing but a name, whatever the verb. It must not outlive the
// call: Wipe it once the hash is made.
type CardMatch struct {
	// Finding is the identifier that it belongs to: its place in
	// Reading.Findings.
	Finding int

	digits []byte
}

// Digits is the full number, 12 to 19 ASCII digits, for the keyed hash alone.
// The slice is the match's own.
func (m CardMatch) Digits() []byte { return m.digits }

// Wipe overwrites the digits with zeros.
func (m CardMatch) Wipe() { clear(m.digits) }

// Format prints a fixed text for every verb, so that no log line and no error
// holds the number.
func (CardMatch) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "card number") }

// cards joins the card numbers to the identifiers that they belong to.
func (x *examiner) cards(cards []*ententev1.CardNumber) {
	for i, c := range cards {
		at := index(cardField, i)
		bin, lastFour, digits, err := identifier.Card(c.GetNumber())
		if x.malformed(at, "number", err) {
			continue
		}
		finding := x.cardAt(c.GetFieldPath())
		switch {
		case finding < 0 && x.unread:
			// What is wrong with the identifier has been said.
		case finding < 0:
			x.refuse(at, "fieldPath", ReasonCardPath, "Name a PAYMENT_CARD identifier of the content, as in subjects[0].identifiers[1].")
		case x.matched(finding):
			x.refuse(at, "fieldPath", ReasonCardTwice, "Send one number for each PAYMENT_CARD identifier.")
		case x.reading.Findings[finding].Finding.Normalized != identifier.CardMask(bin, lastFour):
			x.refuse(at, "number", ReasonCardMask, "First six and last four digits differ from the identifier; correct the number or the masked form.")
		default:
			x.matchCard(finding, digits)
		}
	}
}

// cardAt is the finding of the PAYMENT_CARD identifier at a path, or -1. The
// path may go on to the value itself, in either spelling of its field.
func (x *examiner) cardAt(path string) int {
	path = strings.TrimSuffix(strings.TrimSuffix(path, ".rawValue"), ".raw_value")
	for i, f := range x.reading.Findings {
		if f.Type == ententev1.IdentifierType_IDENTIFIER_TYPE_PAYMENT_CARD && f.Path == path {
			return i
		}
	}
	return -1
}

func (x *examiner) matched(finding int) bool {
	for _, m := range x.reading.Cards {
		if m.Finding == finding {
			return true
		}
	}
	return false
}

// matchCard takes a number over: it has a sound check digit.
func (x *examiner) matchCard(finding int, digits string) {
	x.reading.Cards = append(x.reading.Cards, CardMatch{Finding: finding, digits: []byte(digits)})
	x.reading.Findings[finding].Finding.Status = ententev1.CheckStatus_CHECK_STATUS_PASSED
	x.entryOf[finding].CheckStatus = ententev1.CheckStatus_CHECK_STATUS_PASSED
}
