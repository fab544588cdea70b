package index

import (
	"fmt"
	"slices"
	"strconv"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/text"
)

// attribute is what is said of a subject. The numbers go into terms: never
// reuse or renumber one while a TextVersion lasts.
type attribute byte

const (
	attributeBirthYear   attribute = 1
	attributeNationality attribute = 2
	attributeRole        attribute = 3
	attributeRegion      attribute = 4
	attributeVesselType  attribute = 5
	attributeMake        attribute = 6
	attributeModel       attribute = 7
	attributeColour      attribute = 8
	attributeEquipment   attribute = 9
	attributePlate       attribute = 10
	attributeInstitution attribute = 11
	attributeDocument    attribute = 12
	attributePlatform    attribute = 13
	attributeBirthDecade attribute = 14
)

// described visits what is said of a subject: each value, a text word by word.
func described(s *ententev1.Subject, say func(attribute, string)) {
	words := func(a attribute, value string) {
		text.Each("", value, func(w text.Word) { say(a, w.Folded) })
	}
	code := func(a attribute, value string) {
		if value != "" {
			say(a, value)
		}
	}
	number := func(a attribute, n int32) {
		if n != 0 {
			say(a, strconv.Itoa(int(n)))
		}
	}
	if p := s.GetPerson(); p != nil {
		if year, ok := birthYear(p); ok {
			say(attributeBirthYear, strconv.Itoa(year))
			say(attributeBirthDecade, strconv.Itoa(year/10))
		}
		for _, n := range p.GetNationalities() {
			code(attributeNationality, n)
		}
		for _, role := range p.GetRoles() {
			number(attributeRole, int32(role))
		}
	}
	code(attributeRegion, s.GetOrganisation().GetRegionCode())
	code(attributeRegion, s.GetVessel().GetFlagRegionCode())
	code(attributeRegion, s.GetDocument().GetIssuingRegionCode())
	words(attributeVesselType, s.GetVessel().GetVesselType())
	words(attributeMake, s.GetVehicle().GetMake())
	words(attributeMake, s.GetEquipment().GetManufacturer())
	words(attributeModel, s.GetVehicle().GetModel())
	words(attributeModel, s.GetEquipment().GetModelCode())
	words(attributeColour, s.GetVehicle().GetColour())
	number(attributeEquipment, int32(s.GetEquipment().GetType()))
	number(attributePlate, int32(s.GetEquipment().GetPlateCondition()))
	words(attributeInstitution, s.GetAccount().GetInstitution())
	words(attributeInstitution, s.GetWallet().GetProvider())
	words(attributeDocument, s.GetDocument().GetDocumentType())
	words(attributePlatform, s.GetOnlineAccount().GetPlatform())
}

// The years of birth that have a term of their own: earlier and later ones
// count as the first and the last.
const (
	firstYear = 1850
	lastYear  = 2149
)

// birthYear is a person's, as far as it is known.
func birthYear(p *ententev1.Person) (int, bool) {
	if len(p.GetBirthDate()) < 4 {
		return 0, false
	}
	year, err := strconv.Atoi(p.GetBirthDate()[:4])
	return min(max(year, firstYear), lastYear), err == nil
}

// trait is one thing asked of a subject: it has one of the values.
type trait []saidOf

// saidOf is one value of an attribute.
type saidOf struct {
	of    attribute
	value string
}

// traits are what a message asks of one subject.
func traits(q *ententev1.SubjectAttributes) (list []trait) {
	one := func(a attribute, value string) { list = append(list, trait{{a, value}}) }
	words := func(a attribute, value string) {
		if value == "" {
			return
		}
		before := len(list)
		text.Each("", value, func(w text.Word) { one(a, w.Folded) })
		if len(list) == before {
			list = append(list, trait{}) // no word: no subject has it
		}
	}
	code := func(a attribute, value string) {
		if value != "" {
			one(a, value)
		}
	}
	number := func(a attribute, n int32) {
		if n != 0 {
			one(a, strconv.Itoa(int(n)))
		}
	}
	if q.GetBirthYearFrom() != 0 || q.GetBirthYearTo() != 0 {
		list = append(list, bornIn(int(q.GetBirthYearFrom()), int(q.GetBirthYearTo())))
	}
	code(attributeNationality, q.GetNationality())
	number(attributeRole, int32(q.GetRole()))
	code(attributeRegion, q.GetRegionCode())
	words(attributeVesselType, q.GetVesselType())
	words(attributeMake, q.GetMake())
	words(attributeModel, q.GetModel())
	words(attributeColour, q.GetColour())
	number(attributeEquipment, int32(q.GetEquipmentType()))
	number(attributePlate, int32(q.GetPlateCondition()))
	words(attributeInstitution, q.GetInstitution())
	words(attributeDocument, q.GetDocumentType())
	words(attributePlatform, q.GetPlatform())
	return list
}

// bornIn asks for the years of a span, whole decades as such; 0 is an open end.
func bornIn(from, to int) trait {
	if to == 0 {
		to = lastYear
	}
	born := trait{}
	for year := min(max(from, firstYear), lastYear); year <= min(to, lastYear); year++ {
		if year%10 == 0 && year+9 <= to {
			born = append(born, saidOf{attributeBirthDecade, strconv.Itoa(year / 10)})
			year += 9
			continue
		}
		born = append(born, saidOf{attributeBirthYear, strconv.Itoa(year)})
	}
	return born
}

// subjects asks for a subject as any of some messages describes it. Terms do
// not say which subject they are of: two of them are rough.
func (c *compiler) subjects(f *Filter, list []*ententev1.SubjectAttributes, at string) {
	if len(list) == 0 {
		return
	}
	var clause Clause
	var asked [][]trait
	rough := false
	for i, q := range list {
		all := traits(q)
		if len(all) == 0 {
			c.refuse(fmt.Sprintf("%s.subjects[%d]", at, i), "QUERY_FILTER_EMPTY", "asks nothing; give it a field, or leave it out")
		}
		if to := q.GetBirthYearTo(); to != 0 && to < q.GetBirthYearFrom() {
			c.refuse(fmt.Sprintf("%s.subjects[%d].birthYearTo", at, i), intel.ReasonInterval, "ends before it starts; birth_year_to is not before birth_year_from")
		}
		asked = append(asked, all)
		rough = rough || len(all) > 1
		c.terms += len(all) - 1
		var one Clause
		for _, t := range all {
			one.All = append(one.All, c.h.trait(t))
		}
		clause.Any = append(clause.Any, one)
	}
	c.add(f, len(list), leaf{clause: clause, rough: rough, holds: func(r *Facts) bool {
		return slices.ContainsFunc(r.content().GetSubjects(), func(s *ententev1.Subject) bool {
			var has trait
			described(s, func(a attribute, value string) { has = append(has, saidOf{a, value}) })
			return slices.ContainsFunc(asked, has.all)
		})
	}})
}

// all tells whether a subject that has these values has all traits.
func (t trait) all(asked []trait) bool {
	for _, one := range asked {
		if !slices.ContainsFunc(one, func(d saidOf) bool { return slices.Contains(t, d) }) {
			return false
		}
	}
	return true
}

func (h *Hasher) trait(t trait) Clause {
	clause := never()
	for _, d := range t {
		clause.AnyOf = append(clause.AnyOf, h.attribute(d.of, d.value))
	}
	return clause
}

func (h *Hasher) attribute(a attribute, value string) Term {
	return h.Term(FieldAttribute, string(rune(a))+value)
}

// attributes posts what is said of subjects.
func (p *poster) attributes(subjects []*ententev1.Subject) {
	for _, s := range subjects {
		described(s, func(a attribute, value string) { p.terms = append(p.terms, p.h.attribute(a, value)) })
	}
}
