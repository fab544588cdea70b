package policy

import "github.com/seed-1d76a664/entente/internal/intel"

// Meet decides whether the agency of a record is told that the record shares an
// identifier with one of another agency. Both agencies are told if each may know
// of the other's record: it may read it, or gets a hit from it. An agency that
// may read both records is told in any case. Otherwise it is not, and no third
// one ever. So nobody learns that there is a record of which no check would have
// told it, and a record that neither may read nor gets a hit from moves nothing.
//
// An agency stands for its duty desk here: not for a unit or an officer, and for
// what the hub delivers by itself. A record that its own agency narrowed to units
// is not the desk's to be told of. Both agencies must be in standing. Persons
// whom the law protects meet inside their audience alone: their records give no
// hits, and are read by those who are named.
func Meet(own, other Record, m Members) bool {
	if own.Owner == other.Owner || !m.Active(own.Owner) || !m.Active(other.Owner) || own.Recalled || other.Recalled {
		return false
	}
	here, there := DeskOf(own.Owner, m), DeskOf(other.Owner, m)
	switch {
	case !Listed(here, own, m):
		return false
	case Listed(here, other, m):
		return true
	}
	return Hit(here, other, m) && Listed(there, other, m) && knows(there, own, m)
}

// knows tells whether a reader may know of a record: it may read it or gets a hit.
func knows(r Reader, rec Record, m Members) bool { return Listed(r, rec, m) || Hit(r, rec, m) }

// DeskOf is an agency's duty desk as a reader of what the hub delivers by itself.
func DeskOf(a intel.AgencyID, m Members) Reader {
	return Reader{Agency: a, Region: m.Region(a), Purpose: systemDelivery}
}
