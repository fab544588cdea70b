package identifier

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"google.golang.org/protobuf/proto"
)

// samePhone reads a number in both ways, wherever it may be dialled, and wants them to agree.
func samePhone(t *testing.T, raw string) (plain bool) {
	t.Helper()
	found, plain := validPhone(raw)
	if !plain {
		return false
	}
	for _, from := range []string{"", "US", "IT", "BR", "AR", "KZ"} {
		want, err := readAnyPhone(raw, from)
		if err != nil || !reflect.DeepEqual(found, want) {
			t.Errorf("%q from %s: %+v, and in general %+v, %v", raw, from, found, want, err)
		}
	}
	return true
}

// Of every calling code there are numbers, and numbers as long as there can be.
func TestPlainPhonesAreReadAsAllOthers(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	plain := 0
	for code, plan := range phonePlans() {
		if plan() == nil {
			t.Errorf("there is no plan of +%d", code)
			continue
		}
		for region := range phonenumbers.GetSupportedRegions() {
			if phonenumbers.GetCountryCodeForRegion(region) != int(code) {
				continue
			}
			for kind := range phonenumbers.VOICEMAIL + 1 {
				if n := phonenumbers.GetExampleNumberForType(region, kind); n != nil {
					samePhone(t, phonenumbers.Format(n, phonenumbers.E164))
				}
			}
		}
		for range 200 {
			digits := chance.IntN(1e9)
			if samePhone(t, fmt.Sprintf("+%d%0*d", code, 6+chance.IntN(6), digits)) {
				plain++
			}
		}
	}
	if len(phonePlans()) < 150 || plain < 1000 {
		t.Errorf("%d calling codes are plain, and %d numbers were", len(phonePlans()), plain)
	}
}

// byTables is what the general functions say of a number: whose it is, if it is valid there.
func byTables(code int32, national string) (region string, valid bool) {
	value, err := strconv.ParseUint(national, 10, 64)
	if err != nil {
		return "", false
	}
	number := &phonenumbers.PhoneNumber{CountryCode: proto.Int32(code), NationalNumber: proto.Uint64(value)}
	if region = phonenumbers.GetRegionCodeForNumber(number); region == "" || !phonenumbers.IsPossibleNumber(number) || !phonenumbers.IsValidNumberForRegion(number, region) {
		return "", false
	}
	return region, true
}

// The plans say what the tables say: of example numbers of each region and kind, of such with
// other digits, and of any digits.
func TestPhonePlansAndTablesAgree(t *testing.T) {
	chance := rand.New(rand.NewPCG(3, 4))
	valid, not := 0, 0
	compare := func(code int32, national string) {
		region, ok := phonePlans()[code]().region(national)
		want, wanted := byTables(code, national)
		if ok != wanted || ok && region != want {
			t.Errorf("+%d %s: %s %v, by the tables %s %v", code, national, region, ok, want, wanted)
		}
		if ok {
			valid++
		} else {
			not++
		}
	}
	for code := range phonePlans() {
		for _, region := range phonenumbers.GetRegionCodesForCountryCode(int(code)) {
			for kind := range phonenumbers.VOICEMAIL + 1 {
				example := phonenumbers.GetExampleNumberForType(region, kind)
				if example == nil {
					continue
				}
				national := []byte(strconv.FormatUint(example.GetNationalNumber(), 10))
				for range 8 {
					compare(code, string(national))
					national[chance.IntN(len(national))] = byte('1' + chance.IntN(9))
				}
			}
		}
		for range 60 {
			compare(code, strconv.FormatUint(chance.Uint64N(1e14)>>chance.IntN(30)+1, 10))
		}
	}
	if valid < 3000 || not < 3000 {
		t.Errorf("%d numbers were valid and %d not", valid, not)
	}
}

func TestDigitSets(t *testing.T) {
	for _, row := range []struct {
		expression, has, hasNot string
		begins                  bool
	}{
		{`7(?:[1-3]\d{2}|624)`, "7199 7624", "719 71999 7625 7", true},
		{`1?2*3+`, "3 123 1222333 33", "12 1123 4", true},
		{``, "", "1", true},
	} {
		set, ok := newDigitSet(row.expression)
		if !ok {
			t.Errorf("%s has no set", row.expression)
			continue
		}
		for _, number := range strings.Split(row.has, " ") {
			if !set.has(number) || set.begins(number+"0") != row.begins {
				t.Errorf("%s has not %q", row.expression, number)
			}
		}
		for _, number := range strings.Split(row.hasNot, " ") {
			if set.has(number) {
				t.Errorf("%s has %q", row.expression, number)
			}
		}
	}
	for _, expression := range []string{`12$`, `(`, `(?:[1-9]{9}){400}`} {
		if _, ok := newDigitSet(expression); ok {
			t.Errorf("%s has a set", expression)
		}
	}
}

func BenchmarkPhone(b *testing.B) {
	for b.Loop() {
		if _, ok := validPhone("+447911123456"); !ok {
			b.Fatal("the number is not valid")
		}
	}
}

// FuzzPlainPhone looks for a number that the short way reads otherwise.
func FuzzPlainPhone(f *testing.F) {
	for _, raw := range []string{"+33612345678", "+1 (202) 555-0143", "+44 (0)20 7946 0958", "+390612345678", "+5491123456789", "+79161234567", "+88216123456789", "+02015000000"} {
		f.Add(raw)
	}
	f.Add("+33" + strings.Repeat(" ", 3000) + "612345678") // a number, and nobody's way of writing one
	f.Fuzz(func(t *testing.T, raw string) { samePhone(t, strings.TrimSpace(visible(raw))) })
}
