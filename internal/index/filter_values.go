package index

import (
	"fmt"
	"math"
	"slices"

	"google.golang.org/genproto/googleapis/type/money"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// How a span of amounts becomes few terms: each amount posts the band that it
// lies in, of one currency, from 1, 2 or 5 times a power of ten to the next.
// A span asks for all bands that it touches, fifty-eight at most, and what is
// found is compared with the amounts themselves.

// bandOf is the band of an amount in whole units, 0 of less than one.
func bandOf(units int64) uint64 {
	band := uint64(0)
	for units >= 10 {
		units /= 10
		band += 3
	}
	switch {
	case units >= 5:
		return band + 3
	case units >= 2:
		return band + 2
	case units >= 1:
		return band + 1
	default:
		return 0
	}
}

// band is the term's value of a band of a currency.
func (h *Hasher) band(currency string, band uint64) Term {
	return h.Term(FieldValue, currency+"\x00"+string(rune('A'+band)))
}

// values asks for an asset's valuation in any of some bands.
func (c *compiler) values(f *Filter, bands []*ententev1.ValueBand, at string) {
	if !c.of(internalv1.RecordKind_RECORD_KIND_SEIZURE_REPORT, len(bands), at) || len(bands) == 0 {
		return
	}
	clause, sure := never(), never()
	for i, b := range bands {
		most := b.GetAtMost()
		if most == 0 {
			most = math.MaxInt64
		}
		if b.GetAtLeast() < 0 || b.GetAtLeast() > most {
			c.refuse(fmt.Sprintf("%s.values[%d]", at, i), "VALUE_BAND_INVALID", "begins above its end; at_least is not greater than at_most")
			continue
		}
		first, last := bandOf(b.GetAtLeast()), bandOf(most)
		for n := first; n <= last; n++ {
			clause.AnyOf = append(clause.AnyOf, c.h.band(b.GetCurrencyCode(), n))
			if n > first && n < last {
				sure.AnyOf = append(sure.AnyOf, c.h.band(b.GetCurrencyCode(), n))
			}
		}
	}
	c.add(f, len(bands), leaf{clause: clause, rough: true, sure: &sure, holds: func(r *Facts) bool {
		return slices.ContainsFunc(r.Report.GetAssets(), func(a *ententev1.Asset) bool {
			return slices.ContainsFunc(a.GetValuations(), func(v *ententev1.Valuation) bool {
				return slices.ContainsFunc(bands, func(b *ententev1.ValueBand) bool { return inBand(v.GetAmount(), b) })
			})
		})
	}})
}

func inBand(m *money.Money, b *ententev1.ValueBand) bool {
	units, nanos := m.GetUnits(), m.GetNanos()
	if m.GetCurrencyCode() != b.GetCurrencyCode() || units < 0 || nanos < 0 || units < b.GetAtLeast() {
		return false
	}
	return b.GetAtMost() == 0 || units < b.GetAtMost() || units == b.GetAtMost() && nanos == 0
}

// bands posts the bands of valuations. An amount below nothing has none.
func (p *poster) bands(assets []*ententev1.Asset) {
	for _, a := range assets {
		for _, v := range a.GetValuations() {
			if m := v.GetAmount(); m.GetUnits() >= 0 && m.GetNanos() >= 0 {
				p.terms = append(p.terms, p.h.band(m.GetCurrencyCode(), bandOf(m.GetUnits())))
			}
		}
	}
}
