package policy

import "github.com/seed-1d76a664/entente/internal/intel"

// AllPartners is the ordinal of the pseudo-group of all partners in standing.
const AllPartners uint32 = 0

// Members is who belonged to what, and when, as of one moment. Group ordinals
// are the store's; AllPartners is one of them. Members in standing are those on
// the list that are not suspended: so whoever is in standing in a group is so
// among all partners too. A generation of a group is counted up with each change
// of who is in standing in it. What is not known belongs to nothing.
type Members interface {
	// Active tells whether an agency is enrolled and in standing.
	Active(intel.AgencyID) bool
	// Suspended lists the suspended agencies, sorted. Shared: read only.
	Suspended() []intel.AgencyID
	// Region is an agency's country; empty for one that is unknown.
	Region(intel.AgencyID) string
	// HasUnit tells whether the agency has the unit now.
	HasUnit(intel.AgencyID, intel.UnitID) bool
	// Groups lists the groups in which the agency is in standing now, AllPartners
	// included, in order.
	Groups(intel.AgencyID) []uint32
	// Current lists who is in standing in a group now, sorted. Shared: read only.
	Current(group uint32) []intel.AgencyID
	// Listed tells whether an agency stands on the list, in standing or suspended.
	Listed(group uint32, a intel.AgencyID) bool
	// MemberNow tells whether it is in standing now.
	MemberNow(group uint32, a intel.AgencyID) bool
	// MemberAt tells whether it was in standing at a generation of the group.
	MemberAt(group uint32, a intel.AgencyID, generation uint64) bool
	// Generations lists those generations up to now, in order.
	Generations(group uint32, a intel.AgencyID) []uint64
	// MemberWithin tells whether it was in standing at any moment between two
	// commands, from included, until not; until 0 is still. The moment n is the
	// state in which command n left the hub.
	MemberWithin(group uint32, a intel.AgencyID, from, until uint64) bool
}
