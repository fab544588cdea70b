package intel

import (
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// CheckJustification checks what a call states about itself against who makes
// it. Fields are relative to the justification. A purpose is always there, and
// one of case and reason (Directive (EU) 2016/680, Article 25: a log says why).
// What an officer's certificate names is the officer: the call may repeat it
// and may not contradict it. SYSTEM_DELIVERY passes the purposes that records
// permit, so it is for machines: an officer's certificate cannot state it.
func CheckJustification(j *ententev1.Justification, c Caller) []fault.Violation {
	var a audit
	if j.GetPurpose() == ententev1.ProcessingPurpose_PROCESSING_PURPOSE_UNSPECIFIED {
		a.refuse("", "purpose", ReasonPurpose, "State what the call is for.")
	}
	if blank(j.GetCaseReference()) && blank(j.GetReason()) {
		a.refuse("", "reason", ReasonJustification, "State a case_reference or a reason.")
	}
	if c.Officer == "" {
		return a.violations
	}
	if j.GetOfficer() != "" && j.GetOfficer() != c.Officer {
		a.refuse("", "officer", ReasonOfficer, "Leave the officer out, or state the one that your certificate names.")
	}
	if j.GetPurpose() == ententev1.ProcessingPurpose_PROCESSING_PURPOSE_SYSTEM_DELIVERY {
		a.refuse("", "purpose", ReasonSystemDelivery, "State the purpose of the officer; SYSTEM_DELIVERY is for machines.")
	}
	return a.violations
}

// CompleteJustification is a copy in which an officer's certificate has filled
// in the officer. The argument is not changed; nil gives an empty one.
func CompleteJustification(j *ententev1.Justification, c Caller) *ententev1.Justification {
	complete := &ententev1.Justification{}
	if j != nil {
		complete = proto.CloneOf(j)
	}
	if complete.GetOfficer() == "" {
		complete.Officer = c.Officer
	}
	return complete
}
