package intel

import (
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
)

func (x *examiner) subjects(subjects []*ententev1.Subject) {
	for i, s := range subjects {
		at := index("subjects", i)
		x.text(at, "subjectId", s.GetSubjectId())
		x.identifiers(at, s.GetIdentifiers())
		x.text(at, "note", s.GetNote())
		x.kind(at, s)
		if saysNothing(s) {
			x.refuse(at, "", ReasonSubjectEmpty, "Say something of the subject: an identifier, a note or a field of its kind.")
		}
	}
}

// kind checks what a subject is.
func (x *examiner) kind(at string, s *ententev1.Subject) {
	switch k := s.GetKind().(type) {
	case *ententev1.Subject_Person:
		x.person(within(at, "person"), s.GetSubjectId(), k.Person)
	case *ententev1.Subject_Organisation:
		x.region(within(at, "organisation"), "regionCode", k.Organisation.GetRegionCode())
		x.text(within(at, "organisation"), "displayName", k.Organisation.GetDisplayName())
	case *ententev1.Subject_Vessel:
		x.vessel(within(at, "vessel"), k.Vessel)
	case *ententev1.Subject_Vehicle:
		x.vehicle(within(at, "vehicle"), k.Vehicle)
	case *ententev1.Subject_Equipment:
		x.equipment(within(at, "equipment"), k.Equipment)
	case *ententev1.Subject_Phone:
		x.text(within(at, "phone"), "usage", k.Phone.GetUsage())
	case *ententev1.Subject_Account:
		x.account(within(at, "account"), k.Account)
	case *ententev1.Subject_Wallet:
		x.text(within(at, "wallet"), "provider", k.Wallet.GetProvider())
	case *ententev1.Subject_Document:
		x.text(within(at, "document"), "documentType", k.Document.GetDocumentType())
		x.region(within(at, "document"), "issuingRegionCode", k.Document.GetIssuingRegionCode())
	case *ententev1.Subject_OnlineAccount:
		x.text(within(at, "onlineAccount"), "displayName", k.OnlineAccount.GetDisplayName())
	case *ententev1.Subject_Place:
		x.place(within(at, "place"), k.Place)
	}
}

func (x *examiner) vessel(at string, v *ententev1.Vessel) {
	x.text(at, "displayName", v.GetDisplayName())
	x.region(at, "flagRegionCode", v.GetFlagRegionCode())
	x.text(at, "vesselType", v.GetVesselType())
}

func (x *examiner) vehicle(at string, v *ententev1.Vehicle) {
	x.text(at, "make", v.GetMake())
	x.text(at, "model", v.GetModel())
	x.text(at, "colour", v.GetColour())
}

func (x *examiner) equipment(at string, e *ententev1.Equipment) {
	x.label(at, "otherLabel", e.GetOtherLabel(), e.GetType() == ententev1.SupplyItemType_SUPPLY_ITEM_TYPE_OTHER)
	x.text(at, "manufacturer", e.GetManufacturer())
	x.text(at, "modelCode", e.GetModelCode())
}

func (x *examiner) account(at string, a *ententev1.Account) {
	x.text(at, "institution", a.GetInstitution())
	if a.GetCurrencyCode() != "" {
		_, err := identifier.Currency(a.GetCurrencyCode())
		x.malformed(at, "currencyCode", err)
	}
}

// saysNothing tells a subject of which nothing is said but its kind. A platform
// alone names no account. What has fields that it needs always says something,
// and places are looked at by themselves.
func saysNothing(s *ententev1.Subject) bool {
	if len(s.GetIdentifiers()) > 0 || s.GetNote() != "" {
		return false
	}
	switch k := s.GetKind().(type) {
	case *ententev1.Subject_Vessel:
		return proto.Size(k.Vessel) == 0
	case *ententev1.Subject_Vehicle:
		return proto.Size(k.Vehicle) == 0
	case *ententev1.Subject_Phone:
		return k.Phone.GetUsage() == ""
	case *ententev1.Subject_Account:
		return proto.Size(k.Account) == 0
	case *ententev1.Subject_Wallet:
		return k.Wallet.GetProvider() == ""
	case *ententev1.Subject_Document:
		return proto.Size(k.Document) == 0
	case *ententev1.Subject_OnlineAccount:
		return k.OnlineAccount.GetDisplayName() == ""
	default:
		return false
	}
}
