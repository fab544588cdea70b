package index

import (
	"math"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Spots are where a content says that something is, each as a square of twenty
// metres: enough to tell of most records whether they lie in an area without
// opening them. The zero Spots tell nothing: there is no place on the map in
// the content, or more than two.
type Spots [2]int64

// A spot is one more than row and column of a square.
const (
	spotRows    = 20 // bits
	spotColumns = spotRows + 1
	spotSize    = 180.0 / (1 << spotRows) // degrees
	// spotReach is more than a corner of a square lies from its middle, in metres.
	spotReach = 16
)

func spotOf(p point) int64 {
	return 1 + (int64(cellIndex(p.lat+90, 180, spotSize))<<spotColumns | int64(cellIndex(p.lng+180, 360, spotSize)))
}

// boxOfSpot is what a spot covers, and what rounding may have put into it.
func boxOfSpot(spot int64) box {
	const slack = 1e-9
	south, west := float64((spot-1)>>spotColumns)*spotSize-90, float64((spot-1)&(1<<spotColumns-1))*spotSize-180
	return box{max(-90, south-slack), max(-180, west-slack), min(90, south+spotSize+slack), min(180, west+spotSize+slack)}
}

// spotsOf are the spots of points.
func spotsOf(c shared, assets []*ententev1.Asset) Spots {
	var spots Spots
	n := 0
	points(c, assets, func(p point) bool {
		spot := spotOf(p)
		if spot == spots[0] || spot == spots[1] {
			return true
		}
		if n == len(spots) {
			spots = Spots{}
			return false
		}
		spots[n] = spot
		n++
		return true
	})
	return spots
}

// Near is the condition that a point of a record lies in one of some areas, as
// far as spots tell.
type Near struct {
	areas []area
	// sure asks for records that meet it; else those that certainly do not are
	// left out.
	sure bool
}

func (n *Near) holds(spots Spots) bool {
	if spots[0] == 0 {
		return !n.sure
	}
	return n.reaches(boxOfSpot(spots[0])) || spots[1] != 0 && n.reaches(boxOfSpot(spots[1]))
}

func (n *Near) reaches(b box) bool {
	for _, a := range n.areas {
		if n.sure && a.within(b) || !n.sure && !a.apart(b) {
			return true
		}
	}
	return false
}

// middle of a box.
func (b box) middle() point { return point{(b.south + b.north) / 2, (b.west + b.east) / 2} }

// apart looks at the latitude before it works out a distance.
func (d disc) apart(b box) bool {
	middle, reach := b.middle(), d.metres+spotReach
	return math.Abs(radians(middle.lat-d.center.lat))*earthRadius > reach || d.center.metres(middle) > reach
}

func (f frame) apart(b box) bool {
	if b.north < f.south || b.south > f.north {
		return true
	}
	if f.west > f.east {
		return b.east < f.west && b.west > f.east
	}
	return (b.east < f.west || b.west > f.east) && (f.east != 180 || b.west != -180)
}

func (c corridor) apart(b box) bool {
	middle := b.middle()
	for i := 1; i < len(c.line); i++ {
		if fromSegment(middle, c.line[i-1], c.line[i]) <= c.metres+spotReach {
			return false
		}
	}
	return true
}
