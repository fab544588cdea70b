package identifier

import (
	"strings"
)

// readIBAN reads an ISO 13616 account number. A wrong length for the country
// is flagged and not refused: a digit lost on the way is a lead all the same.
func readIBAN(c claim) (Finding, error) {
	iban := strings.TrimPrefix(compact(c.raw), "IBAN")
	switch {
	case len(iban) < 15 || len(iban) > 34:
		return Finding{}, malformed("IBAN_LENGTH", "An IBAN has 15 to 34 letters and digits; send other numbers as ACCOUNT_NUMBER.")
	case !isIBANShape(iban):
		return Finding{}, malformed("IBAN_CHARSET", "An IBAN is two letters, two digits, then letters and digits only.")
	case !isRegion(iban[:2]):
		return Finding{}, malformed("IBAN_COUNTRY", "An IBAN begins with a two-letter country code; check the first two letters.")
	}
	f := passed(iban)
	f.Region = iban[:2]
	f.Keys = []string{keyAccountNumber + iban[4:]}
	if want, ok := ibanLengths().find(f.Region); !ok {
		f.remark("IBAN_COUNTRY_NOT_IN_REGISTRY")
	} else if got := [2]byte{'0' + byte(len(iban)/10), '0' + byte(len(iban)%10)}; want != string(got[:]) {
		f.fail("IBAN_LENGTH")
	}
	if !twinDigits(iban[2:4]) || mod97(iban[:4], mod97(iban[4:], 0)) != 1 {
		f.fail("IBAN_CHECKSUM")
	}
	return f, nil
}

func isIBANShape(s string) bool {
	return all(s[:2], isUpper) && all(s[2:4], isDigit) && all(s[4:], isAlnum)
}
