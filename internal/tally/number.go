package tally

import (
	"math/big"
	"strings"

	"google.golang.org/genproto/googleapis/type/money"

	"github.com/seed-1d76a664/entente/internal/identifier"
)

const (
	// moneyScale is the decimals of an amount: google.type.Money has billionths.
	moneyScale = 9
	// rateScale is the decimals of a rate.
	rateScale = 12
)

// billionths adds an amount to a sum.
func billionths(sum, scratch *big.Int, m *money.Money) {
	scratch.SetInt64(m.GetUnits())
	scratch.Mul(scratch, big.NewInt(1_000_000_000))
	sum.Add(sum, scratch)
	sum.Add(sum, scratch.SetInt64(int64(m.GetNanos())))
}

// decimal writes a number of 10^-scale as a decimal, with as many places as its currency has, and more only where they say something.
func decimal(n *big.Int, scale int, currency string) string {
	digits := 2
	if t, err := identifier.Currency(currency); err == nil {
		digits = t.Digits
	}
	text := n.String()
	sign := ""
	if text[0] == '-' {
		sign, text = "-", text[1:]
	}
	if short := scale + 1 - len(text); short > 0 {
		text = strings.Repeat("0", short) + text
	}
	whole, part := text[:len(text)-scale], text[len(text)-scale:]
	for len(part) > digits && part[len(part)-1] == '0' {
		part = part[:len(part)-1]
	}
	if part == "" {
		return sign + whole
	}
	return sign + whole + "." + part
}

// scaled reads a decimal number without a sign as 10^-scale; false when it is none, or has more places.
func scaled(text string, scale int) (*big.Int, bool) {
	whole, part, _ := strings.Cut(text, ".")
	if whole == "" || len(part) > scale || strings.Trim(whole+part, "0123456789") != "" {
		return nil, false
	}
	return new(big.Int).SetString(whole+part+strings.Repeat("0", scale-len(part)), 10)
}
