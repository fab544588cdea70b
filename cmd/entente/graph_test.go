package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// clue is a draft of an item in YAML, with telephone numbers and a plate.
func clue(title, to string, phones ...string) string {
	var subjects []string
	for i, p := range phones {
		subjects = append(subjects, fmt.Sprintf(`{subjectId: s%d, phone: {}, identifiers: [{type: IDENTIFIER_TYPE_PHONE_NUMBER, rawValue: %q}]}`, i, p))
	}
	return fmt.Sprintf(`{plain: {title: %q, narrative: "N.", languageCode: en, crimeAreas: [CRIME_AREA_IMMIGRANT_SMUGGLING], subjects: [%s],
 evaluation: {europol: {source: EUROPOL_SOURCE_EVALUATION_B, information: EUROPOL_INFORMATION_EVALUATION_2}}},
 release: {audience: {agencies: [%s]}, markings: {classification: CLASSIFICATION_CEILING_NOT_CLASSIFIED}}}`, title, strings.Join(subjects, ", "), to)
}

// haul is a draft of a report about a boat with an owner who has a telephone.
func haul(title, to, phone string) string {
	return fmt.Sprintf(`{plain: {title: %q, languageCode: en, crimeAreas: [CRIME_AREA_IMMIGRANT_SMUGGLING],
 assets: [{assetId: boat, type: ASSET_TYPE_VESSEL, description: boat}],
 subjects: [{subjectId: s1, phone: {}, identifiers: [{type: IDENTIFIER_TYPE_PHONE_NUMBER, rawValue: %q}]}]},
 release: {audience: {agencies: [%s]}, markings: {classification: CLASSIFICATION_CEILING_NOT_CLASSIFIED}}}`, title, phone, to)
}

// network submits what hangs together among three agencies, and what Britain does not see of it. It tells where the graph begins.
func (w *world) network() string {
	const (
		gb, fr, it        = "agencies/gb-nca", "agencies/fr-ofast", "agencies/it-gdf"
		seller, driver    = "+33612345678", "+447911123456"
		cashier, lookout  = "+393123456789", "+33698765432"
		skipper, stranger = "+21620123456", "+4915112345678"
	)
	n := 0
	submit := func(who, noun, draft string) string {
		n++
		receipt := w.json("--context", who, noun, "submit", "-f", w.write(fmt.Sprint("clue", n, ".yaml"), []byte(draft)))
		return cell(receipt, "name")
	}
	link := func(who, noun, from, kind, to string) {
		w.ok("--context", who, noun, "links", from, "--add", kind+"="+to)
	}
	boats := submit("fr", "item", clue("Two inflatables bought for cash in Lille", gb+", "+it, seller, driver))
	van := submit("gb", "item", clue("Van seen at the beach of Gravelines three nights running", fr, driver))
	money := submit("it", "item", clue("Transfers from Bari to a shop for outboard engines", gb+", "+fr, seller, cashier))
	submit("fr", "item", clue("Not for Britain: a source speaks of the seller", it, seller, stranger))
	boat := submit("it", "seizure", haul("Boat and engines seized at Trapani", gb, cashier))
	store := submit("fr", "seizure", haul("Lock-up with twelve life jackets, Calais", gb, lookout))
	crew := submit("it", "item", clue("Skipper of the Trapani boat names a Tunisian broker", gb+", "+fr, skipper))
	broker := submit("fr", "item", clue("Broker advertises crossings: 「渡航」 وقوارب", gb, skipper, lookout))
	link("fr", "seizure", store, "SEIZED_ON", boats)
	link("gb", "item", van, "RELATES_TO", boats)
	link("it", "seizure", boat, "SEIZED_ON", money)
	link("it", "item", crew, "FOLLOWS_UP", boat)
	link("fr", "item", broker, "RELATES_TO", boats)
	return boats
}

// Three agencies, over mutual TLS: Britain follows what France knows, and meets nothing that it may not see.
func TestGraphPlay(t *testing.T) {
	w := newWorldWith(t, "it-gdf")
	start := w.network()
	svg, dot := w.file("graph.svg"), w.file("graph.dot")
	out := w.ok("--context", "gb", "graph", start, "--steps", "3", "--svg", svg, "--dot", dot)
	golden(t, "graph.txt", anyDay(out))
	drawn, err := os.ReadFile(svg)
	if err != nil {
		t.Fatal(err)
	}
	pictured(t, "network.svg", string(drawn))
	if text, err := os.ReadFile(dot); err != nil || !strings.Contains(string(text), "digraph") || strings.Contains(string(drawn)+string(text)+out, "Not for Britain") {
		t.Errorf("%v, %s", err, text)
	}

	got := w.json("--context", "gb", "graph", start, "--steps", "1")
	if records, _ := got["records"].([]any); len(records) != 5 || got["complete"] != true {
		t.Errorf("one step: %v", got)
	}
	marks, _ := got["identifiers"].([]any)
	if len(marks) != 2 {
		t.Errorf("identifiers %v", marks)
	}
	got = w.json("--context", "gb", "graph", start, "--steps", "3", "--nodes", "3")
	if records, _ := got["records"].([]any); len(records) != 3 || got["complete"] != false {
		t.Errorf("of three records: %v", got)
	}
	w.fails(exitNotFound, "no such record", "--context", "gb", "graph", "agencies/fr-ofast/intelligenceItems/01930000-0000-7000-8000-000000000000")
	w.fails(exitUsage, "--steps", "--context", "gb", "graph", start, "--steps", "9")
	w.fails(exitUsage, "a record is", "--context", "gb", "graph", "agencies/fr-ofast")
}

// One step reads one record in full; its neighbours are listed.
func TestGraphReadsNoMoreThanItNeeds(t *testing.T) {
	w := newWorldWith(t, "it-gdf")
	start := w.network()
	w.ok("--context", "gb", "graph", start, "--steps", "1")
	for who, want := range map[string]string{"fr": "DISCLOSURE_KIND_READ", "it": "DISCLOSURE_KIND_LISTED"} {
		rows, _ := w.json("--context", who, "disclosure", "list", "--limit", "0")["disclosures"].([]any)
		most := ""
		for _, r := range rows {
			if d, ok := r.(map[string]any); ok && strings.HasSuffix(cell(d, "agency"), "gb-nca") {
				if kind, _ := d["kind"].(string); kind > most {
					most = kind
				}
			}
		}
		if most != want {
			t.Errorf("%s hears of %s, not of %s", who, most, want)
		}
	}
}

// When the budget is used up the command waits as long as the hub says; what the hub refuses for good it does not ask again.
func TestGraphWaitsForItsBudget(t *testing.T) {
	s := newScript(t)
	s.unary = func(n int, method string, in proto.Message) (proto.Message, error) {
		switch ask := in.(type) {
		case *ententev1.BatchGetIntelligenceItemsRequest:
			if n == 1 {
				st, err := status.New(codes.ResourceExhausted, "spent").WithDetails(&errdetails.RetryInfo{RetryDelay: durationpb.New(time.Millisecond)})
				if err != nil {
					return nil, err
				}
				return nil, st.Err()
			}
			return &ententev1.BatchGetIntelligenceItemsResponse{Results: []*ententev1.BatchGetIntelligenceItemsResult{{
				Name: ask.GetNames()[0], Outcome: &ententev1.BatchGetIntelligenceItemsResult_IntelligenceItem{IntelligenceItem: &ententev1.IntelligenceItem{
					Metadata: &ententev1.RecordMetadata{Name: ask.GetNames()[0]},
				}},
			}}}, nil
		case *ententev1.QueryIntelligenceItemsRequest:
			return &ententev1.QueryIntelligenceItemsResponse{TotalSize: 7}, nil
		}
		return nil, status.Error(codes.PermissionDenied, method)
	}
	code, _, said := s.run(t.Context(), "", "graph", "agencies/fr-ofast/intelligenceItems/01930000-0000-7000-8000-000000000000")
	if code != exitDenied || len(s.taken()) != 4 {
		t.Errorf("exit %d after %d calls: %s", code, len(s.requests), said)
	}
}
