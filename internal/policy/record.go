package policy

import (
	"slices"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// Record is what a decision needs to know of a record. It is only read.
type Record struct {
	// Owner is the originating agency.
	Owner intel.AgencyID
	// OwnerRegion is the country of the owner.
	OwnerRegion string
	// Recalled: its originator took it back.
	Recalled bool
	// Release in force.
	Release *ententev1.Release
	// Stamps are the moments at which the release first named each of its groups,
	// and all partners.
	Stamps []*internalv1.Stamp
	// Protected: the content speaks of persons whom the law protects.
	Protected bool
	// ReviewDue: the review time has passed.
	ReviewDue bool
}

func (rec Record) audience() *ententev1.Audience { return rec.Release.GetAudience() }

// red tells whether only those who are named as officers or units may read
// (TLP 2.0: RED is for the eyes of individual recipients only).
func (rec Record) red() bool {
	return rec.Release.GetMarkings().GetTrafficLight() == ententev1.TrafficLight_TRAFFIC_LIGHT_RED
}

// protected tells whether groups and "all" open nothing, because persons whom
// the law protects are in the content or said to be.
func (rec Record) protected() bool {
	return rec.Protected || rec.Release.GetMarkings().GetContainsProtectedPersons()
}

// releasableTo tells whether the record may go to a country.
func (rec Record) releasableTo(region string) bool {
	m := rec.Release.GetMarkings()
	if slices.Contains(m.GetNationalCaveats(), ententev1.NationalCaveat_NATIONAL_CAVEAT_NOFORN) && region != rec.OwnerRegion {
		return false
	}
	to := m.GetReleasableRegionCodes()
	return len(to) == 0 || slices.Contains(to, region)
}

// regions are the countries that the record is kept to, if any.
func (rec Record) regions() (only []string, limited bool) {
	m := rec.Release.GetMarkings()
	only, limited = m.GetReleasableRegionCodes(), len(m.GetReleasableRegionCodes()) > 0
	if !slices.Contains(m.GetNationalCaveats(), ententev1.NationalCaveat_NATIONAL_CAVEAT_NOFORN) {
		return only, limited
	}
	if rec.releasableTo(rec.OwnerRegion) {
		return []string{rec.OwnerRegion}, true
	}
	return nil, true
}

// ownUnits are the originator's own units that the release names.
func (rec Record) ownUnits() []intel.UnitID {
	var units []intel.UnitID
	for _, name := range rec.audience().GetUnits() {
		if a, u, ok := intel.ParseUnitName(name); ok && a == rec.Owner {
			units = append(units, u)
		}
	}
	return units
}
