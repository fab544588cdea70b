package exchange_test

import (
	"fmt"
	"slices"
	"testing"

	"google.golang.org/genproto/googleapis/type/latlng"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// ask is one page of items.
func (w *world) ask(id string, req *ententev1.QueryIntelligenceItemsRequest) (*ententev1.QueryIntelligenceItemsResponse, error) {
	w.t.Helper()
	if req.Justification == nil {
		req.Justification = why()
	}
	answer, err := w.QueryIntelligenceItems(w.t.Context(), call(id), req)
	if err != nil {
		return nil, err
	}
	return received(w.t, answer), nil
}

// person is an item that names somebody.
func person(title, name string, release *ententev1.Release) *ententev1.IntelligenceItemDraft {
	d := item(title, release)
	d.GetPlain().Subjects = []*ententev1.Subject{{SubjectId: "1", Kind: &ententev1.Subject_Organisation{Organisation: &ententev1.Organisation{DisplayName: name}}}}
	return d
}

// Words, phrases and parts are found by whom may read them, in what was corrected too, and at once.
func TestTextIsFound(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca", "de-bka")
	boats := w.submit("fr-ofast", item("Boats of Calais", to("gb-nca")))
	w.submit("fr-ofast", item("Lorries", to("de-bka")))
	text := func(question string) *ententev1.IntelligenceItemQuery {
		return &ententev1.IntelligenceItemQuery{Text: question}
	}
	want(t, "stem", w.query("gb-nca", text("boat calais")), []string{boats.GetName()})
	want(t, "phrase", w.query("gb-nca", text(`"black inflatable was" boats`)), []string{boats.GetName()})
	want(t, "no phrase", w.query("gb-nca", text(`"inflatable black"`)), nil)
	want(t, "prefix", w.query("gb-nca", text("cala*")), []string{boats.GetName()})
	want(t, "another's", w.query("gb-nca", text("lorries")), nil)
	want(t, "no words", w.query("gb-nca", text("...")), nil)
	if _, err := w.ReviseIntelligenceItem(t.Context(), call("fr-ofast"), &ententev1.ReviseIntelligenceItemRequest{
		Justification: why(), Name: boats.GetName(), Etag: boats.GetEtag(), Content: &ententev1.ReviseIntelligenceItemRequest_Plain{Plain: item("Dinghies", nil).GetPlain()},
	}); err != nil {
		t.Fatal(err)
	}
	want(t, "before the correction", w.query("gb-nca", text("boat")), nil)
	want(t, "after the correction", w.query("gb-nca", text("dinghy")), []string{boats.GetName()})
	_, err := w.ask("gb-nca", &ententev1.QueryIntelligenceItemsRequest{Query: text("bo*")})
	expect(t, err, fault.Invalid, "INVALID_REQUEST")
}

// A name is found across spellings, with a score; the form that matched is told only where the content is.
func TestNamesAreScored(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	spelled := w.submit("fr-ofast", person("One", "Mohamed Karimi", to("gb-nca")))
	exact := w.submit("fr-ofast", person("Two", "Mohammed Karimi", to("gb-nca")))
	w.submit("fr-ofast", person("Three", "Anna Schmidt", to("gb-nca")))
	w.submit("fr-ofast", person("Hidden", "Mohammed Karimi", to()))
	for order, first := range map[ententev1.QueryOrder]string{ententev1.QueryOrder_QUERY_ORDER_NEWEST_FIRST: exact.GetName(), ententev1.QueryOrder_QUERY_ORDER_BEST_MATCH_FIRST: spelled.GetName()} {
		name := "Mohammed Karimi"
		if first == spelled.GetName() {
			name = "Mohamed Karimi" // the best is the older one
		}
		req := &ententev1.QueryIntelligenceItemsRequest{Query: &ententev1.IntelligenceItemQuery{Names: []string{name}}, Order: order, IncludeTotal: true}
		answer, err := w.ask("gb-nca", req)
		if err != nil {
			t.Fatal(err)
		}
		m := answer.GetMatches()
		if len(m) != 2 || len(answer.GetIntelligenceItems()) != 2 || answer.GetTotalSize() != 2 || m[0].GetName() != first || m[0].GetScore() < m[1].GetScore() || m[0].GetMatchedForm() != "" {
			t.Errorf("%s: %v", order, answer)
		}
		req.View = ententev1.RecordView_RECORD_VIEW_FULL
		if answer, err = w.ask("gb-nca", req); err != nil || answer.GetMatches()[0].GetMatchedForm() != name || answer.GetMatches()[0].GetScore() != 1 {
			t.Errorf("%s: %v, %v", order, answer.GetMatches(), err)
		}
	}
}

// The best come first, page by page, each once, and what is submitted meanwhile waits for the next question.
func TestBestFirstInPages(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	var expected []string
	for n := range 3 { // the better the older
		w.submit("fr-ofast", item("Lorry", to()))
		d := item(fmt.Sprint("Item ", n), to("gb-nca"))
		d.GetPlain().Narrative = "lorry. "
		for range 3 - n {
			d.GetPlain().Narrative += "A lorry. "
		}
		expected = append(expected, w.submit("fr-ofast", d).GetName())
	}
	title := w.submit("fr-ofast", item("A lorry", to("gb-nca"))).GetName()
	expected = append([]string{title}, expected...)
	var got []string
	req := &ententev1.QueryIntelligenceItemsRequest{
		Query: &ententev1.IntelligenceItemQuery{Text: "lorries"}, Order: ententev1.QueryOrder_QUERY_ORDER_BEST_MATCH_FIRST, PageSize: 1, IncludeTotal: true,
	}
	for {
		answer, err := w.ask("gb-nca", req)
		if err != nil || answer.GetTotalSize() < 4 || len(answer.GetMatches()) != len(answer.GetIntelligenceItems()) {
			t.Fatal(answer, err)
		}
		for _, i := range answer.GetIntelligenceItems() {
			got = append(got, i.GetMetadata().GetName())
		}
		w.submit("fr-ofast", item("A lorry, later", to("gb-nca")))
		if req.PageToken = answer.GetNextPageToken(); req.PageToken == "" {
			break
		}
	}
	want(t, "best first", got, expected)
}

// A page that opened as many records as it may ends early and goes on; what is hidden is not among them, and moves neither pages nor totals.
func TestComparingEndsEarly(t *testing.T) {
	var before []string
	for _, hidden := range []bool{false, true} {
		w := newWorldWith(t, exchange.Config{CandidateCap: 4})
		w.enrol("fr-ofast", "gb-nca")
		for n := range 11 {
			if hidden {
				w.submit("fr-ofast", item("Inflatable black", to()))
			}
			words := "Inflatable, and black"
			if n == 2 || n == 9 {
				words = "Inflatable black"
			}
			w.submit("fr-ofast", item(words, to("gb-nca")))
		}
		req := &ententev1.QueryIntelligenceItemsRequest{Query: &ententev1.IntelligenceItemQuery{Text: `"inflatable black"`}, IncludeTotal: true}
		var pages []string
		for {
			answer, err := w.ask("gb-nca", req)
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, fmt.Sprint(len(answer.GetIntelligenceItems()), " of ", answer.GetTotalSize(), answer.GetTotalCapped()))
			if req.PageToken = answer.GetNextPageToken(); req.PageToken == "" {
				break
			}
		}
		want(t, "pages", pages, []string{"1 of 1 true", "0 of 1 true", "1 of 1 true"})
		if hidden {
			want(t, "with hidden ones", pages, before)
		}
		before = pages
	}
}

// A mask picks fields of rows; one that picks nothing of the content is a read of summaries.
func TestReadMask(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	w.submit("fr-ofast", item("Boats", to("gb-nca")))
	masked := func(paths ...string) *ententev1.QueryIntelligenceItemsRequest {
		return &ententev1.QueryIntelligenceItemsRequest{View: ententev1.RecordView_RECORD_VIEW_FULL, ReadMask: &fieldmaskpb.FieldMask{Paths: paths}}
	}
	answer, err := w.ask("gb-nca", masked("metadata.name", "plain.title"))
	if err != nil {
		t.Fatal(err)
	}
	row := answer.GetIntelligenceItems()[0]
	if row.GetMetadata().GetName() == "" || row.GetMetadata().GetEtag() != "" || row.GetPlain().GetTitle() != "Boats" || row.GetPlain().GetNarrative() != "" {
		t.Errorf("%v", row)
	}
	if answer, err = w.ask("gb-nca", masked("metadata", "summary.title")); err != nil {
		t.Fatal(err)
	}
	row = answer.GetIntelligenceItems()[0]
	if row.GetSummary().GetTitle() != "Boats" || row.GetSummary().GetLanguageCode() != "" || row.GetMetadata().GetEtag() == "" || row.GetPlain() != nil {
		t.Errorf("%v", row)
	}
	for _, paths := range [][]string{{"content"}, {"metadata.nothing"}, {"metadata.links.target"}, {""}} {
		_, err := w.ask("gb-nca", masked(paths...))
		expect(t, err, fault.Invalid, "INVALID_REQUEST")
	}
	readings, err := w.ListDisclosures(t.Context(), call("fr-ofast"), &ententev1.ListDisclosuresRequest{Justification: why()})
	if err != nil || len(readings.GetDisclosures()) != 2 {
		t.Fatal(readings, err)
	}
	kinds := readings.GetDisclosures()[0].GetKind().String() + " " + readings.GetDisclosures()[1].GetKind().String()
	if kinds != "DISCLOSURE_KIND_READ DISCLOSURE_KIND_LISTED" {
		t.Error(kinds)
	}
}

// Links are shown where they are named, also beside the metadata as a whole, which alone is a read of summaries.
func TestReadMaskOfLinks(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast")
	draft := item("Boats", to())
	draft.Links = []*ententev1.Link{{Target: w.submit("fr-ofast", item("Engines", to())).GetName(), Type: ententev1.LinkType_LINK_TYPE_RELATES_TO}}
	w.submit("fr-ofast", draft)
	for _, paths := range [][]string{{"metadata.links"}, {"metadata", "metadata.links"}, {"metadata.links", "metadata"}} {
		answer, err := w.ask("fr-ofast", &ententev1.QueryIntelligenceItemsRequest{
			View: ententev1.RecordView_RECORD_VIEW_FULL, ReadMask: &fieldmaskpb.FieldMask{Paths: paths},
		})
		if err != nil || len(answer.GetIntelligenceItems()[0].GetMetadata().GetLinks()) != 1 {
			t.Errorf("%v: %v, %v", paths, answer, err)
		}
	}
}

// TestRowsAreOfTheMoment: what is remembered of a row to show it to others follows the record and its originator.
func TestRowsAreOfTheMoment(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	r := w.submit("fr-ofast", item("Boats", to("gb-nca")))
	row := func() *ententev1.RecordMetadata {
		t.Helper()
		answer, err := w.ask("gb-nca", &ententev1.QueryIntelligenceItemsRequest{})
		if err != nil || len(answer.GetIntelligenceItems()) != 1 {
			t.Fatalf("%v, %v", answer, err)
		}
		return answer.GetIntelligenceItems()[0].GetMetadata()
	}
	first := row()
	if again := row(); !proto.Equal(first, again) || first.GetOriginatorMetadata() != nil || first.GetEtag() != r.GetEtag() {
		t.Errorf("%v, then %v", first, again)
	}
	own, err := w.ask("fr-ofast", &ententev1.QueryIntelligenceItemsRequest{})
	if err != nil || own.GetIntelligenceItems()[0].GetMetadata().GetOriginatorMetadata() == nil {
		t.Errorf("the originator's own: %v, %v", own, err)
	}
	if third := row(); !proto.Equal(first, third) {
		t.Errorf("%v, and once the originator had asked %v", first, third)
	}
	if _, err := w.SuspendAgency(t.Context(), operator("Suspend"), &ententev1.SuspendAgencyRequest{Name: "agencies/fr-ofast", Reason: "A key was lost."}); err != nil {
		t.Fatal(err)
	}
	if suspended := row(); suspended.GetOriginatorStatus() != ententev1.AgencyStatus_AGENCY_STATUS_SUSPENDED {
		t.Errorf("once the originator was suspended: %v", suspended)
	}
}

// TestPagesOfWhatIsSure: where most candidates need not be opened, pages are found without looking at more of them than they need; they show all that matches,
// those that had to be opened among them, each once and in order.
func TestPagesOfWhatIsSure(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	at := func(latitude, longitude float64) *ententev1.Place {
		return &ententev1.Place{Point: &latlng.LatLng{Latitude: latitude, Longitude: longitude}}
	}
	inside, beside, away := at(50.95, 1.85), at(50.95, 2.06), at(36.8, 10.2) // in the middle; 15 km off; another sea
	var want []string
	for i := range 40 {
		d := item(fmt.Sprint("Boat ", i), to("gb-nca"))
		switch i % 5 {
		case 0:
			d.GetPlain().Places = []*ententev1.Place{away, away, inside} // more than a column holds: it is opened
		case 1:
			d.GetPlain().Places = []*ententev1.Place{beside}
		default:
			d.GetPlain().Places = []*ententev1.Place{inside}
		}
		if name := w.submit("fr-ofast", d).GetName(); i%5 != 1 {
			want = append([]string{name}, want...)
		}
	}
	around := []*ententev1.GeoArea{{Area: &ententev1.GeoArea_Radius{Radius: &ententev1.GeoRadius{Center: &latlng.LatLng{Latitude: 50.95, Longitude: 1.85}, RadiusMeters: 10_000}}}}
	for _, size := range []int32{1, 3, 10, 31, 32, 50} {
		var got []string
		for token, pages := "", 0; pages < 50; pages++ {
			answer, err := w.ask("gb-nca", &ententev1.QueryIntelligenceItemsRequest{Query: &ententev1.IntelligenceItemQuery{Places: around}, PageSize: size, PageToken: token})
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range answer.GetIntelligenceItems() {
				got = append(got, x.GetMetadata().GetName())
			}
			if token = answer.GetNextPageToken(); token == "" {
				break
			}
			if len(answer.GetIntelligenceItems()) != int(size) {
				t.Errorf("a page of %d has %d rows, and another follows", size, len(answer.GetIntelligenceItems()))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("pages of %d: %d rows, want %d: %v", size, len(got), len(want), got)
		}
	}
}

// A total is exact up to the cap, and says more than that beyond; what is hidden counts for neither.
func TestTotalsAreExactUpToTheCap(t *testing.T) {
	w := newWorldWith(t, exchange.Config{CountCap: 3})
	w.enrol("fr-ofast", "gb-nca")
	var got []string
	for range 4 {
		w.submit("fr-ofast", item("Boats", to()))
		w.submit("fr-ofast", item("Boats", to("gb-nca")))
		for _, query := range []*ententev1.IntelligenceItemQuery{nil, {Text: "boat"}} {
			answer, err := w.ask("gb-nca", &ententev1.QueryIntelligenceItemsRequest{Query: query, IncludeTotal: true, PageSize: 1})
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprint(answer.GetTotalSize(), answer.GetTotalCapped()))
		}
	}
	want(t, "totals", got, []string{"1 false", "1 false", "2 false", "2 false", "3 false", "3 false", "3 true", "3 true"})
}
