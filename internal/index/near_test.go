package index

import (
	"math"
	"slices"
	"testing"

	"google.golang.org/genproto/googleapis/type/latlng"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// FuzzPlaces looks for a place in an area that the area does not ask for, or of which the spot tells the contrary: also where both lie on an edge of the map,
// or the area is a line or a point.
func FuzzPlaces(f *testing.F) {
	for _, s := range [][6]float64{
		{90, 0, 90, 180, 1, 0}, {-90, -180, -90, 180, 1e6, 0}, {0, 180, 0, -180, 0.001, 0}, {51, 1.5, 51.1, 1.4, 20_000, 0}, {89.9999, 10, 90, -170, 12, 0},
		{-17, 180, -17, -180, 0, 1}, {10, -180, 10, 180, 5, 1}, {90, 180, 90, 180, 0, 1}, {-90, -180, -90, -180, 0, 1}, {0, 170, 5, -175, 3, 1}, {34, 12, 34, 12, 0, 2},
	} {
		f.Add(s[0], s[1], s[2], s[3], s[4], uint8(s[5]))
	}
	h := NewHasher([32]byte{5})
	f.Fuzz(func(t *testing.T, lat, lng, placeLat, placeLng, size float64, kind uint8) {
		p, on := pointOf(&latlng.LatLng{Latitude: placeLat, Longitude: placeLng})
		area := askedArea(lat, lng, size, kind)
		c := compiler{h: h}
		if a := c.area(area, "at"); !on || a == nil {
			return
		}
		var asked Filter
		c.places(&asked, []*ententev1.GeoArea{area}, "query")
		leaf := asked.leaves[0]
		content := &ententev1.IntelligenceContent{Places: []*ententev1.Place{{Point: &latlng.LatLng{Latitude: placeLat, Longitude: placeLng}}}}
		terms, spots := h.ItemTextTerms(content, nil), spotsOf(content, nil)
		holds := leaf.holds(&Facts{Item: content})
		finds := slices.ContainsFunc(leaf.clause.AnyOf, func(one Term) bool { return slices.Contains(terms, one) })
		if holds && !(finds && leaf.clause.Near.holds(spots)) {
			t.Errorf("%v holds %v and does not ask for it", area, p)
		}
		if !holds && finds && leaf.sure.Near.holds(spots) {
			t.Errorf("%v does not hold %v and is sure of it", area, p)
		}
	})
}

// askedArea is a circle, a box or a corridor.
func askedArea(lat, lng, size float64, kind uint8) *ententev1.GeoArea {
	switch kind % 3 {
	case 0:
		return &ententev1.GeoArea{Area: &ententev1.GeoArea_Radius{Radius: &ententev1.GeoRadius{Center: &latlng.LatLng{Latitude: lat, Longitude: lng}, RadiusMeters: size}}}
	case 1:
		east := lng + size
		if east > 180 {
			east -= 360
		}
		return &ententev1.GeoArea{Area: &ententev1.GeoArea_Box{Box: &ententev1.GeoBox{South: lat, West: lng, North: min(90, lat+math.Abs(size)), East: east}}}
	default:
		return &ententev1.GeoArea{Area: &ententev1.GeoArea_RouteCorridor{RouteCorridor: ententev1.SmugglingRoute(1 + int(math.Abs(size))%12)}}
	}
}
