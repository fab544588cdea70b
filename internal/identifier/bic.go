package identifier

// readBIC reads an ISO 9362 code of a bank: four letters or digits, country,
// two of location, and three of a branch where one is meant.
func readBIC(c claim) (Finding, error) {
	bic := compact(c.raw)
	switch {
	case len(bic) != 8 && len(bic) != 11:
		return Finding{}, malformed("BIC_LENGTH", "A BIC has 8 letters and digits, or 11 with the branch.")
	case !all(bic, isAlnum) || !all(bic[4:6], isUpper):
		return Finding{}, malformed("BIC_CHARSET", "A BIC is letters and digits only, with the country's letters in fifth and sixth place.")
	}
	f := passed(bic)
	if isRegion(bic[4:6]) {
		f.Region = bic[4:6]
	} else {
		f.fail("BIC_COUNTRY")
	}
	if len(bic) == 11 && bic[8:] == "XXX" { // the head office, written out
		f.Keys = []string{bic[:8]}
	}
	return f, nil
}
