package identifier

import (
	"slices"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Related tells whether identifiers of two types can be the same thing at all:
// whether there is a namespace in which both may have a form. Where it says no,
// neither has to be understood to know that they are not.
func Related(a, b ententev1.IdentifierType) bool {
	others := spaces(b)
	return slices.ContainsFunc(spaces(a), func(t ententev1.IdentifierType) bool { return slices.Contains(others, t) })
}

// spaces are the types in whose namespaces a finding about a type may have
// forms, see SplitKey. DOMAIN, which URI alone has, is none.
func spaces(of ententev1.IdentifierType) []ententev1.IdentifierType {
	switch of {
	case ententev1.IdentifierType_IDENTIFIER_TYPE_IBAN:
		return []ententev1.IdentifierType{of, ententev1.IdentifierType_IDENTIFIER_TYPE_ACCOUNT_NUMBER}
	case ententev1.IdentifierType_IDENTIFIER_TYPE_MRZ:
		return []ententev1.IdentifierType{
			of, ententev1.IdentifierType_IDENTIFIER_TYPE_DOCUMENT_NUMBER, ententev1.IdentifierType_IDENTIFIER_TYPE_NATIONAL_ID,
		}
	case ententev1.IdentifierType_IDENTIFIER_TYPE_URI:
		return []ententev1.IdentifierType{
			of, ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, ententev1.IdentifierType_IDENTIFIER_TYPE_ONLINE_HANDLE,
			ententev1.IdentifierType_IDENTIFIER_TYPE_PLATFORM_ACCOUNT_ID,
		}
	}
	if _, known := ruleOf(of); !known {
		return nil
	}
	return []ententev1.IdentifierType{of}
}
