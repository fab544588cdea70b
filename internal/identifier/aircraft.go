package identifier

// readTailNumber reads an aircraft registration (ICAO Annex 7). The hyphen is
// dropped: it is painted, but not sent.
func readTailNumber(c claim) (Finding, error) {
	tail := compact(c.raw)
	if len(tail) < 2 || len(tail) > 8 || !all(tail, isAlnum) {
		return Finding{}, malformed("AIRCRAFT_FORMAT", "An aircraft registration has 2 to 8 letters and digits, as in G-ABCD.")
	}
	return unchecked(tail), nil
}

// readICAO24 reads the 24-bit address of a transponder (ICAO Annex 10, volume
// III), in lower-case hexadecimal. All zeros and all ones are never assigned.
func readICAO24(c claim) (Finding, error) {
	address := lowerASCII(compact(c.raw))
	if len(address) != 6 || !all(address, isHex) {
		return Finding{}, malformed("ICAO24_FORMAT", "An ICAO aircraft address has six hexadecimal digits.")
	}
	f := passed(address)
	if address == "000000" || address == "ffffff" {
		f.fail("ICAO24_NOT_ASSIGNED")
	}
	return f, nil
}

func isHex(b byte) bool { return isDigit(b) || b >= 'a' && b <= 'f' }
