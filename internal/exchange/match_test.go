package exchange_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// clock is a source whose time is set by hand.
type clock struct {
	exchange.System
	now time.Time
}

func (c *clock) Now() time.Time { return c.now }

// matching is a world in which France, Britain, Germany and Japan are enrolled and time stands until it is moved.
func matching(t testing.TB) (*world, *clock) {
	t.Helper()
	w := newWorld(t)
	c := &clock{now: time.Now().UTC().Truncate(24 * time.Hour).Add(36 * time.Hour)}
	w.Source = c
	w.enrol("fr-ofast", "gb-nca", "de-bka", "jp-npa")
	return w, c
}

// later lets time pass, and the hub take notice of it.
func (w *world) later(c *clock, d time.Duration) {
	w.t.Helper()
	c.now = c.now.Add(d)
	if err := w.Tick(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

const (
	boatPhone  = "+33612345678"
	otherPhone = "+33612345679"
)

// phoned is an item that speaks of a telephone.
func phoned(number string, release *ententev1.Release) *ententev1.IntelligenceItemDraft {
	d := item("Boats "+number[len(number)-2:], release)
	d.GetPlain().Subjects = []*ententev1.Subject{{
		SubjectId: "p", Kind: &ententev1.Subject_Phone{Phone: &ententev1.Phone{}},
		Identifiers: []*ententev1.Identifier{{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: number}},
	}}
	return d
}

func hitTo(ids ...string) *ententev1.Release {
	r := to()
	r.Existence = ententev1.Existence_EXISTENCE_HIT
	r.HitAudience = &ententev1.HitAudience{}
	for _, id := range ids {
		r.HitAudience.Agencies = append(r.HitAudience.Agencies, intel.AgencyID(id).Name())
	}
	return r
}

func silent() *ententev1.Release {
	r := to()
	r.Existence = ententev1.Existence_EXISTENCE_SILENT
	return r
}

func phones(numbers ...string) []*ententev1.AskedIdentifier {
	var list []*ententev1.AskedIdentifier
	for _, n := range numbers {
		list = append(list, &ententev1.AskedIdentifier{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: n})
	}
	return list
}

func (w *world) tryCheck(id string, asked ...*ententev1.AskedIdentifier) (*ententev1.CheckIdentifiersResponse, error) {
	c := call(id)
	c.Method = "/entente.v1.MatchService/CheckIdentifiers"
	answer, err := w.CheckIdentifiers(w.t.Context(), c, &ententev1.CheckIdentifiersRequest{Justification: why(), Identifiers: asked})
	if err != nil {
		return nil, err
	}
	return received(w.t, answer), nil
}

// check checks, and gives each row in short: the result, how many records, and which partners.
func (w *world) check(id string, numbers ...string) string {
	w.t.Helper()
	answer, err := w.tryCheck(id, phones(numbers...)...)
	if err != nil {
		w.t.Fatal(err)
	}
	var rows []string
	for _, r := range answer.GetResults() {
		row := strings.TrimPrefix(r.GetResult().String(), "CHECK_RESULT_")
		if r.GetRecordCount() > 0 {
			row += fmt.Sprint(" ", r.GetRecordCount())
		}
		for _, p := range r.GetPartners() {
			row += " " + strings.TrimPrefix(p.GetAgency(), "agencies/")
		}
		rows = append(rows, row)
	}
	return strings.Join(rows, ", ")
}

func (w *world) checks(id, want string, numbers ...string) {
	w.t.Helper()
	if got := w.check(id, numbers...); got != want {
		w.t.Errorf("%s is told %q, want %q", id, got, want)
	}
}

// hits are the hit notices in an agency's inbox, in short.
func (w *world) hits(id string) (list []*ententev1.HitDetail) {
	w.t.Helper()
	answer, err := w.ReadInbox(w.t.Context(), call(id), &ententev1.ReadInboxRequest{
		Justification: why(), PageSize: 1000, Kinds: []ententev1.EventKind{ententev1.EventKind_EVENT_KIND_HIT},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range answer.GetEvents() {
		list = append(list, e.GetHit())
	}
	return list
}

func TestCheckSaysNoMoreThanEachHolderAllows(t *testing.T) {
	w, _ := matching(t)
	w.checks("gb-nca", "NO_HIT", boatPhone)
	hidden := w.submit("fr-ofast", phoned(boatPhone, to("de-bka")))
	w.checks("gb-nca", "NO_HIT", boatPhone)
	w.checks("de-bka", "HIT 1", boatPhone)
	w.checks("fr-ofast", "HIT 1, NO_HIT", boatPhone, otherPhone)
	hit := w.submit("fr-ofast", phoned(boatPhone, hitTo("gb-nca")))
	w.checks("gb-nca", "HIT fr-ofast, HIT fr-ofast", boatPhone, boatPhone) // asked twice, the record is named once
	w.checks("jp-npa", "NO_HIT", boatPhone)
	w.submit("de-bka", phoned(boatPhone, hitTo("gb-nca", "jp-npa")))
	w.checks("gb-nca", "HIT de-bka fr-ofast", boatPhone)
	w.submit("de-bka", phoned(boatPhone, to("gb-nca")))
	w.checks("gb-nca", "HIT 1 de-bka fr-ofast", boatPhone)
	w.checks("jp-npa", "HIT de-bka", boatPhone)

	notices := w.hits("fr-ofast")
	if len(notices) != 3 {
		t.Fatalf("France is told of %d checks: %v", len(notices), notices)
	}
	for _, n := range notices {
		if n.GetAgency() != "agencies/gb-nca" || n.GetPurpose() != why().GetPurpose() || n.GetAskTime() == nil || n.GetHandle() == "" ||
			!slices.Equal(n.GetNames(), []string{hit.GetName()}) || n.GetPoolDay() != "" {
			t.Errorf("notice %v", n)
		}
	}
	if strings.Contains(fmt.Sprint(notices), why().GetOfficer()) || strings.Contains(fmt.Sprint(notices), why().GetCaseReference()) || strings.Contains(fmt.Sprint(notices), hidden.GetName()) {
		t.Errorf("a notice says too much: %v", notices)
	}
	if got := w.hits("gb-nca"); len(got) != 0 {
		t.Errorf("Britain is told of %v", got)
	}
}

// What the asker may read is shown in brief, and its originator's readership has it like a row of a list.
func TestCheckShowsRecordsInBrief(t *testing.T) {
	w, _ := matching(t)
	for range 12 {
		w.submit("fr-ofast", phoned(boatPhone, to("gb-nca")))
	}
	answer, err := w.tryCheck("gb-nca", phones(boatPhone)...)
	if err != nil {
		t.Fatal(err)
	}
	row := answer.GetResults()[0]
	if len(row.GetRecords()) != 10 || row.GetRecordCount() != 12 || row.GetNormalizedValue() != boatPhone {
		t.Errorf("%d records of %d", len(row.GetRecords()), row.GetRecordCount())
	}
	for _, r := range row.GetRecords() {
		if r.GetIntelligence().GetTitle() != "Boats 78" || r.GetOriginator() != "agencies/fr-ofast" || r.GetCreateTime() == nil || r.GetSeizure() != nil {
			t.Errorf("record %v", r)
		}
	}
	read, err := w.ListDisclosures(t.Context(), call("fr-ofast"), &ententev1.ListDisclosuresRequest{Justification: why()})
	if err != nil {
		t.Fatal(err)
	}
	if len(read.GetDisclosures()) != 1 || read.GetDisclosures()[0].GetKind() != ententev1.DisclosureKind_DISCLOSURE_KIND_LISTED || len(read.GetDisclosures()[0].GetNames()) != 10 {
		t.Errorf("readership %v", read.GetDisclosures())
	}
	if got := w.hits("fr-ofast"); len(got) != 0 {
		t.Errorf("who reads gives no notice: %v", got)
	}
}

// A silent record tells its originator and nobody else: the asker's bytes are those of NO_HIT.
func TestSilentIsNoHit(t *testing.T) {
	w, _ := matching(t)
	before, err := w.tryCheck("gb-nca", phones(boatPhone)...)
	if err != nil {
		t.Fatal(err)
	}
	r := w.submit("fr-ofast", phoned(boatPhone, silent()))
	after, err := w.tryCheck("gb-nca", phones(boatPhone)...)
	if err != nil {
		t.Fatal(err)
	}
	after.Budgets[0].Remaining++
	if !proto.Equal(before, after) {
		t.Errorf("%v became %v", before, after)
	}
	got := w.hits("fr-ofast")
	if len(got) != 1 || got[0].GetAgency() != "agencies/gb-nca" || !slices.Equal(got[0].GetNames(), []string{r.GetName()}) {
		t.Errorf("France is told %v", got)
	}
	w.checks("fr-ofast", "HIT 1", boatPhone)
	if got := w.hits("fr-ofast"); len(got) != 1 {
		t.Errorf("France is told of its own check: %v", got)
	}
}

func TestMalformedRowsAreAnsweredInPlace(t *testing.T) {
	w, _ := matching(t)
	asked := phones(boatPhone, "12", otherPhone)
	asked = append(asked, &ententev1.AskedIdentifier{}, &ententev1.AskedIdentifier{Type: 77, RawValue: "x"})
	answer, err := w.tryCheck("gb-nca", asked...)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range answer.GetResults() {
		got = append(got, fmt.Sprint(r.GetResult().String()[len("CHECK_RESULT_"):], r.GetMalformedReason() != "" && r.GetMalformedAdvice() != ""))
	}
	want(t, "rows", got, []string{"NO_HITfalse", "MALFORMEDtrue", "NO_HITfalse", "MALFORMEDtrue", "MALFORMEDtrue"})
	if b := answer.GetBudgets(); len(b) != 1 || b[0].GetRemaining() != b[0].GetPerDay()-2 {
		t.Errorf("what is malformed was spent: %v", b)
	}
}

// A further form of an identifier answers too: the number of a passport whose machine-readable zone a record has.
func TestFurtherFormsAnswer(t *testing.T) {
	w, _ := matching(t)
	d := item("Passport", to("gb-nca"))
	d.GetPlain().Subjects = []*ententev1.Subject{{
		SubjectId: "d", Kind: &ententev1.Subject_Document{Document: &ententev1.Document{}},
		Identifiers: []*ententev1.Identifier{{
			Type:     ententev1.IdentifierType_IDENTIFIER_TYPE_MRZ,
			RawValue: "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
		}},
	}}
	w.submit("fr-ofast", d)
	answer, err := w.tryCheck("gb-nca", &ententev1.AskedIdentifier{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_DOCUMENT_NUMBER, RawValue: "L898902C3"})
	if err != nil || answer.GetResults()[0].GetResult() != ententev1.CheckResult_CHECK_RESULT_HIT {
		t.Errorf("%v, %v", answer, err)
	}
}

// Protected persons take no part in the checks of others, even where a release said so before the content did.
func TestProtectedPersonsTakeNoPart(t *testing.T) {
	w, _ := matching(t)
	protect := func(release *ententev1.Release) *ententev1.IntelligenceItemDraft {
		d := phoned(boatPhone, release)
		release.Markings.NecessityStatement = "She must be found."
		d.GetPlain().Subjects = append(d.GetPlain().Subjects, &ententev1.Subject{SubjectId: "v", Kind: &ententev1.Subject_Person{Person: &ententev1.Person{
			Category: ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_VICTIM, AgeStatus: ententev1.AgeStatus_AGE_STATUS_ADULT,
		}}})
		return d
	}
	for _, release := range []*ententev1.Release{hitTo("gb-nca"), silent()} {
		_, err := w.SubmitIntelligenceItem(t.Context(), call("fr-ofast"), &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: protect(release)})
		expect(t, err, fault.Invalid, "INVALID_REQUEST")
	}
	w.submit("fr-ofast", protect(to("de-bka")))
	w.checks("gb-nca", "NO_HIT", boatPhone)
	w.checks("de-bka", "HIT 1", boatPhone)
	if got := w.hits("fr-ofast"); len(got) != 0 {
		t.Errorf("France is told %v", got)
	}
}

func TestBudgetRefusesTheWholeCall(t *testing.T) {
	w, c := matching(t)
	w.submit("fr-ofast", phoned(boatPhone, hitTo("gb-nca")))
	if _, err := w.SetCheckBudget(t.Context(), operator("Budget"), &ententev1.SetCheckBudgetRequest{Agency: "agencies/gb-nca", PerDay: 3}); err != nil {
		t.Fatal(err)
	}
	w.checks("gb-nca", "NO_HIT, NO_HIT", otherPhone, otherPhone)
	_, err := w.tryCheck("gb-nca", phones(boatPhone, otherPhone)...)
	expect(t, err, fault.Exhausted, "CHECK_BUDGET_SPENT")
	if f := fault.As(err); f.Quota == nil || f.Quota.Subject != "checks.PHONE_NUMBER" || f.RetryAfter != 12*time.Hour {
		t.Errorf("%+v, %v", f.Quota, f.RetryAfter)
	}
	if got := w.hits("fr-ofast"); len(got) != 0 {
		t.Errorf("a refused call told %v", got)
	}
	w.checks("gb-nca", "HIT fr-ofast", boatPhone)
	who, err := w.WhoAmI(t.Context(), call("gb-nca"), nil)
	if b := who.GetLimits().GetCheckBudgets(); err != nil || len(b) != 2 || b[0].GetPerDay() != 3 || b[0].GetRemaining() != 3 || b[1].GetPerDay() != 3 || b[1].GetRemaining() != 0 {
		t.Errorf("%v, %v", who.GetLimits().GetCheckBudgets(), err)
	}
	w.checks("jp-npa", "NO_HIT, NO_HIT, NO_HIT, NO_HIT", boatPhone, boatPhone, boatPhone, boatPhone)
	w.later(c, 12*time.Hour)
	w.checks("gb-nca", "HIT fr-ofast, NO_HIT", boatPhone, otherPhone)
}

func TestCommonIsAboveTheCapOfWhatTheAskerMayKnow(t *testing.T) {
	w, c := matching(t)
	for n := range 50 {
		release := to("gb-nca")
		if n%2 == 0 {
			release = hitTo("gb-nca")
		}
		w.submit("fr-ofast", phoned(boatPhone, release))
	}
	for range 60 { // hidden from Britain
		w.submit("de-bka", phoned(boatPhone, to("jp-npa")))
	}
	w.checks("gb-nca", "HIT 25 fr-ofast", boatPhone)
	w.checks("jp-npa", "COMMON", boatPhone)
	told := len(w.hits("fr-ofast"))
	w.submit("de-bka", phoned(boatPhone, to("gb-nca")))
	w.checks("gb-nca", "COMMON, NO_HIT", boatPhone, otherPhone)
	if got := len(w.hits("fr-ofast")); got != told {
		t.Errorf("a common value told France %d times", got-told)
	}
	for range 25 {
		w.submit("de-bka", phoned(otherPhone, silent()))
	}
	w.checks("gb-nca", "NO_HIT", otherPhone)
	if got := w.hits("de-bka"); len(got) != 0 {
		t.Errorf("a common value was told at once: %v", got)
	}
	w.later(c, 12*time.Hour)
	w.later(c, 24*time.Hour)
	if got := w.hits("de-bka"); len(got) != 1 || len(got[0].GetAskers()) != 1 || len(got[0].GetNames()) != 0 {
		t.Errorf("a common value is told %v", got)
	}
}

// Who asked for what might be bait is told with the day, after it, and without the record.
func TestBaitIsToldByTheDay(t *testing.T) {
	w, c := matching(t)
	bait := func() *ententev1.IntelligenceItemDraft {
		d := phoned(boatPhone, silent())
		e := d.GetPlain().GetEvaluation().GetEuropol()
		e.Source, e.Information = ententev1.EuropolSourceEvaluation_EUROPOL_SOURCE_EVALUATION_X, ententev1.EuropolInformationEvaluation_EUROPOL_INFORMATION_EVALUATION_4
		return d
	}
	w.submit("fr-ofast", bait())
	w.submit("fr-ofast", bait())
	for range 3 {
		w.checks("jp-npa", "NO_HIT", boatPhone)
		w.checks("gb-nca", "NO_HIT", boatPhone)
		w.later(c, time.Hour)
	}
	if got := w.hits("fr-ofast"); len(got) != 0 {
		t.Fatalf("told at once: %v", got)
	}
	w.later(c, 10*time.Hour) // the next day: it stands for both
	if got := w.hits("fr-ofast"); len(got) != 0 {
		t.Fatalf("told before a whole day was over: %v", got)
	}
	w.later(c, 24*time.Hour)
	got := w.hits("fr-ofast")
	if len(got) != 1 {
		t.Fatalf("told %v", got)
	}
	n := got[0]
	if n.GetAgency() != "" || n.GetAskTime() != nil || n.GetPurpose() != 0 || len(n.GetNames()) != 0 || n.GetPoolDay() != c.now.AddDate(0, 0, -1).Format(time.DateOnly) {
		t.Errorf("told %v", n)
	}
	if len(n.GetAskers()) != 2 || n.GetAskers()[0].GetAgency() != "agencies/gb-nca" || n.GetAskers()[1].GetAgency() != "agencies/jp-npa" {
		t.Errorf("askers %v", n.GetAskers())
	}
	w.checks("gb-nca", "NO_HIT", boatPhone) // it is older than a day by now
	if got := w.hits("fr-ofast"); len(got) != 2 || got[1].GetAgency() != "agencies/gb-nca" || len(got[1].GetNames()) != 2 {
		t.Errorf("told %v", got)
	}
}

// What another agency has read in full is no bait.
func TestReadIsNoBait(t *testing.T) {
	w, _ := matching(t)
	release := hitTo("gb-nca")
	release.Audience.Agencies = []string{"agencies/de-bka"}
	d := phoned(boatPhone, release)
	d.GetPlain().Evaluation = &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Uk{Uk: &ententev1.UkEvaluation{
		Source: ententev1.UkSourceEvaluation_UK_SOURCE_EVALUATION_2_UNTESTED, Assessment: ententev1.UkIntelligenceAssessment_UK_INTELLIGENCE_ASSESSMENT_D_NOT_KNOWN,
	}}}
	r := w.submit("fr-ofast", d)
	w.checks("gb-nca", "HIT fr-ofast", boatPhone)
	if _, err := w.get("fr-ofast", r.GetName()); err != nil {
		t.Fatal(err)
	}
	w.checks("gb-nca", "HIT fr-ofast", boatPhone)
	if got := w.hits("fr-ofast"); len(got) != 0 {
		t.Fatalf("told at once: %v", got)
	}
	if _, err := w.get("de-bka", r.GetName()); err != nil {
		t.Fatal(err)
	}
	w.checks("gb-nca", "HIT fr-ofast", boatPhone)
	if got := w.hits("fr-ofast"); len(got) != 1 {
		t.Errorf("told %v", got)
	}
}

// Agencies out of standing neither give hits nor are told of any; what was released to others stays readable.
// TestSuspendedAgenciesMakeNothingCommon: what gives no hit does not count towards the cap either.
func TestSuspendedAgenciesMakeNothingCommon(t *testing.T) {
	w, _ := matching(t)
	for range 51 {
		w.submit("fr-ofast", phoned(boatPhone, hitTo("gb-nca")))
	}
	w.checks("gb-nca", "COMMON", boatPhone)
	if _, err := w.SuspendAgency(t.Context(), operator("Suspend"), &ententev1.SuspendAgencyRequest{Name: "agencies/fr-ofast", Reason: "key lost"}); err != nil {
		t.Fatal(err)
	}
	w.checks("gb-nca", "NO_HIT", boatPhone)
	shared := w.submit("de-bka", phoned(boatPhone, hitTo("gb-nca")))
	w.checks("gb-nca", "HIT de-bka", boatPhone)
	w.checks("de-bka", "HIT 1", boatPhone)
	if _, err := w.get("de-bka", shared.GetName()); err != nil {
		t.Error(err)
	}
}

func TestSuspendedAgenciesGiveNoHits(t *testing.T) {
	w, c := matching(t)
	w.submit("fr-ofast", phoned(boatPhone, hitTo("gb-nca")))
	w.submit("fr-ofast", phoned(boatPhone, to("gb-nca")))
	w.submit("fr-ofast", phoned(otherPhone, silent()))
	w.checks("gb-nca", "HIT 1 fr-ofast", boatPhone)
	if _, err := w.SuspendAgency(t.Context(), operator("Suspend"), &ententev1.SuspendAgencyRequest{Name: "agencies/fr-ofast", Reason: "key lost"}); err != nil {
		t.Fatal(err)
	}
	w.checks("gb-nca", "HIT 1, NO_HIT", boatPhone, otherPhone)
	if _, err := w.tryCheck("fr-ofast", phones(boatPhone)...); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("a suspended agency checks: %v", err)
	}
	w.later(c, time.Minute)
	if _, err := w.ReinstateAgency(t.Context(), operator("Reinstate"), &ententev1.ReinstateAgencyRequest{Name: "agencies/fr-ofast", Reason: "keys replaced"}); err != nil {
		t.Fatal(err)
	}
	w.checks("gb-nca", "HIT 1 fr-ofast, NO_HIT", boatPhone, otherPhone)
	if got := w.hits("fr-ofast"); len(got) != 2 {
		t.Errorf("told %v", got)
	}
}

func TestBenignIsAnsweredBeforeAnything(t *testing.T) {
	w, _ := matching(t)
	w.submit("fr-ofast", phoned(boatPhone, silent()))
	ids := []*ententev1.Identifier{{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: "+33 6 12 34 56 78"}}
	if _, err := w.EnrolBenignIdentifiers(t.Context(), operator("Benign"), &ententev1.EnrolBenignIdentifiersRequest{Identifiers: ids, Label: "a helpline"}); err != nil {
		t.Fatal(err)
	}
	answer, err := w.tryCheck("gb-nca", phones(boatPhone)...)
	if err != nil || answer.GetResults()[0].GetResult() != ententev1.CheckResult_CHECK_RESULT_BENIGN || len(answer.GetBudgets()) != 0 {
		t.Errorf("%v, %v", answer, err)
	}
	if got := w.hits("fr-ofast"); len(got) != 0 {
		t.Errorf("told %v", got)
	}
	list, err := w.ListBenignIdentifiers(t.Context(), operator("List"), &ententev1.ListBenignIdentifiersRequest{})
	if err != nil || len(list.GetIdentifiers()) != 1 || list.GetIdentifiers()[0].GetNormalizedValue() != boatPhone || list.GetIdentifiers()[0].GetLabel() != "a helpline" {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := w.RemoveBenignIdentifiers(t.Context(), operator("Remove"), &ententev1.RemoveBenignIdentifiersRequest{Identifiers: ids}); err != nil {
		t.Fatal(err)
	}
	w.checks("gb-nca", "NO_HIT", boatPhone)
	if got := w.hits("fr-ofast"); len(got) != 1 {
		t.Errorf("told %v", got)
	}
}

func TestBenignListIsPaged(t *testing.T) {
	w, _ := matching(t)
	var ids []*ententev1.Identifier
	for n := range 7 {
		ids = append(ids, &ententev1.Identifier{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: fmt.Sprintf("+3361234560%d", n)})
	}
	if _, err := w.EnrolBenignIdentifiers(t.Context(), operator("Benign"), &ententev1.EnrolBenignIdentifiersRequest{Identifiers: ids, Label: "helplines"}); err != nil {
		t.Fatal(err)
	}
	seen, token := map[string]bool{}, ""
	for pages := 0; pages == 0 || token != ""; pages++ {
		page, err := w.ListBenignIdentifiers(t.Context(), operator("List"), &ententev1.ListBenignIdentifiersRequest{PageSize: 3, PageToken: token})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range page.GetIdentifiers() {
			seen[b.GetNormalizedValue()] = true
		}
		token = page.GetNextPageToken()
	}
	if len(seen) != 7 {
		t.Errorf("%d of 7", len(seen))
	}
}

// What is taken back while a check is answered is decided again: a recalled or narrowed record gives no hit afterwards.
func TestRevokedHitsAreGone(t *testing.T) {
	w, _ := matching(t)
	r := w.submit("fr-ofast", phoned(boatPhone, hitTo("gb-nca")))
	w.checks("gb-nca", "HIT fr-ofast", boatPhone)
	if _, err := w.UpdateIntelligenceItemRelease(t.Context(), call("fr-ofast"), &ententev1.UpdateIntelligenceItemReleaseRequest{
		Justification: why(), Name: r.GetName(), ReleaseEtag: r.GetReleaseEtag(), Release: hitTo("jp-npa"),
	}); err != nil {
		t.Fatal(err)
	}
	w.checks("gb-nca", "NO_HIT", boatPhone)
	w.checks("jp-npa", "HIT fr-ofast", boatPhone)
	x, err := w.get("fr-ofast", r.GetName())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.RecallIntelligenceItem(t.Context(), call("fr-ofast"), &ententev1.RecallIntelligenceItemRequest{
		Justification: why(), Name: r.GetName(), Etag: x.GetMetadata().GetEtag(),
	}); err != nil {
		t.Fatal(err)
	}
	w.checks("jp-npa", "NO_HIT", boatPhone)
	w.checks("fr-ofast", "NO_HIT", boatPhone)
}

func supervising(id string) exchange.Call {
	c := call(id)
	c.Caller.Path, c.Caller.Rights = "/supervisor", intel.NewRights(intel.Supervise)
	return c
}

func TestUnfollowedChecks(t *testing.T) {
	w, c := matching(t)
	followed := w.submit("fr-ofast", phoned(boatPhone, to("gb-nca")))
	w.submit("fr-ofast", phoned(otherPhone, hitTo("gb-nca")))
	w.submit("gb-nca", phoned("+33612345670", to()))
	w.submit("de-bka", phoned("+33612345671", silent()))
	w.check("gb-nca", boatPhone)
	w.check("gb-nca", otherPhone, "+33612345672")
	w.check("gb-nca", "+33612345670") // its own
	w.check("gb-nca", "+33612345671") // silence
	w.later(c, 3*24*time.Hour)
	if _, err := w.get("gb-nca", followed.GetName()); err != nil {
		t.Fatal(err)
	}
	w.check("gb-nca", boatPhone) // too young
	w.later(c, 5*24*time.Hour)
	list := func(days int32) (rows []string) {
		token := ""
		for pages := 0; pages == 0 || token != ""; pages++ {
			got, err := w.ListUnfollowedChecks(t.Context(), supervising("gb-nca"), &ententev1.ListUnfollowedChecksRequest{Justification: why(), OlderThanDays: days, PageSize: 1, PageToken: token})
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range got.GetChecks() {
				rows = append(rows, fmt.Sprint(row.GetIdentifiers()[0].GetRawValue(), " of ", row.GetIdentifierCount(), row.GetAgencies(), row.GetOfficer()))
			}
			token = got.GetNextPageToken()
		}
		return rows
	}
	want(t, "after a week", list(0), []string{otherPhone + " of 2 [agencies/fr-ofast]4711"})
	want(t, "after a day", list(1), []string{boatPhone + " of 1 [agencies/fr-ofast]4711", otherPhone + " of 2 [agencies/fr-ofast]4711"})
	if got, err := w.ListUnfollowedChecks(t.Context(), supervising("fr-ofast"), &ententev1.ListUnfollowedChecksRequest{Justification: why()}); err != nil || len(got.GetChecks()) != 0 {
		t.Errorf("France sees %v, %v", got, err)
	}
}

func TestRepeatedChecks(t *testing.T) {
	w, c := matching(t)
	for n := range 5 {
		w.check("gb-nca", boatPhone, boatPhone, fmt.Sprintf("+3361234560%d", n))
		if n > 1 {
			w.check("gb-nca", otherPhone)
		}
		w.later(c, time.Hour)
	}
	list := func(req *ententev1.ListRepeatedChecksRequest) (rows []string) {
		req.Justification, req.PageSize = why(), 1
		for pages := 0; pages == 0 || req.GetPageToken() != ""; pages++ {
			got, err := w.ListRepeatedChecks(t.Context(), supervising("gb-nca"), req)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range got.GetChecks() {
				rows = append(rows, fmt.Sprint(row.GetIdentifier().GetRawValue(), " ", row.GetTimes(), row.GetOfficers()))
				if row.GetFirstTime().AsTime().After(row.GetLastTime().AsTime()) || got.GetCountedFrom() != nil {
					t.Errorf("%v", row)
				}
			}
			req.PageToken = got.GetNextPageToken()
		}
		return rows
	}
	want(t, "three times", list(&ententev1.ListRepeatedChecksRequest{}), []string{boatPhone + " 5 [4711]", otherPhone + " 3 [4711]"})
	want(t, "four times", list(&ententev1.ListRepeatedChecksRequest{TimesAtLeast: 4}), []string{boatPhone + " 5 [4711]"})
	want(t, "of the first hours", list(&ententev1.ListRepeatedChecksRequest{EndTime: timestamppb.New(c.now.Add(-2*time.Hour - time.Minute))}), []string{boatPhone + " 3 [4711]"})
	last := list(&ententev1.ListRepeatedChecksRequest{StartTime: timestamppb.New(c.now.Add(-3*time.Hour - time.Minute))})
	slices.Sort(last) // they were asked for equally often
	want(t, "of the last hours", last, []string{boatPhone + " 3 [4711]", otherPhone + " 3 [4711]"})
	for _, period := range [][2]int64{{200, 100}, {9e15, 0}, {0, -9e15}} {
		_, err := w.ListRepeatedChecks(t.Context(), supervising("gb-nca"), &ententev1.ListRepeatedChecksRequest{
			Justification: why(), StartTime: &timestamppb.Timestamp{Seconds: period[0]}, EndTime: &timestamppb.Timestamp{Seconds: period[1]},
		})
		expect(t, err, fault.Invalid, "INVALID_REQUEST")
	}
}
