package intel

import (
	"slices"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// itemSummary is what a list shows of an item: no narrative, no subjects, no
// identifiers, no places.
func itemSummary(c *ententev1.IntelligenceContent) *ententev1.IntelligenceSummary {
	return &ententev1.IntelligenceSummary{
		Title:           c.GetTitle(),
		LanguageCode:    c.GetLanguageCode(),
		Urgency:         c.GetUrgency(),
		RequestedAction: c.GetRequestedAction(),
		ValidUntil:      proto.CloneOf(c.GetValidUntil()),
		Evaluation:      proto.CloneOf(c.GetEvaluation()),
		CrimeAreas:      slices.Clone(c.GetCrimeAreas()),
		Route:           c.GetRoute(),
		CrossingMethods: slices.Clone(c.GetCrossingMethods()),
		Observed:        proto.CloneOf(c.GetObserved()),
		SubjectCount:    int32(min(len(c.GetSubjects()), maxCount)),
		PlaceCount:      int32(min(len(c.GetPlaces()), maxCount)),
		MediaCount:      int32(min(len(c.GetMedia()), maxCount)),
	}
}

// seizureSummary is what a list shows of a report.
func seizureSummary(c *ententev1.SeizureContent) *ententev1.SeizureSummary {
	return &ententev1.SeizureSummary{
		Title:        c.GetTitle(),
		LanguageCode: c.GetLanguageCode(),
		CrimeAreas:   slices.Clone(c.GetCrimeAreas()),
		Route:        c.GetRoute(),
		Observed:     proto.CloneOf(c.GetObserved()),
		AssetTypes:   assetTypes(c.GetAssets()),
		AssetCount:   int32(min(len(c.GetAssets()), maxCount)),
		SubjectCount: int32(min(len(c.GetSubjects()), maxCount)),
	}
}

// maxCount is above every list that the schema lets through.
const maxCount = 1 << 20

// assetTypes are the classes of assets, each once, in the order of their
// numbers.
func assetTypes(assets []*ententev1.Asset) []ententev1.AssetType {
	var types []ententev1.AssetType
	for _, a := range assets {
		types = append(types, a.GetType())
	}
	slices.Sort(types)
	return slices.Compact(types)
}
