package intel

import (
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// OwnerFacts is what the rules of a release ask of its originator and of the
// record. The zero value of a field asks for nothing.
type OwnerFacts struct {
	// Agency is the originator.
	Agency AgencyID
	// Region is the originator's ISO 3166-1 alpha-2 country: NOFORN and REL TO
	// are read against it.
	Region string
	// Unit and Officer are those of the caller, as its certificate has them.
	// No rule of a release depends on them today.
	Unit    UnitID
	Officer string
	// Undetermined says that the content has persons NOT_YET_DETERMINED, see
	// Reading: they shorten the time until review to thirty days.
	Undetermined bool
	// InForce is the release that is being replaced, nil for a new record. A
	// review time taken over from it is not refused for having passed: an
	// urgent restriction must not wait for a review.
	InForce *ententev1.Release
}

// CheckRelease checks who may see a record and under which restrictions, and
// completes it: existence HIDDEN where nothing is stated, the protected flag
// where the content (protected) has such persons, and the review time. It
// returns a copy, also beside violations; r is not changed. Fields are relative
// to the release.
//
// It knows no other agency: whether names exist, and NOFORN against their
// countries, is for who has the roster, see CheckForeign. An empty audience is
// sound: the record is the originator's alone.
func CheckRelease(r *ententev1.Release, owner OwnerFacts, protected bool, now time.Time) (*ententev1.Release, []fault.Violation) {
	complete := &ententev1.Release{}
	if r != nil {
		complete = proto.CloneOf(r)
	}
	if complete.Markings == nil {
		complete.Markings = &ententev1.Markings{}
	}
	if complete.Existence == ententev1.Existence_EXISTENCE_UNSPECIFIED {
		complete.Existence = ententev1.Existence_EXISTENCE_HIDDEN
	}
	m := complete.Markings
	m.ContainsProtectedPersons = m.ContainsProtectedPersons || protected || owner.Undetermined
	var a audit
	a.audience(complete)
	a.existence(complete)
	a.codes(m)
	a.national(m, owner)
	a.classification(m)
	a.protection(complete)
	a.review(m, owner, now.UTC())
	return complete, a.violations
}

// audience holds TLP:RED to named recipients (FIRST, Traffic Light Protocol 2.0).
func (a *audit) audience(r *ententev1.Release) {
	if r.GetMarkings().GetTrafficLight() != ententev1.TrafficLight_TRAFFIC_LIGHT_RED {
		return
	}
	to := r.GetAudience()
	if wide(to) || len(to.GetAgencies()) > 0 || len(to.GetUnits())+len(to.GetOfficers()) == 0 {
		a.refuse("", "audience", ReasonTLPRed, "TLP:RED is for named recipients: release to units or officers only.")
	}
}

// wide tells an audience whose members the originator does not name one by one.
func wide(to *ententev1.Audience) bool { return to.GetAllPartners() || len(to.GetGroups()) > 0 }

func (a *audit) existence(r *ententev1.Release) {
	to := r.GetHitAudience()
	named := len(to.GetAgencies())+len(to.GetUnits())+len(to.GetGroups()) > 0
	switch hit := r.GetExistence() == ententev1.Existence_EXISTENCE_HIT; {
	case hit && !named:
		a.refuse("", "hitAudience", ReasonHitAudience, "Name who may get a HIT; there is no default.")
	case !hit && named:
		a.refuse("", "hitAudience", ReasonHitUnused, "Leave the hit audience out, or set existence to HIT.")
	}
}

// codes checks the Europol handling codes and the UK conditions.
func (a *audit) codes(m *ententev1.Markings) {
	codes := m.GetHandlingCodes()
	if len(codes) > 1 && slices.Contains(codes, ententev1.EuropolHandlingCode_EUROPOL_HANDLING_CODE_H0) {
		a.refuse("markings", "handlingCodes", ReasonH0, "H0 means no further restriction; leave it out beside H1, H2 or H3.")
	}
	if slices.Contains(codes, ententev1.EuropolHandlingCode_EUROPOL_HANDLING_CODE_H3) && blank(m.GetHandlingInstructions()) {
		a.refuse("markings", "handlingInstructions", ReasonH3, "H3 stands for restrictions in words; write them here.")
	}
	a.text("markings", "handlingInstructions", m.GetHandlingInstructions())
	conditional := m.GetUkHandling() == ententev1.UkHandlingCode_UK_HANDLING_CODE_C
	a.condition("ukAction", conditional, m.GetUkAction() != 0)
	a.condition("ukSanitisation", conditional, m.GetUkSanitisation() != 0)
}

func (a *audit) condition(field string, wanted, stated bool) {
	switch {
	case wanted && !stated:
		a.refuse("markings", field, ReasonUKConditions, "Handling code C needs an A condition and an S condition; state both.")
	case !wanted && stated:
		a.refuse("markings", field, ReasonUKUnused, "Leave the condition out, or set uk_handling to C.")
	}
}

// national checks REL TO and NOFORN against each other.
func (a *audit) national(m *ententev1.Markings, owner OwnerFacts) {
	foreign := false
	for i, code := range m.GetReleasableRegionCodes() {
		a.region("markings", index("releasableRegionCodes", i), code)
		foreign = foreign || code != owner.Region
	}
	if foreign && noforn(m) {
		a.refuse("markings", "releasableRegionCodes", ReasonNoforn, "NOFORN keeps the record in your own country; leave out one of the two.")
	}
}

func noforn(m *ententev1.Markings) bool {
	return slices.Contains(m.GetNationalCaveats(), ententev1.NationalCaveat_NATIONAL_CAVEAT_NOFORN)
}

// protection holds releases of protected persons to what is strictly necessary
// (Regulation (EU) 2016/794, Article 30).
func (a *audit) protection(r *ententev1.Release) {
	m := r.GetMarkings()
	a.text("markings", "necessityStatement", m.GetNecessityStatement())
	if !m.GetContainsProtectedPersons() {
		return
	}
	if blank(m.GetNecessityStatement()) {
		a.refuse("markings", "necessityStatement", ReasonNecessity, "Say why it is strictly necessary to share these persons' data.")
	}
	if wide(r.GetAudience()) {
		a.refuse("", "audience", ReasonProtectedAudience, "A record of protected persons goes to named agencies, units or officers only.")
	}
	if r.GetExistence() != ententev1.Existence_EXISTENCE_HIDDEN {
		a.refuse("", "existence", ReasonProtectedExistence, "A record of protected persons takes part in no check of others; set existence to HIDDEN.")
	}
	if slices.Contains(m.GetPermittedPurposes(), ententev1.ProcessingPurpose_PROCESSING_PURPOSE_RETURNS) {
		a.refuse("markings", "permittedPurposes", ReasonProtectedReturns, "Returns never use data of protected persons; leave RETURNS out.")
	}
}

// review completes the review time, or holds a stated one to the period: three
// years (Regulation (EU) 2016/794, Article 31), one with protected persons,
// thirty days while a category is not determined. The period begins anew with
// each decision of the originator.
func (a *audit) review(m *ententev1.Markings, owner OwnerFacts, now time.Time) {
	latest := reviewBy(m.GetContainsProtectedPersons(), owner.Undetermined, now)
	stated := m.GetReviewTime()
	switch {
	case stated == nil:
		m.ReviewTime = timestamppb.New(latest.Truncate(time.Microsecond)) // as exact as every other time
	case !a.timestamp("markings", "reviewTime", stated):
	case stated.AsTime().After(latest.Add(clockSkew)):
		a.refuse("markings", "reviewTime", ReasonReviewLate,
			"Review within three years, one year with protected persons, thirty days while a category is not determined; leave it out for that default.")
	case !stated.AsTime().After(now) && !proto.Equal(stated, owner.InForce.GetMarkings().GetReviewTime()):
		a.refuse("markings", "reviewTime", ReasonReviewPast, "Set a time that is still to come, or leave it out for the default.")
	}
}

func reviewBy(protected, undetermined bool, now time.Time) time.Time {
	switch {
	case undetermined:
		return now.AddDate(0, 0, 30)
	case protected:
		return now.AddDate(1, 0, 0)
	default:
		return now.AddDate(3, 0, 0)
	}
}

// CheckForeign holds a release marked NOFORN to the originator's own country:
// every agency that it names, also by a unit, an officer or in the hit
// audience, must be there. region tells an agency's country, empty for one that
// is unknown, which this rule does not judge. Groups and all partners are not
// judged either: whoever of them is abroad does not see the record.
func CheckForeign(r *ententev1.Release, owner OwnerFacts, region func(AgencyID) string) []fault.Violation {
	var a audit
	if !noforn(r.GetMarkings()) {
		return nil
	}
	for _, list := range []struct {
		field string
		names []string
	}{
		{"audience.agencies", r.GetAudience().GetAgencies()},
		{"audience.units", r.GetAudience().GetUnits()},
		{"audience.officers", r.GetAudience().GetOfficers()},
		{"hitAudience.agencies", r.GetHitAudience().GetAgencies()},
		{"hitAudience.units", r.GetHitAudience().GetUnits()},
	} {
		for i, name := range list.names {
			if abroad := region(agencyOf(name)); abroad != "" && abroad != owner.Region {
				a.refuse("", index(list.field, i), ReasonNoforn, "NOFORN keeps the record in your own country; leave this name or NOFORN out.")
			}
		}
	}
	return a.violations
}

// Restates tells whether a release, as a draft states it, says the same as the
// one in force: what CheckRelease would fill in counts as what is there. Lists
// are compared in their order. Neither argument is changed.
func Restates(stated, inForce *ententev1.Release) bool {
	s := &ententev1.Release{}
	if stated != nil {
		s = proto.CloneOf(stated)
	}
	if s.Existence == ententev1.Existence_EXISTENCE_UNSPECIFIED {
		s.Existence = ententev1.Existence_EXISTENCE_HIDDEN
	}
	if s.Markings == nil {
		s.Markings = &ententev1.Markings{}
	}
	if s.Markings.ReviewTime == nil {
		s.Markings.ReviewTime = inForce.GetMarkings().GetReviewTime()
	}
	s.Markings.ContainsProtectedPersons = s.Markings.ContainsProtectedPersons || inForce.GetMarkings().GetContainsProtectedPersons()
	return proto.Equal(s, inForce)
}
