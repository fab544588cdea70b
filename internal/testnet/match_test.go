package testnet_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/testnet"
)

// phoned is a draft of an item about a telephone.
func phoned(number string, existence ententev1.Existence, hits []string, readers ...string) *ententev1.IntelligenceItemDraft {
	d := draft("Boats", readers...)
	d.GetPlain().Subjects = []*ententev1.Subject{{
		SubjectId: "p", Kind: &ententev1.Subject_Phone{Phone: &ententev1.Phone{}},
		Identifiers: []*ententev1.Identifier{{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: number}},
	}}
	d.Release.Existence = existence
	if len(hits) > 0 {
		d.Release.HitAudience = &ententev1.HitAudience{Agencies: hits}
	}
	return d
}

func asked(numbers ...string) *ententev1.CheckIdentifiersRequest {
	req := &ententev1.CheckIdentifiersRequest{Justification: why()}
	for _, n := range numbers {
		req.Identifiers = append(req.Identifiers, &ententev1.AskedIdentifier{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: n})
	}
	return req
}

// The play: France holds three numbers, each under another existence; Britain and Japan check them, and France learns what it should.
func TestCheckAmongThreeAgencies(t *testing.T) {
	const open, hit, quiet = "+33612345678", "+33612345679", "+33612345670"
	n := newNet(t, func(o *testnet.Options) { o.Source = fromNoon() })
	france := ententev1.NewIntelligenceServiceClient(dial(t, n, "fr-ofast", "/gateway"))
	for _, d := range []*ententev1.IntelligenceItemDraft{
		phoned(open, 0, nil, "gb-nca"),
		phoned(hit, ententev1.Existence_EXISTENCE_HIT, []string{"agencies/gb-nca"}),
		phoned(quiet, ententev1.Existence_EXISTENCE_SILENT, nil),
	} {
		if _, err := france.SubmitIntelligenceItem(t.Context(), &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: d}); err != nil {
			t.Fatal(err)
		}
	}
	britain := ententev1.NewMatchServiceClient(dial(t, n, "gb-nca", "/gateway"))
	got, err := britain.CheckIdentifiers(t.Context(), asked(open, hit, quiet, "nonsense"))
	if err != nil {
		t.Fatal(err)
	}
	results := func(answer *ententev1.CheckIdentifiersResponse) (list []ententev1.CheckResult) {
		for _, row := range answer.GetResults() {
			list = append(list, row.GetResult())
		}
		return list
	}
	const none, found, bad = ententev1.CheckResult_CHECK_RESULT_NO_HIT, ententev1.CheckResult_CHECK_RESULT_HIT, ententev1.CheckResult_CHECK_RESULT_MALFORMED
	if !slices.Equal(results(got), []ententev1.CheckResult{found, found, none, bad}) {
		t.Fatalf("Britain is told %v", got)
	}
	if r := got.GetResults(); len(r[0].GetRecords()) != 1 || r[0].GetRecords()[0].GetIntelligence().GetTitle() != "Boats" || len(r[1].GetRecords()) != 0 ||
		len(r[1].GetPartners()) != 1 || r[1].GetPartners()[0].GetAgency() != "agencies/fr-ofast" {
		t.Errorf("Britain is told %v", got)
	}
	japan, err := ententev1.NewMatchServiceClient(dial(t, n, "jp-npa", "/gateway")).CheckIdentifiers(t.Context(), asked(open, hit))
	if err != nil || !slices.Equal(results(japan), []ententev1.CheckResult{none, none}) {
		t.Errorf("Japan is told %v, %v", japan, err)
	}
	inbox, err := ententev1.NewInboxServiceClient(dial(t, n, "fr-ofast", "/gateway")).ReadInbox(t.Context(), &ententev1.ReadInboxRequest{
		Justification: why(), Kinds: []ententev1.EventKind{ententev1.EventKind_EVENT_KIND_HIT},
	})
	if err != nil || len(inbox.GetEvents()) != 1 {
		t.Fatalf("France is told %v, %v", inbox, err)
	}
	if d := inbox.GetEvents()[0].GetHit(); d.GetAgency() != "agencies/gb-nca" || len(d.GetNames()) != 2 || d.GetHandle() == "" {
		t.Errorf("France is told %v", d)
	}
	seen, err := ententev1.NewDisclosureServiceClient(dial(t, n, "gb-nca", "/supervisor")).ListConsultations(t.Context(), &ententev1.ListConsultationsRequest{Justification: why()})
	if err != nil || len(seen.GetConsultations()) != 1 || seen.GetConsultations()[0].GetHandle() != inbox.GetEvents()[0].GetHit().GetHandle() || len(seen.GetConsultations()[0].GetNames()) != 1 {
		t.Errorf("Britain's supervisor sees %v, %v", seen, err)
	}
	refuseOverBudget(t, n, britain)
}

// refuseOverBudget: what the operator declares counts, is told, and its end says until when.
func refuseOverBudget(t *testing.T, n *testnet.Net, britain ententev1.MatchServiceClient) {
	t.Helper()
	_, err := britain.SetCheckBudget(t.Context(), &ententev1.SetCheckBudgetRequest{PerDay: 1})
	if status.Code(err) != codes.PermissionDenied {
		t.Errorf("Britain declares its own budget: %v", err)
	}
	conn, err := n.Dial("", "/operator")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ententev1.NewMatchServiceClient(conn).SetCheckBudget(t.Context(), &ententev1.SetCheckBudgetRequest{PerDay: 4}); err != nil {
		t.Fatal(err)
	}
	_, err = britain.CheckIdentifiers(t.Context(), asked("+33612345671", "+33612345672"))
	if status.Code(err) != codes.ResourceExhausted {
		t.Fatalf("past the budget: %v", err)
	}
	kinds := map[string]bool{}
	for _, d := range status.Convert(err).Details() {
		switch d := d.(type) {
		case *errdetails.QuotaFailure:
			kinds["quota "+d.GetViolations()[0].GetSubject()] = true
		case *errdetails.RetryInfo:
			kinds["retry"] = d.GetRetryDelay().AsDuration() > 0
		}
	}
	if !kinds["quota checks.PHONE_NUMBER"] || !kinds["retry"] {
		t.Errorf("the refusal says %v", kinds)
	}
}

// BenchmarkCheck is a check of one identifier through everything (budget, consultation and notice durable), of which one in four answers, beside a bare
// gRPC server over the same TLS.
func BenchmarkCheck(b *testing.B) {
	n := benchNet(b)
	conn, err := n.Dial("gb-nca", "/gateway")
	if err != nil {
		b.Fatal(err)
	}
	france, err := n.Dial("fr-ofast", "/gateway")
	if err != nil {
		b.Fatal(err)
	}
	operator, err := n.Dial("", "/operator")
	if err != nil {
		b.Fatal(err)
	}
	if _, err := ententev1.NewMatchServiceClient(operator).SetCheckBudget(b.Context(), &ententev1.SetCheckBudgetRequest{PerDay: 1e12}); err != nil {
		b.Fatal(err)
	}
	number := func(i int64) string { return fmt.Sprintf("+336123%05d", i%1000) }
	for i := range int64(250) {
		if _, err := ententev1.NewIntelligenceServiceClient(france).SubmitIntelligenceItem(b.Context(), &ententev1.SubmitIntelligenceItemRequest{
			Justification: why(), Draft: phoned(number(i), ententev1.Existence_EXISTENCE_HIDDEN, nil, "gb-nca"),
		}); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("hub", func(b *testing.B) {
		client := ententev1.NewMatchServiceClient(conn)
		var i atomic.Int64
		crowd(b, func(ctx context.Context) error {
			_, err := client.CheckIdentifiers(ctx, asked(number(i.Add(1))))
			return err
		})
	})
	b.Run("bare", func(b *testing.B) {
		client := ententev1.NewAgencyServiceClient(bare(b, n))
		crowd(b, func(ctx context.Context) error {
			_, err := client.GetAgency(ctx, &ententev1.GetAgencyRequest{Name: "agencies/fr-ofast"})
			return err
		})
	})
}
