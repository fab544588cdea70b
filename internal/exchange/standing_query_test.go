package exchange_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// matching runs the matcher as long as the test lasts, or until it is stopped.
func (w *world) matching() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { w.Match(ctx, func(err error) { w.t.Error(err) }) })
	stop = sync.OnceFunc(func() {
		cancel()
		running.Wait()
	})
	w.t.Cleanup(stop)
	return stop
}

// settle waits until the matcher has told all that it had to.
func (w *world) settle() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 2*time.Minute)
	defer cancel()
	if err := w.Settle(ctx); err != nil {
		w.t.Fatal("the matcher does not come to an end: ", err)
	}
}

// desk is a call of an agency's unit.
func desk(id string) exchange.Call {
	c := call(id)
	c.Caller.Unit, c.Caller.Path = "desk", "/desk"
	return c
}

func phone(number string) *ententev1.Identifier {
	return &ententev1.Identifier{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: number}
}

// about is an item about some telephones.
func about(title string, release *ententev1.Release, numbers ...string) *ententev1.IntelligenceItemDraft {
	d := item(title, release)
	for i, n := range numbers {
		d.GetPlain().Subjects = append(d.GetPlain().Subjects, &ententev1.Subject{
			SubjectId: fmt.Sprint("phone-", i), Kind: &ententev1.Subject_Phone{Phone: &ententev1.Phone{}}, Identifiers: []*ententev1.Identifier{phone(n)},
		})
	}
	return d
}

func itemsWhere(name string, q *ententev1.IntelligenceItemQuery) *ententev1.StandingQueryDraft {
	return &ententev1.StandingQueryDraft{DisplayName: name, Subject: &ententev1.StandingQueryDraft_IntelligenceItems{IntelligenceItems: q}}
}

func numbersOf(name string, numbers ...string) *ententev1.StandingQueryDraft {
	set := &ententev1.IdentifierSet{}
	for _, n := range numbers {
		set.Identifiers = append(set.Identifiers, phone(n))
	}
	return &ententev1.StandingQueryDraft{DisplayName: name, Subject: &ententev1.StandingQueryDraft_Identifiers{Identifiers: set}}
}

func (w *world) stand(c exchange.Call, d *ententev1.StandingQueryDraft) *ententev1.StandingQuery {
	w.t.Helper()
	answer, err := w.CreateStandingQuery(w.t.Context(), c, &ententev1.CreateStandingQueryRequest{Justification: why(), Draft: d})
	if err != nil {
		w.t.Fatal(err)
	}
	return answer.GetStandingQuery()
}

// matches lists what standing queries found for an inbox: query, record and revision.
func (w *world) matches(c exchange.Call, inbox string) []string {
	w.t.Helper()
	w.settle()
	answer, err := w.ReadInbox(w.t.Context(), c, &ententev1.ReadInboxRequest{Justification: why(), PageSize: 1000, Inbox: inbox})
	if err != nil {
		w.t.Fatal(err)
	}
	var list []string
	for _, e := range answer.GetEvents() {
		if e.GetKind() == ententev1.EventKind_EVENT_KIND_STANDING_MATCH {
			list = append(list, match(e.GetStandingQuery(), e.GetName(), e.GetRevision()))
		}
	}
	return list
}

func match(query, record string, revision int32) string {
	return fmt.Sprint(query, " ", record, " ", revision)
}

// A new record that a standing query finds, and its owner may see, is told; another's is not, nor what was there before, nor while it pauses.
func TestStandingQueryTellsOfNewRecords(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca", "de-bka")
	w.matching()
	w.submit("fr-ofast", about("before", to("gb-nca"), "+33612345601"))
	q := w.stand(call("gb-nca"), numbersOf("numbers", "+33612345601", "+33612345602"))
	german := w.stand(call("de-bka"), numbersOf("numbers", "+33612345601"))
	r := w.submit("fr-ofast", about("shared", to("gb-nca"), "+33 6 12 34 56 01", "+33612345699"))
	other := w.submit("fr-ofast", about("other number", to("gb-nca"), "+33612345603"))
	want(t, "gb-nca", w.matches(call("gb-nca"), ""), []string{match(q.GetName(), r.GetName(), 1)})
	want(t, "de-bka", w.matches(call("de-bka"), ""), nil)

	// A correction is told anew, and so is one that only now has the number.
	for _, x := range []*ententev1.Receipt{r, other} {
		if _, err := w.ReviseIntelligenceItem(t.Context(), call("fr-ofast"), &ententev1.ReviseIntelligenceItemRequest{
			Justification: why(), Name: x.GetName(), Etag: x.GetEtag(),
			Content: &ententev1.ReviseIntelligenceItemRequest_Plain{Plain: about("corrected", nil, "+33612345602").GetPlain()},
		}); err != nil {
			t.Fatal(err)
		}
		w.settle()
	}
	told := []string{match(q.GetName(), r.GetName(), 1), match(q.GetName(), r.GetName(), 2), match(q.GetName(), other.GetName(), 2)}
	want(t, "corrected", w.matches(call("gb-nca"), ""), told)

	paused, err := w.PauseStandingQuery(t.Context(), call("gb-nca"), &ententev1.PauseStandingQueryRequest{Justification: why(), Name: q.GetName(), Etag: q.GetEtag()})
	if err != nil {
		t.Fatal(err)
	}
	w.submit("fr-ofast", about("while paused", to("gb-nca"), "+33612345601"))
	want(t, "paused", w.matches(call("gb-nca"), ""), told)
	_, err = w.ResumeStandingQuery(t.Context(), call("gb-nca"), &ententev1.ResumeStandingQueryRequest{Justification: why(), Name: q.GetName(), Etag: q.GetEtag()})
	expect(t, err, fault.Stale, "ETAG_STALE")
	resumed, err := w.ResumeStandingQuery(t.Context(), call("gb-nca"), &ententev1.ResumeStandingQueryRequest{
		Justification: why(), Name: q.GetName(), Etag: paused.GetStandingQuery().GetEtag(),
	})
	if err != nil {
		t.Fatal(err)
	}
	again := w.submit("fr-ofast", about("resumed", to("gb-nca", "de-bka"), "+33612345601"))
	told = append(told, match(q.GetName(), again.GetName(), 1))
	want(t, "resumed", w.matches(call("gb-nca"), ""), told)
	want(t, "de-bka at last", w.matches(call("de-bka"), ""), []string{match(german.GetName(), again.GetName(), 1)})

	if _, err := w.DeleteStandingQuery(t.Context(), call("gb-nca"), &ententev1.DeleteStandingQueryRequest{
		Justification: why(), Name: q.GetName(), Etag: resumed.GetStandingQuery().GetEtag(),
	}); err != nil {
		t.Fatal(err)
	}
	w.submit("fr-ofast", about("after the end", to("gb-nca"), "+33612345601"))
	want(t, "the events of one that was deleted", w.matches(call("gb-nca"), ""), told)
	_, err = w.GetStandingQuery(t.Context(), call("gb-nca"), &ententev1.GetStandingQueryRequest{Justification: why(), Name: q.GetName()})
	expect(t, err, fault.NotFound, "STANDING_QUERY_NOT_FOUND")
}

// A record that is released to the owner later is new to it then; whoever had it already is told once.
func TestStandingQueryTellsOfWhatIsReleasedLater(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca", "de-bka")
	w.matching()
	british := w.stand(call("gb-nca"), numbersOf("numbers", "+33612345601"))
	german := w.stand(call("de-bka"), numbersOf("numbers", "+33612345601"))
	r := w.submit("fr-ofast", about("first for Britain", to("gb-nca"), "+33612345601"))
	want(t, "gb-nca", w.matches(call("gb-nca"), ""), []string{match(british.GetName(), r.GetName(), 1)})
	release := func(etag string, to *ententev1.Release) string {
		t.Helper()
		answer, err := w.UpdateIntelligenceItemRelease(t.Context(), call("fr-ofast"), &ententev1.UpdateIntelligenceItemReleaseRequest{
			Justification: why(), Name: r.GetName(), ReleaseEtag: etag, Release: to,
		})
		if err != nil {
			t.Fatal(err)
		}
		return answer.GetReceipt().GetReleaseEtag()
	}
	etag := release(r.GetReleaseEtag(), to("gb-nca", "de-bka"))
	want(t, "gb-nca again", w.matches(call("gb-nca"), ""), []string{match(british.GetName(), r.GetName(), 1)})
	want(t, "de-bka", w.matches(call("de-bka"), ""), []string{match(german.GetName(), r.GetName(), 1)})
	release(etag, to("de-bka"))
	want(t, "gb-nca, from whom it was taken", w.events("gb-nca"), []string{"WITHHELD", "WITHHELD", "RECALLED"})
}

// Changes that come faster than the matcher looks are told once, as they stand in the end.
func TestStandingQueryCatchesUp(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca", "de-bka")
	british := w.stand(call("gb-nca"), itemsWhere("all of France", &ententev1.IntelligenceItemQuery{Originators: []string{"agencies/fr-ofast"}}))
	german := w.stand(call("de-bka"), itemsWhere("all of France", &ententev1.IntelligenceItemQuery{Originators: []string{"agencies/fr-ofast"}}))
	r := w.submit("fr-ofast", about("hasty", to("gb-nca"), "+33612345601"))
	answer, err := w.ReviseIntelligenceItem(t.Context(), call("fr-ofast"), &ententev1.ReviseIntelligenceItemRequest{
		Justification: why(), Name: r.GetName(), Etag: r.GetEtag(), Content: &ententev1.ReviseIntelligenceItemRequest_Plain{Plain: about("less hasty", nil).GetPlain()},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.UpdateIntelligenceItemRelease(t.Context(), call("fr-ofast"), &ententev1.UpdateIntelligenceItemReleaseRequest{
		Justification: why(), Name: r.GetName(), ReleaseEtag: answer.GetReceipt().GetReleaseEtag(), Release: to("gb-nca", "de-bka"),
	}); err != nil {
		t.Fatal(err)
	}
	w.matching()
	want(t, "gb-nca", w.matches(call("gb-nca"), ""), []string{match(british.GetName(), r.GetName(), 2)})
	want(t, "de-bka", w.matches(call("de-bka"), ""), []string{match(german.GetName(), r.GetName(), 2)})
}

// Whatever a query can ask, a standing query can: words, phrases that are compared with the text, what must not be there.
func TestStandingQueryOfWords(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	w.matching()
	words := w.stand(call("gb-nca"), itemsWhere("words", &ententev1.IntelligenceItemQuery{Text: "inflatables lille"}))
	phrase := w.stand(call("gb-nca"), itemsWhere("phrase", &ententev1.IntelligenceItemQuery{Text: `"inflatable black"`}))
	not := w.stand(call("gb-nca"), itemsWhere("not", &ententev1.IntelligenceItemQuery{
		Originators: []string{"agencies/fr-ofast"}, NoneOf: []*ententev1.Filter{{Text: "Calais"}},
	}))
	first := w.submit("fr-ofast", item("Calais", to("gb-nca")))
	second := w.submit("fr-ofast", item("Inflatable, black", to("gb-nca")))
	want(t, "gb-nca", w.matches(call("gb-nca"), ""), []string{
		match(words.GetName(), first.GetName(), 1), match(words.GetName(), second.GetName(), 1),
		match(phrase.GetName(), second.GetName(), 1), match(not.GetName(), second.GetName(), 1),
	})
}

// What is loaded as history is found, and no standing query tells of it; a correction of it is told.
func TestStandingQueryPassesOverHistory(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	w.matching()
	q := w.stand(call("gb-nca"), numbersOf("numbers", "+33612345601"))
	b, err := w.BeginIntelligenceItems(t.Context(), call("fr-ofast"), &ententev1.BulkSubmitIntelligenceItemsHeader{Justification: why(), History: true})
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.Enqueue(b.Prepare(&ententev1.BulkSubmitIntelligenceItemsRow{Draft: about("long ago", to("gb-nca"), "+33612345601")})).Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want(t, "gb-nca", w.events("gb-nca"), nil)
	want(t, "its matches", w.matches(call("gb-nca"), ""), nil)
	want(t, "what it finds", w.query("gb-nca", nil), []string{r.GetName()})
	if _, err := w.ReviseIntelligenceItem(t.Context(), call("fr-ofast"), &ententev1.ReviseIntelligenceItemRequest{
		Justification: why(), Name: r.GetName(), Etag: r.GetEtag(),
		Content: &ententev1.ReviseIntelligenceItemRequest_Plain{Plain: about("corrected", nil, "+33612345601").GetPlain()},
	}); err != nil {
		t.Fatal(err)
	}
	want(t, "its matches now", w.matches(call("gb-nca"), ""), []string{match(q.GetName(), r.GetName(), 2)})
}

// A unit's standing query looks with the eyes of the unit and tells its inbox; for the rest of the agency it does not exist.
func TestStandingQueryOfAUnit(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca", "de-bka")
	w.matching()
	d := numbersOf("the desk's", "+33612345601")
	d.Inbox = "agencies/gb-nca/units/desk/inbox"
	q := w.stand(desk("gb-nca"), d)
	agency := w.stand(desk("gb-nca"), numbersOf("the agency's", "+33612345601"))
	release := to()
	release.Audience.Units = []string{"agencies/gb-nca/units/desk"}
	r := w.submit("fr-ofast", about("for the desk", release, "+33612345601"))
	want(t, "the desk", w.matches(desk("gb-nca"), d.GetInbox()), []string{match(q.GetName(), r.GetName(), 1)})
	want(t, "the agency", w.matches(call("gb-nca"), ""), nil)
	_, err := w.GetStandingQuery(t.Context(), call("gb-nca"), &ententev1.GetStandingQueryRequest{Justification: why(), Name: q.GetName()})
	expect(t, err, fault.NotFound, "STANDING_QUERY_NOT_FOUND")
	_, err = w.GetStandingQuery(t.Context(), call("de-bka"), &ententev1.GetStandingQueryRequest{Justification: why(), Name: agency.GetName()})
	expect(t, err, fault.NotFound, "STANDING_QUERY_NOT_FOUND")
	_, err = w.CreateStandingQuery(t.Context(), call("gb-nca"), &ententev1.CreateStandingQueryRequest{Justification: why(), Draft: d})
	expect(t, err, fault.NotFound, "INBOX_NOT_FOUND")
	list := func(c exchange.Call) (names []string) {
		t.Helper()
		token := ""
		for {
			page, err := w.ListStandingQueries(t.Context(), c, &ententev1.ListStandingQueriesRequest{Justification: why(), PageSize: 1, PageToken: token})
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range page.GetStandingQueries() {
				names = append(names, q.GetName())
			}
			if token = page.GetNextPageToken(); token == "" {
				return names
			}
		}
	}
	want(t, "the desk's list", list(desk("gb-nca")), []string{q.GetName(), agency.GetName()})
	want(t, "the agency's list", list(call("gb-nca")), []string{agency.GetName()})
	want(t, "Germany's list", list(call("de-bka")), nil)
}

// Whoever is expelled is told nothing any more; whoever is suspended goes on once reinstated.
func TestStandingQueryOfTheExpelled(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca", "de-bka")
	w.matching()
	british := w.stand(call("gb-nca"), numbersOf("numbers", "+33612345601"))
	w.stand(call("de-bka"), numbersOf("numbers", "+33612345601"))
	if _, err := w.SuspendAgency(t.Context(), operator("Suspend"), &ententev1.SuspendAgencyRequest{Name: "agencies/gb-nca", Reason: "lost keys"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.ExpelAgency(t.Context(), operator("Expel"), &ententev1.ExpelAgencyRequest{Name: "agencies/de-bka", Reason: "left"}); err != nil {
		t.Fatal(err)
	}
	before := w.View.Hub().GetStandingQueries()
	w.submit("fr-ofast", about("missed", to(), "+33612345601"))
	w.settle()
	if _, err := w.ReinstateAgency(t.Context(), operator("Reinstate"), &ententev1.ReinstateAgencyRequest{Name: "agencies/gb-nca", Reason: "new keys"}); err != nil {
		t.Fatal(err)
	}
	r := w.submit("fr-ofast", about("after", to("gb-nca"), "+33612345601"))
	want(t, "reinstated", w.matches(call("gb-nca"), ""), []string{match(british.GetName(), r.GetName(), 1)})
	if before != 1 {
		t.Errorf("%d standing queries are counted, and the expelled agency's should not be", before)
	}
}

// Retries, checks without effect, malformed identifiers and limits.
func TestStandingQueryManners(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	create := func(d *ententev1.StandingQueryDraft, id string, only bool) (*ententev1.StandingQuery, error) {
		answer, err := w.CreateStandingQuery(t.Context(), call("gb-nca"), &ententev1.CreateStandingQueryRequest{Justification: why(), Draft: d, RequestId: id, ValidateOnly: only})
		return answer.GetStandingQuery(), err
	}
	checked, err := create(numbersOf("checked", "+33612345601"), "", true)
	if err != nil || checked.GetName() != "" {
		t.Errorf("%v, %v", checked, err)
	}
	first, err := create(numbersOf("once", "+33612345601"), "one", false)
	if err != nil {
		t.Fatal(err)
	}
	second, err := create(numbersOf("once", "+33612345601"), "one", false)
	if err != nil || !proto.Equal(first, second) {
		t.Errorf("the retry gave %v, %v", second, err)
	}
	_, err = create(numbersOf("another", "+33612345602"), "one", false)
	expect(t, err, fault.AlreadyExists, "REQUEST_ID_REUSED")
	_, err = create(numbersOf("no number", "12"), "", false)
	if v := fault.As(err).Violations; len(v) != 1 || v[0].Field != "draft.identifiers.identifiers[0].rawValue" {
		t.Errorf("%v", err)
	}
	for _, never := range []*ententev1.IntelligenceItemQuery{
		{Text: "!!!"}, {Names: []string{"..."}}, {Text: "boat \" \"", Names: []string{"-"}}, {AllOf: []*ententev1.Filter{{Text: "boat"}, {Text: "…"}}},
	} {
		_, err = create(itemsWhere("never", never), "", true)
		if v := fault.As(err).Violations; len(v) != 1 || v[0].Field != "draft" || v[0].Reason != "STANDING_QUERY_FINDS_NOTHING" {
			t.Errorf("%v: %v", never, err)
		}
	}
	for _, perhaps := range []*ententev1.IntelligenceItemQuery{
		{Originators: []string{"agencies/nobody-yet"}}, {NoneOf: []*ententev1.Filter{{Text: "!!!"}}}, {AnyOf: []*ententev1.Filter{{Text: "!!!"}, {Text: "boat"}}},
		{LinkedTo: "agencies/fr-ofast/intelligenceItems/0192f0c4-7a5b-7000-8000-000000000001"}, {CaseReference: "C-1"}, {OtherLabels: []string{"x"}},
		{Observed: &ententev1.Interval{StartTime: timestamppb.New(time.Unix(1_795_000_000, 0))}},
	} {
		if _, err = create(itemsWhere("perhaps", perhaps), "", true); err != nil {
			t.Errorf("%v: %v", perhaps, err)
		}
	}
	for n := range 10 {
		w.stand(call("gb-nca"), itemsWhere(fmt.Sprint("everything ", n), &ententev1.IntelligenceItemQuery{}))
	}
	_, err = create(itemsWhere("everything", nil), "", false)
	expect(t, err, fault.Exhausted, "TOO_MANY_BROAD_STANDING_QUERIES")
	w.stand(call("fr-ofast"), itemsWhere("everything", nil))
	consulted, err := w.ListConsultations(t.Context(), call("gb-nca"), &ententev1.ListConsultationsRequest{Justification: why(), PageSize: 100})
	if err != nil || len(consulted.GetConsultations()) != 11 {
		t.Errorf("%d on record, %v", len(consulted.GetConsultations()), err)
	}

}
