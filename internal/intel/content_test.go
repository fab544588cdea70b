package intel

import (
	"slices"
	"testing"
	"time"

	"buf.build/go/protovalidate"
	"google.golang.org/genproto/googleapis/type/latlng"
	"google.golang.org/genproto/googleapis/type/money"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// noon is the moment at which every test of this package takes place.
var noon = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)

func at(year int, month time.Month, day int) *timestamppb.Timestamp {
	return timestamppb.New(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// The identifier types and categories in short.
const (
	phoneType   = ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER
	imeiType    = ententev1.IdentifierType_IDENTIFIER_TYPE_IMEI
	ibanType    = ententev1.IdentifierType_IDENTIFIER_TYPE_IBAN
	cardType    = ententev1.IdentifierType_IDENTIFIER_TYPE_PAYMENT_CARD
	accountType = ententev1.IdentifierType_IDENTIFIER_TYPE_ACCOUNT_NUMBER
	otherType   = ententev1.IdentifierType_IDENTIFIER_TYPE_OTHER

	suspect   = ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_SUSPECT
	contact   = ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_CONTACT
	associate = ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_ASSOCIATE
	victim    = ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_VICTIM
	undecided = ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_NOT_YET_DETERMINED

	adult = ententev1.AgeStatus_AGE_STATUS_ADULT
	minor = ententev1.AgeStatus_AGE_STATUS_MINOR
)

// The subjects of goodItem by what they are.
const (
	theOrganiser = iota
	theContact
	theNetwork
	theBoat
	theLorry
	theEngine
	thePhone
	theAccount
	theWallet
	thePassport
	thePage
	theBeach
)

func person(category ententev1.DataSubjectCategory, age ententev1.AgeStatus) *ententev1.Subject_Person {
	return &ententev1.Subject_Person{Person: &ententev1.Person{Category: category, AgeStatus: age}}
}

func id(of ententev1.IdentifierType, raw string) *ententev1.Identifier {
	return &ententev1.Identifier{Type: of, RawValue: raw}
}

func goodSubjects() []*ententev1.Subject {
	organiser := person(suspect, adult)
	organiser.Person.Names = []*ententev1.PersonName{{FullName: "محمد", RomanizedName: "Mohammed", ScriptCode: "Arab"}}
	organiser.Person.BirthDate, organiser.Person.Nationalities = "1987-03", []string{"IRQ"}
	organiser.Person.Roles = []ententev1.SmugglingRole{ententev1.SmugglingRole_SMUGGLING_ROLE_ORGANISER}
	cousin := person(contact, adult)
	cousin.Person.RelatedSubjectIds = []string{"organiser"}
	return []*ententev1.Subject{
		{SubjectId: "organiser", Kind: organiser, Identifiers: []*ententev1.Identifier{id(phoneType, "+44 20 7946 0958"), id(imeiType, "490154203237517")}},
		{SubjectId: "cousin", Kind: cousin},
		{SubjectId: "network", Kind: &ententev1.Subject_Organisation{Organisation: &ententev1.Organisation{DisplayName: "Channel Crew", RegionCode: "FR"}}},
		{SubjectId: "boat", Kind: &ententev1.Subject_Vessel{Vessel: &ententev1.Vessel{DisplayName: "Marie", FlagRegionCode: "FR"}}},
		{SubjectId: "lorry", Kind: &ententev1.Subject_Vehicle{Vehicle: &ententev1.Vehicle{Make: "DAF"}}},
		{SubjectId: "engine", Kind: &ententev1.Subject_Equipment{Equipment: &ententev1.Equipment{Type: ententev1.SupplyItemType_SUPPLY_ITEM_TYPE_OUTBOARD_ENGINE}}},
		{SubjectId: "phone", Kind: &ententev1.Subject_Phone{Phone: &ententev1.Phone{Usage: "calls to skippers"}}},
		{SubjectId: "account", Kind: &ententev1.Subject_Account{Account: &ententev1.Account{Institution: "A bank", CurrencyCode: "EUR"}},
			Identifiers: []*ententev1.Identifier{id(ibanType, "GB82 WEST 1234 5698 7654 32"), id(cardType, "411111******1111")}},
		{SubjectId: "wallet", Kind: &ententev1.Subject_Wallet{Wallet: &ententev1.Wallet{Provider: "an exchange"}}},
		{SubjectId: "passport", Kind: &ententev1.Subject_Document{Document: &ententev1.Document{DocumentType: "passport", IssuingRegionCode: "IQ"}}},
		{SubjectId: "page", Kind: &ententev1.Subject_OnlineAccount{OnlineAccount: &ententev1.OnlineAccount{Platform: "tiktok", DisplayName: "boats daily"}}},
		{SubjectId: "beach", Kind: &ententev1.Subject_Place{Place: &ententev1.Place{UnLocode: "FRCQF"}}},
	}
}

// goodItem is an item with everything in it and nothing wrong with it.
func goodItem() *ententev1.IntelligenceContent {
	return &ententev1.IntelligenceContent{
		Title: "Boats near Calais", Narrative: "Two inflatables were seen, see https://example.com/posts/4111111111111111 for a picture.", LanguageCode: "en",
		Renditions: []*ententev1.Rendition{{LanguageCode: "fr", Method: ententev1.TranslationMethod_TRANSLATION_METHOD_MACHINE, Title: "Bateaux"}},
		ValidUntil: at(2026, 12, 1),
		Evaluation: &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Europol{Europol: &ententev1.EuropolEvaluation{Source: 2, Information: 3}}},
		CrimeAreas: []ententev1.CrimeArea{1}, Route: ententev1.SmugglingRoute_SMUGGLING_ROUTE_ENGLISH_CHANNEL,
		CrossingMethods: []ententev1.CrossingMethod{1}, Subjects: goodSubjects(),
		Places: []*ententev1.Place{{
			Description: "dunes", Point: &latlng.LatLng{Latitude: 50.9513, Longitude: 1.8587}, RegionCode: "FR", SubdivisionCode: "FR-62", UnLocode: "FRCQF",
		}},
		Observed:      &ententev1.Interval{StartTime: at(2026, 11, 20), EndTime: at(2026, 11, 21)},
		CollectedTime: at(2026, 11, 22),
		Media:         []*ententev1.MediaReference{{Sha256: someDigest, MediaType: "image/jpeg", Description: "the beach"}},
	}
}

const someDigest = "41111111111111111111111111111111111111111111111111111111111111ab"

// goodReport is a report with everything in it and nothing wrong with it.
func goodReport() *ententev1.SeizureContent {
	return &ententev1.SeizureContent{
		Title: "Cash at the border", Narrative: "Found in a wheel.", LanguageCode: "it", CrimeAreas: []ententev1.CrimeArea{3},
		Assets: []*ententev1.Asset{
			{AssetId: "cash", Type: ententev1.AssetType_ASSET_TYPE_CASH, HolderSubjectId: "organiser", Place: &ententev1.Place{RegionCode: "IT"},
				Valuations: []*ententev1.Valuation{{Amount: &money.Money{CurrencyCode: "EUR", Units: 20000}, ValuedOn: "2026-11", Basis: 1}}},
			{AssetId: "car", Type: ententev1.AssetType_ASSET_TYPE_MOTOR_VEHICLE, OwnerSubjectId: "network",
				Identifiers: []*ententev1.Identifier{id(ententev1.IdentifierType_IDENTIFIER_TYPE_VIN, "1M8GDM9AXKP042788")}},
		},
		Subjects: goodSubjects()[:theBoat],
		Observed: &ententev1.Interval{StartTime: at(2026, 11, 20)},
	}
}

func TestGoodContentsAreGood(t *testing.T) {
	for _, m := range []proto.Message{goodItem(), goodReport()} {
		if err := protovalidate.Validate(m); err != nil {
			t.Errorf("the schema refuses what the tests start from: %v", err)
		}
	}
	if _, v := ReadItem(goodItem(), nil, noon); v != nil {
		t.Errorf("item: %+v", v)
	}
	if _, v := ReadSeizure(goodReport(), nil, noon); v != nil {
		t.Errorf("report: %+v", v)
	}
}

// refusal is a violation as the tables below write it: "field REASON".
func refusals(violations []fault.Violation) []string {
	var list []string
	for _, v := range violations {
		list = append(list, v.Field+" "+v.Reason)
	}
	return list
}

func sameRefusals(t *testing.T, violations []fault.Violation, want ...string) {
	t.Helper()
	if got := refusals(violations); !slices.Equal(got, want) {
		t.Errorf("refused for %q, want %q", got, want)
	}
	for _, v := range violations {
		if v.Description == "" {
			t.Errorf("%s says nothing of what to do", v.Reason)
		}
	}
}
