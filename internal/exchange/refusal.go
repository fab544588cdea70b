package exchange

import (
	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/view"
)

// refused turns a refusal of the journal into the failure that the early check would have given: nil when the command took effect.
func refused(o *internalv1.Outcome) error {
	switch view.Refusal(o.GetRefusal()) {
	case "":
		return nil
	case view.RefusedCaller:
		return errStanding()
	case view.RefusedReused:
		return errReused()
	case view.RefusedExists:
		return errExists()
	case view.RefusedAbsent:
		return errAbsent()
	case view.RefusedStale:
		return errStale()
	case view.RefusedState:
		return errState(o.GetReason())
	case view.RefusedFull:
		return errFull(o.GetReason())
	case view.RefusedAudience:
		return audienceUnknown("", o.GetReason())
	case view.RefusedTarget:
		return targetAbsent("")
	case view.RefusedTaken:
		return fault.New(fault.AlreadyExists, "AGENCY_EXISTS", "The agency id or the trust domain is taken; an id is never used again, choose another.")
	case view.RefusedBudget:
		const day = 24 * 3600 * 1_000_000
		return errBudget(day-o.GetMicros()%day).WithQuota("checks", "another call of your agency's spent it first")
	case view.RefusedRight:
		return errRight(o.GetReason())
	default:
		return fault.New(fault.Unavailable, o.GetRefusal(), "The state of the hub changed meanwhile; repeat the call with the same request_id.")
	}
}

func errStanding() error {
	return fault.New(fault.Unauthenticated, "CALLER_NOT_ACCEPTED", "The hub does not accept this certificate now; ask your administrator or the operator.")
}

func errReused() error {
	return fault.New(fault.AlreadyExists, "REQUEST_ID_REUSED", "This request_id was used for another request; send this one under a new id.")
}

func errExists() error {
	return fault.New(fault.AlreadyExists, "ORIGINATOR_REFERENCE_EXISTS",
		"Your agency has a record of this originator_reference that differs from this one; revise it, or send if_exists REVISE with its current etag.")
}

func errAbsent() error {
	return fault.New(fault.NotFound, "RECORD_NOT_FOUND", "There is no such record that you may read; check the name, or ask its originator to release it to you.")
}

func errStale() error {
	return fault.New(fault.Stale, "ETAG_STALE", "The record changed since you read it; read it again and repeat the change with the new etag.")
}

func errState(reason string) error {
	return fault.New(fault.Precondition, reason, stateAdvice(reason))
}

// stateAdvice says what to do about a state that forbids a change.
func stateAdvice(reason string) string {
	switch reason {
	case "RECORD_RECALLED":
		return "The record was recalled and cannot change any more; submit a new one."
	case "PROTECTED_PERSONS_NOT_RELEASED":
		return "The content speaks of protected persons and the release does not say so; change the release first."
	case "DERIVED_LOOSER":
		return "The record would be looser than the one that it derives from; carry its restrictions along."
	case "REVIEW_TOO_LATE":
		return "The content has a person whose category is not determined: set the review time of the release to thirty days from now at most, first."
	case "ASSET_WITH_STEPS_MISSING":
		return "An asset with recovery steps cannot be left out of the report; keep its asset_id."
	case "ILLEGAL_TRANSITION":
		return "The asset cannot go to this stage from where it stands; look at its steps, or void the wrong one."
	case "TOO_MANY_GROUPS":
		return "Your agency owns 128 groups, and cannot found more; use one of them."
	case "GROUP_CHANGED_TOO_OFTEN":
		return "The members of this group have changed 512 times; members can be removed, and for others a new group is needed."
	case "TOO_MANY_STEPS":
		return "A report has 500 recovery steps at most; submit a new report, and link it to this one."
	case "RELEASE_OR_LINKS_DIFFER":
		return "if_exists REVISE replaces the content only; change release and links by their own methods."
	case "AGENCY_EXPELLED":
		return "The agency was expelled for ever; enrol it again under a new id."
	case "AGENCY_ALREADY_SO":
		return "The agency is in that state already."
	case "RECOVERY_PENDING":
		return "A recovery of the agency's bundle is announced; it can be reinstated once that took effect."
	case "OWNER_CANNOT_LEAVE":
		return "The owner of a group cannot leave it."
	default:
		return "The state of what you want to change does not allow it."
	}
}

// errFull answers one thing too many of a kind that there is a limit to.
func errFull(reason string) error {
	return fault.New(fault.Exhausted, reason, fullAdvice(reason))
}

func fullAdvice(reason string) string {
	switch reason {
	case "TOO_MANY_STANDING_QUERIES":
		return "Your agency has as many standing queries as WhoAmI's limits allow; delete one, or join several in one."
	case "TOO_MANY_BROAD_STANDING_QUERIES":
		return "Your agency has as many standing queries without anything particular to look for as WhoAmI's limits allow; ask for an identifier, a route, an originator."
	case "TOO_MANY_STANDING_IDENTIFIERS":
		return "The standing queries of your agency have as many identifiers as WhoAmI's limits allow; delete those that are no longer needed."
	default:
		return "There are as many as there may be."
	}
}

func errRight(reason string) error {
	if reason == "RECOVERY_CHANGES_BUNDLE_ONLY" {
		return fault.New(fault.Denied, reason, "The operator may replace the bundle of an agency that lost its keys, and nothing else of it.")
	}
	return fault.New(fault.Denied, "NOT_YOURS", "Only its owner may change this; propose the change to it.")
}

// errNotOriginator answers who may read a record and wants to change it.
func errNotOriginator() error {
	return fault.New(fault.Denied, "ONLY_ORIGINATOR", "Only the originator changes a record; ask it, through its duty contact.")
}

// audienceUnknown answers a release that names somebody whom the caller cannot name: what is not there and what it may not know of are the same.
func audienceUnknown(field, reason string) error {
	if field == "" {
		field = "release"
	}
	return fault.Violated(fault.Violation{
		Field: field, Reason: reason,
		Description: "names an agency, unit or group that does not exist for you; list the agencies and your groups, and correct it",
	})
}

// targetAbsent answers a link to what the caller may not read, as if it were absent.
func targetAbsent(field string) error {
	if field == "" {
		field = "links"
	}
	f := fault.New(fault.NotFound, "LINK_TARGET_NOT_FOUND", "A link leads to a record that does not exist for you; check the name in the field listed, or leave the link out.")
	f.Violations = []fault.Violation{{Field: field, Reason: f.Reason, Description: "leads to a record that does not exist for you; check the name"}}
	return f
}
