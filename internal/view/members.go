package view

import (
	"fmt"
	"strings"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
)

var _ policy.Members = (*Roster)(nil)

// Nameable says what is wrong with whom a release names, as a stable reason, and where it stands in the release, in JSON spelling; both are empty when
// nothing is. An agency must be enrolled, a unit must exist, and a group must be one that the originator belongs to: any other group does not exist for it.
func (r *Roster) Nameable(owner intel.AgencyID, release *ententev1.Release) (field, reason string) {
	audience, hits := release.GetAudience(), release.GetHitAudience()
	for _, list := range []struct {
		field  string
		names  []string
		known  func(string) bool
		reason string
	}{
		{"audience.agencies", audience.GetAgencies(), r.agencyExists, "AGENCY_UNKNOWN"},
		{"hitAudience.agencies", hits.GetAgencies(), r.agencyExists, "AGENCY_UNKNOWN"},
		{"audience.units", audience.GetUnits(), r.unitExists, "UNIT_UNKNOWN"},
		{"hitAudience.units", hits.GetUnits(), r.unitExists, "UNIT_UNKNOWN"},
		{"audience.officers", audience.GetOfficers(), r.officerCanExist, "AGENCY_UNKNOWN"},
		{"audience.groups", audience.GetGroups(), r.groupOf(owner), "GROUP_UNKNOWN"},
		{"hitAudience.groups", hits.GetGroups(), r.groupOf(owner), "GROUP_UNKNOWN"},
	} {
		for i, name := range list.names {
			if !list.known(name) {
				return fmt.Sprintf("%s[%d]", list.field, i), list.reason
			}
		}
	}
	return "", ""
}

func (r *Roster) agencyExists(name string) bool {
	id, ok := intel.ParseAgencyName(name)
	return ok && r.Known(id)
}

func (r *Roster) unitExists(name string) bool {
	agency, unit, ok := intel.ParseUnitName(name)
	return ok && r.Known(agency) && r.HasUnit(agency, unit)
}

// officerCanExist tells whether the officer's agency does: officers are known to their agencies alone.
func (r *Roster) officerCanExist(name string) bool {
	agency, _, _ := strings.Cut(strings.TrimPrefix(name, "agencies/"), "/")
	return r.Known(intel.AgencyID(agency))
}

func (r *Roster) groupOf(owner intel.AgencyID) func(name string) bool {
	return func(name string) bool {
		ordinal, ok := r.Group(name)
		return ok && r.MemberNow(ordinal, owner)
	}
}
