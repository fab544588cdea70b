package intel

import (
	"time"

	"google.golang.org/genproto/googleapis/type/money"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
)

func (x *examiner) assets(assets []*ententev1.Asset) {
	taken := make(map[string]bool, len(assets))
	for i, a := range assets {
		at := index("assets", i)
		if taken[a.GetAssetId()] {
			x.refuse(at, "assetId", ReasonAssetTwice, "Give every asset of the report an asset_id of its own.")
		}
		taken[a.GetAssetId()] = true
		x.reading.AssetIDs = append(x.reading.AssetIDs, a.GetAssetId())
		x.asset(at, a)
	}
}

func (x *examiner) asset(at string, a *ententev1.Asset) {
	x.text(at, "assetId", a.GetAssetId())
	x.label(at, "otherLabel", a.GetOtherLabel(), a.GetType() == ententev1.AssetType_ASSET_TYPE_OTHER)
	x.text(at, "description", a.GetDescription())
	x.identifiers(at, a.GetIdentifiers())
	x.holder(at, "holderSubjectId", a.GetHolderSubjectId())
	x.holder(at, "ownerSubjectId", a.GetOwnerSubjectId())
	if a.GetPlace() != nil {
		x.place(within(at, "place"), a.GetPlace())
	}
	for i, v := range a.GetValuations() {
		x.valuation(within(at, index("valuations", i)), v, x.now)
	}
}

// holder checks that a subject, where one is named, is one of the report's.
func (x *examiner) holder(at, field, subjectID string) {
	if _, ok := x.known[subjectID]; subjectID != "" && !ok {
		x.refuse(at, field, ReasonSubjectUnknown, "Name a subject_id of this report.")
	}
}

// valuation checks what an asset is worth. A currency that no longer exists is
// fine on a value of its day, so that day must be there.
func (a *audit) valuation(at string, v *ententev1.Valuation, now time.Time) {
	a.money(at, "amount", v.GetAmount())
	if v.GetValuedOn() != "" {
		a.pastDate(at, "valuedOn", v.GetValuedOn(), now)
		return
	}
	if tender, err := identifier.Currency(v.GetAmount().GetCurrencyCode()); err == nil && tender.Withdrawn {
		a.refuse(at, "valuedOn", ReasonValuedOn, "Give the day of the value: the currency has been withdrawn since.")
	}
}

// pastDate checks a partial date that cannot lie ahead of now.
func (a *audit) pastDate(at, field, text string, now time.Time) {
	date, err := identifier.PartialDate(text)
	if !a.malformed(at, field, err) && laterThan(date.Earliest(), 0, now.Add(clockSkew)) {
		a.refuse(at, field, ReasonFuture, "This day has not come yet; correct it.")
	}
}

// money checks an amount that must be there and not below zero.
func (a *audit) money(at, field string, m *money.Money) {
	if a.malformed(at, field, identifier.Money(m.GetUnits(), m.GetNanos(), m.GetCurrencyCode())) {
		return
	}
	if m.GetUnits() < 0 || m.GetNanos() < 0 {
		a.refuse(at, field, ReasonNegative, "Give an amount of zero or more.")
	}
}
