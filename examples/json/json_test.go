// Package json_test proves that the examples are what a hub takes.
package json_test

import (
	"bytes"
	"os"
	"slices"
	"testing"

	"buf.build/go/protovalidate"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/testnet"
)

// read reads an example strictly: a field that the schema does not know is an
// error.
func read[M proto.Message](t *testing.T, name string, into M) M {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := protojson.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if err := protovalidate.Validate(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return into
}

func items(t *testing.T) (all []*ententev1.IntelligenceItemDraft) {
	t.Helper()
	text, err := os.ReadFile("items.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		d := new(ententev1.IntelligenceItemDraft)
		if err := protojson.Unmarshal(line, d); err != nil {
			t.Fatal(err)
		}
		if err := protovalidate.Validate(d); err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	return all
}

// The requests are the drafts with who asks and why around them.
func TestRequestsHoldTheDrafts(t *testing.T) {
	item := read(t, "submit-item.json", new(ententev1.SubmitIntelligenceItemRequest))
	if !proto.Equal(item.GetDraft(), read(t, "item.json", new(ententev1.IntelligenceItemDraft))) {
		t.Error("submit-item.json holds another draft than item.json")
	}
	report := read(t, "submit-seizure.json", new(ententev1.SubmitSeizureReportRequest))
	if !proto.Equal(report.GetDraft(), read(t, "seizure.json", new(ententev1.SeizureReportDraft))) {
		t.Error("submit-seizure.json holds another draft than seizure.json")
	}
}

// The play: Germany and Italy submit, Britain finds the item by the number and
// reads it, and Tunisia reads the report but never learns of the item.
func TestPlay(t *testing.T) {
	n := enter(t, "de-police", "it-finance", "fr-border", "gb-crime", "tn-guard")
	item, err := n.intelligence("de-police").SubmitIntelligenceItem(t.Context(), read(t, "submit-item.json", new(ententev1.SubmitIntelligenceItemRequest)))
	if err != nil {
		t.Fatal(explain(err))
	}
	checkAssessment(t, item.GetReceipt().GetAssessment(), map[string]ententev1.CheckStatus{
		"subjects[2].identifiers[0]": ententev1.CheckStatus_CHECK_STATUS_FAILED, // a number that is kept for films
	})
	page, err := n.intelligence("gb-crime").QueryIntelligenceItems(t.Context(), read(t, "query.json", new(ententev1.QueryIntelligenceItemsRequest)))
	if err != nil {
		t.Fatal(explain(err))
	}
	if page.GetTotalSize() != 1 || page.GetIntelligenceItems()[0].GetMetadata().GetName() != item.GetReceipt().GetName() {
		t.Errorf("Britain finds %v", page)
	}
	page, err = n.intelligence("gb-crime").QueryIntelligenceItems(t.Context(), read(t, "find.json", new(ententev1.QueryIntelligenceItemsRequest)))
	if err != nil {
		t.Fatal(explain(err))
	}
	if page.GetTotalSize() != 1 || page.GetMatches()[0].GetMatchedForm() != "Örnek Sürücü" || page.GetIntelligenceItems()[0].GetPlain().GetTitle() == "" {
		t.Errorf("Britain finds %v", page)
	}
	page, err = n.intelligence("tn-guard").QueryIntelligenceItems(t.Context(), read(t, "find.json", new(ententev1.QueryIntelligenceItemsRequest)))
	if err != nil || page.GetTotalSize() != 0 || len(page.GetMatches()) != 0 {
		t.Errorf("Tunisia finds %v, %v", page, err)
	}
	_, err = n.intelligence("tn-guard").GetIntelligenceItem(t.Context(), &ententev1.GetIntelligenceItemRequest{
		Justification: asset(), Selector: &ententev1.GetIntelligenceItemRequest_Name{Name: item.GetReceipt().GetName()},
	})
	if status.Code(err) != codes.NotFound {
		t.Errorf("Tunisia reads the item: %v", err)
	}

	report, err := n.seizures("it-finance").SubmitSeizureReport(t.Context(), read(t, "submit-seizure.json", new(ententev1.SubmitSeizureReportRequest)))
	if err != nil {
		t.Fatal(explain(err))
	}
	checkAssessment(t, report.GetReceipt().GetAssessment(), nil)
	got, err := n.seizures("tn-guard").GetSeizureReport(t.Context(), &ententev1.GetSeizureReportRequest{
		Justification: asset(), Selector: &ententev1.GetSeizureReportRequest_Name{Name: report.GetReceipt().GetName()},
	})
	if err != nil || len(got.GetSeizureReport().GetRecoverySteps()) != 3 || len(got.GetSeizureReport().GetPlain().GetAssets()) != 4 {
		t.Errorf("Tunisia reads %v, %v", got, err)
	}
}

// The check: Britain, which may read the item, finds it by its number; Tunisia gets the same answer to every row.
func TestCheck(t *testing.T) {
	n := enter(t, "de-police", "fr-border", "gb-crime", "tn-guard")
	item, err := n.intelligence("de-police").SubmitIntelligenceItem(t.Context(), read(t, "submit-item.json", new(ententev1.SubmitIntelligenceItemRequest)))
	if err != nil {
		t.Fatal(explain(err))
	}
	request := read(t, "check.json", new(ententev1.CheckIdentifiersRequest))
	got, err := n.matches("gb-crime").CheckIdentifiers(t.Context(), request)
	if err != nil {
		t.Fatal(explain(err))
	}
	if len(got.GetResults()) != 3 || got.GetResults()[0].GetRecords()[0].GetName() != item.GetReceipt().GetName() ||
		got.GetResults()[1].GetResult() != ententev1.CheckResult_CHECK_RESULT_NO_HIT {
		t.Errorf("Britain is told %v", got)
	}
	got, err = n.matches("tn-guard").CheckIdentifiers(t.Context(), request)
	if err != nil {
		t.Fatal(explain(err))
	}
	for _, row := range got.GetResults() {
		if row.GetResult() != ententev1.CheckResult_CHECK_RESULT_NO_HIT {
			t.Errorf("Tunisia is told %v", row)
		}
	}
}

// The standing query: Britain asks for the number before Germany knows of it, and finds the item in its inbox.
func TestStandingQuery(t *testing.T) {
	n := enter(t, "de-police", "it-finance", "fr-border", "gb-crime")
	conn, err := n.Dial("gb-crime", "/gateway")
	if err != nil {
		t.Fatal(err)
	}
	made, err := ententev1.NewStandingQueryServiceClient(conn).CreateStandingQuery(t.Context(), read(t, "standing-query.json", new(ententev1.CreateStandingQueryRequest)))
	if err != nil {
		t.Fatal(explain(err))
	}
	item, err := n.intelligence("de-police").SubmitIntelligenceItem(t.Context(), read(t, "submit-item.json", new(ententev1.SubmitIntelligenceItemRequest)))
	if err != nil {
		t.Fatal(explain(err))
	}
	if err := n.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	page, err := ententev1.NewInboxServiceClient(conn).ReadInbox(t.Context(), &ententev1.ReadInboxRequest{
		Justification: asset(), Kinds: []ententev1.EventKind{ententev1.EventKind_EVENT_KIND_STANDING_MATCH},
	})
	if err != nil || len(page.GetEvents()) != 1 {
		t.Fatalf("Britain is told %v, %v", page, err)
	}
	if e := page.GetEvents()[0]; e.GetName() != item.GetReceipt().GetName() || e.GetStandingQuery() != made.GetStandingQuery().GetName() {
		t.Errorf("Britain is told %v", e)
	}
}

// The summary: Tunisia, which may read the report, counts what is in it; Britain, which may not, counts nothing.
func TestSummary(t *testing.T) {
	n := enter(t, "it-finance", "fr-border", "tn-guard", "gb-crime")
	if _, err := n.seizures("it-finance").SubmitSeizureReport(t.Context(), read(t, "submit-seizure.json", new(ententev1.SubmitSeizureReportRequest))); err != nil {
		t.Fatal(explain(err))
	}
	request := read(t, "summarize-seizures.json", new(ententev1.SummarizeSeizuresRequest))
	got, err := n.seizures("tn-guard").SummarizeSeizures(t.Context(), request)
	if err != nil {
		t.Fatal(explain(err))
	}
	if got.GetTotal().GetAssetCount() != 4 || len(got.GetGroups()) != 4 || got.GetTotal().GetConvertedSums()[0].GetAmount() != "180452.27" {
		t.Errorf("Tunisia counts %v", got)
	}
	got, err = n.seizures("gb-crime").SummarizeSeizures(t.Context(), request)
	if err != nil || got.GetTotal().GetAssetCount() != 0 || len(got.GetGroups()) != 0 {
		t.Errorf("Britain counts %v, %v", got, err)
	}
}

// The lines of items.ndjson are taken one by one, each with a reference of its own.
func TestLines(t *testing.T) {
	n := enter(t, "de-police")
	seen := map[string]bool{}
	for _, d := range items(t) {
		r, err := n.intelligence("de-police").SubmitIntelligenceItem(t.Context(), &ententev1.SubmitIntelligenceItemRequest{Justification: asset(), Draft: d})
		if err != nil {
			t.Fatal(explain(err))
		}
		if seen[r.GetReceipt().GetName()] {
			t.Errorf("%s twice", d.GetOriginatorReference())
		}
		seen[r.GetReceipt().GetName()] = true
	}
	if len(seen) != 3 {
		t.Errorf("%d lines", len(seen))
	}
}

// checkAssessment wants every identifier to be understood, and no check to fail
// but those named.
func checkAssessment(t *testing.T, a *ententev1.Assessment, failed map[string]ententev1.CheckStatus) {
	t.Helper()
	for _, e := range a.GetEntries() {
		want, named := failed[e.GetFieldPath()]
		if got := e.GetCheckStatus(); named && got != want || !named && got == ententev1.CheckStatus_CHECK_STATUS_FAILED {
			t.Errorf("%s: %v %q", e.GetFieldPath(), got, e.GetFindings())
		}
	}
	for path := range failed {
		if !slices.ContainsFunc(a.GetEntries(), func(e *ententev1.AssessmentEntry) bool { return e.GetFieldPath() == path }) {
			t.Errorf("nothing is said of %s", path)
		}
	}
}

type hub struct {
	*testnet.Net
	t *testing.T
}

func enter(t *testing.T, agencies ...string) hub {
	t.Helper()
	pki, err := testnet.NewPKI(agencies...)
	if err != nil {
		t.Fatal(err)
	}
	n, err := testnet.Start(t.Context(), testnet.Options{PKI: pki, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := n.Enrol(t.Context(), agencies...); err != nil {
		t.Fatal(err)
	}
	return hub{n, t}
}

func (h hub) matches(agency string) ententev1.MatchServiceClient {
	conn, err := h.Dial(agency, "/gateway")
	if err != nil {
		h.t.Fatal(err)
	}
	return ententev1.NewMatchServiceClient(conn)
}

func (h hub) intelligence(agency string) ententev1.IntelligenceServiceClient {
	conn, err := h.Dial(agency, "/gateway")
	if err != nil {
		h.t.Fatal(err)
	}
	return ententev1.NewIntelligenceServiceClient(conn)
}

func (h hub) seizures(agency string) ententev1.SeizureServiceClient {
	conn, err := h.Dial(agency, "/gateway")
	if err != nil {
		h.t.Fatal(err)
	}
	return ententev1.NewSeizureServiceClient(conn)
}

func asset() *ententev1.Justification {
	return &ententev1.Justification{Purpose: ententev1.ProcessingPurpose_PROCESSING_PURPOSE_ASSET_RECOVERY, Reason: "assets of the network"}
}

// explain adds the details of a refusal, which its text leaves out.
func explain(err error) string {
	return status.Convert(err).Proto().String()
}
