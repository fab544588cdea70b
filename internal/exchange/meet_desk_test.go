package exchange_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Whom to call is the other agency's duty desk, as it is there today; an asset of a report meets an item as any other record does.
func TestADeskIsNamedAndReportsMeetToo(t *testing.T) {
	w := newWorld(t)
	night := []*ententev1.DutyContact{{DisplayName: "Night desk", PhoneNumber: "+441130000000", EmailAddress: "night@nca.example"}}
	w.enrol("fr-ofast", "de-bka")
	w.deskOf("gb-nca", night)
	w.matching()
	hull := &ententev1.Identifier{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_MMSI, RawValue: "227123456"}
	seized := report(hitTo("gb-nca"))
	seized.GetPlain().Assets[0].Identifiers = []*ententev1.Identifier{hull}
	french := w.seize("fr-ofast", seized).GetName()
	seen := item("Boat off Dover", hitTo("fr-ofast"))
	seen.GetPlain().Subjects = []*ententev1.Subject{{SubjectId: "b", Kind: &ententev1.Subject_Vessel{Vessel: &ententev1.Vessel{}}, Identifiers: []*ententev1.Identifier{hull}}}
	british := w.submit("gb-nca", seen).GetName()
	w.told("gb-nca", of(british, "fr-ofast", ""))
	w.told("fr-ofast", of(french, "gb-nca", ""))
	w.told("de-bka")
	d := w.met("fr-ofast")[0].GetDeconfliction()
	if !slices.EqualFunc(d.GetDutyContacts(), night, func(a, b *ententev1.DutyContact) bool { return proto.Equal(a, b) }) || d.GetShared()[0].GetFieldPath() != "assets[0].identifiers[0]" {
		t.Errorf("France is told %v", d)
	}
	if d := w.met("gb-nca")[0].GetDeconfliction(); len(d.GetDutyContacts()) != 0 || d.GetShared()[0].GetFieldPath() != "subjects[0].identifiers[0]" {
		t.Errorf("Britain is told %v", d)
	}
}

// A rehearsal, and a submit that changes nothing, compare nothing and cost nothing; a duplicate is another record, which is never refused, and costs again.
func TestWhatComparingCosts(t *testing.T) {
	w, _ := meeting(t)
	if _, err := w.SetCheckBudget(t.Context(), operator("Set"), &ententev1.SetCheckBudgetRequest{Agency: "agencies/gb-nca", PerDay: 3}); err != nil {
		t.Fatal(err)
	}
	left := func(want int64) {
		t.Helper()
		who, err := w.WhoAmI(t.Context(), call("gb-nca"), nil)
		if err != nil {
			t.Fatal(err)
		}
		budgets := who.GetLimits().GetCheckBudgets()
		i := slices.IndexFunc(budgets, func(b *ententev1.CheckBudget) bool {
			return b.GetType() == ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER
		})
		if i < 0 && want != 3 || i >= 0 && budgets[i].GetRemaining() != want {
			t.Errorf("%v are left, not %d", budgets, want)
		}
	}
	d := phoned(boatPhone, to("fr-ofast"))
	d.OriginatorReference = "R-1"
	if _, err := w.SubmitIntelligenceItem(t.Context(), call("gb-nca"), &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: d, ValidateOnly: true}); err != nil {
		t.Fatal(err)
	}
	left(3)
	first := w.submit("gb-nca", d)
	left(2)
	if again := w.submit("gb-nca", d); again.GetName() != first.GetName() || !again.GetUnchanged() {
		t.Errorf("again: %v", again)
	}
	left(2)
	var duplicates []string
	for range 3 { // the last one waits for tomorrow, and is there today
		x := w.submit("gb-nca", phoned(boatPhone, to("fr-ofast")))
		if slices.Contains(duplicates, x.GetName()) || x.GetRevision() != 1 {
			t.Errorf("%v", x)
		}
		if pending := x.GetDeconfliction() != 0; pending != (len(duplicates) == 2) {
			t.Errorf("the duplicate waits: %v", pending)
		}
		duplicates = append(duplicates, x.GetName())
	}
	left(0)
	if found := w.query("fr-ofast", &ententev1.IntelligenceItemQuery{Identifiers: []*ententev1.Identifier{phone(boatPhone)}}); len(found) != 4 {
		t.Errorf("France finds %v", found)
	}
	w.told("gb-nca")
	w.told("fr-ofast")
}
