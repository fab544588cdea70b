package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// page is an answer with the things that are hard to show.
func page() *ententev1.QueryIntelligenceItemsResponse {
	at := timestamppb.New(time.Date(2026, 11, 20, 22, 0, 0, 0, time.UTC))
	return &ententev1.QueryIntelligenceItemsResponse{
		IntelligenceItems: []*ententev1.IntelligenceItem{
			{
				Metadata: &ententev1.RecordMetadata{Name: "agencies/fr-ofast/intelligenceItems/0192f0c4-7a5b-7000-8000-000000000001", CreateTime: at, Revision: 2},
				Summary:  &ententev1.IntelligenceSummary{Title: "Two engines\x1b[2J\nfor sale", Route: ententev1.SmugglingRoute_SMUGGLING_ROUTE_ENGLISH_CHANNEL},
			},
			{
				Metadata: &ententev1.RecordMetadata{Name: "agencies/gb-nca/intelligenceItems/0192f0c4-7a5b-7000-8000-000000000002", CreateTime: at, Revision: 1},
				Summary:  &ententev1.IntelligenceSummary{Title: strings.Repeat("ünbroken ", 12), Urgency: ententev1.Urgency_URGENCY_ROUTINE},
			},
		},
		TotalSize: 1 << 40, TotalCapped: true,
	}
}

// An answer in its three forms.
func TestOutput(t *testing.T) {
	s := newScript(t)
	s.unary = func(int, string, proto.Message) (proto.Message, error) { return page(), nil }
	var all strings.Builder
	for _, form := range forms() {
		out, errs := s.ok("item", "list", "--total", "-o", form)
		all.WriteString("$ " + form + "\n" + out + "on the side: " + errs + "\n")
		if form == "table" && strings.ContainsRune(out, 0x1b) {
			t.Error("a title steers the terminal")
		}
	}
	golden(t, "output.txt", all.String())
}

// A deconfliction shows the own record, what it shares, and the other record or whom to ask.
func TestDeconflictionInATable(t *testing.T) {
	s := newScript(t)
	met := func(other string) *ententev1.InboxEvent {
		return &ententev1.InboxEvent{Kind: ententev1.EventKind_EVENT_KIND_DECONFLICTION, Name: "agencies/gb-nca/intelligenceItems/1", Deconfliction: &ententev1.DeconflictionDetail{
			Agency: "agencies/fr-ofast", OtherName: other, Shared: []*ententev1.SharedIdentifier{{NormalizedValue: "+33612345678"}, {NormalizedValue: "MMSI-1"}},
		}}
	}
	s.unary = func(int, string, proto.Message) (proto.Message, error) {
		return &ententev1.ReadInboxResponse{Events: []*ententev1.InboxEvent{met(""), met("agencies/fr-ofast/intelligenceItems/2")}}, nil
	}
	out, _ := s.ok("inbox", "read", "--kind", "deconfliction")
	for i, want := range []string{"agencies/fr-ofast ", "agencies/fr-ofast/intelligenceItems/2 "} {
		line := strings.Split(out, "\n")[i+1]
		if !strings.Contains(line, "DECONFLICTION") || !strings.Contains(line, want) || !strings.Contains(line, "shares +33612345678,MMSI-1") {
			t.Errorf("%q lacks %q", line, want)
		}
	}
}

// Pages are asked for until there are enough rows, and the token of the last page is not one of the pages before.
func TestPages(t *testing.T) {
	s := newScript(t)
	s.unary = func(n int, _ string, in proto.Message) (proto.Message, error) {
		q, ok := in.(*ententev1.QueryIntelligenceItemsRequest)
		if !ok {
			t.Errorf("%T", in)
		}
		answer := page()
		if answer.NextPageToken = "t" + string(rune('0'+n)); n == 3 {
			answer.NextPageToken = ""
		}
		if n > 1 && q.GetPageToken() != "t"+string(rune('0'+n-1)) {
			t.Errorf("page %d: token %q", n, q.GetPageToken())
		}
		return answer, nil
	}
	out, _ := s.ok("item", "list", "--limit", "0", "-o", "json")
	if strings.Count(out, `"metadata"`) != 6 || strings.Contains(out, "nextPageToken") {
		t.Errorf("three pages: %s", out)
	}
	s.taken()
	if out, _ = s.ok("item", "list", "--limit", "4", "-o", "json"); strings.Count(out, `"metadata"`) != 4 || !strings.Contains(out, `"nextPageToken": "t2"`) {
		t.Errorf("two pages: %s", out)
	}
	if sent := s.taken(); len(sent) != 2 || sent[0].body["pageSize"] != 4.0 || sent[1].body["pageSize"] != 2.0 {
		t.Errorf("asked for: %v", sent)
	}
}

// A table says what it does not show, and shows records in full as it shows summaries.
func TestTable(t *testing.T) {
	s := newScript(t)
	answer := &ententev1.QueryIntelligenceItemsResponse{NextPageToken: "t"}
	s.unary = func(int, string, proto.Message) (proto.Message, error) { return answer, nil }
	answer.IntelligenceItems = []*ententev1.IntelligenceItem{{Content: &ententev1.IntelligenceItem_Plain{Plain: &ententev1.IntelligenceContent{Title: "In full"}}}}
	if out, errs := s.ok("item", "list", "--full", "--limit", "1"); !strings.Contains(out, "In full") || !strings.Contains(errs, "1 shown, and there are more: --limit 0") {
		t.Errorf("%s%s", out, errs)
	}
	answer = &ententev1.QueryIntelligenceItemsResponse{}
	if _, errs := s.ok("item", "list"); !strings.Contains(errs, "Nothing found") {
		t.Errorf("%s", errs)
	}
	if _, errs := s.ok("item", "list", "-o", "json"); errs != "" {
		t.Errorf("a program is told: %s", errs)
	}
}

// Fields come in the order of the API, those that it does not declare behind them; numbers stay numbers.
func TestOrder(t *testing.T) {
	_, _, out, err := methodOf("IntelligenceService/GetIntelligenceItem")
	if err != nil {
		t.Fatal(err)
	}
	item := within(out.Descriptor(), "intelligenceItem")
	body := map[string]any{"zeal": []any{json.Number("1.5")}, "ardour": "<b>", "metadata": map[string]any{"etag": "e", "revision": json.Number("2"), "name": "first"}}
	ordered := inOrder(item, body)
	text, err := ordered.(object).MarshalJSON()
	var flat bytes.Buffer
	if want := `{"metadata":{"name":"first","etag":"e","revision":2},"ardour":"<b>","zeal":[1.5]}`; err != nil || json.Compact(&flat, text) != nil || flat.String() != want {
		t.Errorf("%v: %s, not %s", err, &flat, want)
	}
	text, err = yaml.Marshal(ordered)
	if want := "metadata:\n    name: first\n    etag: e\n    revision: 2\nardour: <b>\nzeal:\n    - 1.5\n"; err != nil || string(text) != want {
		t.Errorf("%v: %s, not %s", err, text, want)
	}
	if o := inOrder(nil, body).(object); o[0].name != "ardour" {
		t.Errorf("without a message: %v", o)
	}
}

// Every kind of event says in a table what it is about.
func TestEvents(t *testing.T) {
	s := newScript(t)
	s.unary = func(int, string, proto.Message) (proto.Message, error) {
		return &ententev1.ReadInboxResponse{Events: []*ententev1.InboxEvent{
			{Number: 1, Trust: &ententev1.TrustDetail{Agency: "agencies/x", Change: ententev1.TrustChange_TRUST_CHANGE_SUSPENDED}},
			{Number: 2, Membership: &ententev1.MembershipDetail{Group: "agencies/x/groups/1", Joined: true}},
			{Number: 3, Membership: &ententev1.MembershipDetail{Group: "agencies/x/groups/2"}},
			{Number: 4, Readership: &ententev1.ReadershipDetail{UpToNumber: 9, NewRows: 5}},
			{Number: 5, Name: "agencies/x/intelligenceItems/1", Revision: 2, StandingQuery: "agencies/y/standingQueries/1"},
			{Number: 6, History: &ententev1.HistoryDetail{Agency: "agencies/x", Records: 7}},
		}}, nil
	}
	out, _ := s.ok("inbox", "read")
	var rows []string
	for line := range strings.Lines(out) {
		rows = append(rows, strings.Join(strings.Fields(line), " "))
	}
	if want := []string{"NUMBER TIME KIND RECORD REVISION ABOUT CHANGE", "1 agencies/x SUSPENDED", "2 agencies/x/groups/1 JOINED", "3 agencies/x/groups/2 LEFT", "4 5 reads", "5 agencies/x/intelligenceItems/1 2 agencies/y/standingQueries/1", "6 agencies/x 7 records"}; !slices.Equal(rows, want) {
		t.Errorf("%q, not %q", rows, want)
	}
	if out, _ := s.ok("inbox", "read", "-o", "json"); strings.Contains(out, "about") {
		t.Errorf("a program is shown what the hub did not say: %s", out)
	}
}

// Several records are several documents.
func TestGetSeveral(t *testing.T) {
	s := newScript(t)
	s.unary = func(n int, _ string, _ proto.Message) (proto.Message, error) {
		return &ententev1.GetIntelligenceItemResponse{IntelligenceItem: page().GetIntelligenceItems()[n-1]}, nil
	}
	if out, _ := s.ok("item", "get", "a", "b", "-o", "yaml"); strings.Count(out, "\n---\n") != 1 {
		t.Errorf("%s", out)
	}
}

// Every cell of a table is one line without anything that steers a terminal, however the value looks.
func TestCell(t *testing.T) {
	row := map[string]any{
		"text": "a\tb\u009b31\u202em", "list": []any{"RIGHT_READ", "x"}, "object": map[string]any{"k": "v"}, "long": strings.Repeat("é", 100),
		"name": "agencies/" + strings.Repeat("n", 100), "inner": map[string]any{"deep": "URGENCY_ROUTINE"},
		"score": json.Number("0.9249999821186066"), "count": json.Number("1099511627776"), "at": "2026-11-20T22:00:00.123456Z", "title": "2026-11-20T22:00:xx.y said so",
		"day":  map[string]any{"startTime": "2026-11-20T22:00:00Z", "endTime": "2026-11-20T23:00:00Z"},
		"days": map[string]any{"startTime": "2026-11-20T22:00:00Z", "endTime": "2026-11-21T01:00:00Z"}, "since": map[string]any{"startTime": "2026-11-20T22:00:00Z"},
	}
	for path, want := range map[string]string{
		"text": "a b 31 m", "list": "READ,x", "object": `{"k":"v"}`, "long": strings.Repeat("é", cellWidth-1) + "…", "name": "agencies/" + strings.Repeat("n", 100),
		"inner.deep": "ROUTINE", "inner.none": "", "none": "", "text.deeper": "",
		"score": "0.92", "count": "1099511627776", "at": "2026-11-20T22:00:00Z", "title": "2026-11-20T22:00:xx.y said so",
		"day": "2026-11-20", "days": "2026-11-20/2026-11-21", "since": "2026-11-20/",
	} {
		if got := cell(row, path); got != want {
			t.Errorf("%s: %q, not %q", path, got, want)
		}
	}
}

// version tells the build, also for programs.
func TestVersion(t *testing.T) {
	var out bytes.Buffer
	for _, args := range [][]string{{"version"}, {"version", "-o", "json"}, {"version", "-o", "yaml"}} {
		out.Reset()
		if code := run(t.Context(), args, strings.NewReader(""), &out, &out, func(string) string { return "" }); code != exitOK || !strings.Contains(out.String(), "go1") {
			t.Errorf("%v: exit %d, %s", args, code, out.String())
		}
	}
}

// A table of checks says of a value that was found nowhere that it may have been mistyped.
func TestCheckedRowTellsWhatIsWrong(t *testing.T) {
	failed := map[string]any{"result": "NO_HIT", "checkStatus": "CHECK_STATUS_FAILED", "findings": []any{"IMEI_CHECK_DIGIT"}}
	found := map[string]any{
		"result": "HIT", "checkStatus": "CHECK_STATUS_FAILED", "findings": []any{"IMEI_CHECK_DIGIT"}, "records": []any{map[string]any{"name": "agencies/fr-ofast/intelligenceItems/1"}},
	}
	passed := map[string]any{"result": "NO_HIT", "checkStatus": "CHECK_STATUS_PASSED"}
	for want, row := range map[string]any{"IMEI_CHECK_DIGIT": failed, "agencies/fr-ofast/intelligenceItems/1": found, "": passed} {
		if got := cell(checkedRow("IMEI=490154203237517", row), "newest"); got != want {
			t.Errorf("%v: %q, want %q", row, got, want)
		}
	}
}
