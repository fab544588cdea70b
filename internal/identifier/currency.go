package identifier

import "github.com/bojanz/currency"

// Tender is what is known of a currency.
type Tender struct {
	// Digits is how many decimals its amounts have.
	Digits int
	// Withdrawn says that ISO 4217 has withdrawn the code: fine on an amount of
	// its day, worth a second look on one of today.
	Withdrawn bool
}

// Currency accepts ISO 4217 codes in upper case: those in force and those
// withdrawn. It refuses codes that stand for no money, such as XXX and XTS, and
// crypto-assets, which are quantities and not currencies. The error is a
// *Malformed.
func Currency(code string) (Tender, error) {
	if digits, ok := currency.GetDigits(code); ok {
		return Tender{Digits: int(digits)}, nil
	}
	if digits, ok := formerCurrencies().find(code); ok {
		return Tender{Digits: int(digits[0] - '0'), Withdrawn: true}, nil
	}
	return Tender{}, malformed("CURRENCY_CODE",
		"Use a three-letter currency code of ISO 4217 in upper case; give crypto-assets as a quantity.")
}

// Money checks an amount as google.type.Money has it: whole units, and nanos
// (billionths) of the same sign and below one unit. The error is a *Malformed.
func Money(units int64, nanos int32, code string) error {
	const billion = 1_000_000_000
	if _, err := Currency(code); err != nil {
		return err
	}
	switch {
	case nanos <= -billion || nanos >= billion:
		return malformed("MONEY_NANOS", "Nanos must lie between -999999999 and 999999999; carry the rest into units.")
	case units > 0 && nanos < 0, units < 0 && nanos > 0:
		return malformed("MONEY_SIGN", "Give units and nanos the same sign; minus 1.75 is units -1, nanos -750000000.")
	}
	return nil
}
