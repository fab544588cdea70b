package index

import (
	"math"

	"google.golang.org/genproto/googleapis/type/latlng"
)

// How a stretch of the map becomes few terms. The map of longitude and latitude
// is divided into square cells, six times over, from 32 degrees down to a
// thirty-second of one: three and a half kilometres of latitude. A point posts its cell of each
// size. An area is covered by cells of one size and asks for any of them: by few
// large ones, since each is looked up in every segment, while what lies beside the area
// is told by the spots of a record, without opening it. What they cannot tell is compared
// with the area itself.

// cellSizes are in degrees. The numbers of the sizes go into terms: never
// renumber them.
var cellSizes = [...]float64{32, 8, 2, 0.5, 0.125, 0.03125}

// maxCells is how many cells may cover an area before larger ones are taken, and
// fewCells how many are few: of more, smaller ones are not taken where these
// cover no more than amply times the area.
const (
	maxCells = 48
	fewCells = 8
	amply    = 8
)

// earthRadius is the mean radius, in metres.
const earthRadius = 6371008.8

// point is a place on the map in degrees, its longitude in [-180, 180).
type point struct{ lat, lng float64 }

// pointOf reads the wire's coordinates; ok is false for none, and for what is
// not on the map.
func pointOf(l *latlng.LatLng) (p point, ok bool) {
	if l == nil {
		return point{}, false
	}
	p = point{l.GetLatitude(), l.GetLongitude()}
	if !(math.Abs(p.lat) <= 90 && math.Abs(p.lng) <= 180) {
		return point{}, false
	}
	if p.lng == 180 {
		p.lng = -180
	}
	return p, true
}

// metres is the distance of two points along the surface.
func (p point) metres(o point) float64 {
	a, b := radians(p.lat), radians(o.lat)
	s, t := math.Sin((b-a)/2), math.Sin(radians(o.lng-p.lng)/2)
	return 2 * earthRadius * math.Asin(math.Sqrt(min(1, s*s+math.Cos(a)*math.Cos(b)*t*t)))
}

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }

// box lies between two parallels and two meridians, west not above east.
type box struct{ south, west, north, east float64 }

// area is a stretch of the map. boxes hold all points of it, and others; within
// says that it holds all of a box, and apart that it holds nothing of that of a
// spot, where that is plain.
type area interface {
	holds(p point) bool
	boxes() []box
	within(b box) bool
	apart(b box) bool
}

// cell is a term's number for row and column of a size.
func cell(size int, row, column int) uint64 {
	return uint64(size)<<56 | uint64(row)<<28 | uint64(column)
}

// cellIndex is the row or column of a coordinate that is counted from the edge.
func cellIndex(fromEdge, whole, size float64) int {
	return int(max(0, min(fromEdge, math.Nextafter(whole, 0))) / size)
}

// cellsOf visits the cells that a point posts.
func cellsOf(p point, visit func(uint64)) {
	for i, size := range cellSizes {
		visit(cell(i, cellIndex(p.lat+90, 180, size), cellIndex(p.lng+180, 360, size)))
	}
}

// coverArea is the cells that an area asks for.
func coverArea(a area) []uint64 {
	boxes := a.boxes()
	wanted := 0.0
	for _, b := range boxes {
		wanted += (b.north - b.south) * (b.east - b.west)
	}
	cover := coverBoxes(boxes, 0, math.MaxInt)
	for size := 1; size < len(cellSizes); size++ {
		cells := coverBoxes(boxes, size, maxCells)
		covered := float64(len(cover)) * cellSizes[size-1] * cellSizes[size-1]
		if cells == nil || len(cells) > fewCells && covered <= amply*wanted {
			break
		}
		cover = cells
	}
	return cover
}

// coverBoxes covers boxes by cells of one size, each once; nil for more than
// limit.
func coverBoxes(boxes []box, size, limit int) []uint64 {
	seen := map[uint64]bool{}
	cells := []uint64{}
	for _, b := range boxes {
		top, right := cellIndex(b.north+90, 180, cellSizes[size]), cellIndex(b.east+180, 360, cellSizes[size])
		for row := cellIndex(b.south+90, 180, cellSizes[size]); row <= top; row++ {
			for column := cellIndex(b.west+180, 360, cellSizes[size]); column <= right; column++ {
				c := cell(size, row, column)
				if seen[c] {
					continue
				}
				if len(cells) >= limit {
					return nil
				}
				seen[c] = true
				cells = append(cells, c)
			}
		}
	}
	return cells
}

// disc is all within a distance of a point.
type disc struct {
	center point
	metres float64
}

func (d disc) holds(p point) bool { return d.center.metres(p) <= d.metres }

// within looks at the corners: a disc of less than a quarter of the earth that
// holds them holds what lies between two parallels and two meridians there.
func (d disc) within(b box) bool {
	const sure = 1 - 1e-9
	for _, corner := range [...]point{{b.south, b.west}, {b.south, b.east}, {b.north, b.west}, {b.north, b.east}} {
		if d.center.metres(corner) > d.metres*sure {
			return false
		}
	}
	return true
}

// boxes reach round the pole where the disc does, and over the 180th meridian.
func (d disc) boxes() []box {
	const slack = 1e-9 // for what rounding takes away
	angle := d.metres/earthRadius*(1+slack) + slack
	tall := angle * 180 / math.Pi
	b := box{south: max(-90, d.center.lat-tall), west: -180, north: min(90, d.center.lat+tall), east: 180}
	s := math.Sin(angle) / math.Cos(radians(d.center.lat))
	if b.south == -90 || b.north == 90 || angle >= math.Pi/2 || s >= 1 {
		return []box{b}
	}
	wide := math.Asin(s)*180/math.Pi + slack
	b.west, b.east = d.center.lng-wide, d.center.lng+wide
	return b.split()
}

// split divides a box that reaches over the 180th meridian.
func (b box) split() []box {
	switch {
	case b.west < -180:
		return []box{{b.south, b.west + 360, b.north, 180}, {b.south, -180, b.north, b.east}}
	case b.east >= 180:
		return []box{{b.south, b.west, b.north, 180}, {b.south, -180, b.north, b.east - 360}}
	default:
		return []box{b}
	}
}

// frame is the box of the wire: where west is above east it reaches over the
// 180th meridian.
type frame box

func (f frame) holds(p point) bool {
	if p.lat < f.south || p.lat > f.north {
		return false
	}
	if f.west > f.east {
		return p.lng >= f.west || p.lng <= f.east
	}
	return p.lng >= f.west && p.lng <= f.east || f.east == 180 && p.lng == -180
}

func (f frame) boxes() []box {
	b := box(f)
	if b.west > b.east {
		b.east += 360
	}
	return b.split()
}

func (f frame) within(b box) bool {
	if b.south < f.south || b.north > f.north {
		return false
	}
	if f.west > f.east {
		return b.west >= f.west || b.east <= f.east
	}
	return b.west >= f.west && b.east <= f.east
}
