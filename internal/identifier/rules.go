package identifier

import (
	"strings"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// rule is how one type of identifier is read.
type rule struct {
	name          string // the type's namespace
	read          func(claim) (Finding, error)
	needsRegion   bool
	needsPlatform bool
	lines         bool // the value may have several lines
}

// rules is the one table from type to rule. It is never written to.
var rules = [...]rule{
	ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER:          {name: "PHONE_NUMBER", read: readPhone},
	ententev1.IdentifierType_IDENTIFIER_TYPE_IMEI:                  {name: "IMEI", read: readIMEI},
	ententev1.IdentifierType_IDENTIFIER_TYPE_IMSI:                  {name: "IMSI", read: readIMSI},
	ententev1.IdentifierType_IDENTIFIER_TYPE_EMAIL_ADDRESS:         {name: "EMAIL_ADDRESS", read: readEmail},
	ententev1.IdentifierType_IDENTIFIER_TYPE_IBAN:                  {name: "IBAN", read: readIBAN},
	ententev1.IdentifierType_IDENTIFIER_TYPE_BIC:                   {name: "BIC", read: readBIC},
	ententev1.IdentifierType_IDENTIFIER_TYPE_ACCOUNT_NUMBER:        {name: "ACCOUNT_NUMBER", read: readSerial},
	ententev1.IdentifierType_IDENTIFIER_TYPE_PAYMENT_CARD:          {name: "PAYMENT_CARD", read: readCard},
	ententev1.IdentifierType_IDENTIFIER_TYPE_CRYPTO_ADDRESS:        {name: "CRYPTO_ADDRESS", read: readCryptoAddress},
	ententev1.IdentifierType_IDENTIFIER_TYPE_IMO_NUMBER:            {name: "IMO_NUMBER", read: readIMO},
	ententev1.IdentifierType_IDENTIFIER_TYPE_MMSI:                  {name: "MMSI", read: readMMSI},
	ententev1.IdentifierType_IDENTIFIER_TYPE_CALL_SIGN:             {name: "CALL_SIGN", read: readCallSign},
	ententev1.IdentifierType_IDENTIFIER_TYPE_CIN:                   {name: "CIN", read: readCIN},
	ententev1.IdentifierType_IDENTIFIER_TYPE_ENGINE_SERIAL:         {name: "ENGINE_SERIAL", read: readSerial},
	ententev1.IdentifierType_IDENTIFIER_TYPE_VIN:                   {name: "VIN", read: readVIN},
	ententev1.IdentifierType_IDENTIFIER_TYPE_REGISTRATION_PLATE:    {name: "REGISTRATION_PLATE", read: readNational, needsRegion: true},
	ententev1.IdentifierType_IDENTIFIER_TYPE_CONTAINER_NUMBER:      {name: "CONTAINER_NUMBER", read: readContainer},
	ententev1.IdentifierType_IDENTIFIER_TYPE_AIRCRAFT_REGISTRATION: {name: "AIRCRAFT_REGISTRATION", read: readTailNumber},
	ententev1.IdentifierType_IDENTIFIER_TYPE_ICAO24_ADDRESS:        {name: "ICAO24_ADDRESS", read: readICAO24},
	ententev1.IdentifierType_IDENTIFIER_TYPE_DOCUMENT_NUMBER:       {name: "DOCUMENT_NUMBER", read: readDocumentNumber},
	ententev1.IdentifierType_IDENTIFIER_TYPE_MRZ:                   {name: "MRZ", read: readMRZ, lines: true},
	ententev1.IdentifierType_IDENTIFIER_TYPE_NATIONAL_ID:           {name: "NATIONAL_ID", read: readNational, needsRegion: true},
	ententev1.IdentifierType_IDENTIFIER_TYPE_LEI:                   {name: "LEI", read: readLEI},
	ententev1.IdentifierType_IDENTIFIER_TYPE_COMPANY_NUMBER:        {name: "COMPANY_NUMBER", read: readNational, needsRegion: true},
	ententev1.IdentifierType_IDENTIFIER_TYPE_URI:                   {name: "URI", read: readURI},
	ententev1.IdentifierType_IDENTIFIER_TYPE_ONLINE_HANDLE:         {name: "ONLINE_HANDLE", read: readHandle},
	ententev1.IdentifierType_IDENTIFIER_TYPE_PLATFORM_ACCOUNT_ID:   {name: "PLATFORM_ACCOUNT_ID", read: readAccountID, needsPlatform: true},
	ententev1.IdentifierType_IDENTIFIER_TYPE_OTHER:                 {name: "OTHER", read: readOther},
}

func ruleOf(t ententev1.IdentifierType) (rule, bool) {
	if t < 0 || int(t) >= len(rules) {
		return rule{}, false
	}
	r := rules[t]
	return r, r.read != nil
}

// The namespaces of keys that belong to another type than the identifier.
const (
	keyAccountNumber = "ACCOUNT_NUMBER:"
	keyDocument      = "DOCUMENT_NUMBER:"
	keyDomain        = "DOMAIN:"
	keyHandle        = "ONLINE_HANDLE:"
	keyNationalID    = "NATIONAL_ID:"
	keyPhone         = "PHONE_NUMBER:"
	keyPlatformID    = "PLATFORM_ACCOUNT_ID:"
)

// Namespace is the name under which values of a type are compared: the enum's
// name without its prefix, as in IBAN. It is empty for unknown types.
func Namespace(t ententev1.IdentifierType) string {
	r, _ := ruleOf(t)
	return r.name
}

// SplitKey tells namespace and value of one of the Keys of a finding about an
// identifier of the given type. A key without a namespace of its own belongs
// to the type's. DOMAIN is the one namespace that is no identifier type: the
// registrable domain, or the address, of a web host.
func SplitKey(of ententev1.IdentifierType, key string) (namespace, value string) {
	for _, space := range [...]string{
		keyAccountNumber, keyDocument, keyDomain, keyHandle, keyNationalID, keyPhone, keyPlatformID,
	} {
		if rest, ok := strings.CutPrefix(key, space); ok {
			return space[:len(space)-1], rest
		}
	}
	return Namespace(of), key
}
