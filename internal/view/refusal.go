package view

import internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"

// Refusal is why a command had no effect: a journalled outcome. The values are stored; exchange turns them into failures.
type Refusal string

// The refusals.
const (
	// RefusedCaller: the caller's agency is not in standing at this place in the order.
	RefusedCaller Refusal = "CALLER_NOT_IN_STANDING"
	// RefusedReused: the request_id was used for another request.
	RefusedReused Refusal = "REQUEST_ID_REUSED"
	// RefusedExists: the agency already has a record of this reference; Outcome.UID names it.
	RefusedExists Refusal = "ALREADY_EXISTS"
	// RefusedAbsent: the record does not exist, for this caller.
	RefusedAbsent Refusal = "NOT_FOUND"
	// RefusedStale: the state moved on since the caller's etag.
	RefusedStale Refusal = "ETAG_STALE"
	// RefusedState: the record's state forbids it; Outcome.Reason says why.
	RefusedState Refusal = "FAILED_PRECONDITION"
	// RefusedAudience: the release names somebody that the caller may not name; Outcome.Reason says what.
	RefusedAudience Refusal = "AUDIENCE_UNKNOWN"
	// RefusedTarget: a link leads to what the caller may not read.
	RefusedTarget Refusal = "LINK_TARGET_NOT_FOUND"
	// RefusedReadAgain: what was read was restricted meanwhile; decide again.
	RefusedReadAgain Refusal = "READ_AGAIN"
	// RefusedTaken: the agency id or the trust domain is taken.
	RefusedTaken Refusal = "AGENCY_EXISTS"
	// RefusedRight: the caller may not do this to that agency or group.
	RefusedRight Refusal = "PERMISSION_DENIED"
	// RefusedBudget: the budget of checks does not cover what was asked; nothing was spent.
	RefusedBudget Refusal = "CHECK_BUDGET_SPENT"
	// RefusedFull: there are as many as there may be; Outcome.Reason says of what.
	RefusedFull Refusal = "RESOURCE_EXHAUSTED"
	// RefusedGenesis: the hub has its genesis already.
	RefusedGenesis Refusal = "GENESIS_DONE"
)

func refuse(why Refusal) *internalv1.Outcome { return &internalv1.Outcome{Refusal: string(why)} }

func refuseBecause(why Refusal, reason string) *internalv1.Outcome {
	return &internalv1.Outcome{Refusal: string(why), Reason: reason}
}
