package intel

import (
	"testing"
	"time"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// alone is an item about one person.
func alone(p *ententev1.Person) *ententev1.IntelligenceContent {
	c := goodItem()
	c.Subjects = []*ententev1.Subject{{SubjectId: "one", Kind: &ententev1.Subject_Person{Person: p}}}
	return c
}

func TestProtectedCategories(t *testing.T) {
	want := map[ententev1.DataSubjectCategory]bool{4: true, 5: true, 6: true, 7: true, 10: true, 11: true}
	for n := range ententev1.DataSubjectCategory_name {
		category := ententev1.DataSubjectCategory(n)
		if ProtectedCategory(category) != want[category] {
			t.Errorf("%v: %v", category, ProtectedCategory(category))
		}
		c := goodItem()
		c.Subjects[theContact].GetPerson().Category = category
		r, violations := ReadItem(c, nil, noon)
		sameRefusals(t, violations)
		if r.Protected != want[category] || r.Assessment.GetContainsProtectedPersons() != want[category] || r.Undetermined != (category == undecided) {
			t.Errorf("%v: %+v", category, r)
		}
	}
	report := goodReport()
	report.Subjects[theOrganiser].GetPerson().Category = victim
	report.Subjects[theContact].GetPerson().Category = suspect
	if r, violations := ReadSeizure(report, nil, noon); len(violations) > 0 || !r.Protected {
		t.Errorf("a victim in a report: %+v %+v", r, violations)
	}
}

// Who might be a minor is one, whatever the age status says. It is noon on
// 24 November 2026.
func TestMinors(t *testing.T) {
	const future, counts = CodeBirthFuture, CodeCountsAsMinor
	for _, c := range []struct {
		status  ententev1.AgeStatus
		born    string
		minor   bool
		finding string
	}{
		{adult, "", false, ""}, {minor, "", true, ""}, {ententev1.AgeStatus_AGE_STATUS_UNKNOWN, "", false, ""},
		{adult, "2007", false, ""}, {adult, "2008", true, counts}, {adult, "2009", true, counts},
		{adult, "2008-10", false, ""}, {adult, "2008-11", true, counts},
		{adult, "2008-11-23", false, ""}, {adult, "2008-11-24", false, ""}, {adult, "2008-11-25", true, counts},
		{ententev1.AgeStatus_AGE_STATUS_UNKNOWN, "2015", true, counts}, {minor, "2015", true, ""}, {minor, "1980", true, ""},
		{minor, "2027", true, future}, {adult, "2026", true, counts}, {minor, "2026-11-25", true, ""}, {minor, "2026-11-26", true, future},
	} {
		r, violations := ReadItem(alone(&ententev1.Person{Category: suspect, AgeStatus: c.status, BirthDate: c.born}), nil, noon)
		sameRefusals(t, violations)
		if r.Protected != c.minor {
			t.Errorf("%v born %q: protected %v", c.status, c.born, r.Protected)
		}
		finding := ""
		if e := r.Assessment.GetEntries(); len(e) > 0 {
			finding = e[0].GetFindings()[0]
			if e[0].GetFieldPath() != "subjects[0].person.birthDate" {
				t.Error(e[0].GetFieldPath())
			}
		}
		if finding != c.finding {
			t.Errorf("%v born %q: %q, want %q", c.status, c.born, finding, c.finding)
		}
	}
}

func TestLeapDay(t *testing.T) {
	p := &ententev1.Person{Category: suspect, AgeStatus: adult, BirthDate: "2008-02-29"}
	for day, want := range map[int]bool{28: true, 29: false} { // 29 February 2026 is 1 March
		c := alone(p)
		c.Observed, c.CollectedTime = nil, nil // later than that
		r, violations := ReadItem(c, nil, at(2026, 2, day).AsTime())
		sameRefusals(t, violations)
		if r.Protected != want {
			t.Errorf("on day %d: %v", day, r.Protected)
		}
	}
}

// The zone in which the hub runs changes nothing.
func TestReadingHasNoTimeZone(t *testing.T) {
	p := &ententev1.Person{Category: suspect, AgeStatus: adult, BirthDate: "2008-11-25"}
	here, _ := ReadItem(alone(p), nil, noon)
	there, _ := ReadItem(alone(p), nil, noon.In(time.FixedZone("far east", 14*3600)))
	if here.Protected != there.Protected {
		t.Error("a reading depends on the zone of the clock")
	}
}
