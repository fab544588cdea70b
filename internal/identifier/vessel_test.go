package identifier

import "testing"

func TestIMOVectors(t *testing.T) {
	checkSound(t, typeIMO, []sound{
		{raw: "9074729", status: isPassed},
		{raw: "IMO 9074729", want: "9074729", status: isPassed},
		{raw: "imo-9074729", want: "9074729", status: isPassed},
		{raw: "9000003", status: isPassed},
		{raw: "9123453", status: isPassed},
		{raw: "1000007", status: isPassed},
		{raw: "1234567", status: isPassed},
		{raw: "9074728", status: isFailed, codes: []string{"IMO_CHECK_DIGIT"}},
	})
	checkBroken(t, typeIMO, []broken{
		{raw: "907472", reason: "IMO_FORMAT"},
		{raw: "0000000", reason: "IMO_FORMAT"},
		{raw: "ABCDEFG", reason: "IMO_FORMAT"},
		{raw: "90747291", reason: "IMO_FORMAT"},
	})
}

func TestMMSIVectors(t *testing.T) {
	checkSound(t, typeMMSI, []sound{
		{raw: "232003239", status: isPassed, told: "GB"},
		{raw: "002320001", status: isPassed, told: "GB"},
		{raw: "023200001", status: isPassed, told: "GB"},
		{raw: "111232511", status: isPassed, told: "GB"},
		{raw: "970123456", status: isPassed},
		{raw: "972123456", status: isPassed},
		{raw: "974123456", status: isPassed},
		{raw: "979123456", status: isPassed},
		{raw: "982320001", status: isPassed, told: "GB"},
		{raw: "992320001", status: isPassed, told: "GB"},
		{raw: "823200001", status: isPassed, told: "GB"},
		{raw: "672123456", status: isPassed, told: "TN"},
		{raw: "306123456", status: isPassed},
		{raw: "281123456", status: isFailed, codes: []string{"MMSI_COUNTRY"}},
		{raw: "792123456", status: isFailed, codes: []string{"MMSI_COUNTRY"}},
	})
	checkBroken(t, typeMMSI, []broken{
		{raw: "123456789", reason: "MMSI_FORM"},
		{raw: "932003239", reason: "MMSI_FORM"},
		{raw: "000232001", reason: "MMSI_FORM"},
		{raw: "811123456", reason: "MMSI_FORM"},
		{raw: "989123456", reason: "MMSI_FORM"},
		{raw: "111123456", reason: "MMSI_FORM"},
		{raw: "23200323", reason: "MMSI_LENGTH"},
		{raw: "23200323A", reason: "MMSI_LENGTH"},
	})
	f, err := Understand(identify(typeMMSI, "306123456", "", "", 0))
	if err != nil || f.Region != "" {
		t.Errorf("306 names three territories, yet region %q, %v", f.Region, err)
	}
}

func TestCINVectors(t *testing.T) {
	checkSound(t, typeCIN, []sound{
		{raw: "GB-ABC00042A399", want: "GBABC00042A399", status: isPassed, told: "GB"},
		{raw: "FR-BNA12345C424", want: "FRBNA12345C424", status: isPassed, told: "FR"},
		{raw: "CN-ABC12345A525", want: "CNABC12345A525", status: isPassed, told: "CN"},
		{raw: "ABC12345D404", status: isPassed, told: "US", keys: []string{"USABC12345D404"}},
		{raw: "US-ABC12345D404", want: "USABC12345D404", status: isPassed, told: "US", keys: []string{"ABC12345D404"}},
		{raw: "ABC123450776", status: isPassed, told: "US"},
		{raw: "ABC12345M76E", status: isPassed, told: "US"},
		{raw: "UK-ABC00042A399", want: "UKABC00042A399", status: isFailed, codes: []string{"CIN_COUNTRY"}},
		{raw: "ZZ-ABC00042A399", want: "ZZABC00042A399", status: isFailed, codes: []string{"CIN_COUNTRY"}},
		{raw: "GB-ABC00042M399", want: "GBABC00042M399", status: isFailed, codes: []string{"CIN_DATE"}},
		{raw: "GB-ABC000420776", want: "GBABC000420776", status: isFailed, codes: []string{"CIN_DATE"}},
		{raw: "ABC123451376", status: isFailed, codes: []string{"CIN_DATE"}},
		{raw: "ABC12345M76M", status: isFailed, codes: []string{"CIN_DATE"}},
		{raw: "ABC1234OD404", status: isFailed, codes: []string{"CIN_LOOKALIKE_LETTER"}},
		{raw: "UK-ABCIO042Z399", want: "UKABCIO042Z399", status: isFailed, codes: []string{"CIN_COUNTRY", "CIN_LOOKALIKE_LETTER", "CIN_DATE"}},
	})
	checkBroken(t, typeCIN, []broken{
		{raw: "GB-ABC0042A399", reason: "CIN_LENGTH"},
		{raw: "GB-ABC00042A3991", reason: "CIN_LENGTH"},
		{raw: "GB-ABC00042A39*", reason: "CIN_CHARSET"},
	})
}

func TestCallSign(t *testing.T) {
	checkSound(t, typeCallSign, []sound{
		{raw: "mabc7", want: "MABC7", status: isUnchecked},
		{raw: "G-ABCD", want: "GABCD", status: isUnchecked},
	})
	checkBroken(t, typeCallSign, []broken{
		{raw: "M", reason: "CALL_SIGN_FORMAT"},
		{raw: "MABC7*", reason: "CALL_SIGN_FORMAT"},
		{raw: "ABCDEFGHIJK", reason: "CALL_SIGN_FORMAT"},
	})
}
