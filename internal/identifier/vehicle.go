package identifier

// readVIN reads a vehicle identification number (ISO 3779), 17 letters and
// digits without I, O and Q. Only North America (first sign 1 to 5) and China
// (L) require the check digit in ninth place; elsewhere that place is free, and
// a sound number may fail the sum.
func readVIN(c claim) (Finding, error) {
	vin := compact(c.raw)
	switch {
	case len(vin) != 17:
		return Finding{}, malformed("VIN_LENGTH", "A vehicle identification number has 17 letters and digits; send older frame numbers as OTHER.")
	case !all(vin, isVINByte):
		return Finding{}, malformed("VIN_CHARSET", "A vehicle identification number is letters and digits without I, O and Q.")
	}
	if first := vin[0]; first != 'L' && (first < '1' || first > '5') {
		return unchecked(vin), nil
	}
	f := passed(vin)
	if vin[8] != vinCheck(vin) {
		f.fail("VIN_CHECK_DIGIT")
	}
	return f, nil
}

func isVINByte(b byte) bool { return isAlnum(b) && b != 'I' && b != 'O' && b != 'Q' }

// vinCheck is the check digit that the other sixteen signs ask for (49 CFR
// 565.15): their values weighted, modulo 11, X standing for 10.
func vinCheck(vin string) byte {
	const weights = "\x08\x07\x06\x05\x04\x03\x02\x0a\x00\x09\x08\x07\x06\x05\x04\x03\x02"
	sum := 0
	for i := range len(weights) {
		sum += vinValue(vin[i]) * int(weights[i])
	}
	if sum%11 == 10 {
		return 'X'
	}
	return '0' + byte(sum%11)
}

// vinValue counts the letters 1 to 9 three times over: A to I, J to R, and S
// from 2 on.
func vinValue(b byte) int {
	switch {
	case isDigit(b):
		return int(b - '0')
	case b <= 'I':
		return int(b-'A') + 1
	case b <= 'R':
		return int(b-'J') + 1
	default:
		return int(b-'S') + 2
	}
}
