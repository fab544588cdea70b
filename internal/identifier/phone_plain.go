package identifier

import (
	"strconv"
	"strings"
	"sync"

	"github.com/nyaruka/phonenumbers"
	"google.golang.org/protobuf/proto"
)

// plainPhone reads a number that is written in E.164 already and from which no
// national prefix can be stripped: then the code and the rest are the number, and the
// general parser, which takes three times as long as everything else about a number,
// would say the same. It answers false wherever that is not certain.
func plainPhone(raw string) (*phonenumbers.PhoneNumber, bool) {
	digits, plus := strings.CutPrefix(raw, "+")
	if !plus || len(digits) < 8 || len(digits) > 15 || digits[0] == '0' || strings.Trim(digits, "0123456789") != "" {
		return nil, false
	}
	code := int32(0)
	for length := 1; length <= 3; length++ {
		code = 10*code + int32(digits[length-1]-'0')
		prefix, known := plainPrefixes()[code]
		if !known {
			continue
		}
		national := digits[length:]
		if national[0] == '0' || prefix != "" && strings.HasPrefix(national, prefix) {
			return nil, false
		}
		value, err := strconv.ParseUint(national, 10, 64)
		if err != nil {
			return nil, false
		}
		return &phonenumbers.PhoneNumber{CountryCode: proto.Int32(code), NationalNumber: proto.Uint64(value)}, true
	}
	return nil, false
}

// plainPrefixes are the national prefixes by calling code, of those codes where the
// prefix is nothing but digits, or where there is none: elsewhere it is an expression.
// No calling code begins another one.
var plainPrefixes = sync.OnceValue(func() map[int32]string {
	prefixes := map[int32]string{}
	collection, err := phonenumbers.MetadataCollection()
	if err != nil {
		return prefixes // every number goes through the general parser
	}
	for _, m := range collection.GetMetadata() {
		code := m.GetCountryCode()
		prefix := m.GetNationalPrefixForParsing()
		if m.GetId() == phonenumbers.GetRegionCodeForCountryCode(int(code)) && strings.Trim(prefix, "0123456789") == "" {
			prefixes[code] = prefix
		}
	}
	return prefixes
})
