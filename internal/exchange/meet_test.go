package exchange_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// meeting is a world in which time stands, four agencies are enrolled, and the matcher runs.
func meeting(t *testing.T) (*world, *clock) {
	t.Helper()
	w, c := matching(t)
	w.matching()
	return w, c
}

// met are the deconflictions in an agency's inbox.
func (w *world) met(id string) (list []*ententev1.InboxEvent) {
	w.t.Helper()
	w.settle()
	answer, err := w.ReadInbox(w.t.Context(), call(id), &ententev1.ReadInboxRequest{
		Justification: why(), PageSize: 1000, Kinds: []ententev1.EventKind{ententev1.EventKind_EVENT_KIND_DECONFLICTION, ententev1.EventKind_EVENT_KIND_WITHHELD},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return received(w.t, answer).GetEvents()
}

// told wants an agency to have been told of these meetings: own record, other agency, and the other record where it may be named.
func (w *world) told(id string, want ...string) {
	w.t.Helper()
	var got []string
	for _, e := range w.met(id) {
		if e.GetKind() == ententev1.EventKind_EVENT_KIND_WITHHELD {
			got = append(got, "withheld")
			if e.GetDeconfliction() != nil || e.GetName() != "" {
				w.t.Errorf("%s is told %v", id, e)
			}
			continue
		}
		got = append(got, of(e.GetName(), e.GetDeconfliction().GetAgency(), e.GetDeconfliction().GetOtherName()))
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("%s is told %q, not %q", id, got, want)
	}
}

func of(own, agency, other string) string {
	return strings.TrimSpace(own + " meets " + strings.TrimPrefix(agency, "agencies/") + " " + other)
}

// Both are told where each may know of the other's record; who may read the other's is told its name, too.
func TestBothAreToldOfAMeeting(t *testing.T) {
	w, _ := meeting(t)
	french := w.submit("fr-ofast", about("boats", hitTo("gb-nca"), "+33612345601", boatPhone)).GetName()
	british := w.submit("gb-nca", phoned("+33 6 12 34 56 78", hitTo("fr-ofast"))).GetName()
	w.told("fr-ofast", of(french, "gb-nca", ""))
	w.told("gb-nca", of(british, "fr-ofast", ""))
	w.told("de-bka")
	e := w.met("fr-ofast")[0]
	d := e.GetDeconfliction()
	if len(d.GetShared()) != 1 || d.GetShared()[0].GetFieldPath() != "subjects[1].identifiers[0]" || d.GetShared()[0].GetNormalizedValue() != boatPhone ||
		d.GetShared()[0].GetType() != ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER || e.GetRevision() != 1 || d.GetDisplayName() != "gb-nca" || d.GetLinksEtag() != "" {
		t.Errorf("France is told %v", e)
	}
	if text := fmt.Sprint(w.met("gb-nca")); strings.Contains(text, why().GetOfficer()) || strings.Contains(text, french) {
		t.Errorf("Britain is told too much: %s", text)
	}
	readable := w.submit("gb-nca", phoned(otherPhone, to("de-bka"))).GetName()
	german := w.submit("de-bka", phoned(otherPhone, hitTo("gb-nca"))).GetName()
	w.told("gb-nca", of(british, "fr-ofast", ""), of(readable, "de-bka", ""))
	w.told("de-bka", of(german, "gb-nca", readable))
	w.linked("de-bka", german, w.met("de-bka")[0].GetDeconfliction())
}

// linked adds the link that an event suggests.
func (w *world) linked(id, own string, d *ententev1.DeconflictionDetail) {
	w.t.Helper()
	_, err := w.UpdateIntelligenceItemLinks(w.t.Context(), call(id), &ententev1.UpdateIntelligenceItemLinksRequest{
		Justification: why(), Name: own, LinksEtag: d.GetLinksEtag(),
		Add: []*ententev1.Link{{Target: d.GetOtherName(), Type: ententev1.LinkType_LINK_TYPE_SAME_SUBJECT}},
	})
	if err != nil {
		w.t.Error(err)
	}
}

// Who may read both is told alone, whichever came first; where neither may, and the hits go one way at most, nobody is.
func TestOneOrNobodyIsTold(t *testing.T) {
	w, _ := meeting(t)
	french := w.submit("fr-ofast", phoned(boatPhone, to("gb-nca"))).GetName()
	british := w.submit("gb-nca", phoned(boatPhone, to())).GetName()
	w.told("fr-ofast")
	w.told("gb-nca", of(british, "fr-ofast", french))
	w.submit("jp-npa", phoned(boatPhone, hitTo("fr-ofast", "gb-nca", "de-bka")))
	w.submit("de-bka", phoned(boatPhone, silent()))
	w.told("fr-ofast")
	w.told("gb-nca", of(british, "fr-ofast", french))
	w.told("jp-npa")
	w.told("de-bka")
	later := w.submit("fr-ofast", phoned(boatPhone, hitTo("jp-npa"))).GetName() // to Japan's first
	w.told("fr-ofast", of(later, "jp-npa", ""))
}

// Protected persons meet inside their audience alone.
func TestProtectedPersonsMeetInsideTheirAudience(t *testing.T) {
	w, _ := meeting(t)
	victim := func(r *ententev1.Release) *ententev1.IntelligenceItemDraft {
		d := phoned(boatPhone, r)
		r.Markings.ContainsProtectedPersons = true
		r.Markings.NecessityStatement = "The person is a witness and known to the court."
		r.Markings.ReviewTime = timestamppb.New(time.Now().AddDate(0, 6, 0))
		d.GetPlain().Subjects[0].Kind = &ententev1.Subject_Person{Person: &ententev1.Person{Category: ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_VICTIM}}
		return d
	}
	french := w.submit("fr-ofast", victim(to("gb-nca"))).GetName()
	w.submit("de-bka", phoned(boatPhone, hitTo("fr-ofast")))
	british := w.submit("gb-nca", phoned(boatPhone, hitTo("fr-ofast"))).GetName()
	w.told("de-bka")
	w.told("gb-nca", of(british, "fr-ofast", french))
	w.told("fr-ofast", of(french, "gb-nca", ""))
}

// What is benign, and what is common among what a desk may know of, takes no part; what is hidden from a desk makes nothing common.
func TestCommonAndBenignTakeNoPart(t *testing.T) {
	w, _ := meeting(t)
	if _, err := w.EnrolBenignIdentifiers(t.Context(), operator("Enrol"), &ententev1.EnrolBenignIdentifiersRequest{
		Label: "helpline", Identifiers: []*ententev1.Identifier{phone(otherPhone)},
	}); err != nil {
		t.Fatal(err)
	}
	w.submit("fr-ofast", phoned(otherPhone, hitTo("gb-nca")))
	w.submit("gb-nca", phoned(otherPhone, hitTo("fr-ofast")))
	w.told("gb-nca")
	for range 60 {
		w.submit("jp-npa", phoned(boatPhone, to("fr-ofast")))
	}
	w.submit("fr-ofast", phoned(boatPhone, hitTo("gb-nca")))
	british := w.submit("gb-nca", phoned(boatPhone, hitTo("fr-ofast"))).GetName()
	w.told("fr-ofast") // to France the number is common, to Britain it is not
	w.told("gb-nca", of(british, "fr-ofast", ""))
}

// A pair is told once a side; a correction tells of what is news in it.
func TestAMeetingIsToldOnce(t *testing.T) {
	w, _ := meeting(t)
	french := w.submit("fr-ofast", about("boats", hitTo("gb-nca"), boatPhone, otherPhone)).GetName()
	x := w.submit("gb-nca", phoned(boatPhone, hitTo("fr-ofast")))
	revise := func(numbers ...string) {
		t.Helper()
		answer, err := w.ReviseIntelligenceItem(t.Context(), call("gb-nca"), &ententev1.ReviseIntelligenceItemRequest{
			Justification: why(), Name: x.GetName(), Etag: x.GetEtag(),
			Content: &ententev1.ReviseIntelligenceItemRequest_Plain{Plain: about("corrected", nil, numbers...).GetPlain()},
		})
		if err != nil {
			t.Fatal(err)
		}
		x = answer.GetReceipt()
		w.settle()
	}
	revise(boatPhone)
	revise("+33612345600")
	revise(boatPhone)
	w.told("gb-nca", of(x.GetName(), "fr-ofast", ""))
	revise(boatPhone, otherPhone)
	w.told("gb-nca", of(x.GetName(), "fr-ofast", ""), of(x.GetName(), "fr-ofast", ""))
	w.told("fr-ofast", of(french, "gb-nca", ""), of(french, "gb-nca", ""))
	if s := w.met("fr-ofast")[1].GetDeconfliction().GetShared(); len(s) != 1 || s[0].GetNormalizedValue() != otherPhone {
		t.Errorf("the news are %v", s)
	}
}

// What today's rules would not tell is withheld, in its place.
func TestAMeetingIsWithheld(t *testing.T) {
	w, _ := meeting(t)
	french := w.submit("fr-ofast", phoned(boatPhone, hitTo("gb-nca")))
	british := w.submit("gb-nca", phoned(boatPhone, hitTo("fr-ofast"))).GetName()
	w.told("gb-nca", of(british, "fr-ofast", ""))
	if _, err := w.UpdateIntelligenceItemRelease(t.Context(), call("fr-ofast"), &ententev1.UpdateIntelligenceItemReleaseRequest{
		Justification: why(), Name: french.GetName(), ReleaseEtag: french.GetReleaseEtag(), Release: to(),
	}); err != nil {
		t.Fatal(err)
	}
	w.told("gb-nca", "withheld")
	w.told("fr-ofast", "withheld")
}

// History is met by what comes later, and itself meets nothing.
func TestHistoryIsMetLater(t *testing.T) {
	w, _ := meeting(t)
	w.submit("gb-nca", phoned(boatPhone, hitTo("fr-ofast")))
	old := w.submitHistory(phoned(boatPhone, hitTo("gb-nca")))
	w.told("gb-nca")
	w.told("fr-ofast")
	again := w.submit("gb-nca", phoned(boatPhone, hitTo("fr-ofast"))).GetName()
	w.told("gb-nca", of(again, "fr-ofast", ""))
	w.told("fr-ofast", of(old, "gb-nca", ""))
}

// submitHistory loads an item of France's past.
func (w *world) submitHistory(d *ententev1.IntelligenceItemDraft) string {
	w.t.Helper()
	b, err := w.BeginIntelligenceItems(w.t.Context(), call("fr-ofast"), &ententev1.BulkSubmitIntelligenceItemsHeader{Justification: why(), History: true})
	if err != nil {
		w.t.Fatal(err)
	}
	receipt, err := b.Enqueue(b.Prepare(&ententev1.BulkSubmitIntelligenceItemsRow{Draft: d})).Wait(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	if receipt.GetDeconfliction() != 0 {
		w.t.Errorf("history waits: %v", receipt)
	}
	return receipt.GetName()
}

// Where the budget is spent the record waits for the next day, in order, and its originator is told so, whether or not there is anything to meet.
func TestDeconflictionWaitsForTheBudget(t *testing.T) {
	w, c := meeting(t)
	french := w.submit("fr-ofast", about("boats", hitTo("gb-nca"), boatPhone, otherPhone)).GetName()
	if _, err := w.SetCheckBudget(t.Context(), operator("Set"), &ententev1.SetCheckBudgetRequest{Agency: "agencies/gb-nca", PerDay: 2}); err != nil {
		t.Fatal(err)
	}
	var names []string
	submit := func(pending bool, numbers ...string) {
		t.Helper()
		r := w.submit("gb-nca", about("boats", hitTo("fr-ofast"), numbers...))
		names = append(names, r.GetName())
		if got := r.GetDeconfliction() == ententev1.Deconfliction_DECONFLICTION_PENDING; got != pending {
			t.Errorf("%v waits: %v", numbers, got)
		}
	}
	submit(false, "+33612345601", "+33612345601")
	w.checks("gb-nca", "NO_HIT", "+33612345602") // a check spends the same
	submit(true, boatPhone)
	submit(true, otherPhone, "+33612345603", "+33612345604") // more than a day's budget: it costs a whole one
	submit(false)                                            // there is nothing to compare
	submit(true, otherPhone)
	w.told("gb-nca")
	w.later(c, 24*time.Hour)
	w.told("gb-nca", of(names[1], "fr-ofast", ""))
	w.later(c, 24*time.Hour)
	w.told("gb-nca", of(names[1], "fr-ofast", ""), of(names[2], "fr-ofast", ""))
	w.told("fr-ofast", of(french, "gb-nca", ""), of(french, "gb-nca", ""))
	w.later(c, 24*time.Hour)
	w.told("gb-nca", of(names[1], "fr-ofast", ""), of(names[2], "fr-ofast", ""), of(names[4], "fr-ofast", ""))
	submit(false, boatPhone)
}

// Whoever is suspended takes no part.
func TestTheSuspendedMeetNobody(t *testing.T) {
	w, _ := meeting(t)
	w.submit("fr-ofast", phoned(boatPhone, hitTo("gb-nca")))
	w.suspend("fr-ofast")
	w.submit("gb-nca", phoned(boatPhone, hitTo("fr-ofast")))
	w.told("gb-nca")
}

func (w *world) suspend(id string) {
	w.t.Helper()
	if _, err := w.SuspendAgency(w.t.Context(), operator("Suspend"), &ententev1.SuspendAgencyRequest{Name: "agencies/" + id, Reason: "The certificate was lost."}); err != nil {
		w.t.Fatal(err)
	}
}

// What was looked at and not told when the matcher stopped is told once when it is back.
func TestMeetingsAcrossAStop(t *testing.T) {
	w, _ := matching(t)
	run := func() {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		done := make(chan struct{})
		go func() { defer close(done); w.Match(ctx, func(err error) { t.Error(err) }) }()
		w.settle()
		cancel()
		<-done
	}
	french := w.submit("fr-ofast", phoned(boatPhone, hitTo("gb-nca"))).GetName()
	british := w.submit("gb-nca", phoned(boatPhone, hitTo("fr-ofast"))).GetName()
	run()
	run()
	w.matching()
	w.told("fr-ofast", of(french, "gb-nca", ""))
	w.told("gb-nca", of(british, "fr-ofast", ""))
}
