package intel

import (
	"slices"
	"time"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
)

func (x *examiner) person(at, subjectID string, p *ententev1.Person) {
	for i, n := range p.GetNames() {
		x.name(within(at, index("names", i)), n)
	}
	minor := x.birthDate(at, p)
	for i, code := range p.GetNationalities() {
		_, err := identifier.Nationality(code)
		x.malformed(at, index("nationalities", i), err)
	}
	x.label(at, "otherRoleLabel", p.GetOtherRoleLabel(), slices.Contains(p.GetRoles(), ententev1.SmugglingRole_SMUGGLING_ROLE_OTHER))
	x.related(at, subjectID, p)
	if minor || ProtectedCategory(p.GetCategory()) {
		x.reading.Protected = true
	}
	if p.GetCategory() == ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_NOT_YET_DETERMINED {
		x.reading.Undetermined = true
	}
}

func (x *examiner) name(at string, n *ententev1.PersonName) {
	x.text(at, "fullName", n.GetFullName())
	x.text(at, "romanizedName", n.GetRomanizedName())
	_, mixed, err := identifier.Name(n.GetFullName())
	if !x.malformed(at, "fullName", err) && mixed {
		x.flag(at, "fullName", ententev1.CheckStatus_CHECK_STATUS_FAILED, CodeMixedScripts)
	}
	if n.GetRomanizedName() != "" {
		_, _, err := identifier.Name(n.GetRomanizedName())
		x.malformed(at, "romanizedName", err)
	}
	if n.GetScriptCode() != "" {
		x.malformed(at, "scriptCode", identifier.Script(n.GetScriptCode()))
	}
}

// birthDate checks the birth date, and tells whether the person is a minor or
// may be one.
func (x *examiner) birthDate(at string, p *ententev1.Person) (minor bool) {
	minor = p.GetAgeStatus() == ententev1.AgeStatus_AGE_STATUS_MINOR
	if p.GetBirthDate() == "" {
		return minor
	}
	born, err := identifier.PartialDate(p.GetBirthDate())
	if x.malformed(at, "birthDate", err) {
		return minor
	}
	if laterThan(born.Earliest(), 0, x.now.Add(clockSkew)) {
		x.flag(at, "birthDate", ententev1.CheckStatus_CHECK_STATUS_FAILED, CodeBirthFuture)
	}
	if minor || !laterThan(born.Latest(), ageOfMajority, x.now) {
		return minor
	}
	x.flag(at, "birthDate", ententev1.CheckStatus_CHECK_STATUS_NOT_APPLICABLE, CodeCountsAsMinor)
	return true
}

// ageOfMajority is where childhood ends (UN Convention on the Rights of the
// Child, Article 1).
const ageOfMajority = 18

// laterThan tells whether a full date, some years on, is after the day of t.
// Who was born on 29 February comes of age on 1 March.
func laterThan(d identifier.Date, years int, t time.Time) bool {
	year, month, day := t.Date()
	switch {
	case d.Year+years != year:
		return d.Year+years > year
	case d.Month != int(month):
		return d.Month > int(month)
	default:
		return d.Day > day
	}
}

// ProtectedCategory tells the categories of persons whom the law protects:
// victims, witnesses, those who give information (Directive (EU) 2016/680,
// Article 6, and Regulation (EU) 2016/794, Article 30), smuggled migrants (UN
// Smuggling Protocol, Article 5), and who may yet turn out to be one. Minors
// are protected in every category.
func ProtectedCategory(c ententev1.DataSubjectCategory) bool {
	switch c {
	case ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_VICTIM,
		ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_POTENTIAL_VICTIM,
		ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_WITNESS,
		ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_INFORMATION_PROVIDER,
		ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_SMUGGLED_MIGRANT,
		ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_NOT_YET_DETERMINED:
		return true
	default:
		return false
	}
}

// related checks whom a person is related to. A contact or an associate is on
// file only because of somebody else, who must be there too (Directive (EU)
// 2016/680, Article 6(d)).
func (x *examiner) related(at, subjectID string, p *ententev1.Person) {
	grounds := false
	for i, id := range p.GetRelatedSubjectIds() {
		other, ok := x.known[id]
		switch {
		case !ok:
			x.refuse(at, index("relatedSubjectIds", i), ReasonSubjectUnknown, "Name a subject_id of this record.")
		case id == subjectID || other.GetPerson() == nil:
			x.refuse(at, index("relatedSubjectIds", i), ReasonRelatedCategory, "Name the subject_id of another person of this record.")
		default:
			grounds = grounds || offends(other.GetPerson().GetCategory())
		}
	}
	if !grounds && onlyRelated(p.GetCategory()) {
		x.refuse(at, "relatedSubjectIds", ReasonRelatedRequired, "Name the suspect, convict or potential offender whose contact or associate this person is.")
	}
}

func onlyRelated(c ententev1.DataSubjectCategory) bool {
	return c == ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_CONTACT || c == ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_ASSOCIATE
}

func offends(c ententev1.DataSubjectCategory) bool {
	switch c {
	case ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_SUSPECT,
		ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_POTENTIAL_OFFENDER,
		ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_CONVICTED:
		return true
	default:
		return false
	}
}
