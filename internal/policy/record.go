package policy

import (
	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// Record is what a decision needs to know of a record. It is only read.
type Record struct {
	// Owner is the originating agency.
	Owner intel.AgencyID
	// OwnerRegion is the country of the owner, which NOFORN means.
	OwnerRegion string
	// Recalled: its originator took it back.
	Recalled bool
	// Release in force.
	Release *ententev1.Release
	// Stamps are the moments at which the release first named each of its groups,
	// and all partners: exactly one for each that it names, and none else. They
	// alone open a record to a group; what has none opens nothing.
	Stamps []*internalv1.Stamp
	// HitStamps are the same of the groups of the hit audience.
	HitStamps []*internalv1.Stamp
	// Protected: the content speaks of persons whom the law protects, whatever the
	// release says.
	Protected bool
	// ReviewDue: the review time has passed without a decision of the owner.
	ReviewDue bool
}

type stamp = internalv1.Stamp

// opened are the stamps that open the record to members: none under TLP:RED, and
// none where persons whom the law protects must be shared name by name.
func (rec Record) opened() []*stamp {
	if rec.red() || rec.protected() {
		return nil
	}
	return rec.Stamps
}
