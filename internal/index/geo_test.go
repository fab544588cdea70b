package index

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// TestAreasAreCovered says that whatever lies in an area posts a cell that the
// area asks for, at the poles and over the 180th meridian too, and that an area
// asks for few cells.
func TestAreasAreCovered(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	inside, told, unsure := 0, 0, 0
	for range 3000 {
		a := drawArea(r)
		cells := coverArea(a)
		if _, wide := a.(frame); !wide && len(cells) > 4*maxCells {
			t.Errorf("%v asks for %d cells", a, len(cells))
		}
		for range 20 {
			p := drawPoint(r, a)
			holds, b := a.holds(p), boxOfSpot(spotOf(p))
			if holds && a.apart(b) || !holds && a.within(b) {
				t.Fatalf("%v holds %v: %v, and of its spot %v the contrary is plain", a, p, holds, b)
			}
			if told++; !a.apart(b) && !a.within(b) {
				unsure++
			}
			if !holds {
				continue
			}
			inside++
			found := false
			cellsOf(p, func(c uint64) { found = found || slices.Contains(cells, c) })
			if !found {
				t.Fatalf("%v holds %v and does not ask for it", a, p)
			}
		}
	}
	if inside < 5000 || unsure > told/10 {
		t.Errorf("only %d points lay inside, and of %d spots %d tell nothing", inside, told, unsure)
	}
}

func drawArea(r *rand.Rand) area {
	center := point{r.Float64()*180 - 90, r.Float64()*360 - 180}
	switch r.IntN(6) {
	case 0:
		center.lat = math.Copysign(90-r.Float64(), center.lat)
	case 1:
		center.lng = math.Copysign(180-r.Float64(), center.lng)
	}
	switch r.IntN(3) {
	case 0:
		return disc{center, math.Exp(r.Float64()*math.Log(MaxRadius/100)) * 100}
	case 1:
		b := frame{center.lat, center.lng, min(90, center.lat+r.Float64()*20), r.Float64()*360 - 180}
		if r.IntN(4) == 0 {
			b.west, b.east = 180, -180+r.Float64()*10
		}
		return b
	default:
		return corridors[ententev1.SmugglingRoute(1+r.IntN(len(corridors)))]
	}
}

// drawPoint draws one near the area.
func drawPoint(r *rand.Rand, a area) point {
	boxes := a.boxes()
	b := boxes[r.IntN(len(boxes))]
	p := point{b.south + r.Float64()*(b.north-b.south), b.west + r.Float64()*(b.east-b.west)}
	if r.IntN(5) == 0 {
		p = point{b.north, b.east}
	}
	if p.lng >= 180 {
		p.lng -= 360
	}
	return p
}

// TestDistances compares with what maps say.
func TestDistances(t *testing.T) {
	dover, calais := point{51.1279, 1.3134}, point{50.9513, 1.8587}
	if d := dover.metres(calais); math.Abs(d-42_800) > 500 {
		t.Errorf("Dover to Calais: %.0f m", d)
	}
	if d := (point{0, 179.5}).metres(point{0, -179.5}); math.Abs(d-111_195) > 10 {
		t.Errorf("over the meridian: %.0f m", d)
	}
	if d := fromSegment(point{51.0, 1.0}, dover, calais); math.Abs(d-dover.metres(point{51.0, 1.0})) > 1 {
		t.Errorf("beside the end: %.0f m", d)
	}
	if d := fromSegment(point{51.04, 1.586}, dover, calais); d > 300 {
		t.Errorf("in the middle: %.0f m", d)
	}
}

// TestCorridorsHoldTheirPlaces says of each route a place on it and one that
// is not.
func TestCorridorsHoldTheirPlaces(t *testing.T) {
	for n := range ententev1.SmugglingRoute_name {
		route := ententev1.SmugglingRoute(n)
		c, has := corridors[route]
		if named := n != 0 && n != 99; has != named {
			t.Errorf("%s has a corridor: %v", route, has)
			continue
		}
		for _, p := range c.line {
			if !c.holds(p) {
				t.Errorf("%s does not hold %v", route, p)
			}
		}
		if c.holds(point{0, -150}) {
			t.Errorf("%s reaches into the Pacific", route)
		}
	}
}
