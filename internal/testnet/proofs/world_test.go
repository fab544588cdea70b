package proofs_test

import (
	"testing"

	"google.golang.org/grpc"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/rpc"
	"github.com/seed-1d76a664/entente/internal/testnet"
)

// unlimited are limits that no test here meets: what is proved is not the budget.
func unlimited() *rpc.Limits {
	l := rpc.DefaultLimits()
	many := rpc.Rate{PerSecond: 1e9, Burst: 1e9}
	l.Budgets = rpc.Rates{Reads: many, Writes: many, Rows: many, Reserved: many}
	return &l
}

// start brings up a hub in this process.
func start(t *testing.T, o testnet.Options) *testnet.Net {
	t.Helper()
	o.Limits = unlimited()
	n, err := testnet.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	return n
}

// newNet is a hub in this process with agencies enrolled.
func newNet(t *testing.T, ids ...string) *testnet.Net {
	t.Helper()
	pki, err := testnet.NewPKI(ids...)
	if err != nil {
		t.Fatal(err)
	}
	n := start(t, testnet.Options{PKI: pki, Dir: t.TempDir()})
	if err := n.Enrol(t.Context(), ids...); err != nil {
		t.Fatal(err)
	}
	return n
}

func dial(t testing.TB, n *testnet.Net, id, path string) *grpc.ClientConn {
	t.Helper()
	conn, err := n.Dial(id, path)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// items is the service of items for an agency's gateway.
func items(t testing.TB, n *testnet.Net, id string) ententev1.IntelligenceServiceClient {
	t.Helper()
	return ententev1.NewIntelligenceServiceClient(dial(t, n, id, "/gateway"))
}

// why states a case, by which the consultation of a call is found again.
func why(reference string) *ententev1.Justification {
	return &ententev1.Justification{Officer: "4711", Purpose: ententev1.ProcessingPurpose_PROCESSING_PURPOSE_INVESTIGATION, CaseReference: reference}
}

// to is a release to agencies.
func to(ids ...string) *ententev1.Release {
	r := &ententev1.Release{
		Audience: new(ententev1.Audience), Markings: &ententev1.Markings{Classification: ententev1.ClassificationCeiling_CLASSIFICATION_CEILING_NOT_CLASSIFIED},
	}
	for _, id := range ids {
		r.Audience.Agencies = append(r.Audience.Agencies, "agencies/"+id)
	}
	return r
}

// content is what an item says.
func content(title, narrative string) *ententev1.IntelligenceContent {
	return &ententev1.IntelligenceContent{
		Title: title, Narrative: narrative, LanguageCode: "en",
		Evaluation: &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Europol{Europol: &ententev1.EuropolEvaluation{
			Source:      ententev1.EuropolSourceEvaluation_EUROPOL_SOURCE_EVALUATION_B,
			Information: ententev1.EuropolInformationEvaluation_EUROPOL_INFORMATION_EVALUATION_2,
		}}},
		CrimeAreas: []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING},
	}
}

// draft is an item for some agencies.
func draft(title string, readers ...string) *ententev1.IntelligenceItemDraft {
	return &ententev1.IntelligenceItemDraft{
		Content: &ententev1.IntelligenceItemDraft_Plain{Plain: content(title, "A black inflatable was bought in Lille.")}, Release: to(readers...),
	}
}

// named asks for an item by name.
func named(name, reference string) *ententev1.GetIntelligenceItemRequest {
	return &ententev1.GetIntelligenceItemRequest{Justification: why(reference), Selector: &ententev1.GetIntelligenceItemRequest_Name{Name: name}}
}

// consulted is all of an agency's log of reads, without those of the log itself, by the case that each states.
func consulted(t testing.TB, n *testnet.Net, id string) map[string]*ententev1.Consultation {
	t.Helper()
	client := ententev1.NewDisclosureServiceClient(dial(t, n, id, "/supervisor"))
	request := &ententev1.ListConsultationsRequest{Justification: why("check"), PageSize: 200}
	rows := map[string]*ententev1.Consultation{}
	for {
		page, err := client.ListConsultations(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.GetConsultations() {
			reference := c.GetJustification().GetCaseReference()
			if reference == "check" {
				continue
			}
			if rows[reference] != nil {
				t.Errorf("%s is on record twice", reference)
			}
			rows[reference] = c
		}
		if request.PageToken = page.GetNextPageToken(); request.GetPageToken() == "" {
			return rows
		}
	}
}
