package view

import (
	"strings"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
)

var _ policy.Members = (*Roster)(nil)

// Nameable says what is wrong with whom a release names, as a stable reason; empty when nothing is. An agency must be enrolled, a unit must exist, and a
// group must be one that the originator belongs to: any other group does not exist for it.
func (r *Roster) Nameable(owner intel.AgencyID, release *ententev1.Release) string {
	audience, hits := release.GetAudience(), release.GetHitAudience()
	for _, list := range [][]string{audience.GetAgencies(), hits.GetAgencies()} {
		for _, name := range list {
			if id, ok := intel.ParseAgencyName(name); !ok || !r.Known(id) {
				return "AGENCY_UNKNOWN"
			}
		}
	}
	for _, list := range [][]string{audience.GetUnits(), hits.GetUnits()} {
		for _, name := range list {
			if agency, unit, ok := intel.ParseUnitName(name); !ok || !r.Known(agency) || !r.HasUnit(agency, unit) {
				return "UNIT_UNKNOWN"
			}
		}
	}
	for _, name := range audience.GetOfficers() {
		agency, _, _ := strings.Cut(strings.TrimPrefix(name, "agencies/"), "/")
		if !r.Known(intel.AgencyID(agency)) {
			return "AGENCY_UNKNOWN"
		}
	}
	for _, list := range [][]string{audience.GetGroups(), hits.GetGroups()} {
		for _, name := range list {
			if ordinal, ok := r.Group(name); !ok || !r.MemberNow(ordinal, owner) {
				return "GROUP_UNKNOWN"
			}
		}
	}
	return ""
}
