package identifier

// luhn tells whether a string of digits satisfies the Luhn formula (ISO/IEC
// 7812-1 annex B), its last digit being the check digit.
func luhn(digits string) bool { return luhnSum(digits, false)%10 == 0 }

// luhnDigit is the check digit that belongs behind a string of digits.
func luhnDigit(body string) byte {
	return '0' + byte((10-luhnSum(body, true)%10)%10)
}

// luhnSum adds the digits from the right, every second one doubled with its
// own digits added; double says whether the rightmost one is.
func luhnSum(digits string, double bool) int {
	sum := 0
	for i := len(digits) - 1; i >= 0; i-- {
		d := int(digits[i] - '0')
		if double {
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
		double = !double
	}
	return sum
}

// mod97 is the remainder of ISO/IEC 7064 MOD 97-10 over upper-case letters
// (A = 10 … Z = 35) and digits.
func mod97(s string, remainder int) int {
	for i := range len(s) {
		if b := s[i]; isDigit(b) {
			remainder = (remainder*10 + int(b-'0')) % 97
		} else {
			remainder = (remainder*100 + int(b-'A') + 10) % 97
		}
	}
	return remainder
}

// twinDigits tells whether two check digits of MOD 97-10 are in the range that
// the computation can yield, 02 to 98.
func twinDigits(s string) bool {
	n := int(s[0]-'0')*10 + int(s[1]-'0')
	return n >= 2 && n <= 98
}

// oneDigit tells whether a value repeats a single digit, which the Luhn
// formula lets through for 0.
func oneDigit(s string) bool {
	for i := range len(s) {
		if s[i] != s[0] {
			return false
		}
	}
	return true
}
