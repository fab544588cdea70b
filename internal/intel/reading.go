package intel

import (
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/identifier"
)

// Reading is what the hub understood of a content. It belongs to the caller and
// shares nothing with the content that can change. It stands for itself: later
// versions of phone or domain tables would read otherwise, so what is decided
// on it must be stored.
type Reading struct {
	// Assessment is what readers are told: an entry for every identifier, and
	// for every other field with something odd, in the order of the content.
	// nil when there is neither an entry nor a protected person.
	Assessment *ententev1.Assessment
	// Summary is an *IntelligenceSummary or a *SeizureSummary.
	Summary proto.Message
	// Protected says that the content speaks of persons whom the law protects.
	Protected bool
	// Undetermined says that a person's category is NOT_YET_DETERMINED: such a
	// record is reviewed after thirty days. It implies Protected.
	Undetermined bool
	// ObservedStart and ObservedEnd bound the observed interval, Unix seconds,
	// both inclusive; 0 is open, and both 0 is not stated.
	ObservedStart, ObservedEnd int64
	// Findings are all identifiers, in the order of the content.
	Findings []Identified
	// Cards are the full card numbers that came beside the content.
	Cards []CardMatch
	// AssetIDs are those of a seizure report, in its order; else nil.
	AssetIDs []string
}

// Identified is one identifier of a content.
type Identified struct {
	// Path is where it stands, as in subjects[0].identifiers[1].
	Path string
	// Type is the kind that the originator states.
	Type ententev1.IdentifierType
	// Finding is what the hub made of it.
	Finding identifier.Finding
}

// ReadItem reads an intelligence content, with the card numbers that came
// beside it. It checks what the schema's own rules cannot. When there are
// violations the content is refused and the reading is of no use. Violations
// name fields relative to the content, or cardNumbers[i] beside it, see Under;
// they are at most fifty. Neither argument is kept or changed.
//
// now decides which persons may be minors and which times lie in the future;
// nothing else depends on it. Equal arguments give equal readings.
func ReadItem(c *ententev1.IntelligenceContent, cards []*ententev1.CardNumber, now time.Time) (Reading, []fault.Violation) {
	x := newExaminer(now, c.GetSubjects())
	x.words(c)
	x.renditions(c.GetRenditions())
	x.timestamp("", "validUntil", c.GetValidUntil())
	x.text("", "legacyGrading", c.GetLegacyGrading())
	x.labels(c.GetOtherLabels(), itemHasOther(c))
	x.subjects(c.GetSubjects())
	x.places(c.GetPlaces())
	x.observed(c.GetObserved())
	x.past("", "collectedTime", c.GetCollectedTime())
	x.media(c.GetMedia())
	x.cards(cards)
	x.reading.Summary = itemSummary(c)
	return x.result()
}

// ReadSeizure reads a seizure content; see ReadItem.
func ReadSeizure(c *ententev1.SeizureContent, cards []*ententev1.CardNumber, now time.Time) (Reading, []fault.Violation) {
	x := newExaminer(now, c.GetSubjects())
	x.words(c)
	x.renditions(c.GetRenditions())
	x.labels(c.GetOtherLabels(), seizureHasOther(c))
	x.assets(c.GetAssets())
	x.subjects(c.GetSubjects())
	x.places(c.GetPlaces())
	x.observed(c.GetObserved())
	x.media(c.GetMedia())
	x.cards(cards)
	x.reading.Summary = seizureSummary(c)
	return x.result()
}

func itemHasOther(c *ententev1.IntelligenceContent) bool {
	return slices.Contains(c.GetCrimeAreas(), ententev1.CrimeArea_CRIME_AREA_OTHER) ||
		c.GetRoute() == ententev1.SmugglingRoute_SMUGGLING_ROUTE_OTHER ||
		slices.Contains(c.GetCrossingMethods(), ententev1.CrossingMethod_CROSSING_METHOD_OTHER)
}

func seizureHasOther(c *ententev1.SeizureContent) bool {
	return slices.Contains(c.GetCrimeAreas(), ententev1.CrimeArea_CRIME_AREA_OTHER) ||
		c.GetRoute() == ententev1.SmugglingRoute_SMUGGLING_ROUTE_OTHER
}

// Under places violations of ReadItem and ReadSeizure in the request: those of
// the content under one field, such as draft.plain, and those of the card
// numbers, which lie beside it, under another, such as draft.
func Under(violations []fault.Violation, content, beside string) []fault.Violation {
	placed := slices.Clone(violations)
	for i, v := range placed {
		outer := content
		if v.Field == cardField || len(v.Field) > len(cardField) && v.Field[:len(cardField)+1] == cardField+"[" {
			outer = beside
		}
		placed[i].Field = within(outer, v.Field)
	}
	return placed
}
