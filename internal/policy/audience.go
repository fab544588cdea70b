package policy

import (
	"slices"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

func (rec Record) audience() *ententev1.Audience { return rec.Release.GetAudience() }

// ownUnits are the originator's own units that the release names: they narrow
// who in its own house may read.
func (rec Record) ownUnits() []intel.UnitID {
	var units []intel.UnitID
	for _, name := range rec.audience().GetUnits() {
		if a, u, ok := intel.ParseUnitName(name); ok && a == rec.Owner {
			units = append(units, u)
		}
	}
	return units
}

func namesOfficer(r Reader, rec Record) bool {
	return r.Officer != "" && slices.Contains(rec.audience().GetOfficers(), intel.OfficerName(r.Agency, r.Officer))
}

func namesUnit(r Reader, rec Record) bool {
	return r.Unit != "" && slices.Contains(rec.audience().GetUnits(), intel.UnitName(r.Agency, r.Unit))
}

// named tells whether the audience names the reader, who is not the owner, other
// than as a member of something.
func named(r Reader, rec Record) bool {
	return namesOfficer(r, rec) || namesUnit(r, rec) ||
		!rec.red() && slices.Contains(rec.audience().GetAgencies(), r.Agency.Name())
}

// addressed tells whether the audience holds the reader, who is not the owner, now.
func addressed(r Reader, rec Record, m Members) bool {
	return named(r, rec) || slices.ContainsFunc(rec.opened(), func(s *stamp) bool {
		return m.MemberNow(s.GetGroup(), r.Agency) && m.MemberAt(s.GetGroup(), r.Agency, s.GetGeneration())
	})
}
