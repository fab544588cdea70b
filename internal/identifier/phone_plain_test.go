package identifier

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// samePhone reads a number in both ways and wants them to agree.
func samePhone(t *testing.T, raw string) (plain bool) {
	t.Helper()
	found, plain := validPhone(raw)
	if !plain {
		return false
	}
	want, err := readAnyPhone(raw, "")
	if err != nil || !reflect.DeepEqual(found, want) {
		t.Errorf("%q: %+v, and in general %+v, %v", raw, found, want, err)
	}
	return true
}

// Of every calling code there are numbers, and numbers as long as there can be.
func TestPlainPhonesAreReadAsAllOthers(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	plain := 0
	for code := range plainPrefixes() {
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
	if len(plainPrefixes()) < 150 || plain < 1000 {
		t.Errorf("%d calling codes are plain, and %d numbers were", len(plainPrefixes()), plain)
	}
}

// FuzzPlainPhone looks for a number that the short way reads otherwise.
func FuzzPlainPhone(f *testing.F) {
	for _, raw := range []string{"+33612345678", "+1 (202) 555-0143", "+44 (0)20 7946 0958", "+390612345678", "+5491123456789", "+79161234567", "+88216123456789", "+02015000000"} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) { samePhone(t, visible(raw)) })
}
