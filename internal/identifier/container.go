package identifier

// readContainer reads an ISO 6346 container number: owner, category (U freight
// container, J equipment, Z trailer, R refrigerated), serial number and check
// digit.
func readContainer(c claim) (Finding, error) {
	number := compact(c.raw)
	if len(number) != 11 || !all(number[:4], isUpper) || !all(number[4:], isDigit) {
		return Finding{}, malformed("CONTAINER_FORMAT", "A container number is four letters and seven digits, the last being the check digit.")
	}
	switch number[3] {
	case 'U', 'J', 'Z', 'R':
	default:
		return Finding{}, malformed("CONTAINER_CATEGORY", "The fourth letter of a container number is U, J, Z or R.")
	}
	f := passed(number)
	if number[10] != containerCheck(number) {
		f.fail("CONTAINER_CHECK_DIGIT")
	}
	return f, nil
}

// containerCheck weights the ten signs by powers of two, modulo 11; a rest of
// 10 is written 0. Letters count from 10 and skip the multiples of 11.
func containerCheck(number string) byte {
	sum := 0
	for i := range 10 {
		value := int(number[i] - '0')
		if i < 4 {
			value = int(number[i]-'A') + 10
			value += (value - 1) / 10 // behind 10, 21 and 32 one number is skipped
		}
		sum += value << i
	}
	return '0' + byte(sum%11%10)
}
