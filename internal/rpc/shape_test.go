package rpc

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// badFields are the violations of a status as "field REASON".
func badFields(err error) (fields []string) {
	for _, d := range status.Convert(err).Details() {
		if bad, ok := d.(*errdetails.BadRequest); ok {
			for _, v := range bad.GetFieldViolations() {
				fields = append(fields, v.GetField())
			}
		}
	}
	return fields
}

func badReasons(err error) (reasons []string) {
	for _, d := range status.Convert(err).Details() {
		if bad, ok := d.(*errdetails.BadRequest); ok {
			for _, v := range bad.GetFieldViolations() {
				reasons = append(reasons, v.GetField()+" "+v.GetReason())
			}
		}
	}
	return reasons
}

// What breaks a rule is named in JSON spelling, with its index and a reason that
// does not change, and without its value.
func TestShape(t *testing.T) {
	const canary = "canary 4711"
	w := newWorld(t, setup{})
	conn := w.dial("fr.example", "/gateway")
	intelligence, inbox := ententev1.NewIntelligenceServiceClient(conn), ententev1.NewInboxServiceClient(conn)
	for name, c := range map[string]struct {
		call func() error
		want []string
	}{
		"several": {func() error {
			_, err := intelligence.GetIntelligenceItem(w.ctx(), &ententev1.GetIntelligenceItemRequest{
				Selector: &ententev1.GetIntelligenceItemRequest_Name{Name: canary},
			})
			return err
		}, []string{"justification REQUIRED", "name STRING_PATTERN"}},
		"a rule of ours": {func() error {
			j := justified()
			j.CaseReference = ""
			_, err := intelligence.GetIntelligenceItem(w.ctx(), &ententev1.GetIntelligenceItemRequest{
				Justification: j, Selector: &ententev1.GetIntelligenceItemRequest_OriginatorReference{OriginatorReference: "x"},
			})
			return err
		}, []string{"justification JUSTIFICATION_CASE_OR_REASON"}},
		"in a list": {func() error {
			_, err := intelligence.BatchGetIntelligenceItems(w.ctx(), &ententev1.BatchGetIntelligenceItemsRequest{
				Justification: justified(), Names: []string{"agencies/fr-police/intelligenceItems/00000000-0000-0000-0000-000000000000", canary},
			})
			return err
		}, []string{"names[1] STRING_PATTERN"}},
		"a oneof": {func() error {
			_, err := intelligence.GetIntelligenceItem(w.ctx(), &ententev1.GetIntelligenceItemRequest{Justification: justified()})
			return err
		}, []string{"selector REQUIRED"}},
		"camel case": {func() error {
			_, err := inbox.ReadInbox(w.ctx(), &ententev1.ReadInboxRequest{Justification: justified(), PageSize: -1})
			return err
		}, []string{"pageSize INT32_GTE_LTE"}},
	} {
		err := c.call()
		got := badReasons(err)
		if status.Code(err) != codes.InvalidArgument || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v; %v", name, got, err)
		}
		if strings.Contains(status.Convert(err).Proto().String(), canary) {
			t.Errorf("%s: the value comes back", name)
		}
	}
}

// Reasons are made of rule ids, whatever those hold.
func TestReasons(t *testing.T) {
	for id, want := range map[string]string{
		"string.max_len": "STRING_MAX_LEN", "required": "REQUIRED", "justification.case_or_reason": "JUSTIFICATION_CASE_OR_REASON",
		"": "INVALID", "a-b c": "A_B_C", "int32.gte_lte": "INT32_GTE_LTE",
	} {
		if got := reasonOf(id); got != want {
			t.Errorf("%q: %s", id, got)
		}
	}
}

// The rule that is an expression says the same whether it is looked at or left out:
// of every text that a justification may have there.
func TestTheExpressionIsOnlyLeftOutWhereItIsMet(t *testing.T) {
	s, err := newShape(requestTypes(services()))
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"", " ", "x"} {
		for _, reason := range []string{"", " ", "x"} {
			j := justified()
			j.CaseReference, j.Reason = field, reason
			whole := s.validator.Validate(j)
			left := s.validator.Validate(j, unlessMet)
			if (whole == nil) != (left == nil) || (field+reason == "") != (left != nil) {
				t.Errorf("%q %q: %v, %v", field, reason, whole, left)
			}
		}
	}
}

func BenchmarkShape(b *testing.B) {
	s, err := newShape(requestTypes(services()))
	if err != nil {
		b.Fatal(err)
	}
	get := &ententev1.GetIntelligenceItemRequest{
		Justification: justified(), Selector: &ententev1.GetIntelligenceItemRequest_OriginatorReference{OriginatorReference: "x"},
	}
	for b.Loop() {
		if err := s.check(get); err != nil {
			b.Fatal(err)
		}
	}
}
