package policy

import (
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// Reader is who asks, as the certificate has it, and what for, as the call
// states it. The zero Reader reads nothing.
type Reader struct {
	// Agency is the reader's agency; empty for the operator.
	Agency intel.AgencyID
	// Unit is the unit that the certificate is bound to, or empty. One that the
	// agency does not have, or has no more, is none.
	Unit intel.UnitID
	// Officer is that of an officer's certificate, or empty. Never asserted.
	Officer string
	// Region is the agency's ISO 3166-1 alpha-2 country, as Members has it: it is
	// given at enrolment and never changes.
	Region string
	// Operator is true for the operator, who reads nothing.
	Operator bool
	// Purpose is what the call is for. Unspecified, or one that this program does
	// not know, is a purpose that no release permits.
	Purpose ententev1.ProcessingPurpose
}

// ReaderOf is the reader that a caller is, for a purpose.
func ReaderOf(c intel.Caller, p ententev1.ProcessingPurpose) Reader {
	return Reader{
		Agency: c.Agency, Unit: c.Unit, Officer: c.Officer, Region: c.Region, Operator: c.Operator, Purpose: p,
	}
}

// nobody tells a reader who reads nothing, whatever the record.
func (r Reader) nobody() bool { return r.Operator || r.Agency == "" }

// bound is the reader without a unit that its agency does not have: a binding
// may outlive the unit that it names.
func (r Reader) bound(m Members) Reader {
	if r.Unit != "" && !m.HasUnit(r.Agency, r.Unit) {
		r.Unit = ""
	}
	return r
}

// Keeps tells whether what an agency keeps for itself (a standing query) is the
// reader's: the agency's as a whole, or its unit's where it is a unit's.
func Keeps(r Reader, owner intel.AgencyID, unit intel.UnitID, m Members) bool {
	r = r.bound(m)
	return !r.nobody() && r.Agency == owner && (unit == "" || unit == r.Unit)
}
