package identifier

import "testing"

func TestRegion(t *testing.T) {
	for _, code := range []string{"GB", "FR", "IT", "TN", "LY", "TR", "XK", "SS", "CW"} {
		if err := Region(code); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
	for _, code := range []string{"", "UK", "ZZ", "gb", "Gb", "EU", "SU", "AN", "XX", "G", "GBR", "G ", "\u0413\u0411"} {
		checkReason(t, code, Region(code), "REGION_CODE")
	}
}

func TestNationality(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"IRQ", "IRQ"}, {"D", "DEU"}, {"D<<", "DEU"}, {"DEU", "DEU"}, {"XXA", "XXA"}, {"XXB", "XXB"}, {"XXC", "XXC"},
		{"XXX", "XXX"}, {"GBN", "GBN"}, {"UNK", "UNK"}, {"XOM", "XOM"}, {"RKS", "RKS"}, {"XKX", "RKS"}, {"EUE", "EUE"},
	} {
		got, err := Nationality(c.code)
		if err != nil || got != c.want {
			t.Errorf("%s = %q, %v", c.code, got, err)
		}
	}
	for _, code := range []string{"", "<<<", "UTO", "ENG", "GB", "irq", "YUG", "WSA", "DE", "IRQX"} {
		_, err := Nationality(code)
		checkReason(t, code, err, "NATIONALITY")
	}
	if got, err := Nationality("UTO", AllowSpecimen); err != nil || got != "UTO" {
		t.Errorf("UTO = %q, %v", got, err)
	}
	if _, err := Nationality("UTX", AllowSpecimen); err == nil {
		t.Error("the option lets more through than Utopia")
	}
}

func TestRegionOfIssuer(t *testing.T) {
	for _, c := range []struct {
		code, region string
		known        bool
	}{
		{"D<<", "DE", true}, {"GBR", "GB", true}, {"GBD", "GB", true}, {"RKS", "XK", true}, {"UNO", "", true}, {"UTO", "", false}, {"<<<", "", false},
	} {
		region, known := regionOfIssuer(c.code)
		if region != c.region || known != c.known {
			t.Errorf("%s = %q %v", c.code, region, known)
		}
	}
}
