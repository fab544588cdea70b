package worlds

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

const phoneNumber = ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER

func matchRows() map[string]*row {
	telephones := func(n int) []*ententev1.Identifier {
		return []*ententev1.Identifier{{Type: phoneNumber, RawValue: fmt.Sprintf("+336555000%02d", n%100)}}
	}
	return map[string]*row{
		"MatchService/CheckIdentifiers": {callers: readers(), base: one(func(_ *World, n int) proto.Message {
			asked := []*ententev1.AskedIdentifier{
				{Type: phoneNumber, RawValue: hiddenPhone}, {Type: phoneNumber, RawValue: "+33612340001"}, {Type: phoneNumber, RawValue: hiddenWord},
				{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_OTHER, RawValue: hiddenReference}, {Type: phoneNumber, RawValue: commonPhone},
				{Type: phoneNumber, RawValue: nearlyCommonPhone}, {Type: ententev1.IdentifierType_IDENTIFIER_TYPE_IMEI, RawValue: "490154203237517"},
			}
			return &ententev1.CheckIdentifiersRequest{Justification: why(), Identifiers: asked[:1+n%len(asked)]}
		})},
		"MatchService/ListUnfollowedChecks": {callers: []identity{supervisor()}, base: one(func(_ *World, n int) proto.Message {
			return &ententev1.ListUnfollowedChecksRequest{Justification: why(), OlderThanDays: int32(n % 2), PageSize: int32(n % 3)}
		})},
		"MatchService/ListRepeatedChecks": {callers: []identity{supervisor()}, base: one(func(_ *World, n int) proto.Message {
			return &ententev1.ListRepeatedChecksRequest{Justification: why(), TimesAtLeast: int32(n % 4), PageSize: int32(n % 3)}
		})},
		"MatchService/SetCheckBudget": {callers: []identity{operator()}, base: one(func(_ *World, n int) proto.Message {
			return &ententev1.SetCheckBudgetRequest{Agency: intel.AgencyID(Fourth).Name(), PerDay: int64(n), RequestId: fmt.Sprint("budget-", n)}
		})},
		"MatchService/EnrolBenignIdentifiers": {callers: []identity{operator()}, base: one(func(_ *World, n int) proto.Message {
			return &ententev1.EnrolBenignIdentifiersRequest{Identifiers: telephones(n), Label: "probe", RequestId: fmt.Sprint("benign-", n)}
		})},
		"MatchService/RemoveBenignIdentifiers": {callers: []identity{operator()}, base: one(func(_ *World, n int) proto.Message {
			return &ententev1.RemoveBenignIdentifiersRequest{Identifiers: telephones(n), RequestId: fmt.Sprint("not-benign-", n)}
		})},
		"MatchService/ListBenignIdentifiers": {callers: []identity{operator()}, base: one(func(_ *World, n int) proto.Message {
			return &ententev1.ListBenignIdentifiersRequest{PageSize: int32(n % 3)}
		})},
	}
}
