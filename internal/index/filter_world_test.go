package index

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"google.golang.org/genproto/googleapis/type/latlng"
	"google.golang.org/genproto/googleapis/type/money"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// drawer draws contents and filters from one small world, so that they meet.
type drawer struct{ *rand.Rand }

func pick[T any](d drawer, of ...T) T { return of[d.IntN(len(of))] }

// some draws up to n of them.
func some[T any](d drawer, n int, draw func() T) (list []T) {
	for range d.IntN(n + 1) {
		list = append(list, draw())
	}
	return list
}

func (d drawer) words() string {
	return pick(d, "boat", "boats", "black boats", "the boat", "warehouse", "Boats black", "bateaux", "東京湾で", "東京", "قوارب", "warehouses of boats") + pick(d, "", " ", ", ") +
		pick(d, "", "engine", "boat", "noir", "湾")
}

func (d drawer) name() string {
	return pick(d, "Mohammed Karimi", "محمد كريمي", "Karimi", "Ali Hassan", "Sea Star", "Seastar", "Abd al-Rahman", "Abdulrahman", "Hassan, Ali", "李小龍", "Mo")
}

func (d drawer) phone() *ententev1.Identifier {
	return &ententev1.Identifier{
		Type:     ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER,
		RawValue: pick(d, "+33612345678", "+33612345679", "+390612345678", "+33 6 13 34 56 78"),
	}
}

func (d drawer) point() *latlng.LatLng {
	return &latlng.LatLng{Latitude: pick(d, 51, 51.05, 50.9, -89.99, 90, 35.5), Longitude: pick(d, 1.5, 1.6, 180, -180, 179.9, -179.95, 12.6)}
}

func (d drawer) place() *ententev1.Place { return &ententev1.Place{Point: d.point()} }

func (d drawer) subject() *ententev1.Subject {
	s := &ententev1.Subject{Identifiers: some(d, 2, d.phone), Note: pick(d, "", d.words())}
	switch d.IntN(5) {
	case 0:
		s.Kind = &ententev1.Subject_Person{Person: &ententev1.Person{
			Names: []*ententev1.PersonName{{FullName: d.name(), RomanizedName: pick(d, "", d.name())}}, BirthDate: pick(d, "", "1987", "1990-03", "2001-02-03"), Nationalities: some(d, 2, d.nationality),
		}}
	case 1:
		s.Kind = &ententev1.Subject_Vessel{Vessel: &ententev1.Vessel{DisplayName: d.name(), FlagRegionCode: pick(d, "", "PA", "FR"), VesselType: d.words()}}
	case 2:
		s.Kind = &ententev1.Subject_Equipment{Equipment: &ententev1.Equipment{Manufacturer: pick(d, "Yamaha", "Yamaha Motor", "Parsun"), Type: ententev1.SupplyItemType(1 + d.IntN(3))}}
	case 3:
		s.Kind = &ententev1.Subject_Place{Place: d.place()}
	}
	return s
}

func (d drawer) nationality() string { return pick(d, "IRQ", "SYR", "VNM") }

func (d drawer) area() ententev1.CrimeArea { return ententev1.CrimeArea(1 + d.IntN(3)) }

func (d drawer) interval() *ententev1.Interval {
	from := int64(1_700_000_000 + d.IntN(4)*86_400)
	return interval(from, from+int64(d.IntN(3)*40_000))
}

func (d drawer) content(n int) *Facts {
	facts := &Facts{Originator: pick(d, intel.AgencyID("ita"), "fra", "jpn")}
	if n%2 == 0 {
		facts.Item = &ententev1.IntelligenceContent{
			Title: d.words(), Narrative: d.words() + ". " + d.words(), LanguageCode: pick(d, "en", "fr", "ja", "ar"), CrimeAreas: some(d, 2, d.area),
			Subjects: some(d, 3, d.subject), Places: some(d, 2, d.place), Observed: d.interval(), Urgency: ententev1.Urgency(d.IntN(4)),
			Renditions: some(d, 1, func() *ententev1.Rendition { return &ententev1.Rendition{LanguageCode: "de", Narrative: d.words()} }),
		}
		return facts
	}
	facts.Report = &ententev1.SeizureContent{
		Title: d.words(), Narrative: d.words(), LanguageCode: "en", CrimeAreas: some(d, 2, d.area), Subjects: some(d, 3, d.subject), Observed: d.interval(),
		Assets: some(d, 2, func() *ententev1.Asset {
			return &ententev1.Asset{Type: ententev1.AssetType(1 + d.IntN(3)), Identifiers: some(d, 1, d.phone), Place: d.place(), Valuations: []*ententev1.Valuation{{
				Amount: &money.Money{CurrencyCode: pick(d, "EUR", "GBP"), Units: int64(pick(d, 0, 1, 999, 1000, 1001, 50_000)), Nanos: int32(d.IntN(2))},
			}}}
		}),
	}
	facts.Stages = some(d, 1, func() ententev1.RecoveryStage { return ententev1.RecoveryStage(1 + d.IntN(3)) })
	return facts
}

// filter draws one of a depth, for items or reports.
func (d drawer) filter(depth int, items bool) *ententev1.Filter {
	f := new(ententev1.Filter)
	for range 1 + d.IntN(2) {
		d.field(f, depth, items)
	}
	return f
}

func (d drawer) field(f *ententev1.Filter, depth int, items bool) {
	nested := func() *ententev1.Filter { return d.filter(depth-1, items) }
	switch n := d.IntN(16); {
	case n == 0:
		f.Text = d.words()
	case n == 1:
		f.Text = pick(d, "boa*", "boats*", "warehouses*", "ware*", `"black boats"`, `"boats black" engine`, "湾", "東京湾", "...", `"東京湾"`)
	case n == 2:
		f.Names = append(some(d, 1, d.name), d.name())
	case n == 3:
		phone := ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER
		f.IdentifierParts = []*ententev1.IdentifierPart{
			{Type: phone, Part: &ententev1.IdentifierPart_StartsWith{StartsWith: pick(d, "+336", "33612345678", "3361234567", "+39 06")}},
			{Type: phone, Part: &ententev1.IdentifierPart_EndsWith{EndsWith: pick(d, "678", "12345678", "6 12345678", "999")}},
		}[d.IntN(2):]
	case n == 4:
		f.Places = append(some(d, 1, d.geo), d.geo())
	case n == 5 && !items:
		f.Values = []*ententev1.ValueBand{{CurrencyCode: "EUR", AtLeast: int64(pick(d, 0, 1, 1000)), AtMost: int64(pick(d, 0, 1000, 50_000))}}
	case n == 6:
		f.Subjects = []*ententev1.SubjectAttributes{pick(d,
			&ententev1.SubjectAttributes{BirthYearFrom: 1985, BirthYearTo: 1999}, &ententev1.SubjectAttributes{BirthYearFrom: 1990, Nationality: d.nationality()},
			&ententev1.SubjectAttributes{Make: "yamaha motor"}, &ententev1.SubjectAttributes{RegionCode: "PA"}, &ententev1.SubjectAttributes{EquipmentType: 2, Make: "Yamaha"},
			&ententev1.SubjectAttributes{VesselType: "boat"},
		)}
	case n == 7:
		f.Originators = []string{pick(d, "agencies/ita", "agencies/fra")}
	case n == 8:
		f.Observed = d.interval()
	case n == 9:
		f.CrimeAreas = []ententev1.CrimeArea{d.area()}
	case n == 10:
		f.Identifiers = []*ententev1.Identifier{d.phone()}
	case n == 11 && items:
		f.Urgencies = []ententev1.Urgency{ententev1.Urgency(1 + d.IntN(3))}
	case n == 11:
		f.Stages = []ententev1.RecoveryStage{ententev1.RecoveryStage(1 + d.IntN(3))}
	case n >= 12 && depth > 0:
		list := append(some(d, 2, nested), nested())
		switch d.IntN(3) {
		case 0:
			f.AnyOf = list
		case 1:
			f.AllOf = list
		default:
			f.NoneOf = list
		}
	default:
		f.SubjectTypes = []ententev1.SubjectType{ententev1.SubjectType(1 + d.IntN(5))}
	}
}

func (d drawer) geo() *ententev1.GeoArea {
	return pick(d,
		&ententev1.GeoArea{Area: &ententev1.GeoArea_Radius{Radius: &ententev1.GeoRadius{Center: d.point(), RadiusMeters: pick(d, 1000.0, 12_000, 300_000)}}},
		&ententev1.GeoArea{Area: &ententev1.GeoArea_Box{Box: &ententev1.GeoBox{South: -90, West: 179, North: 52, East: pick(d, -179.0, 180)}}},
		&ententev1.GeoArea{Area: &ententev1.GeoArea_RouteCorridor{RouteCorridor: ententev1.SmugglingRoute(1 + d.IntN(9))}},
	)
}

// TestFiltersInRandomWorlds draws records, releases and filters: what the
// index finds and Matches confirms is what a plain scan, with policy per record,
// finds; and where a filter is not rough the index finds nothing else.
func TestFiltersInRandomWorlds(t *testing.T) {
	found, rough, sure := 0, 0, 0
	for seed := range uint64(30) {
		d := drawer{rand.New(rand.NewPCG(seed, 3))}
		items := seed%2 == 0
		h, x := NewHasher([32]byte{byte(seed)}), New()
		kind := report
		if items {
			kind = item
		}
		var records []*Facts
		var visible []bool
		for n := range 40 {
			facts := d.content(1 - int(seed%2) + 1)
			audience := pick(d, "all", "others")
			terms := []Term{h.Standing(kind, active), h.Originator(facts.Originator), h.Audience(audience)}
			for _, s := range facts.Stages {
				terms = append(terms, h.Stage(s))
			}
			var analysis Analysis
			if keys := facts.identifiers(); items {
				terms, analysis = append(terms, h.ItemTerms(facts.Item, keys)...), h.Analyse(facts.Item, keys)
			} else {
				terms, analysis = append(terms, h.SeizureTerms(facts.Report, keys)...), h.Analyse(facts.Report, keys)
			}
			terms = append(terms, analysis.Terms...)
			c := Change{Number: Number(n + 1), Add: unique(terms), Columns: Columns{Kind: kind, CreateMicros: 1}}
			c.Columns.Spots = analysis.Spots
			c.Columns.ObservedStart, c.Columns.ObservedEnd = Observed(facts.content().GetObserved())
			if err := x.Apply(now, []Change{c}); err != nil {
				t.Fatal(err)
			}
			records, visible = append(records, facts), append(visible, audience == "all")
		}
		for range 60 {
			wire := d.filter(2, items)
			f, q, err := h.askOne(wire, items)
			if err != nil {
				t.Fatalf("%v: %v", wire, err)
			}
			var scan, matched []Number
			for n := len(records); n > 0; n-- {
				if visible[n-1] && f.Matches(records[n-1]) {
					scan = append(scan, Number(n))
				}
			}
			candidates := numbers(x, q, 100)
			for _, n := range candidates {
				if f.Matches(records[n-1]) {
					matched = append(matched, n)
				}
			}
			for _, n := range surely(x, q, f) {
				if sure++; !slices.Contains(scan, n) {
					t.Errorf("seed %d, %v: %d is sure, and no match", seed, wire, n)
				}
			}
			if !slices.Equal(matched, scan) || !f.Rough() && len(candidates) != len(matched) {
				t.Errorf("seed %d, %v: candidates %v, matched %v, the scan %v, rough %v", seed, wire, candidates, matched, scan, f.Rough())
			}
			found += len(scan)
			if f.Rough() {
				rough++
			}
		}
	}
	if found < 1000 || rough < 300 || rough > 1500 || sure < 300 {
		t.Errorf("%d found, %d rough filters, %d sure: the worlds prove little", found, rough, sure)
	}
}

// surely are the records of which the index is sure.
func surely(x *Index, q Query, f *Filter) []Number {
	c, ok := f.Sure()
	if !ok {
		return nil
	}
	q.Where = append(slices.Clone(q.Where), c)
	return numbers(x, q, 100)
}

// askOne asks for a filter alone.
func (h *Hasher) askOne(wire *ententev1.Filter, items bool) (*Filter, Query, error) {
	ask := Ask{Agency: "ita", Audience: AnyOf{h.Audience("all")}, NowMicros: now}
	var err error
	if items {
		q := &ententev1.IntelligenceItemQuery{AllOf: []*ententev1.Filter{wire}}
		ask.Filter, err = h.ItemFilter(q)
		return ask.Filter, h.ItemQuery(q, ask), err
	}
	q := &ententev1.SeizureReportQuery{AllOf: []*ententev1.Filter{wire}}
	ask.Filter, err = h.SeizureFilter(q)
	return ask.Filter, h.SeizureQuery(q, ask), err
}

// TestFilterLimits says what is refused before anything runs, and by which
// reason.
func TestFilterLimits(t *testing.T) {
	h := NewHasher([32]byte{1})
	deep := &ententev1.Filter{Text: "boat"}
	for range MaxDepth - 2 {
		deep = &ententev1.Filter{AnyOf: []*ententev1.Filter{deep}}
	}
	if _, _, err := h.askOne(deep, true); err != nil {
		t.Errorf("as deep as may be: %v", err)
	}
	var many []*ententev1.Filter
	for n := range 50 {
		many = append(many, &ententev1.Filter{Text: fmt.Sprint("one two three four five ", n)})
	}
	radius := func(lat, metres float64) *ententev1.Filter {
		return &ententev1.Filter{Places: []*ententev1.GeoArea{{Area: &ententev1.GeoArea_Radius{Radius: &ententev1.GeoRadius{Center: &latlng.LatLng{Latitude: lat}, RadiusMeters: metres}}}}}
	}
	box := func(south, north float64) *ententev1.Filter {
		return &ententev1.Filter{Places: []*ententev1.GeoArea{{Area: &ententev1.GeoArea_Box{Box: &ententev1.GeoBox{South: south, North: north}}}}}
	}
	for reason, f := range map[string]*ententev1.Filter{
		"QUERY_TOO_DEEP":             {AnyOf: []*ententev1.Filter{deep}},
		"QUERY_TOO_MANY_TERMS":       {AnyOf: many},
		"QUERY_FILTER_EMPTY":         {},
		"QUERY_PREFIX_TOO_SHORT":     {Text: "bo*"},
		"IDENTIFIER_PART_TOO_SHORT":  {IdentifierParts: []*ententev1.IdentifierPart{{Type: 1, Part: &ententev1.IdentifierPart_EndsWith{EndsWith: "+1-2"}}}},
		"QUERY_RADIUS_TOO_LARGE":     radius(0, 1_000_001),
		"COORDINATES_INVALID":        radius(91, 1),
		"ROUTE_WITHOUT_CORRIDOR":     {Places: []*ententev1.GeoArea{{Area: &ententev1.GeoArea_RouteCorridor{RouteCorridor: 99}}}},
		"FILTER_FIELD_OF_OTHER_KIND": {Stages: []ententev1.RecoveryStage{1}},
		"VALUE_EMPTY":                {Identifiers: []*ententev1.Identifier{{Type: 1, RawValue: " "}}},
	} {
		refusedFor(t, h, f, true, reason)
	}
	refusedFor(t, h, &ententev1.Filter{Observed: interval(2, 1)}, true, "INTERVAL_REVERSED")
	refusedFor(t, h, &ententev1.Filter{Subjects: []*ententev1.SubjectAttributes{{BirthYearFrom: 2000, BirthYearTo: 1999}}}, true, "INTERVAL_REVERSED")
	for _, start := range []string{"06 12", "0 612", "00 061"} {
		refusedFor(t, h, &ententev1.Filter{IdentifierParts: []*ententev1.IdentifierPart{{Type: 1, Part: &ententev1.IdentifierPart_StartsWith{StartsWith: start}}}}, true, "IDENTIFIER_PART_NATIONAL")
	}
	refusedFor(t, h, box(1, 0), true, "COORDINATES_INVALID")
	refusedFor(t, h, &ententev1.Filter{Subjects: []*ententev1.SubjectAttributes{{}}}, true, "QUERY_FILTER_EMPTY")
	refusedFor(t, h, &ententev1.Filter{Urgencies: []ententev1.Urgency{1}}, false, "FILTER_FIELD_OF_OTHER_KIND")
	refusedFor(t, h, &ententev1.Filter{Values: []*ententev1.ValueBand{{AtLeast: 2, AtMost: 1}}}, false, "VALUE_BAND_INVALID")
}
