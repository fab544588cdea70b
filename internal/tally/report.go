package tally

import (
	"cmp"
	"time"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
)

// Report is one seizure report, as far as it is counted.
type Report struct {
	// Agency is the name of the originator.
	Agency string
	// Received is when it was first submitted.
	Received time.Time
	// Content of the current revision.
	Content *internalv1.CountedContent
	// Steps are all recovery steps, step 1 first.
	Steps []*internalv1.CountedStep
}

// standing is where an asset stands, and since when.
type standing struct {
	stage ententev1.RecoveryStage
	date  string
}

// story is what the steps tell of one asset.
type story struct {
	standing
	values []value
}

// stories are those of the assets that have steps, without what was voided.
func (r Report) stories() map[string]*story {
	if len(r.Steps) == 0 {
		return nil
	}
	void := make([]bool, len(r.Steps))
	for i, s := range r.Steps {
		if v := int(s.GetVoidsStepNumber()); v > 0 && v <= i && r.Steps[v-1].GetAssetId() == s.GetAssetId() {
			void[v-1] = true
		}
	}
	told := make(map[string]*story, len(r.Steps))
	for i, s := range r.Steps {
		if void[i] {
			continue
		}
		of := told[s.GetAssetId()]
		if of == nil {
			of = new(story)
			told[s.GetAssetId()] = of
		}
		if s.GetStage() != 0 {
			of.standing = standing{ententev1.RecoveryStage(s.GetStage()), s.GetStepDate()}
		}
		if v := s.GetValuation(); v != nil {
			of.values = append(of.values, value{v, cmp.Or(v.GetValuedOn(), s.GetStepDate())})
		}
	}
	return told
}

// value is a valuation with its day, as far as it is known.
type value struct {
	*internalv1.CountedValuation
	day string
}

// values are the values of an asset that count: the latest of each basis. A day that is known less exactly is taken for its beginning, and one that is
// not known for the earliest; of several of one day the last stated counts, a step's after the content's.
func values(a *internalv1.CountedAsset, of *story, into []value) []value {
	for _, v := range a.GetValuations() {
		into = latest(into, value{v, v.GetValuedOn()})
	}
	for _, v := range of.values {
		into = latest(into, v)
	}
	return into
}

func latest(list []value, v value) []value {
	for i, known := range list {
		if known.GetBasis() != v.GetBasis() {
			continue
		}
		if v.day >= known.day { // 2026 < 2026-11 < 2026-11-24
			list[i] = v
		}
		return list
	}
	return append(list, v)
}

// region is the country that all places of the report lie in, "" when there are several or none is stated.
func (r Report) region() string {
	common := ""
	for _, p := range r.Content.GetPlaces() {
		region := regionOf(p)
		if region == "" {
			continue
		}
		if common != "" && common != region {
			return ""
		}
		common = region
	}
	return common
}

// regionOf is the country of a place, as its codes say.
func regionOf(p *internalv1.CountedPlace) string {
	switch {
	case p.GetRegionCode() != "":
		return p.GetRegionCode()
	case len(p.GetSubdivisionCode()) > 2:
		return p.GetSubdivisionCode()[:2]
	case len(p.GetUnLocode()) > 2:
		return p.GetUnLocode()[:2]
	}
	return ""
}

// day is by which a report falls into a period, or an asset of it.
func (r Report) day(of ententev1.SummaryDate, s standing) string {
	switch of {
	case ententev1.SummaryDate_SUMMARY_DATE_OBSERVED:
		if start := r.Content.GetObserved().GetStartTime(); start != nil {
			return dayOf(start.AsTime())
		}
		return ""
	case ententev1.SummaryDate_SUMMARY_DATE_STEP:
		return s.date
	default:
		return dayOf(r.Received)
	}
}

func dayOf(t time.Time) string {
	year, month, day := t.UTC().Date()
	return identifier.Date{Year: year, Month: int(month), Day: day}.String()
}

// period is that in which a day lies. A day that is known less exactly stands as it is.
func period(day string, length ententev1.SummaryPeriod) string {
	const year, month = len("2026"), len("2026-11")
	switch {
	case length == ententev1.SummaryPeriod_SUMMARY_PERIOD_YEAR && len(day) > year:
		return day[:year]
	case length == ententev1.SummaryPeriod_SUMMARY_PERIOD_QUARTER && len(day) >= month:
		n := (int(day[5]-'0')*10+int(day[6]-'0')-1)/3 + 1
		return day[:year] + "-Q" + string(rune('0'+n))
	case length != ententev1.SummaryPeriod_SUMMARY_PERIOD_QUARTER && length != ententev1.SummaryPeriod_SUMMARY_PERIOD_YEAR && len(day) > month:
		return day[:month]
	}
	return day
}
