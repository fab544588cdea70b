package policy

import (
	"slices"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// The purposes and markings that have rules of their own.
const (
	returns        = ententev1.ProcessingPurpose_PROCESSING_PURPOSE_RETURNS
	systemDelivery = ententev1.ProcessingPurpose_PROCESSING_PURPOSE_SYSTEM_DELIVERY
	tlpRed         = ententev1.TrafficLight_TRAFFIC_LIGHT_RED
	noforn         = ententev1.NationalCaveat_NATIONAL_CAVEAT_NOFORN
)

func (rec Record) markings() *ententev1.Markings { return rec.Release.GetMarkings() }

// red tells whether only those who are named as officers or units may read
// (TLP 2.0: RED is for the eyes of individual recipients only).
func (rec Record) red() bool { return rec.markings().GetTrafficLight() == tlpRed }

// protected tells whether groups and "all" open nothing, because persons whom
// the law protects are in the content or said to be (Regulation (EU) 2016/794,
// Article 30: only where strictly necessary).
func (rec Record) protected() bool {
	return rec.Protected || rec.markings().GetContainsProtectedPersons()
}

// releasableTo tells whether the record may go to a country: NOFORN keeps it at
// home, REL TO keeps it to a list, both keep it to what both allow.
func (rec Record) releasableTo(region string) bool {
	m := rec.markings()
	if slices.Contains(m.GetNationalCaveats(), noforn) && region != rec.OwnerRegion {
		return false
	}
	to := m.GetReleasableRegionCodes()
	return len(to) == 0 || slices.Contains(to, region)
}

// releasableEverywhere tells whether no country is kept out.
func (rec Record) releasableEverywhere() bool {
	m := rec.markings()
	return len(m.GetReleasableRegionCodes()) == 0 && !slices.Contains(m.GetNationalCaveats(), noforn)
}

// permits tells whether the release permits a purpose to those who are not its
// originator. Machines deliver whatever people may read, but TLP:RED only where
// the originator named that purpose; returns never reach protected persons.
func (rec Record) permits(p ententev1.ProcessingPurpose) bool {
	only := rec.markings().GetPermittedPurposes()
	switch {
	case !known(p), p == returns && rec.protected():
		return false
	case p == systemDelivery:
		return !rec.red() || slices.Contains(only, p)
	}
	return len(only) == 0 || slices.Contains(only, p)
}

// permitsOwner is permits for the originator. Its own list does not bind it; that
// returns never reach protected persons is not the originator's to waive.
func (rec Record) permitsOwner(p ententev1.ProcessingPurpose) bool {
	return p != returns || !rec.protected()
}

// known tells whether a purpose is one of those that a call may state.
func known(p ententev1.ProcessingPurpose) bool {
	_, ok := ententev1.ProcessingPurpose_name[int32(p)]
	return ok && p != ententev1.ProcessingPurpose_PROCESSING_PURPOSE_UNSPECIFIED
}

// purposes lists those that a call may state, in order.
func purposes() []ententev1.ProcessingPurpose {
	var list []ententev1.ProcessingPurpose
	values := ententev1.ProcessingPurpose(0).Descriptor().Values()
	for i := range values.Len() {
		if p := ententev1.ProcessingPurpose(values.Get(i).Number()); known(p) {
			list = append(list, p)
		}
	}
	return list
}
