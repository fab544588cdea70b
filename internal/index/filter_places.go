package index

import (
	"fmt"
	"slices"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// places asks for a point in any of some areas. Cells are rough.
func (c *compiler) places(f *Filter, list []*ententev1.GeoArea, at string) {
	if len(list) == 0 {
		return
	}
	clause := never()
	var areas []area
	for i, wire := range list {
		a := c.area(wire, fmt.Sprintf("%s.places[%d]", at, i))
		if a == nil {
			continue
		}
		areas = append(areas, a)
		for _, cell := range coverArea(a) {
			clause.AnyOf = append(clause.AnyOf, c.h.number(FieldCell, cell))
		}
	}
	sure := clause
	clause.Near, sure.Near = &Near{areas: areas}, &Near{areas: areas, sure: true}
	c.add(f, len(list), leaf{clause: clause, rough: true, sure: &sure, holds: func(r *Facts) (found bool) {
		points(r.content(), r.Report.GetAssets(), func(p point) bool {
			found = slices.ContainsFunc(areas, func(a area) bool { return a.holds(p) })
			return !found
		})
		return found
	}})
}

// area reads one; nil for one that is refused.
func (c *compiler) area(wire *ententev1.GeoArea, at string) area {
	switch a := wire.GetArea().(type) {
	case *ententev1.GeoArea_Radius:
		center, ok := pointOf(a.Radius.GetCenter())
		if !ok {
			c.refuse(at+".radius.center", "COORDINATES_INVALID", "is not on the map; latitude goes from -90 to 90, longitude from -180 to 180")
			return nil
		}
		metres := a.Radius.GetRadiusMeters()
		if !(metres > 0 && metres <= MaxRadius) {
			c.refuse(at+".radius.radiusMeters", "QUERY_RADIUS_TOO_LARGE", fmt.Sprintf("is not between 0 and %d kilometres; ask for a smaller circle, or a box", int(MaxRadius/1000)))
			return nil
		}
		return disc{center, metres}
	case *ententev1.GeoArea_Box:
		b := frame{a.Box.GetSouth(), a.Box.GetWest(), a.Box.GetNorth(), a.Box.GetEast()}
		if !(b.south >= -90 && b.south <= b.north && b.north <= 90 && b.west >= -180 && b.west <= 180 && b.east >= -180 && b.east <= 180) {
			c.refuse(at+".box", "COORDINATES_INVALID", "is no box on the map; south is not above north, and all four are degrees")
			return nil
		}
		return b
	case *ententev1.GeoArea_RouteCorridor:
		if along, ok := corridors[a.RouteCorridor]; ok {
			return along
		}
	}
	c.refuse(at, "ROUTE_WITHOUT_CORRIDOR", "names no area that the hub knows")
	return nil
}

// cells posts the cells of points.
func (p *poster) cells(c shared, assets []*ententev1.Asset) {
	points(c, assets, func(at point) bool {
		cellsOf(at, func(cell uint64) { p.terms = append(p.terms, p.h.number(FieldCell, cell)) })
		return true
	})
}
