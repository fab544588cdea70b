package intel

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/type/latlng"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

type itemCase struct {
	name   string
	change func(*ententev1.IntelligenceContent)
	want   []string
}

func (c itemCase) run(t *testing.T) {
	content := goodItem()
	c.change(content)
	before := proto.CloneOf(content)
	_, violations := ReadItem(content, nil, noon)
	sameRefusals(t, violations, c.want...)
	if !proto.Equal(before, content) {
		t.Error("the content was changed")
	}
}

func refuses(field, reason string) []string { return []string{field + " " + reason} }

// What is wrong with the item itself.
func TestItemRules(t *testing.T) {
	for _, c := range []itemCase{
		{"nothing", func(*ententev1.IntelligenceContent) {}, nil},
		{"no such language", func(c *ententev1.IntelligenceContent) { c.LanguageCode = "xx-nowhere-1" }, refuses("languageCode", "LANGUAGE_CODE")},
		{"no such language of a rendition", func(c *ententev1.IntelligenceContent) { c.Renditions[0].LanguageCode = "zzzz" }, refuses("renditions[0].languageCode", "LANGUAGE_CODE")},
		{"an empty rendition", func(c *ententev1.IntelligenceContent) { c.Renditions[0].Title = "" }, refuses("renditions[0]", ReasonRenditionEmpty)},
		{"OTHER crime", func(c *ententev1.IntelligenceContent) { c.CrimeAreas[0] = ententev1.CrimeArea_CRIME_AREA_OTHER }, refuses("otherLabels", ReasonOtherLabel)},
		{"OTHER route", func(c *ententev1.IntelligenceContent) { c.Route = ententev1.SmugglingRoute_SMUGGLING_ROUTE_OTHER }, refuses("otherLabels", ReasonOtherLabel)},
		{"OTHER crossing", func(c *ententev1.IntelligenceContent) {
			c.CrossingMethods[0] = ententev1.CrossingMethod_CROSSING_METHOD_OTHER
		}, refuses("otherLabels", ReasonOtherLabel)},
		{"OTHER with its label", func(c *ententev1.IntelligenceContent) {
			c.Route, c.OtherLabels = ententev1.SmugglingRoute_SMUGGLING_ROUTE_OTHER, []string{"Black Sea"}
		}, nil},
		{"observed backwards", func(c *ententev1.IntelligenceContent) { c.Observed.EndTime = at(2026, 11, 19) }, refuses("observed.endTime", ReasonInterval)},
		{"a moment", func(c *ententev1.IntelligenceContent) { c.Observed.EndTime = c.Observed.StartTime }, nil},
		{"in the future, as a plan", func(c *ententev1.IntelligenceContent) { c.Observed.EndTime = at(2027, 1, 1) }, nil},
		{"no such time observed", func(c *ententev1.IntelligenceContent) { c.Observed.StartTime = &timestamppb.Timestamp{Nanos: -1} }, refuses("observed.startTime", ReasonTimestamp)},
		{"no such validity", func(c *ententev1.IntelligenceContent) { c.ValidUntil = &timestamppb.Timestamp{Seconds: 1 << 40} }, refuses("validUntil", ReasonTimestamp)},
		{"no such collection", func(c *ententev1.IntelligenceContent) { c.CollectedTime = &timestamppb.Timestamp{Nanos: 1e9} }, refuses("collectedTime", ReasonTimestamp)},
		{"collected tomorrow morning, by another clock", func(c *ententev1.IntelligenceContent) { c.CollectedTime = at(2026, 11, 25) }, nil},
		{"collected in a week", func(c *ententev1.IntelligenceContent) { c.CollectedTime = at(2026, 12, 1) }, refuses("collectedTime", ReasonFuture)},
		{"several at once, in order", func(c *ententev1.IntelligenceContent) {
			c.LanguageCode, c.Places[0].RegionCode, c.CollectedTime = "zzzz", "UK", at(2027, 1, 1)
		}, []string{"languageCode LANGUAGE_CODE", "places[0].regionCode REGION_CODE", "collectedTime " + ReasonFuture}},
	} {
		t.Run(c.name, c.run)
	}
}

func TestSubjectRules(t *testing.T) {
	bare := func(i int, kind func(*ententev1.Subject)) func(*ententev1.IntelligenceContent) {
		return func(c *ententev1.IntelligenceContent) {
			c.Subjects[i].Identifiers, c.Subjects[i].Note = nil, ""
			kind(c.Subjects[i])
		}
	}
	for _, c := range []itemCase{
		{"twice the same id", func(c *ententev1.IntelligenceContent) { c.Subjects[theLorry].SubjectId = "boat" }, refuses("subjects[4].subjectId", ReasonSubjectTwice)},
		{"no such country of an organisation", func(c *ententev1.IntelligenceContent) { c.Subjects[theNetwork].GetOrganisation().RegionCode = "UK" },
			refuses("subjects[2].organisation.regionCode", "REGION_CODE")},
		{"no such flag", func(c *ententev1.IntelligenceContent) { c.Subjects[theBoat].GetVessel().FlagRegionCode = "ZZ" },
			refuses("subjects[3].vessel.flagRegionCode", "REGION_CODE")},
		{"no such issuer", func(c *ententev1.IntelligenceContent) { c.Subjects[thePassport].GetDocument().IssuingRegionCode = "EU" },
			refuses("subjects[9].document.issuingRegionCode", "REGION_CODE")},
		{"no such currency", func(c *ententev1.IntelligenceContent) { c.Subjects[theAccount].GetAccount().CurrencyCode = "XBT" },
			refuses("subjects[7].account.currencyCode", "CURRENCY_CODE")},
		{"OTHER equipment", func(c *ententev1.IntelligenceContent) {
			c.Subjects[theEngine].GetEquipment().Type = ententev1.SupplyItemType_SUPPLY_ITEM_TYPE_OTHER
		}, refuses("subjects[5].equipment.otherLabel", ReasonOtherLabel)},
		{"a subject that is no place", bare(theBeach, func(s *ententev1.Subject) { s.GetPlace().UnLocode = "" }), refuses("subjects[11].place", ReasonPlaceEmpty)},
		{"a vessel and no more", bare(theBoat, func(s *ententev1.Subject) { proto.Reset(s.GetVessel()) }), refuses("subjects[3]", ReasonSubjectEmpty)},
		{"a vehicle and no more", bare(theLorry, func(s *ententev1.Subject) { proto.Reset(s.GetVehicle()) }), refuses("subjects[4]", ReasonSubjectEmpty)},
		{"a phone and no more", bare(thePhone, func(s *ententev1.Subject) { proto.Reset(s.GetPhone()) }), refuses("subjects[6]", ReasonSubjectEmpty)},
		{"an account and no more", bare(theAccount, func(s *ententev1.Subject) { proto.Reset(s.GetAccount()) }), refuses("subjects[7]", ReasonSubjectEmpty)},
		{"a wallet and no more", bare(theWallet, func(s *ententev1.Subject) { proto.Reset(s.GetWallet()) }), refuses("subjects[8]", ReasonSubjectEmpty)},
		{"a document and no more", bare(thePassport, func(s *ententev1.Subject) { proto.Reset(s.GetDocument()) }), refuses("subjects[9]", ReasonSubjectEmpty)},
		{"a platform and no account", bare(thePage, func(s *ententev1.Subject) { s.GetOnlineAccount().DisplayName = "" }), refuses("subjects[10]", ReasonSubjectEmpty)},
		{"a note is something", bare(theWallet, func(s *ententev1.Subject) { proto.Reset(s.GetWallet()); s.Note = "seen on paper" }), nil},
		{"equipment is something", bare(theEngine, func(*ententev1.Subject) {}), nil},
		{"a malformed identifier", func(c *ententev1.IntelligenceContent) {
			c.Subjects[theAccount].Identifiers[0].RawValue = "GB82*EST12345698765432"
		},
			refuses("subjects[7].identifiers[0].rawValue", "IBAN_CHARSET")},
		{"a number without its country", func(c *ententev1.IntelligenceContent) {
			c.Subjects[thePhone].Identifiers = []*ententev1.Identifier{id(phoneType, "020 7946 0958")}
		},
			refuses("subjects[6].identifiers[0].rawValue", "PHONE_REGION_REQUIRED")},
	} {
		t.Run(c.name, c.run)
	}
}

func TestPersonRules(t *testing.T) {
	organiser := func(change func(*ententev1.Person)) func(*ententev1.IntelligenceContent) {
		return func(c *ententev1.IntelligenceContent) { change(c.Subjects[theOrganiser].GetPerson()) }
	}
	cousin := func(change func(*ententev1.Person)) func(*ententev1.IntelligenceContent) {
		return func(c *ententev1.IntelligenceContent) { change(c.Subjects[theContact].GetPerson()) }
	}
	const one, two = "subjects[0].person.", "subjects[1].person."
	for _, c := range []itemCase{
		{"no letter in a name", organiser(func(p *ententev1.Person) { p.Names[0].FullName = "??" }), refuses(one+"names[0].fullName", "NAME_EMPTY")},
		{"no letter in a romanised name", organiser(func(p *ententev1.Person) { p.Names[0].RomanizedName = "1" }), refuses(one+"names[0].romanizedName", "NAME_EMPTY")},
		{"no such script", organiser(func(p *ententev1.Person) { p.Names[0].ScriptCode = "Abcd" }), refuses(one+"names[0].scriptCode", "SCRIPT_CODE")},
		{"no such day", organiser(func(p *ententev1.Person) { p.BirthDate = "2023-02-29" }), refuses(one+"birthDate", "DATE_DAY")},
		{"no such month", organiser(func(p *ententev1.Person) { p.BirthDate = "1987-13" }), refuses(one+"birthDate", "DATE_DAY")},
		{"no such nationality", organiser(func(p *ententev1.Person) { p.Nationalities = []string{"IRQ", "UTO"} }), refuses(one+"nationalities[1]", "NATIONALITY")},
		{"stateless", organiser(func(p *ententev1.Person) { p.Nationalities = []string{"XXA"} }), nil},
		{"OTHER role", organiser(func(p *ententev1.Person) {
			p.Roles = []ententev1.SmugglingRole{ententev1.SmugglingRole_SMUGGLING_ROLE_OTHER}
		}), refuses(one+"otherRoleLabel", ReasonOtherLabel)},
		{"a contact of nobody", cousin(func(p *ententev1.Person) { p.RelatedSubjectIds = nil }), refuses(two+"relatedSubjectIds", ReasonRelatedRequired)},
		{"an associate of nobody", cousin(func(p *ententev1.Person) { p.Category, p.RelatedSubjectIds = associate, nil }), refuses(two+"relatedSubjectIds", ReasonRelatedRequired)},
		{"a contact of a stranger", cousin(func(p *ententev1.Person) { p.RelatedSubjectIds = []string{"organiser", "stranger"} }),
			refuses(two+"relatedSubjectIds[1]", ReasonSubjectUnknown)},
		{"a contact of itself", cousin(func(p *ententev1.Person) { p.RelatedSubjectIds = []string{"organiser", "cousin"} }),
			refuses(two+"relatedSubjectIds[1]", ReasonRelatedCategory)},
		{"a contact of a boat", cousin(func(p *ententev1.Person) { p.RelatedSubjectIds = []string{"organiser", "boat"} }),
			refuses(two+"relatedSubjectIds[1]", ReasonRelatedCategory)},
		{"a contact of a victim", func(c *ententev1.IntelligenceContent) { c.Subjects[theOrganiser].GetPerson().Category = victim },
			refuses(two+"relatedSubjectIds", ReasonRelatedRequired)},
		{"a suspect related to another", organiser(func(p *ententev1.Person) { p.RelatedSubjectIds = []string{"cousin"} }), nil},
	} {
		t.Run(c.name, c.run)
	}
	for _, category := range []ententev1.DataSubjectCategory{1, 2, 3} {
		itemCase{change: organiser(func(p *ententev1.Person) { p.Category = category })}.run(t)
	}
}

func TestPlaceRules(t *testing.T) {
	place := func(change func(*ententev1.Place)) func(*ententev1.IntelligenceContent) {
		return func(c *ententev1.IntelligenceContent) { change(c.Places[0]) }
	}
	for _, c := range []itemCase{
		{"nothing of it", place(func(p *ententev1.Place) { proto.Reset(p) }), refuses("places[0]", ReasonPlaceEmpty)},
		{"off the globe", place(func(p *ententev1.Place) { p.Point = &latlng.LatLng{Latitude: 91} }), refuses("places[0].point", "LAT_LNG")},
		{"zero is a place", place(func(p *ententev1.Place) { p.Point = &latlng.LatLng{} }), nil},
		{"no such country", place(func(p *ententev1.Place) { proto.Reset(p); p.RegionCode = "UK" }), refuses("places[0].regionCode", "REGION_CODE")},
		{"no such country of a part", place(func(p *ententev1.Place) { proto.Reset(p); p.SubdivisionCode = "ZZ-01" }), refuses("places[0].subdivisionCode", "SUBDIVISION_CODE")},
		{"no such country of a location", place(func(p *ententev1.Place) { proto.Reset(p); p.UnLocode = "UKDVR" }), refuses("places[0].unLocode", "UN_LOCODE")},
		{"backwards", place(func(p *ententev1.Place) {
			p.Observed = &ententev1.Interval{StartTime: at(2026, 1, 2), EndTime: at(2026, 1, 1)}
		}), refuses("places[0].observed.endTime", ReasonInterval)},
	} {
		t.Run(c.name, c.run)
	}
}

// What the hub understood, entry by entry.
func TestAssessment(t *testing.T) {
	c := goodItem()
	c.Subjects[theOrganiser].GetPerson().Names = append(c.Subjects[theOrganiser].GetPerson().Names, &ententev1.PersonName{FullName: "Моhammed"})
	c.Places[0].UnLocode = "GBDVR"
	r, violations := ReadItem(c, nil, noon)
	sameRefusals(t, violations)
	var got []string
	for _, e := range r.Assessment.GetEntries() {
		got = append(got, strings.Join([]string{
			e.GetFieldPath(), e.GetNormalizedValue(), strings.TrimPrefix(e.GetCheckStatus().String(), "CHECK_STATUS_"), strings.Join(e.GetFindings(), ","), e.GetRegionCode(),
		}, "|"))
	}
	want := []string{
		"subjects[0].identifiers[0]|+442079460958|PASSED||GB",
		"subjects[0].identifiers[1]|490154203237517|FAILED|IMEI_CHECK_DIGIT|",
		"subjects[0].person.names[1].fullName||FAILED|NAME_MIXED_SCRIPTS|",
		"subjects[7].identifiers[0]|GB82WEST12345698765432|PASSED||GB",
		"subjects[7].identifiers[1]|411111******1111|UNVERIFIABLE||",
		"places[0]||FAILED|PLACE_REGIONS_DIFFER|",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(r.Findings) != 4 || r.Findings[2].Path != "subjects[7].identifiers[0]" || r.Findings[2].Type != ibanType {
		t.Errorf("findings %+v", r.Findings)
	}
}

func TestNothingToAssess(t *testing.T) {
	c := goodItem()
	c.Subjects = nil
	r, violations := ReadItem(c, nil, noon)
	sameRefusals(t, violations)
	if r.Assessment != nil || r.Findings != nil || r.Protected {
		t.Errorf("%+v", r)
	}
}

func TestObserved(t *testing.T) {
	start, end := at(2026, 11, 20), at(2026, 11, 21)
	for _, c := range []struct {
		i          *ententev1.Interval
		start, end int64
	}{
		{nil, 0, 0},
		{&ententev1.Interval{}, 0, 0},
		{&ententev1.Interval{StartTime: start}, start.Seconds, 0},
		{&ententev1.Interval{EndTime: end}, 0, end.Seconds},
		{&ententev1.Interval{StartTime: start, EndTime: end}, start.Seconds, end.Seconds},
		{&ententev1.Interval{StartTime: timestamppb.New(time.Unix(10, 5e8)), EndTime: timestamppb.New(time.Unix(10, 9e8))}, 10, 10},
	} {
		content := goodItem()
		content.Observed = c.i
		r, violations := ReadItem(content, nil, noon)
		sameRefusals(t, violations)
		if r.ObservedStart != c.start || r.ObservedEnd != c.end {
			t.Errorf("%v: %d to %d", c.i, r.ObservedStart, r.ObservedEnd)
		}
	}
}

// A summary holds no narrative, subjects, identifiers or places, and shares
// nothing with the content.
func TestItemSummary(t *testing.T) {
	c := goodItem()
	r, _ := ReadItem(c, nil, noon)
	want := &ententev1.IntelligenceSummary{
		Title: c.Title, LanguageCode: "en", ValidUntil: c.ValidUntil, Evaluation: c.Evaluation, CrimeAreas: c.CrimeAreas, Route: c.Route,
		CrossingMethods: c.CrossingMethods, Observed: c.Observed, SubjectCount: 12, PlaceCount: 1, MediaCount: 1,
	}
	if !proto.Equal(r.Summary, want) {
		t.Errorf("%v", r.Summary)
	}
	s := r.Summary.(*ententev1.IntelligenceSummary)
	s.CrimeAreas[0], s.Observed.StartTime.Seconds = 7, 7
	s.Evaluation.GetEuropol().Source = 1
	if !proto.Equal(c, goodItem()) {
		t.Error("the summary shares with the content")
	}
}

func TestManyViolationsAreBounded(t *testing.T) {
	c := goodItem()
	for range 200 {
		c.Subjects[theLorry].Identifiers = append(c.Subjects[theLorry].Identifiers, id(ibanType, "*"))
	}
	if _, violations := ReadItem(c, nil, noon); len(violations) != maxViolations {
		t.Errorf("%d violations", len(violations))
	}
}
