package identifier

import "strings"

// Region accepts the officially assigned ISO 3166-1 alpha-2 codes, in upper
// case, and XK for Kosovo. It refuses what only looks like one: UK, ZZ, EU, and
// codes that the standard has withdrawn. The error is a *Malformed.
func Region(code string) error {
	if !isRegion(code) {
		return malformed("REGION_CODE",
			"Use a two-letter country code of ISO 3166-1 in upper case; the United Kingdom is GB, Kosovo XK.")
	}
	return nil
}

func isRegion(code string) bool {
	_, ok := countries().find(code)
	return ok
}

// NationalityOption widens what Nationality accepts.
type NationalityOption uint8

// AllowSpecimen accepts UTO, the Utopia of ICAO's printed specimens. Only
// tests may want it: no hub knows a citizen of Utopia.
const AllowSpecimen NationalityOption = 1

// Nationality brings a nationality, as travel documents carry it, into its
// three-letter form: fillers are stripped and D becomes DEU. It accepts ISO
// 3166-1 alpha-3 and the further codes of ICAO Doc 9303 part 3: stateless
// persons, refugees, British nationalities, international bodies. The error is
// a *Malformed.
func Nationality(code string, options ...NationalityOption) (string, error) {
	code = strings.TrimRight(code, "<")
	switch code {
	case "D":
		return "DEU", nil
	case "XKX", "XKK": // Kosovo elsewhere than in its own passports
		return "RKS", nil
	case "UTO":
		for _, o := range options {
			if o == AllowSpecimen {
				return code, nil
			}
		}
	}
	if _, ok := countries().findValue(code); ok || isDocumentIssuer(code) {
		return code, nil
	}
	return "", malformed("NATIONALITY",
		"Use the three-letter code of the travel document, as in IRQ; XXA is stateless, XXB and XXC are refugees, XXX is unknown.")
}

// isDocumentIssuer knows the codes of ICAO Doc 9303 part 3 that are no
// country's: persons of a special status and international organisations.
func isDocumentIssuer(code string) bool {
	switch code {
	case "XXA", "XXB", "XXC", "XXX", // stateless, refugees, unspecified
		"GBD", "GBN", "GBO", "GBP", "GBS", // British nationalities other than citizen
		"EUE", "UNO", "UNA", "UNK", "XPO", "XOM": // laissez-passers, Interpol, Order of Malta
		return true
	}
	return false
}

// regionOfIssuer is the alpha-2 code of the state in a machine-readable zone;
// known tells whether the state, or body, exists at all.
func regionOfIssuer(code string) (region string, known bool) {
	code, err := Nationality(code)
	if err != nil {
		return "", false
	}
	if region, ok := countries().findValue(code); ok {
		return region, true
	}
	if strings.HasPrefix(code, "GB") {
		return "GB", true
	}
	return "", true
}
