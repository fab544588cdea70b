package exchange_test

import (
	"fmt"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

func (w *world) query(id string, q *ententev1.IntelligenceItemQuery) []string {
	w.t.Helper()
	var names []string
	token := ""
	for {
		answer, err := w.QueryIntelligenceItems(w.t.Context(), call(id), &ententev1.QueryIntelligenceItemsRequest{
			Justification: why(), Query: q, PageSize: 2, PageToken: token, IncludeTotal: true,
		})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, i := range received(w.t, answer).GetIntelligenceItems() {
			names = append(names, i.GetMetadata().GetName())
		}
		if token = answer.GetNextPageToken(); token == "" {
			if int(answer.GetTotalSize()) != len(names) {
				w.t.Errorf("total %d of %d", answer.GetTotalSize(), len(names))
			}
			return names
		}
	}
}

func (w *world) events(id string) []string {
	w.t.Helper()
	answer, err := w.ReadInbox(w.t.Context(), call(id), &ententev1.ReadInboxRequest{Justification: why(), PageSize: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	var list []string
	for i, e := range answer.GetEvents() {
		if e.GetNumber() != int64(i+1) {
			w.t.Errorf("event %d has number %d", i+1, e.GetNumber())
		}
		if e.GetKind() != ententev1.EventKind_EVENT_KIND_TRUST_CHANGED {
			list = append(list, e.GetKind().String()[len("EVENT_KIND_"):])
		}
	}
	return list
}

func want(t *testing.T, what string, got, want []string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %v, not %v", what, got, want)
	}
}

// A query gives what the reader may read, newest first, page by page, with an exact total.
func TestQueryGivesWhatIsVisible(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca", "de-bka")
	var mine []string
	for n := range 7 {
		release := to("gb-nca")
		if n%3 == 1 {
			release = to("de-bka")
		}
		if n == 5 {
			release = to()
			release.Audience.AllPartners = true
		}
		r := w.submit("fr-ofast", item(fmt.Sprint("Item ", n), release))
		if n%3 != 1 || n == 5 {
			mine = append([]string{r.GetName()}, mine...)
		}
	}
	want(t, "gb-nca", w.query("gb-nca", nil), mine)
	if n := len(w.query("fr-ofast", nil)); n != 7 {
		t.Errorf("the originator finds %d", n)
	}
	if n := len(w.query("de-bka", nil)); n != 3 {
		t.Errorf("de-bka finds %d", n)
	}
	if n := len(w.query("gb-nca", &ententev1.IntelligenceItemQuery{CrimeAreas: []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_MONEY_LAUNDERING}})); n != 0 {
		t.Errorf("%d of another crime area", n)
	}
}

// A correction reaches who holds the record; a recall takes it from them, and earlier events tell nothing any more.
func TestCorrectAndRecall(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca", "de-bka")
	r := w.submit("fr-ofast", item("Boats", to("gb-nca")))
	content := item("Boats, corrected", nil).GetPlain()
	revise := func(id, etag string) (*ententev1.ReviseIntelligenceItemResponse, error) {
		return w.ReviseIntelligenceItem(t.Context(), call(id), &ententev1.ReviseIntelligenceItemRequest{
			Justification: why(), Name: r.GetName(), Etag: etag, Content: &ententev1.ReviseIntelligenceItemRequest_Plain{Plain: content},
		})
	}
	_, err := revise("gb-nca", r.GetEtag())
	expect(t, err, fault.Denied, "ONLY_ORIGINATOR")
	_, err = revise("de-bka", r.GetEtag())
	expect(t, err, fault.NotFound, "RECORD_NOT_FOUND")
	revised, err := revise("fr-ofast", r.GetEtag())
	if err != nil {
		t.Fatal(err)
	}
	_, err = revise("fr-ofast", r.GetEtag())
	expect(t, err, fault.Stale, "ETAG_STALE")
	shown, err := w.get("gb-nca", r.GetName())
	if err != nil || shown.GetPlain().GetTitle() != "Boats, corrected" || shown.GetMetadata().GetEtag() != revised.GetReceipt().GetEtag() {
		t.Errorf("%v, %v", shown, err)
	}
	want(t, "before recall", w.events("gb-nca"), []string{"RECORD", "CORRECTED"})
	if _, err := w.RecallIntelligenceItem(t.Context(), call("fr-ofast"), &ententev1.RecallIntelligenceItemRequest{
		Justification: why(), Name: r.GetName(), Etag: revised.GetReceipt().GetEtag(),
	}); err != nil {
		t.Fatal(err)
	}
	_, err = w.get("gb-nca", r.GetName())
	expect(t, err, fault.NotFound, "RECORD_NOT_FOUND")
	want(t, "after recall", w.events("gb-nca"), []string{"WITHHELD", "WITHHELD", "RECALLED"})
	want(t, "outsider", w.events("de-bka"), nil)
	want(t, "found", w.query("gb-nca", nil), nil)
	if own, err := w.get("fr-ofast", r.GetName()); err != nil || own.GetMetadata().GetState() != ententev1.RecordState_RECORD_STATE_RECALLED {
		t.Errorf("%v, %v", own, err)
	}
}

// Narrowing the audience looks like a recall to who is removed, and like nothing to who stays.
func TestNarrowTheAudience(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca", "de-bka")
	r := w.submit("fr-ofast", item("Boats", to("gb-nca", "de-bka")))
	before, err := w.get("gb-nca", r.GetName())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.UpdateIntelligenceItemRelease(t.Context(), call("fr-ofast"), &ententev1.UpdateIntelligenceItemReleaseRequest{
		Justification: why(), Name: r.GetName(), ReleaseEtag: r.GetReleaseEtag(), Release: to("gb-nca"),
	}); err != nil {
		t.Fatal(err)
	}
	after, err := w.get("gb-nca", r.GetName())
	if err != nil || after.GetMetadata().GetEtag() != before.GetMetadata().GetEtag() || !after.GetMetadata().GetUpdateTime().AsTime().Equal(before.GetMetadata().GetUpdateTime().AsTime()) {
		t.Errorf("who stays sees a change: %v, %v", after.GetMetadata(), err)
	}
	_, err = w.get("de-bka", r.GetName())
	expect(t, err, fault.NotFound, "RECORD_NOT_FOUND")
	want(t, "who stays", w.events("gb-nca"), []string{"RECORD"})
	want(t, "who is removed", w.events("de-bka"), []string{"WITHHELD", "RECALLED"})
}

// A retry under the same request_id gives the first receipt; another request under it is refused.
func TestRequestID(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	submit := func(id, title string) (*ententev1.Receipt, error) {
		answer, err := w.SubmitIntelligenceItem(t.Context(), call(id), &ententev1.SubmitIntelligenceItemRequest{
			Justification: why(), Draft: item(title, to("gb-nca")), RequestId: "r-1",
		})
		return answer.GetReceipt(), err
	}
	first, err := submit("fr-ofast", "Boats")
	if err != nil {
		t.Fatal(err)
	}
	again, err := submit("fr-ofast", "Boats")
	if err != nil || again.GetName() != first.GetName() || again.GetAccepted().GetNumber() != first.GetAccepted().GetNumber() {
		t.Errorf("%v, %v", again, err)
	}
	_, err = submit("fr-ofast", "Other boats")
	expect(t, err, fault.AlreadyExists, "REQUEST_ID_REUSED")
	if other, err := submit("gb-nca", "Boats"); err != nil || other.GetName() == first.GetName() {
		t.Errorf("%v, %v", other, err)
	}
}

// The same reference again: nothing when nothing differs, refused when something does, revised when asked to.
func TestUpsert(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	submit := func(title string, change func(*ententev1.SubmitIntelligenceItemRequest)) (*ententev1.Receipt, error) {
		req := &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: item(title, to("gb-nca"))}
		req.Draft.OriginatorReference = "REF-1"
		if change != nil {
			change(req)
		}
		answer, err := w.SubmitIntelligenceItem(t.Context(), call("fr-ofast"), req)
		return answer.GetReceipt(), err
	}
	first, err := submit("Boats", nil)
	if err != nil {
		t.Fatal(err)
	}
	same, err := submit("Boats", nil)
	if err != nil || !same.GetUnchanged() || same.GetName() != first.GetName() || same.GetEtag() != first.GetEtag() {
		t.Errorf("%v, %v", same, err)
	}
	_, err = submit("Other boats", nil)
	expect(t, err, fault.AlreadyExists, "ORIGINATOR_REFERENCE_EXISTS")
	revise := func(etag string) func(*ententev1.SubmitIntelligenceItemRequest) {
		return func(req *ententev1.SubmitIntelligenceItemRequest) {
			req.IfExists, req.Etag = ententev1.IfExists_IF_EXISTS_REVISE, etag
		}
	}
	_, err = submit("Other boats", revise(""))
	expect(t, err, fault.Invalid, "INVALID_REQUEST")
	_, err = submit("Other boats", revise("stale"))
	expect(t, err, fault.Stale, "ETAG_STALE")
	revised, err := submit("Other boats", revise(first.GetEtag()))
	if err != nil || revised.GetRevision() != 2 {
		t.Errorf("%v, %v", revised, err)
	}
	got, err := w.GetIntelligenceItem(t.Context(), call("fr-ofast"), &ententev1.GetIntelligenceItemRequest{
		Justification: why(), Selector: &ententev1.GetIntelligenceItemRequest_OriginatorReference{OriginatorReference: "REF-1"},
	})
	if err != nil || received(t, got).GetIntelligenceItem().GetPlain().GetTitle() != "Other boats" {
		t.Errorf("%v, %v", got, err)
	}
}

// A group opens what was released while a membership lasted, to who is a member still.
func TestGroupThenAndNow(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca", "de-bka")
	made, err := w.CreateGroup(t.Context(), call("fr-ofast"), &ententev1.CreateGroupRequest{Justification: why(), DisplayName: "Channel", Members: []string{"agencies/gb-nca"}})
	if err != nil {
		t.Fatal(err)
	}
	group := made.GetGroup()
	release := to()
	release.Audience.Groups = []string{group.GetName()}
	old := w.submit("fr-ofast", item("Old", release))
	joined, err := w.UpdateGroupMembers(t.Context(), call("fr-ofast"), &ententev1.UpdateGroupMembersRequest{
		Justification: why(), Name: group.GetName(), Etag: group.GetEtag(), Add: []string{"agencies/de-bka"}, Remove: []string{"agencies/gb-nca"},
	})
	if err != nil {
		t.Fatal(err)
	}
	fresh := w.submit("fr-ofast", item("New", release))
	want(t, "who left", w.query("gb-nca", nil), nil)
	want(t, "who joined", w.query("de-bka", nil), []string{fresh.GetName()})
	_, err = w.get("de-bka", old.GetName())
	expect(t, err, fault.NotFound, "RECORD_NOT_FOUND")
	_, err = w.GetGroup(t.Context(), call("gb-nca"), &ententev1.GetGroupRequest{Justification: why(), Name: group.GetName()})
	expect(t, err, fault.NotFound, "GROUP_NOT_FOUND")
	want(t, "events of who left", w.events("gb-nca"), []string{"MEMBERSHIP", "WITHHELD", "MEMBERSHIP"})
	_, err = w.UpdateGroupMembers(t.Context(), call("de-bka"), &ententev1.UpdateGroupMembersRequest{
		Justification: why(), Name: group.GetName(), Etag: joined.GetGroup().GetEtag(), Add: []string{"agencies/gb-nca"},
	})
	expect(t, err, fault.Denied, "NOT_YOURS")
}

// Whoever a release names in vain is found at the very place, and whether such a name exists elsewhere makes no difference.
func TestAReleaseToNobodyIsToldWhere(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	made, err := w.CreateGroup(t.Context(), call("gb-nca"), &ententev1.CreateGroupRequest{Justification: why(), DisplayName: "Not theirs"})
	if err != nil {
		t.Fatal(err)
	}
	foreign := made.GetGroup().GetName()
	nowhere := foreign[:len(foreign)-12] + "000000000000"
	told := map[string]string{}
	for name, c := range map[string]struct {
		change func(*ententev1.Release)
		field  string
	}{
		"agency": {func(r *ententev1.Release) {
			r.Audience.Agencies = append(r.Audience.Agencies, "agencies/zz-none")
		}, "draft.release.audience.agencies[1]"},
		"unit": {func(r *ententev1.Release) { r.Audience.Units = []string{"agencies/gb-nca/units/none"} }, "draft.release.audience.units[0]"},
		"hit": {func(r *ententev1.Release) {
			r.Existence, r.HitAudience = ententev1.Existence_EXISTENCE_HIT, &ententev1.HitAudience{Agencies: []string{"agencies/zz-none"}}
		}, "draft.release.hitAudience.agencies[0]"},
		"foreign group": {func(r *ententev1.Release) { r.Audience.Groups = []string{foreign} }, "draft.release.audience.groups[0]"},
		"no group":      {func(r *ententev1.Release) { r.Audience.Groups = []string{nowhere} }, "draft.release.audience.groups[0]"},
	} {
		release := to("gb-nca")
		c.change(release)
		_, err := w.SubmitIntelligenceItem(t.Context(), call("fr-ofast"), &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: item("x", release)})
		f := fault.As(err)
		if f == nil || len(f.Violations) != 1 || f.Violations[0].Field != c.field {
			t.Errorf("%s: %v", name, err)
			continue
		}
		told[name] = f.Violations[0].Reason + f.Violations[0].Description
	}
	if told["foreign group"] != told["no group"] {
		t.Errorf("%q, %q", told["foreign group"], told["no group"])
	}
}
