package identifier

import (
	"errors"
	"strings"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// The table has a rule for every type that the wire knows, under the wire's own
// name.
func TestEveryTypeHasARule(t *testing.T) {
	for number, name := range ententev1.IdentifierType_name {
		of := ententev1.IdentifierType(number)
		r, ok := ruleOf(of)
		if of == ententev1.IdentifierType_IDENTIFIER_TYPE_UNSPECIFIED {
			if ok {
				t.Error("UNSPECIFIED has a rule")
			}
			continue
		}
		if !ok || "IDENTIFIER_TYPE_"+r.name != name || Namespace(of) != r.name {
			t.Errorf("%s has rule %q", name, r.name)
		}
	}
}

func TestUnderstandRefusesUnknownTypes(t *testing.T) {
	for _, of := range []ententev1.IdentifierType{0, -1, 28, 50, 98, 100, 1 << 30} {
		_, err := Understand(identify(of, "x", "", "", 0))
		checkReason(t, "x", err, "IDENTIFIER_TYPE")
	}
	_, err := Understand(nil)
	checkReason(t, "nil", err, "IDENTIFIER_TYPE")
}

// What no type can be: empty, too long, unreadable, of no country.
func TestUnderstandRefusesForEveryType(t *testing.T) {
	for number := range ententev1.IdentifierType_name {
		if number == 0 {
			continue
		}
		checkBroken(t, ententev1.IdentifierType(number), []broken{
			{raw: "", region: "FR", platform: "x", reason: "VALUE_EMPTY"},
			{raw: " \t\u00a0", region: "FR", platform: "x", reason: "VALUE_EMPTY"},
			{raw: strings.Repeat("1", maxLength+1), region: "FR", platform: "x", reason: "VALUE_LENGTH"},
			{raw: "a\x00b", region: "FR", platform: "x", reason: "VALUE_CHARSET"},
			{raw: "a\x7fb", region: "FR", platform: "x", reason: "VALUE_CHARSET"},
			{raw: "a\u0085b", region: "FR", platform: "x", reason: "VALUE_CHARSET"},
			{raw: "a\xffb", region: "FR", platform: "x", reason: "VALUE_CHARSET"},
			{raw: "abc", region: "ZZ", platform: "x", reason: "REGION_CODE"},
			{raw: "abc", region: "FR", platform: "a b", reason: "PLATFORM"},
		})
	}
}

// Normalising may make a value longer, but not without bound.
func TestUnderstandBoundsTheResult(t *testing.T) {
	_, err := Understand(identify(typeURI, "https://a.example/"+strings.Repeat("\u0416", 1500), "", "", 0))
	checkReason(t, "uri", err, "VALUE_LENGTH")
}

// The region that was stated stands in where the value tells none.
func TestUnderstandRegion(t *testing.T) {
	checkSound(t, typeOther, []sound{{raw: "x", region: "FR", told: "FR", status: isUnchecked}})
	checkSound(t, typeIBAN, []sound{{raw: "GB82WEST12345698765432", region: "FR", told: "GB", status: isPassed}})
}

func TestUnderstandLeavesTheIdentifierAlone(t *testing.T) {
	id := identify(typeIBAN, "gb82 west", "GB", "", 0)
	_, err := Understand(id)
	if err == nil || id.RawValue != "gb82 west" || id.RegionCode != "GB" {
		t.Errorf("%v, %v", id, err)
	}
}

func TestMalformedReadsAsOneLine(t *testing.T) {
	_, err := Understand(identify(typeIBAN, "secretvalue", "", "", 0))
	var m *Malformed
	if !errors.As(err, &m) || err.Error() != m.Reason+": "+m.Advice || strings.Contains(strings.ToLower(err.Error()), "secret") {
		t.Errorf("%v", err)
	}
}
