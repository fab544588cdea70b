package identifier

import "testing"

func TestCurrencyVectors(t *testing.T) {
	for _, c := range []struct {
		code      string
		digits    int
		withdrawn bool
	}{
		{"EUR", 2, false}, {"GBP", 2, false}, {"TRY", 2, false}, {"IQD", 3, false}, {"TND", 3, false}, {"JPY", 0, false},
		{"SLE", 2, false}, {"ZWG", 2, false}, {"XCG", 2, false}, {"VED", 2, false},
		{"BGN", 2, true}, {"HRK", 2, true}, {"DEM", 2, true}, {"ITL", 0, true}, {"ANG", 2, true}, {"TRL", 0, true},
	} {
		got, err := Currency(c.code)
		if err != nil || got.Digits != c.digits || got.Withdrawn != c.withdrawn {
			t.Errorf("%s = %+v, %v", c.code, got, err)
		}
	}
	for _, code := range []string{"XBT", "XXX", "XTS", "BTC", "EU", "eur", "", "EURO"} {
		_, err := Currency(code)
		checkReason(t, code, err, "CURRENCY_CODE")
	}
}

func TestMoneyVectors(t *testing.T) {
	const largest = 999_999_999
	for _, c := range []struct {
		units int64
		nanos int32
	}{{1500, 500_000_000}, {-1, -750_000_000}, {0, largest}, {0, -largest}, {0, 0}, {-5, 0}} {
		if err := Money(c.units, c.nanos, "EUR"); err != nil {
			t.Errorf("%d/%d: %v", c.units, c.nanos, err)
		}
	}
	for _, c := range []struct {
		units  int64
		nanos  int32
		code   string
		reason string
	}{
		{1, -5, "EUR", "MONEY_SIGN"}, {-1, 5, "EUR", "MONEY_SIGN"}, {1, largest + 1, "EUR", "MONEY_NANOS"},
		{-1, -largest - 1, "EUR", "MONEY_NANOS"}, {1, 0, "EU", "CURRENCY_CODE"},
	} {
		checkReason(t, c.reason, Money(c.units, c.nanos, c.code), c.reason)
	}
}
