package identifier

// readLEI reads an ISO 17442 legal entity identifier: eighteen letters and
// digits and two check digits.
func readLEI(c claim) (Finding, error) {
	lei := compact(c.raw)
	switch {
	case len(lei) != 20:
		return Finding{}, malformed("LEI_LENGTH", "A legal entity identifier has 20 letters and digits.")
	case !all(lei, isAlnum) || !all(lei[18:], isDigit):
		return Finding{}, malformed("LEI_CHARSET", "A legal entity identifier is letters and digits only and ends in two digits.")
	}
	f := passed(lei)
	if !twinDigits(lei[18:]) || mod97(lei, 0) != 1 {
		f.fail("LEI_CHECKSUM")
	}
	return f, nil
}
