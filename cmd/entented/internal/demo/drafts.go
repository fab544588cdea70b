package demo

import (
	"time"

	"google.golang.org/genproto/googleapis/type/latlng"
	"google.golang.org/genproto/googleapis/type/money"
	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// supplierPhone is what the play revolves around. The number is of a range that is
// kept for films.
const (
	supplierPhone     = "+44 7700 900123"
	supplierPhoneE164 = "+447700900123"
)

// released is a release to agencies of the cast; to nobody named, to all partners.
func released(ids ...string) *ententev1.Release {
	audience := &ententev1.Audience{AllPartners: len(ids) == 0}
	for _, id := range ids {
		audience.Agencies = append(audience.Agencies, agency{id: id}.resource())
	}
	return &ententev1.Release{
		Audience: audience,
		Markings: &ententev1.Markings{
			TrafficLight:   ententev1.TrafficLight_TRAFFIC_LIGHT_AMBER,
			Classification: ententev1.ClassificationCeiling_CLASSIFICATION_CEILING_NOT_CLASSIFIED,
		},
	}
}

func plain(c *ententev1.IntelligenceContent) *ententev1.IntelligenceItemDraft_Plain {
	return &ententev1.IntelligenceItemDraft_Plain{Plain: c}
}

// phone is an identifier as an officer types it.
func phone(raw string) *ententev1.Identifier {
	return &ententev1.Identifier{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: raw}
}

func evaluation() *ententev1.Evaluation {
	return &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Europol{Europol: &ententev1.EuropolEvaluation{
		Source:      ententev1.EuropolSourceEvaluation_EUROPOL_SOURCE_EVALUATION_B,
		Information: ententev1.EuropolInformationEvaluation_EUROPOL_INFORMATION_EVALUATION_2,
	}}}
}

// boats is the content of Italy's item.
func boats(title string) *ententev1.IntelligenceContent {
	seen := time.Date(2026, 3, 14, 6, 0, 0, 0, time.UTC)
	return &ententev1.IntelligenceContent{
		Title:           title,
		Narrative:       "Forty inflatable boats and as many outboard engines were paid for in cash and taken to a warehouse near the coast.",
		LanguageCode:    "en",
		Urgency:         ententev1.Urgency_URGENCY_URGENT_INDIRECT_ACCESS,
		RequestedAction: ententev1.RequestedAction_REQUESTED_ACTION_CHECK_HOLDINGS,
		Evaluation:      evaluation(),
		CrimeAreas:      []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING},
		Route:           ententev1.SmugglingRoute_SMUGGLING_ROUTE_ENGLISH_CHANNEL,
		CrossingMethods: []ententev1.CrossingMethod{ententev1.CrossingMethod_CROSSING_METHOD_SMALL_BOAT},
		Subjects: []*ententev1.Subject{
			{SubjectId: "s1", Identifiers: []*ententev1.Identifier{phone(supplierPhone)}, Kind: &ententev1.Subject_Phone{Phone: &ententev1.Phone{Usage: "orders"}}},
			{SubjectId: "s2", Kind: &ententev1.Subject_Equipment{Equipment: &ententev1.Equipment{Type: ententev1.SupplyItemType_SUPPLY_ITEM_TYPE_INFLATABLE_BOAT, Quantity: 40}}},
		},
		Places: []*ententev1.Place{{
			Description: "warehouse", Point: &latlng.LatLng{Latitude: 50.95, Longitude: 1.86}, PrecisionMeters: 5000,
			RegionCode: "FR", Role: ententev1.PlaceRole_PLACE_ROLE_STORAGE,
		}},
		Observed:   &ententev1.Interval{StartTime: timestamppb.New(seen), EndTime: timestamppb.New(seen.Add(2 * time.Hour))},
		LegalBasis: "Article 2, agreement on the exchange of information",
	}
}

// departures is the content of what Greece tells everybody.
func departures() *ententev1.IntelligenceContent {
	c := boats("Departures at night along the eastern route")
	c.Narrative = "Small boats leave after midnight, when the wind is below three knots."
	c.Route = ententev1.SmugglingRoute_SMUGGLING_ROUTE_EASTERN_MEDITERRANEAN
	c.Subjects, c.Places = nil, nil
	return c
}

// cashAndEngines is the content of Britain's seizure report.
func cashAndEngines() *ententev1.SeizureContent {
	return &ententev1.SeizureContent{
		Title:        "Cash and engines in a van",
		Narrative:    "Found in a hired van at the port.",
		LanguageCode: "en",
		CrimeAreas:   []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING, ententev1.CrimeArea_CRIME_AREA_MONEY_LAUNDERING},
		Route:        ententev1.SmugglingRoute_SMUGGLING_ROUTE_ENGLISH_CHANNEL,
		Assets: []*ententev1.Asset{
			{
				AssetId: "cash", Type: ententev1.AssetType_ASSET_TYPE_CASH, Description: "banknotes in a tool box",
				Nature: ententev1.PropertyNature_PROPERTY_NATURE_PROCEEDS, Valuations: []*ententev1.Valuation{pounds(61_240)},
			},
			{
				AssetId: "engines", Type: ententev1.AssetType_ASSET_TYPE_MARINE_EQUIPMENT, Description: "six outboard engines",
				Nature: ententev1.PropertyNature_PROPERTY_NATURE_INSTRUMENTALITY,
			},
		},
	}
}

func pounds(units int64) *ententev1.Valuation {
	return &ententev1.Valuation{
		Amount: &money.Money{CurrencyCode: "GBP", Units: units}, ValuedOn: "2026-03-20", Basis: ententev1.ValuationBasis_VALUATION_BASIS_FACE,
	}
}

// recovery is a step on the way of an asset, taken by a British authority.
func recovery(asset string, stage ententev1.RecoveryStage, date string) *ententev1.RecoveryStep {
	return &ententev1.RecoveryStep{
		AssetId: asset, Stage: stage, StepDate: date, Authority: "Border Force, Dover", JurisdictionRegionCode: "GB",
		LegalBasis: "Proceeds of Crime Act 2002, s. 294",
	}
}
