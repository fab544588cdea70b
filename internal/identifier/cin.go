package identifier

// readCIN reads a craft identification number (EN ISO 10087), 14 letters and
// digits: country, maker, serial number, month and year of building, model
// year. American hull numbers (33 CFR 181.25) lack the country and so have 12.
// There is no check digit; what can be wrong is the country, the letters and
// the date, and each is flagged: a plate made up by a smuggler's supplier often
// fails in one of them.
func readCIN(c claim) (Finding, error) {
	cin := compact(c.raw)
	switch {
	case len(cin) != 14 && len(cin) != 12:
		return Finding{}, malformed("CIN_LENGTH", "A craft identification number has 14 letters and digits, an American one 12.")
	case !all(cin, isAlnum):
		return Finding{}, malformed("CIN_CHARSET", "A craft identification number is letters and digits only.")
	}
	f := passed(cin)
	hull := cin[len(cin)-12:]
	if len(cin) == 14 {
		f.checkCINCountry(cin[:2])
	} else {
		f.Region = "US"
	}
	if f.Region == "US" {
		f.Keys = []string{twinHull(cin)}
	}
	f.checkHull(hull)
	return f, nil
}

// twinHull is the other way to write an American hull number: with the country
// in front, or without it.
func twinHull(cin string) string {
	if len(cin) == 12 {
		return "US" + cin
	}
	return cin[2:]
}

func (f *Finding) checkCINCountry(code string) {
	if isRegion(code) {
		f.Region = code
	} else {
		f.fail("CIN_COUNTRY")
	}
}

// checkHull checks the twelve places that all hull numbers share: three of the
// maker, five of the serial number, four of the date. The serial number leaves
// out the letters I, O and Q.
func (f *Finding) checkHull(hull string) {
	for i := 3; i < 8; i++ {
		if b := hull[i]; b == 'I' || b == 'O' || b == 'Q' {
			f.fail("CIN_LOOKALIKE_LETTER")
			break
		}
	}
	if !isHullDate(hull[8:], f.Region == "US") {
		f.fail("CIN_DATE")
	}
}

// isHullDate accepts month letter A (January) to L, last digit of the year and
// the model year's two; for American hulls also the two forms in use before
// 1984: month and year in digits, or M, the model year's two digits and a month
// letter.
func isHullDate(date string, american bool) bool {
	month := date[0] >= 'A' && date[0] <= 'L'
	if month && all(date[1:], isDigit) {
		return true
	}
	if !american {
		return false
	}
	if n, ok := leadingNumber(date, 4); ok {
		return n >= 100 && n < 1300
	}
	return date[0] == 'M' && all(date[1:3], isDigit) && date[3] >= 'A' && date[3] <= 'L'
}
