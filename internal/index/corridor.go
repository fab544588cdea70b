package index

import (
	"math"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// corridor is all within a distance of a line of points, joined by the
// shortest ways.
type corridor struct {
	line   []point
	metres float64
}

// The corridors of the named routes are the project's own rough lines, drawn
// along what the agencies' public maps call by these names, and wide enough to
// hold what lies on the way. They are data, not findings; docs/queries.md shows
// them. Whoever moves one changes what queries find, and nothing stored.
var corridors = map[ententev1.SmugglingRoute]corridor{
	ententev1.SmugglingRoute_SMUGGLING_ROUTE_CENTRAL_MEDITERRANEAN: {metres: 250e3, line: []point{{32.9, 13.2}, {34.8, 11.5}, {35.5, 12.6}, {37.1, 14.3}}},
	ententev1.SmugglingRoute_SMUGGLING_ROUTE_EASTERN_MEDITERRANEAN: {metres: 200e3, line: []point{{33.9, 35.5}, {35.2, 33.4}, {36.5, 30.5}, {37.0, 27.4}, {38.4, 26.6}, {39.3, 26.4}, {41.0, 26.3}}},
	ententev1.SmugglingRoute_SMUGGLING_ROUTE_WESTERN_MEDITERRANEAN: {metres: 200e3, line: []point{{35.2, -3.0}, {35.8, -5.5}, {36.7, -4.4}, {36.8, -2.4}, {35.9, 0.1}, {36.8, 3.1}, {38.3, -0.5}, {39.6, 2.7}}},
	ententev1.SmugglingRoute_SMUGGLING_ROUTE_WESTERN_AFRICAN:       {metres: 250e3, line: []point{{13.4, -16.7}, {14.7, -17.5}, {18.1, -16.1}, {20.9, -17.1}, {23.7, -16.0}, {27.1, -13.5}, {28.1, -15.4}}},
	ententev1.SmugglingRoute_SMUGGLING_ROUTE_WESTERN_BALKAN:        {metres: 150e3, line: []point{{40.6, 22.9}, {42.0, 21.4}, {43.3, 21.9}, {44.8, 20.5}, {46.1, 19.7}, {45.8, 16.0}, {46.1, 14.5}}},
	ententev1.SmugglingRoute_SMUGGLING_ROUTE_EASTERN_LAND_BORDER:   {metres: 150e3, line: []point{{60.2, 28.0}, {57.8, 27.6}, {55.9, 26.6}, {53.9, 23.9}, {52.1, 23.7}, {50.0, 23.2}, {48.4, 22.2}, {45.5, 28.2}}},
	ententev1.SmugglingRoute_SMUGGLING_ROUTE_ALBANIA_GREECE_CIRCULAR: {metres: 80e3, line: []point{
		{41.3, 19.8}, {40.6, 20.8}, {39.9, 20.3}, {39.7, 20.9}, {40.6, 22.9},
	}},
	ententev1.SmugglingRoute_SMUGGLING_ROUTE_ENGLISH_CHANNEL: {metres: 60e3, line: []point{{51.35, 3.2}, {51.05, 2.4}, {50.95, 1.85}, {51.1, 1.3}, {50.85, 0.6}, {50.1, 1.5}}},
	ententev1.SmugglingRoute_SMUGGLING_ROUTE_SOUTH_TO_NORTH_AMERICA: {metres: 250e3, line: []point{
		{4.7, -74.1}, {8.1, -76.7}, {8.98, -79.5}, {9.9, -84.1}, {12.1, -86.3}, {14.1, -87.2}, {14.6, -90.5}, {14.9, -92.3}, {16.8, -93.1}, {19.4, -99.1}, {25.7, -100.3}, {27.5, -99.5}, {31.7, -106.5}, {32.5, -117.0},
	}},
}

func (c corridor) holds(p point) bool {
	for i := 1; i < len(c.line); i++ {
		if fromSegment(p, c.line[i-1], c.line[i]) <= c.metres {
			return true
		}
	}
	return false
}

// boxes are those of discs along the line, near enough to each other to hold
// what is within the distance of it.
func (c corridor) boxes() []box {
	var boxes []box
	reach := c.metres * math.Sqrt(1.25) * 1.01 // discs half of the distance apart from the line's points, and some
	c.along(func(p point) bool {
		boxes = append(boxes, disc{p, reach}.boxes()...)
		return true
	})
	return boxes
}

// within is plain of what a disc on the line holds.
func (c corridor) within(b box) (plain bool) {
	c.along(func(p point) bool {
		plain = disc{p, c.metres}.within(b)
		return !plain
	})
	return plain
}

// along visits points of the line, no farther apart than the distance, until
// visit returns false.
func (c corridor) along(visit func(point) bool) {
	for i := 1; i < len(c.line); i++ {
		a, b := vectorOf(c.line[i-1]), vectorOf(c.line[i])
		steps := max(1, int(math.Ceil(c.line[i-1].metres(c.line[i])/c.metres)))
		for s := range steps + 1 {
			if !visit(a.towards(b, float64(s)/float64(steps)).point()) {
				return
			}
		}
	}
}

// vector is a point of the unit sphere.
type vector struct{ x, y, z float64 }

func vectorOf(p point) vector {
	lat, lng := radians(p.lat), radians(p.lng)
	return vector{math.Cos(lat) * math.Cos(lng), math.Cos(lat) * math.Sin(lng), math.Sin(lat)}
}

func (v vector) dot(o vector) float64 { return v.x*o.x + v.y*o.y + v.z*o.z }

func (v vector) cross(o vector) vector {
	return vector{v.y*o.z - v.z*o.y, v.z*o.x - v.x*o.z, v.x*o.y - v.y*o.x}
}

func (v vector) length() float64 { return math.Sqrt(v.dot(v)) }

// towards goes a part of the way to another, along the chord.
func (v vector) towards(o vector, part float64) vector {
	return vector{v.x + (o.x-v.x)*part, v.y + (o.y-v.y)*part, v.z + (o.z-v.z)*part}
}

func (v vector) point() point {
	lng := math.Atan2(v.y, v.x) * 180 / math.Pi
	if lng >= 180 {
		lng -= 360
	}
	return point{math.Atan2(v.z, math.Hypot(v.x, v.y)) * 180 / math.Pi, lng}
}

// fromSegment is the distance of a point from the shortest way between two.
func fromSegment(p, from, to point) float64 {
	a, b, v := vectorOf(from), vectorOf(to), vectorOf(p)
	n := a.cross(b)
	nearest := min(p.metres(from), p.metres(to))
	if n.length() == 0 || n.cross(a).dot(v) < 0 || b.cross(n).dot(v) < 0 {
		return nearest // beside the ends
	}
	return min(nearest, earthRadius*math.Abs(math.Asin(max(-1, min(1, n.dot(v)/n.length())))))
}
