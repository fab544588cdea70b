package identifier

import "testing"

func TestIMEIVectors(t *testing.T) {
	checkSound(t, typeIMEI, []sound{
		{raw: "490154203237518", status: isPassed, keys: []string{"49015420323751"}},
		{raw: "356938035643809", status: isPassed},
		{raw: "352099001761481", status: isPassed},
		{raw: "860000000000009", status: isPassed},
		{raw: "49-015420-323751-8", want: "490154203237518", status: isPassed},
		{raw: "490154203237517", status: isFailed, codes: []string{"IMEI_CHECK_DIGIT"}},
		{raw: "49015420323751", status: isUnchecked, keys: []string{"490154203237518"}},
		{raw: "4901542032375180", status: isUnchecked, keys: []string{"490154203237518", "49015420323751"}},
	})
	checkBroken(t, typeIMEI, []broken{
		{raw: "000000000000000", reason: "IMEI_ONE_DIGIT"},
		{raw: "4901542032375", reason: "IMEI_LENGTH"},
		{raw: "49015420323751801", reason: "IMEI_LENGTH"},
		{raw: "49015420323751A", reason: "IMEI_CHARSET"},
	})
}

// The three writings of one device find each other, whatever the check digit.
func TestIMEIWritingsMatch(t *testing.T) {
	writings := []string{"490154203237518", "490154203237517", "49015420323751", "4901542032375199"}
	for _, a := range writings {
		for _, b := range writings {
			if !matches(t, typeIMEI, a, typeIMEI, b) {
				t.Errorf("%s does not match %s", a, b)
			}
		}
	}
}

func TestIMSI(t *testing.T) {
	checkSound(t, typeIMSI, []sound{
		{raw: "234150999999999", status: isUnchecked},
		{raw: "208 01 1234567890", want: "208011234567890", status: isUnchecked},
	})
	checkBroken(t, typeIMSI, []broken{
		{raw: "2341509999999990", reason: "IMSI_LENGTH"},
		{raw: "23415", reason: "IMSI_LENGTH"},
		{raw: "23415099999999A", reason: "IMSI_CHARSET"},
		{raw: "111111111111111", reason: "IMSI_ONE_DIGIT"},
	})
}
