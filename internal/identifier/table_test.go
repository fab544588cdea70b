package identifier

import (
	"slices"
	"testing"

	"github.com/bojanz/currency"
	"golang.org/x/text/language"
)

func tables() map[string]table {
	return map[string]table{
		"countries":        countries(),
		"shipPrefixes":     shipPrefixes(),
		"ibanLengths":      ibanLengths(),
		"formerCurrencies": formerCurrencies(),
	}
}

// The cells are found by halving, so they must be sorted, single, and each of
// the same width.
func TestTablesAreSorted(t *testing.T) {
	for name, table := range tables() {
		if (len(table.text)+1)%table.width() != 0 {
			t.Errorf("%s: %d bytes are no whole number of cells", name, len(table.text))
		}
		last := ""
		for i := range table.len() {
			key, value := table.cell(i)
			if key <= last {
				t.Errorf("%s: %s stands behind %s", name, key, last)
			}
			last = key
			if got, ok := table.find(key); !ok || got != value {
				t.Errorf("%s: %s is not found", name, key)
			}
			if back, ok := table.findValue(value); !ok {
				t.Errorf("%s: value of %s is not found, but %s", name, key, back)
			}
		}
	}
}

func TestTableFindsNothingElse(t *testing.T) {
	for name, table := range tables() {
		for _, key := range []string{"", "A", "??", "???", "zz", "zzz", "AB CD"} {
			if value, ok := table.find(key); ok {
				t.Errorf("%s: %q = %q", name, key, value)
			}
		}
	}
}

// The sizes tell at once when a line is lost.
func TestTableSizes(t *testing.T) {
	for name, want := range map[string]int{"countries": 250, "shipPrefixes": 292, "ibanLengths": 89, "formerCurrencies": 96} {
		if got := tables()[name].len(); got != want {
			t.Errorf("%s has %d cells, want %d", name, got, want)
		}
	}
}

// CLDR, by way of x/text, agrees with the country table but for Kosovo.
func TestCountriesAgreeWithCLDR(t *testing.T) {
	table := countries()
	for i := range table.len() {
		two, three := table.cell(i)
		region, err := language.ParseRegion(two)
		if err != nil || !region.IsCountry() || region.String() != two {
			t.Errorf("%s: %v, %v", two, region, err)
		}
		if got := region.ISO3(); got != three && two != "XK" {
			t.Errorf("%s: %s, CLDR has %s", two, three, got)
		}
	}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			two := string([]rune{a, b})
			region, err := language.ParseRegion(two)
			if err != nil || !region.IsCountry() || region.String() != two || exceptional(two) {
				continue
			}
			if !isRegion(two) {
				t.Errorf("CLDR knows %s, the table does not", two)
			}
		}
	}
}

// exceptional are codes that CLDR counts as countries and ISO only reserves or
// has withdrawn.
func exceptional(two string) bool {
	return slices.Contains([]string{"AC", "AN", "CP", "CQ", "DG", "DY", "EA", "HV", "IC", "NH", "RH", "SU", "TA", "TP", "VD", "YD", "YU", "ZR", "BU",
		"CS", "CT", "DD", "FQ", "FX", "JT", "MI", "NQ", "NT", "PC", "PU", "PZ", "WK", "EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "UK"}, two)
}

func TestShipPrefixesNameCountries(t *testing.T) {
	table := shipPrefixes()
	for i := range table.len() {
		prefix, region := table.cell(i)
		if region != "--" && !isRegion(region) {
			t.Errorf("%s names %s", prefix, region)
		}
		if prefix[0] < '2' || prefix[0] > '7' {
			t.Errorf("%s is outside 2xx to 7xx", prefix)
		}
	}
}

func TestIBANLengthsNameCountries(t *testing.T) {
	table := ibanLengths()
	for i := range table.len() {
		region, length := table.cell(i)
		if !isRegion(region) || length < "15" || length > "34" {
			t.Errorf("%s has %s", region, length)
		}
	}
}

// A currency is either in force or withdrawn.
func TestFormerCurrenciesAreGone(t *testing.T) {
	table := formerCurrencies()
	for i := range table.len() {
		code, digits := table.cell(i)
		if _, ok := currency.GetDigits(code); ok {
			t.Errorf("%s is in force", code)
		}
		if digits < "0" || digits > "3" {
			t.Errorf("%s has %s decimals", code, digits)
		}
	}
}
