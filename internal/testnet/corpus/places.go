package corpus

import (
	"math"

	"google.golang.org/genproto/googleapis/type/latlng"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// coast is a line along a shore, roughly, and the route that it is a part of.
type coast struct {
	name, region string
	route        ententev1.SmugglingRoute
	line         []at
}

type at struct{ latitude, longitude float64 }

func newCoasts() []coast {
	const (
		central = ententev1.SmugglingRoute_SMUGGLING_ROUTE_CENTRAL_MEDITERRANEAN
		eastern = ententev1.SmugglingRoute_SMUGGLING_ROUTE_EASTERN_MEDITERRANEAN
		western = ententev1.SmugglingRoute_SMUGGLING_ROUTE_WESTERN_MEDITERRANEAN
		african = ententev1.SmugglingRoute_SMUGGLING_ROUTE_WESTERN_AFRICAN
		channel = ententev1.SmugglingRoute_SMUGGLING_ROUTE_ENGLISH_CHANNEL
		none    = ententev1.SmugglingRoute_SMUGGLING_ROUTE_UNSPECIFIED
	)
	return []coast{
		{"Zuwara", "LY", central, []at{{33.13, 11.55}, {32.93, 12.08}, {32.79, 12.73}, {32.90, 13.18}, {32.65, 14.27}, {32.38, 15.09}}},
		{"Tobruk", "LY", central, []at{{32.12, 20.07}, {32.76, 21.75}, {32.77, 22.64}, {32.08, 23.97}, {31.75, 25.06}}},
		{"Sfax", "TN", central, []at{{33.50, 11.11}, {33.89, 10.11}, {34.74, 10.76}, {35.50, 11.06}, {36.40, 10.62}}},
		{"Lampedusa", "IT", central, []at{{35.50, 12.55}, {35.52, 12.63}, {36.73, 15.12}, {37.31, 13.58}, {37.65, 12.59}}},
		{"Crotone", "IT", eastern, []at{{38.92, 17.10}, {39.08, 17.13}, {39.60, 16.63}, {40.47, 17.23}, {39.80, 18.37}}},
		{"Izmir", "TR", eastern, []at{{39.57, 26.16}, {38.67, 26.75}, {38.32, 26.30}, {37.86, 27.26}, {37.03, 27.43}, {36.68, 27.37}}},
		{"Crete", "GR", eastern, []at{{35.51, 23.58}, {34.93, 24.80}, {35.00, 25.74}, {35.20, 26.10}}},
		{"Nador", "MA", western, []at{{35.89, -5.32}, {35.57, -5.35}, {35.25, -3.93}, {35.17, -2.93}, {35.12, -2.33}}},
		{"Almeria", "ES", western, []at{{36.02, -5.61}, {36.72, -4.42}, {36.84, -2.46}, {37.60, -0.98}}},
		{"Dakhla", "MA", african, []at{{28.49, -11.34}, {27.15, -13.20}, {26.12, -14.50}, {23.70, -15.93}}},
		{"El Hierro", "ES", african, []at{{27.64, -17.99}, {28.10, -17.10}, {28.05, -16.71}, {28.10, -15.41}}},
		{"Dunkirk", "FR", channel, []at{{51.05, 2.37}, {50.97, 1.85}, {50.73, 1.59}, {50.41, 1.56}, {49.93, 1.08}}},
		{"Dover", "GB", channel, []at{{51.13, 1.32}, {51.08, 1.18}, {50.91, 0.97}, {50.77, 0.29}}},
		{"Tsushima", "JP", none, []at{{34.70, 129.44}, {34.20, 129.29}, {33.75, 129.70}, {32.75, 129.87}}},
	}
}

// place is somewhere along the coast, within some kilometres of its line. It
// is reckoned in whole thousandths of a degree, a hundred metres, so that no
// processor rounds differently.
func (d *draw) place(c *coast, role ententev1.PlaceRole) *ententev1.Place {
	leg := d.chance.IntN(len(c.line) - 1)
	from, to, along := c.line[leg], c.line[leg+1], d.chance.IntN(1000)
	near := func(from, to float64) float64 {
		a, b := thousandths(from), thousandths(to)
		return float64(a+(b-a)*along/1000+d.chance.IntN(41)+d.chance.IntN(41)-40) / 1000
	}
	return &ententev1.Place{
		Description: c.name, RegionCode: c.region, Role: role, PrecisionMeters: 500,
		Point: &latlng.LatLng{Latitude: near(from.latitude, to.latitude), Longitude: near(from.longitude, to.longitude)},
	}
}

func thousandths(degrees float64) int { return int(math.Round(degrees * 1000)) }

// Shores are points on the coasts, one of each, where records are found.
func (c *Corpus) Shores() []*latlng.LatLng {
	points := make([]*latlng.LatLng, len(c.coasts))
	for i := range c.coasts {
		line := c.coasts[i].line
		points[i] = &latlng.LatLng{Latitude: line[len(line)/2].latitude, Longitude: line[len(line)/2].longitude}
	}
	return points
}
