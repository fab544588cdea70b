package index

import ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"

// subjects posts the kinds of subjects, and the labels that say what OTHER
// means in them.
func (h *Hasher) subjects(terms []Term, subjects []*ententev1.Subject) []Term {
	for _, s := range subjects {
		terms = enums(h, terms, FieldSubject, subjectType(s))
		terms = h.label(terms, s.GetPerson().GetOtherRoleLabel())
		terms = h.label(terms, s.GetEquipment().GetOtherLabel())
	}
	return terms
}

func subjectType(s *ententev1.Subject) ententev1.SubjectType {
	switch s.GetKind().(type) {
	case *ententev1.Subject_Person:
		return ententev1.SubjectType_SUBJECT_TYPE_PERSON
	case *ententev1.Subject_Organisation:
		return ententev1.SubjectType_SUBJECT_TYPE_ORGANISATION
	case *ententev1.Subject_Vessel:
		return ententev1.SubjectType_SUBJECT_TYPE_VESSEL
	case *ententev1.Subject_Vehicle:
		return ententev1.SubjectType_SUBJECT_TYPE_VEHICLE
	case *ententev1.Subject_Equipment:
		return ententev1.SubjectType_SUBJECT_TYPE_EQUIPMENT
	case *ententev1.Subject_Phone:
		return ententev1.SubjectType_SUBJECT_TYPE_PHONE
	case *ententev1.Subject_Account:
		return ententev1.SubjectType_SUBJECT_TYPE_ACCOUNT
	case *ententev1.Subject_Wallet:
		return ententev1.SubjectType_SUBJECT_TYPE_WALLET
	case *ententev1.Subject_Document:
		return ententev1.SubjectType_SUBJECT_TYPE_DOCUMENT
	case *ententev1.Subject_OnlineAccount:
		return ententev1.SubjectType_SUBJECT_TYPE_ONLINE_ACCOUNT
	case *ententev1.Subject_Place:
		return ententev1.SubjectType_SUBJECT_TYPE_PLACE
	default:
		return ententev1.SubjectType_SUBJECT_TYPE_UNSPECIFIED
	}
}
