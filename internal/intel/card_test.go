package intel

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/prototext"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

const (
	pan     = "4111111111111111"
	otherPA = "5555555555554444"
	thePath = "subjects[7].identifiers[1]"
)

func cardOf(path, number string) *ententev1.CardNumber {
	return &ententev1.CardNumber{FieldPath: path, Number: number}
}

func TestCards(t *testing.T) {
	for _, c := range []struct {
		name  string
		cards []*ententev1.CardNumber
		want  []string
	}{
		{"none", nil, nil},
		{"one", []*ententev1.CardNumber{cardOf(thePath, pan)}, nil},
		{"in groups", []*ententev1.CardNumber{cardOf(thePath, "4111 1111 1111 1111")}, nil},
		{"to the value", []*ententev1.CardNumber{cardOf(thePath+".rawValue", pan)}, nil},
		{"to the value, as the schema spells it", []*ententev1.CardNumber{cardOf(thePath+".raw_value", pan)}, nil},
		{"of another card", []*ententev1.CardNumber{cardOf(thePath, otherPA)}, refuses("cardNumbers[0].number", ReasonCardMask)},
		{"failing its check", []*ententev1.CardNumber{cardOf(thePath, "4111111111111112")}, refuses("cardNumbers[0].number", "CARD_LUHN")},
		{"no number", []*ententev1.CardNumber{cardOf(thePath, "41111111111x1111")}, refuses("cardNumbers[0].number", "CARD_CHARSET")},
		{"nowhere", []*ententev1.CardNumber{cardOf("subjects[70].identifiers[1]", pan)}, refuses("cardNumbers[0].fieldPath", ReasonCardPath)},
		{"at an account", []*ententev1.CardNumber{cardOf("subjects[7].identifiers[0]", pan)}, refuses("cardNumbers[0].fieldPath", ReasonCardPath)},
		{"twice", []*ententev1.CardNumber{cardOf(thePath, pan), cardOf(thePath, pan)}, refuses("cardNumbers[1].fieldPath", ReasonCardTwice)},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, violations := ReadItem(goodItem(), c.cards, noon)
			sameRefusals(t, violations, c.want...)
			if c.want != nil || c.cards == nil {
				if r.Cards != nil {
					t.Error("a number is kept")
				}
				return
			}
			if len(r.Cards) != 1 || string(r.Cards[0].Digits()) != pan || r.Findings[r.Cards[0].Finding].Path != thePath {
				t.Fatalf("%d cards", len(r.Cards))
			}
			passed := ententev1.CheckStatus_CHECK_STATUS_PASSED
			if e := r.Assessment.GetEntries()[3]; e.GetFieldPath() != thePath || e.GetCheckStatus() != passed || r.Findings[3].Finding.Status != passed {
				t.Errorf("%v", e)
			}
		})
	}
}

// A full number in the card field of the content is refused once, not again
// for the number beside it.
func TestFullNumberInContent(t *testing.T) {
	c := goodItem()
	c.Subjects[theAccount].Identifiers[1].RawValue = pan
	_, violations := ReadItem(c, []*ententev1.CardNumber{cardOf(thePath, pan)}, noon)
	sameRefusals(t, violations, thePath+".rawValue CARD_FULL_NUMBER")
}

func TestCardsOfAReport(t *testing.T) {
	c := goodReport()
	c.Assets[0].Identifiers = []*ententev1.Identifier{id(cardType, "411111******1111")}
	r, violations := ReadSeizure(c, []*ententev1.CardNumber{cardOf("assets[0].identifiers[0]", pan)}, noon)
	sameRefusals(t, violations)
	if len(r.Cards) != 1 || r.Cards[0].Finding != 0 {
		t.Errorf("%d cards", len(r.Cards))
	}
}

// A number shows in no print of a reading, in no log and in no violation.
func TestCardsDoNotShow(t *testing.T) {
	r, _ := ReadItem(goodItem(), []*ententev1.CardNumber{cardOf(thePath, pan)}, noon)
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("read", "reading", r, "card", r.Cards[0])
	slog.New(slog.NewJSONHandler(&out, nil)).Info("read", "cards", r.Cards)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb, r, r.Cards, &r.Cards[0])
	}
	if err := json.NewEncoder(&out).Encode(r.Cards); err != nil {
		t.Fatal(err)
	}
	_, violations := ReadItem(goodItem(), []*ententev1.CardNumber{cardOf(thePath, otherPA), cardOf("x", pan), cardOf(thePath, pan+"1")}, noon)
	fmt.Fprintf(&out, "%+v", violations)
	out.WriteString(prototext.Format(r.Summary) + prototext.Format(r.Assessment))
	printed := out.String()
	for _, secret := range []string{pan, otherPA, fmt.Sprintf("%x", pan), fmt.Sprint([]byte(pan))[1:20]} {
		if strings.Contains(printed, secret) {
			t.Errorf("the number shows as %q", secret)
		}
	}
	digits := r.Cards[0].Digits()
	r.Cards[0].Wipe()
	if bytes.ContainsAny(digits, "14") {
		t.Error("the number outlives its wiping")
	}
}

// Free text with a card number in it is refused, web addresses apart.
func TestCardsInText(t *testing.T) {
	for text, want := range map[string]bool{
		pan: true, "paid with 4111-1111-1111-1111, she said": true, "card:4111 1111 1111 1111": true, "4111111111111112": false,
		"https://example.com/posts/4111111111111111": false, "see www.example.com/4111111111111111 there": false,
		"https://example.com/a, 4111111111111111": true, "https://example.com\u00a04111111111111111": true, "<https://example.com>4111111111111111": true,
		"https://example.com 4111111111111111": true, "www.4111111111111111": true, "call +442079460958": false, "490154203237518": false, "": false,
	} {
		if got := holdsCard(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
		c := goodItem()
		c.Narrative = text
		_, violations := ReadItem(c, nil, noon)
		if got := len(violations) == 1 && violations[0].Field == "narrative" && violations[0].Reason == ReasonCardInText; got != holdsCard(text) {
			t.Errorf("%q: %v", text, violations)
		}
	}
}

func TestCardsInOtherIdentifiers(t *testing.T) {
	for of, want := range map[ententev1.IdentifierType]bool{otherType: true, accountType: true, imeiType: false} {
		c := goodItem()
		value := pan
		if of == imeiType {
			value = "378282246310005" // a test number of a card, and a sound IMEI
		}
		c.Subjects[thePhone].Identifiers = []*ententev1.Identifier{id(of, value)}
		_, violations := ReadItem(c, nil, noon)
		if got := len(violations) == 1 && violations[0].Reason == ReasonCardInText; got != want {
			t.Errorf("%v: %v", of, violations)
		}
	}
}

func TestUnder(t *testing.T) {
	c := goodItem()
	c.LanguageCode = "zzzz"
	_, violations := ReadItem(c, []*ententev1.CardNumber{cardOf("x", pan)}, noon)
	sameRefusals(t, Under(violations, "draft.plain", "draft"), "draft.plain.languageCode LANGUAGE_CODE", "draft.cardNumbers[0].fieldPath "+ReasonCardPath)
	sameRefusals(t, Under(violations, "content", ""), "content.languageCode LANGUAGE_CODE", "cardNumbers[0].fieldPath "+ReasonCardPath)
	sameRefusals(t, violations, "languageCode LANGUAGE_CODE", "cardNumbers[0].fieldPath "+ReasonCardPath)
	if len(Under(nil, "a", "b")) != 0 {
		t.Error("nothing became something")
	}
}
