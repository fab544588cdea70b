package identifier

import (
	"errors"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// readPhone brings a telephone number into E.164. Without a leading + it needs
// a region to be dialled from. An extension stays out of the number and comes
// back in a key. A number that no operator can have assigned, such as those
// kept for films, is flagged.
func readPhone(c claim) (Finding, error) {
	raw := strings.TrimSpace(visible(c.raw))
	if f, ok := validPhone(raw); ok {
		return f, nil
	}
	return readAnyPhone(raw, c.region)
}

// validPhone reads a number that is written plainly and valid.
func validPhone(raw string) (Finding, bool) {
	plan, national, plain := plainPhone(raw)
	if !plain && len(raw) <= phonenumbers.MAX_INPUT_STRING_LENGTH { // beyond it the general way reads nothing
		raw = undivided(raw)
		plan, national, plain = plainPhone(raw)
	}
	if !plain {
		return Finding{}, false
	}
	region, valid := plan.region(national)
	if !valid {
		return Finding{}, false
	}
	f := passed(raw)
	if isRegion(region) {
		f.Region = region
	}
	return f, true
}

// readAnyPhone is readPhone of whatever people write.
func readAnyPhone(raw, from string) (Finding, error) {
	number, err := parsePhone(raw, from)
	if err != nil {
		return Finding{}, err
	}
	extension := number.GetExtension()
	e164 := phonenumbers.Format(number, phonenumbers.E164)
	f := passed(e164)
	region := phonenumbers.GetRegionCodeForNumber(number)
	f.Region = phoneRegion(number, region)
	if extension != "" {
		f.Keys = []string{e164 + ";ext=" + extension}
	}
	if !phonenumbers.IsValidNumberForRegion(number, region) {
		f.fail("PHONE_NOT_VALID")
	}
	return f, nil
}

// maxReadings is how often a number is read at most: of twenty digits each reading takes one away.
const maxReadings = 20

// parsePhone parses until the number stands still: reading an international
// number may strip a national prefix that was dialled in vain, and what is left
// may begin with one again.
func parsePhone(raw, region string) (*phonenumbers.PhoneNumber, error) {
	number, err := phonenumbers.Parse(raw, region)
	if err != nil {
		return nil, phoneError(raw, region, err)
	}
	extension := number.GetExtension()
	for range maxReadings {
		e164 := phonenumbers.Format(number, phonenumbers.E164)
		if undivided(raw) == e164 {
			break // it has just been read
		}
		again, err := phonenumbers.Parse(e164, "")
		if err != nil {
			return nil, phoneError(raw, region, err)
		}
		if phonenumbers.Format(again, phonenumbers.E164) == e164 {
			break
		}
		number = again
	}
	if !phonenumbers.IsPossibleNumber(number) {
		return nil, malformed("PHONE_NOT_POSSIBLE", "The number is too short or too long for its country; check the digits.")
	}
	if extension != "" {
		number.Extension = &extension
	}
	return number, nil
}

// undivided is a number without what people put between its digits.
func undivided(raw string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.()/", r) {
			return -1
		}
		return r
	}, raw)
}

func phoneError(raw, region string, err error) error {
	if !errors.Is(err, phonenumbers.ErrInvalidCountryCode) {
		return malformed("PHONE_PARSE", "This cannot be read as a telephone number; write it with + and the country code.")
	}
	if region == "" && !strings.HasPrefix(strings.TrimSpace(raw), "+") {
		return malformed("PHONE_REGION_REQUIRED",
			"Write the number with + and the country code, or state in region_code from where it is dialled.")
	}
	return malformed("PHONE_COUNTRY_CODE", "No country has this dialling code; check the digits behind the +.")
}

// phoneRegion is the country that a number tells: exact where the numbering
// plan says so (numbers of Guernsey look British), the code's main country for
// a number in no plan, none for satellite and other worldwide numbers.
func phoneRegion(number *phonenumbers.PhoneNumber, region string) string {
	if region == "" {
		region = phonenumbers.GetRegionCodeForCountryCode(int(number.GetCountryCode()))
	}
	if !isRegion(region) {
		return ""
	}
	return region
}
