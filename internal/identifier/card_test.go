package identifier

import (
	"slices"
	"strings"
	"testing"
)

func TestMaskedCard(t *testing.T) {
	checkSound(t, typeCard, []sound{
		{raw: "411111******1111", status: isUnverifiable},
		{raw: "4111 11** **** 1111", want: "411111******1111", status: isUnverifiable},
		{raw: "378282xxxxx0005", want: "378282******0005", status: isUnverifiable},
		{raw: "411111\u2022\u2022\u2022\u2022\u2022\u20221111", want: "411111******1111", status: isUnverifiable},
	})
	checkBroken(t, typeCard, []broken{
		{raw: "4111111111111111", reason: "CARD_FULL_NUMBER"},
		{raw: "4111 1111 1111 1112", reason: "CARD_FULL_NUMBER"},
		{raw: "4111111111*11111", reason: "CARD_FULL_NUMBER"},
		{raw: "676100000000", reason: "CARD_FULL_NUMBER"},
		{raw: "\u0664\u0661\u0661\u0661111111111111", reason: "CARD_FULL_NUMBER"},
		{raw: "41111111****1111", reason: "CARD_MASK"},
		{raw: "4111111111", reason: "CARD_MASK"},
		{raw: "411111******111", reason: "CARD_MASK"},
		{raw: "411111***-1-***1111", reason: "CARD_MASK"},
		{raw: "411111" + strings.Repeat("*", 20) + "1111", reason: "CARD_MASK"},
		{raw: "card", reason: "CARD_MASK"},
	})
}

func TestCardVectors(t *testing.T) {
	for _, number := range []string{"4111111111111111", "5555555555554444", "378282246310005", "3782 822463 10005", "4111-1111-1111-1111"} {
		bin, last, digits, err := Card(number)
		bare := strings.NewReplacer(" ", "", "-", "").Replace(number)
		if err != nil || digits != bare || bin != bare[:6] || last != bare[len(bare)-4:] {
			t.Errorf("%s = %q %q %q, %v", number, bin, last, digits, err)
		}
		f, err := Understand(identify(typeCard, CardMask(bin, last), "", "", 0))
		if err != nil || f.Normalized != CardMask(bin, last) {
			t.Errorf("mask of %s: %+v, %v", number, f, err)
		}
	}
	for _, c := range []struct{ number, reason string }{
		{"4111111111111112", "CARD_LUHN"},
		{"0000000000000000", "CARD_LUHN"},
		{"41111111111", "CARD_LENGTH"},
		{"41111111111111111111", "CARD_LENGTH"},
		{"411111******1111", "CARD_CHARSET"},
		{"", "CARD_CHARSET"},
		{"4111\x001111", "CARD_CHARSET"},
		{strings.Repeat("4", maxLength+1), "CARD_CHARSET"},
	} {
		bin, last, digits, err := Card(c.number)
		checkReason(t, c.number, err, c.reason)
		if bin+last+digits != "" {
			t.Errorf("%s: refused, yet %q %q %q", c.number, bin, last, digits)
		}
	}
}

func TestScanCards(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"paid with 4111111111111111 in Calais", []string{"4111111111111111"}},
		{"4111 1111 1111 1111, then 3782 822463 10005.", []string{"4111 1111 1111 1111", "3782 822463 10005"}},
		{"card:5555-5555-5555-4444;", []string{"5555-5555-5555-4444"}},
		{"4111\u00a01111\u00a01111\u00a01111", []string{"4111\u00a01111\u00a01111\u00a01111"}},
		{"tel 0612345678 4111111111111111", []string{"4111111111111111"}},
		{"2223003122003222 and 6011111111111117", []string{"2223003122003222", "6011111111111117"}},
		{"30569309025904", []string{"30569309025904"}},
		{"3530111333300000", []string{"3530111333300000"}},
		{"6759649826438453", []string{"6759649826438453"}},
		{"4111111111111112", nil},   // check digit
		{"490154203237518", nil},    // an IMEI: passes Luhn, no brand of 15 digits
		{"411111******1111", nil},   // masked
		{"141111111111111111", nil}, // inside a longer number
		{"41111111111111111", nil},  // 17 digits
		{"4111 1111 1111", nil},     // too short
		{"4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", nil},
		{"0000 0000 0000 0000", nil},
		{"+44 20 7946 0958, +33 6 39 98 12 34", nil},
		{"", nil},
		{"4", nil},
		{strings.Repeat("4111", 100), nil},
	} {
		var got []string
		for _, s := range ScanCards(c.text) {
			got = append(got, c.text[s.Start:s.End])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// A masked content identifier never reads as a full number to the scanner.
func TestScanCardsIgnoresMasks(t *testing.T) {
	if found := ScanCards("cards " + CardMask("411111", "1111") + " and " + CardMask("555555", "4444")); found != nil {
		t.Errorf("found %v", found)
	}
}
