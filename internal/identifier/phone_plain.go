package identifier

import "strings"

// plainPhone takes a number apart that is written in E.164 already and from which no
// national prefix can be stripped: then the code and the rest are the number, and the
// general parser, which takes three times as long as everything else about a number,
// would say the same. It answers false wherever that is not certain.
func plainPhone(raw string) (plan *phonePlan, national string, plain bool) {
	digits, plus := strings.CutPrefix(raw, "+")
	if !plus || len(digits) < 8 || len(digits) > 15 || digits[0] == '0' || countDigits(digits) != len(digits) {
		return nil, "", false
	}
	code := int32(0)
	for length := 1; length <= 3; length++ { // no calling code begins another one
		code = 10*code + int32(digits[length-1]-'0')
		made, known := phonePlans()[code]
		if !known {
			continue
		}
		if plan, national = made(), digits[length:]; plan == nil || plan.strips(national) {
			return nil, "", false
		}
		return plan, national, true
	}
	return nil, "", false
}
