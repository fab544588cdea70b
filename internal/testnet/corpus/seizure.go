package corpus

import (
	"google.golang.org/genproto/googleapis/type/money"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Seizure is record n as a report of a seizure, with its release: cash, a
// vessel and an account.
func (c *Corpus) Seizure(n int) *ententev1.SeizureReportDraft {
	d := c.draw(n)
	release := d.release()
	t := d.tongue()
	coast := &c.coasts[d.chance.IntN(len(c.coasts))]
	content := &ententev1.SeizureContent{
		Title: d.title(t), Narrative: d.narrative(t), LanguageCode: languages()[t],
		CrimeAreas: d.crimeAreas(), Route: coast.route,
		Subjects: []*ententev1.Subject{d.person(t), d.phone()},
		Places:   []*ententev1.Place{d.place(coast, ententev1.PlaceRole_PLACE_ROLE_INCIDENT)},
		Observed: d.interval(),
		Assets: []*ententev1.Asset{
			{
				AssetId: "cash", Type: ententev1.AssetType_ASSET_TYPE_CASH, Nature: ententev1.PropertyNature_PROPERTY_NATURE_PROCEEDS,
				Valuations: []*ententev1.Valuation{d.value("EUR", ententev1.ValuationBasis_VALUATION_BASIS_FACE)},
			},
			{
				AssetId: "boat", Type: ententev1.AssetType_ASSET_TYPE_VESSEL, Nature: ententev1.PropertyNature_PROPERTY_NATURE_INSTRUMENTALITY,
				Identifiers: []*ententev1.Identifier{Vessel(d.recurring())},
				Valuations:  []*ententev1.Valuation{d.value("EUR", ententev1.ValuationBasis_VALUATION_BASIS_MARKET_ESTIMATE)},
			},
			{
				AssetId: "account", Type: ententev1.AssetType_ASSET_TYPE_FINANCIAL_ACCOUNT, Nature: ententev1.PropertyNature_PROPERTY_NATURE_PROCEEDS,
				Identifiers: []*ententev1.Identifier{IBAN(d.recurring())},
				Valuations:  []*ententev1.Valuation{d.value("USD", ententev1.ValuationBasis_VALUATION_BASIS_FACE)},
			},
		},
	}
	return &ententev1.SeizureReportDraft{Content: &ententev1.SeizureReportDraft_Plain{Plain: content}, Release: release}
}

// value is a sum, small ones more often than large ones.
func (d *draw) value(currency string, basis ententev1.ValuationBasis) *ententev1.Valuation {
	return &ententev1.Valuation{
		Amount: &money.Money{CurrencyCode: currency, Units: int64(100 << d.chance.IntN(14))}, ValuedOn: "2025", Basis: basis,
	}
}
