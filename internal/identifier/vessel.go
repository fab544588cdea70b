package identifier

import "strings"

// readIMO reads an IMO ship identification number (IMO resolution A.1117(30)):
// six digits and the last digit of their sum weighted 7 to 2.
func readIMO(c claim) (Finding, error) {
	imo := strings.TrimPrefix(compact(c.raw), "IMO")
	if len(imo) != 7 || !all(imo, isDigit) || imo[0] == '0' {
		return Finding{}, malformed("IMO_FORMAT", "An IMO ship number has seven digits and does not begin with 0.")
	}
	f := passed(imo)
	sum := 0
	for i := range 6 {
		sum += int(imo[i]-'0') * (7 - i)
	}
	if imo[6] != '0'+byte(sum%10) {
		f.fail("IMO_CHECK_DIGIT")
	}
	return f, nil
}

// readCallSign reads a radio call sign (ITU Radio Regulations, Article 19).
func readCallSign(c claim) (Finding, error) {
	sign := compact(c.raw)
	if len(sign) < 2 || len(sign) > 10 || !all(sign, isAlnum) {
		return Finding{}, malformed("CALL_SIGN_FORMAT", "A call sign has 2 to 10 letters and digits.")
	}
	return unchecked(sign), nil
}
