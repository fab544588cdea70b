package intel

import (
	"testing"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

func TestJustifications(t *testing.T) {
	const investigation, delivery = ententev1.ProcessingPurpose_PROCESSING_PURPOSE_INVESTIGATION, ententev1.ProcessingPurpose_PROCESSING_PURPOSE_SYSTEM_DELIVERY
	gateway, officer := Caller{Agency: "fr-ofast", Path: "/gateway"}, Caller{Agency: "fr-ofast", Path: "/officer/7", Officer: "7"}
	for _, c := range []struct {
		name   string
		j      *ententev1.Justification
		caller Caller
		want   []string
	}{
		{"a case", &ententev1.Justification{Purpose: investigation, CaseReference: "K-1"}, gateway, nil},
		{"a reason", &ententev1.Justification{Purpose: investigation, Reason: "asked by the judge", Officer: "anybody"}, gateway, nil},
		{"nothing", nil, gateway, []string{"purpose " + ReasonPurpose, "reason " + ReasonJustification}},
		{"blanks", &ententev1.Justification{Purpose: investigation, CaseReference: " ", Reason: "\u00a0"}, gateway, refuses("reason", ReasonJustification)},
		{"no purpose", &ententev1.Justification{Reason: "because"}, gateway, refuses("purpose", ReasonPurpose)},
		{"a machine", &ententev1.Justification{Purpose: delivery, Reason: "feed"}, gateway, nil},
		{"an officer as a machine", &ententev1.Justification{Purpose: delivery, Reason: "feed"}, officer, refuses("purpose", ReasonSystemDelivery)},
		{"an officer, unsaid", &ententev1.Justification{Purpose: investigation, Reason: "feed"}, officer, nil},
		{"an officer, said", &ententev1.Justification{Purpose: investigation, Reason: "feed", Officer: "7"}, officer, nil},
		{"another officer", &ententev1.Justification{Purpose: investigation, Reason: "feed", Officer: "07"}, officer, refuses("officer", ReasonOfficer)},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := proto.Clone(c.j)
			sameRefusals(t, CheckJustification(c.j, c.caller), c.want...)
			complete := CompleteJustification(c.j, c.caller)
			if !proto.Equal(before, c.j) {
				t.Error("it was changed")
			}
			want := c.j.GetOfficer()
			if want == "" {
				want = c.caller.Officer
			}
			if complete.GetOfficer() != want || complete.GetReason() != c.j.GetReason() || complete.GetPurpose() != c.j.GetPurpose() {
				t.Errorf("completed to %v", complete)
			}
		})
	}
}
