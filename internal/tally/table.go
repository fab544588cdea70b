package tally

import (
	"fmt"
	"math/big"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/identifier"
)

// Table is the rates by which sums are added up across currencies.
type Table struct {
	name, date, currency string
	rates                map[string]*big.Int // in 10^-rateScale
}

// NewTable reads a table; nil of none. What is wrong with it comes back as violations, with fields relative to it.
func NewTable(t *ententev1.ConversionTable) (*Table, []fault.Violation) {
	if t == nil {
		return nil, nil
	}
	var wrong []fault.Violation
	refuse := func(field, reason, advice string) {
		wrong = append(wrong, fault.Violation{Field: field, Reason: reason, Description: advice})
	}
	if day, err := identifier.PartialDate(t.GetDate()); err != nil || day.Day == 0 {
		refuse("date", "TABLE_DATE", "Give the day of the rates, as in 2026-11-24.")
	}
	if _, err := identifier.Currency(t.GetCurrencyCode()); err != nil {
		refuse("currencyCode", "CURRENCY_CODE", currencyAdvice)
	}
	table := &Table{name: t.GetName(), date: t.GetDate(), currency: t.GetCurrencyCode(), rates: map[string]*big.Int{}}
	for i, r := range t.GetRates() {
		at := fmt.Sprintf("rates[%d].", i)
		if _, err := identifier.Currency(r.GetCurrencyCode()); err != nil {
			refuse(at+"currencyCode", "CURRENCY_CODE", currencyAdvice)
		}
		rate, ok := scaled(r.GetRate(), rateScale)
		switch {
		case !ok || rate.Sign() == 0:
			refuse(at+"rate", "RATE_FORM", "Give a decimal number above zero, with twelve decimals at most.")
		case r.GetCurrencyCode() == t.GetCurrencyCode():
			refuse(at+"currencyCode", "RATE_OF_ITSELF", "Leave out the rate of the table's own currency: it is one.")
		case table.rates[r.GetCurrencyCode()] != nil:
			refuse(at+"currencyCode", "RATE_TWICE", "Give each currency one rate.")
		}
		table.rates[r.GetCurrencyCode()] = rate
	}
	one, _ := scaled("1", rateScale)
	table.rates[t.GetCurrencyCode()] = one
	return table, wrong
}

const currencyAdvice = "Use a three-letter currency code of ISO 4217 in upper case."

// convert adds up sums of several currencies, basis by basis. sums are in the order in which they are shown.
func (t *Table) convert(sums []*sum) []*ententev1.ConvertedSeizureSum {
	var list []*ententev1.ConvertedSeizureSum
	for _, basis := range bases() {
		c := &ententev1.ConvertedSeizureSum{CurrencyCode: t.currency, Basis: basis, TableName: t.name, TableDate: t.date}
		total, stated := new(big.Int), false
		for _, s := range sums {
			if s.basis != basis {
				continue
			}
			stated = true
			rate := t.rates[s.currency]
			if rate == nil {
				c.UnconvertedCurrencyCodes = append(c.UnconvertedCurrencyCodes, s.currency)
				continue
			}
			c.AssetCount += s.assets
			total.Add(total, new(big.Int).Mul(&s.amount, rate))
		}
		if c.Amount = decimal(total, moneyScale+rateScale, t.currency); stated {
			list = append(list, c)
		}
	}
	return list
}
