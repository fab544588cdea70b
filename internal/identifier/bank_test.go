package identifier

import (
	"strings"
	"testing"
)

func TestIBANVectors(t *testing.T) {
	checkSound(t, typeIBAN, []sound{
		{raw: "GB82WEST12345698765432", status: isPassed, told: "GB", keys: []string{"ACCOUNT_NUMBER:WEST12345698765432"}},
		{raw: "DE89370400440532013000", status: isPassed, told: "DE"},
		{raw: "FR1420041010050500013M02606", status: isPassed, told: "FR"},
		{raw: "IT60X0542811101000000123456", status: isPassed, told: "IT"},
		{raw: "TR330006100519786457841326", status: isPassed, told: "TR"},
		{raw: "AL47212110090000000235698741", status: isPassed, told: "AL"},
		{raw: "GB82WEST12345698765431", status: isFailed, codes: []string{"IBAN_CHECKSUM"}},
		{raw: "GB00WEST12345698765432", status: isFailed, codes: []string{"IBAN_CHECKSUM"}},
		{raw: "GB99WEST12345698765432", status: isFailed, codes: []string{"IBAN_CHECKSUM"}},
		{raw: "DE8937040044053201300", status: isFailed, codes: []string{"IBAN_LENGTH", "IBAN_CHECKSUM"}},
	})
	checkBroken(t, typeIBAN, []broken{
		{raw: "XX89370400440532013000", reason: "IBAN_COUNTRY"},
		{raw: "UK82WEST12345698765432", reason: "IBAN_COUNTRY"},
		{raw: "GB82WEST123456", reason: "IBAN_LENGTH"},
		{raw: "GB82" + strings.Repeat("1", 31), reason: "IBAN_LENGTH"},
		{raw: "GB82WEST1234569876543*", reason: "IBAN_CHARSET"},
		{raw: "GBX2WEST12345698765432", reason: "IBAN_CHARSET"},
		{raw: "1282WEST12345698765432", reason: "IBAN_CHARSET"},
	})
}

// The published examples of the registry, of the states that smuggling money
// passes through.
func TestIBANOfTransitStates(t *testing.T) {
	for _, iban := range []string{
		"TN59 1000 6035 1835 9847 8831", "LB62 0999 0000 0001 0019 0122 9114", "IQ98 NBIQ 8501 2345 6789 012",
		"EG38 0019 0005 0000 0000 2631 8000 2", "JO94 CBJO 0010 0000 0000 0131 0003 02", "RS35 2600 0560 1001 6113 79",
		"XK05 1212 0123 4567 8906", "MT84 MALT 0110 0001 2345 MTLC AST0 01S", "NO93 8601 1117 947",
		"AE07 0331 2345 6789 0123 456", "PL61 1090 1014 0000 0712 1981 2874", "GR16 0110 1250 0000 0001 2300 695",
	} {
		f, err := Understand(identify(typeIBAN, iban, "", "", 0))
		if err != nil || f.Status != isPassed || f.Codes != nil {
			t.Errorf("%s: %+v, %v", iban, f, err)
		}
	}
}

func TestIBANWriting(t *testing.T) {
	checkSound(t, typeIBAN, []sound{
		{raw: "iban gb82 west 1234 5698 7654 32", want: "GB82WEST12345698765432", status: isPassed},
		{raw: "GB82-WEST-1234-5698-7654-32", want: "GB82WEST12345698765432", status: isPassed},
		{raw: "GB82\u00a0WEST\u00a012345698765432\u200e", want: "GB82WEST12345698765432", status: isPassed},
		{raw: "DE\u0668\u0669370400440532013000", want: "DE89370400440532013000", status: isPassed},
	})
}

// Morocco is outside the registry: the sum decides alone, and a remark says so.
func TestIBANOutsideTheRegistry(t *testing.T) {
	checkSound(t, typeIBAN, []sound{
		{raw: "MA64011519000001205000534921", status: isPassed, codes: []string{"IBAN_COUNTRY_NOT_IN_REGISTRY"}, told: "MA"},
		{raw: "MA65011519000001205000534921", status: isFailed, codes: []string{"IBAN_COUNTRY_NOT_IN_REGISTRY", "IBAN_CHECKSUM"}},
	})
}

// Check digits 00, 01 and 99 can satisfy the sum, but never come out of it.
func TestIBANCheckDigitsOutOfRange(t *testing.T) {
	for n := range 100 {
		check := string([]byte{'0' + byte(n/10), '0' + byte(n%10)})
		iban := "NO" + check + "86011117947"
		f, err := Understand(identify(typeIBAN, iban, "", "", 0))
		if err != nil {
			t.Fatalf("%s: %v", iban, err)
		}
		if (f.Status == isPassed) != (n == 93) {
			t.Errorf("%s: %v", iban, f.Status)
		}
	}
}

func TestBICVectors(t *testing.T) {
	checkSound(t, typeBIC, []sound{
		{raw: "DEUTDEFF", status: isPassed, told: "DE"},
		{raw: "DEUTDEFF500", status: isPassed, told: "DE"},
		{raw: "BARCGB22XXX", status: isPassed, told: "GB", keys: []string{"BARCGB22"}},
		{raw: "TEBKXKPR", status: isPassed, told: "XK"},
		{raw: "deutdeff", want: "DEUTDEFF", status: isPassed},
		{raw: "DEUTXXFF", status: isFailed, codes: []string{"BIC_COUNTRY"}},
		{raw: "DEUTUKFF", status: isFailed, codes: []string{"BIC_COUNTRY"}},
	})
	checkBroken(t, typeBIC, []broken{
		{raw: "DEUTDEF", reason: "BIC_LENGTH"},
		{raw: "DEUTDEFF50", reason: "BIC_LENGTH"},
		{raw: "DEUT1EFF", reason: "BIC_CHARSET"},
		{raw: "DEUTDEF*", reason: "BIC_CHARSET"},
	})
}

func TestLEIVectors(t *testing.T) {
	checkSound(t, typeLEI, []sound{
		{raw: "5493001KJTIIGC8Y1R12", status: isPassed},
		{raw: "529900t8bm49aursdo55", want: "529900T8BM49AURSDO55", status: isPassed},
		{raw: "5493001KJTIIGC8Y1R13", status: isFailed, codes: []string{"LEI_CHECKSUM"}},
	})
	checkBroken(t, typeLEI, []broken{
		{raw: "5493001KJTIIGC8Y1R1", reason: "LEI_LENGTH"},
		{raw: "5493001KJTIIGC8Y1RAB", reason: "LEI_CHARSET"},
		{raw: "5493001KJTIIGC8Y1$12", reason: "LEI_CHARSET"},
	})
}
