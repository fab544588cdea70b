package intel

import (
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
)

func (x *examiner) places(places []*ententev1.Place) {
	for i, p := range places {
		x.place(index("places", i), p)
	}
}

func (x *examiner) place(at string, p *ententev1.Place) {
	if p.GetDescription() == "" && p.GetPoint() == nil && p.GetRegionCode() == "" && p.GetSubdivisionCode() == "" && p.GetUnLocode() == "" {
		x.refuse(at, "", ReasonPlaceEmpty, "Name the place: in words, by coordinates, or by one of the codes.")
	}
	x.text(at, "description", p.GetDescription())
	if p.GetPoint() != nil {
		x.malformed(at, "point", identifier.LatLng(p.GetPoint().GetLatitude(), p.GetPoint().GetLongitude()))
	}
	x.placeCodes(at, p)
	x.interval(at, "observed", p.GetObserved())
}

// placeCodes checks the three codes of a place. That they name several
// countries is kept and flagged: territories have codes of their own in one
// list and their state's in another.
func (x *examiner) placeCodes(at string, p *ententev1.Place) {
	x.region(at, "regionCode", p.GetRegionCode())
	var regions [3]string
	regions[0] = p.GetRegionCode()
	if p.GetSubdivisionCode() != "" {
		region, err := identifier.Subdivision(p.GetSubdivisionCode())
		x.malformed(at, "subdivisionCode", err)
		regions[1] = region
	}
	if p.GetUnLocode() != "" {
		region, err := identifier.UNLocode(p.GetUnLocode())
		x.malformed(at, "unLocode", err)
		regions[2] = region
	}
	if differ(regions) {
		x.flag(at, "", ententev1.CheckStatus_CHECK_STATUS_FAILED, CodePlaceRegion)
	}
}

// differ tells whether two of the codes that are stated differ.
func differ(codes [3]string) bool {
	first := ""
	for _, c := range codes {
		if c != "" && first != "" && c != first {
			return true
		}
		if c != "" {
			first = c
		}
	}
	return false
}
