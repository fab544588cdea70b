package intel

import (
	"slices"
	"time"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/identifier"
)

// CheckStep checks one recovery step by itself; Transition decides whether it
// may follow others, and whether the report has its asset is for who knows the
// report. Fields are relative to the step. The step is not changed.
//
// The ground of a confiscation (Directive (EU) 2024/1260, Articles 12 to 16) is
// needed from CONFISCATION_SOUGHT on and out of place before. Two exits can do
// without: what goes back to its owner, and what was sold before the final
// order.
func CheckStep(s *ententev1.RecoveryStep, now time.Time) []fault.Violation {
	var a audit
	a.step("", s, now.UTC())
	return a.violations
}

// CheckSteps checks the first recovery steps of a report, in their order: each
// by itself, that its asset is one of the report's, and that it may follow
// those before it. Fields begin with recoverySteps[i].
func CheckSteps(steps []*ententev1.RecoveryStep, assetIDs []string, now time.Time) []fault.Violation {
	var a audit
	var marks []*internalv1.StepMark
	for i, s := range steps {
		at := index("recoverySteps", i)
		a.step(at, s, now.UTC())
		asset := slices.Index(assetIDs, s.GetAssetId())
		if asset < 0 {
			a.refuse(at, "assetId", ReasonAssetUnknown, "Name an asset_id of this report.")
		}
		a.transition(at, marks, s, uint64(asset)+1)
		marks = mark(marks, s, uint64(asset)+1)
	}
	return a.violations
}

// transition is Transition within one request, where the request alone is wrong.
func (a *audit) transition(at string, marks []*internalv1.StepMark, s *ententev1.RecoveryStep, key uint64) {
	if s.GetStage() == 0 && s.GetVoidsStepNumber() == 0 {
		return // said by step
	}
	err := Transition(marks, key, s.GetStage(), s.GetVoidsStepNumber())
	if err == nil {
		return
	}
	field, f := "stage", fault.As(err)
	if f.Reason == ReasonVoidedStep {
		field = "voidsStepNumber"
	}
	a.refuse(at, field, f.Reason, f.Message)
}

// mark adds the mark of a step. marks belong to the caller.
func mark(marks []*internalv1.StepMark, s *ententev1.RecoveryStep, key uint64) []*internalv1.StepMark {
	if v := int(s.GetVoidsStepNumber()); v > 0 && v <= len(marks) && marks[v-1].GetAssetKey() == key {
		marks[v-1].Voided = true
	}
	return append(marks, &internalv1.StepMark{AssetKey: key, Stage: int32(s.GetStage()), Voids: s.GetVoidsStepNumber()})
}

func (a *audit) step(at string, s *ententev1.RecoveryStep, now time.Time) {
	a.outputOnly(at, "stepNumber", s.GetStepNumber() != 0)
	a.outputOnly(at, "createTime", s.GetCreateTime() != nil)
	a.outputOnly(at, "voided", s.GetVoided())
	if s.GetStage() == 0 && s.GetVoidsStepNumber() == 0 {
		a.refuse(at, "stage", ReasonStage, "State the stage reached, or the number of the step that this one voids.")
	}
	if s.GetStepDate() != "" {
		a.pastDate(at, "stepDate", s.GetStepDate(), now)
	}
	a.text(at, "authority", s.GetAuthority())
	a.text(at, "orderReference", s.GetOrderReference())
	a.region(at, "jurisdictionRegionCode", s.GetJurisdictionRegionCode())
	a.text(at, "legalBasis", s.GetLegalBasis())
	a.basis(at, s)
	a.disposal(at, s)
	a.sharing(at, s)
	if s.GetValuation() != nil {
		a.valuation(within(at, "valuation"), s.GetValuation(), now)
	}
}

func (a *audit) outputOnly(at, field string, set bool) {
	if set {
		a.refuse(at, field, ReasonOutputOnly, "Leave this field out; the hub fills it in.")
	}
}

func (a *audit) basis(at string, s *ententev1.RecoveryStep) {
	stated := s.GetConfiscationBasis() != ententev1.ConfiscationBasis_CONFISCATION_BASIS_UNSPECIFIED
	due := stageRank(s.GetStage()) >= rankSought
	exempt := s.GetStage() == ententev1.RecoveryStage_RECOVERY_STAGE_RETURNED_TO_OWNER || soldEarly(s)
	switch {
	case due && !stated && !exempt:
		a.refuse(at, "confiscationBasis", ReasonBasisRequired, "State the ground of the confiscation: it is needed from CONFISCATION_SOUGHT on.")
	case !due && stated:
		a.refuse(at, "confiscationBasis", ReasonBasisEarly, "Leave the ground of confiscation out: it has its place from CONFISCATION_SOUGHT on.")
	}
}

func soldEarly(s *ententev1.RecoveryStep) bool {
	return s.GetDisposalMethod() == ententev1.DisposalMethod_DISPOSAL_METHOD_INTERLOCUTORY_SALE
}

// disposal checks the method of disposal. A sale before the final order can
// stand with the custody in which the thing was: its price is held instead.
func (a *audit) disposal(at string, s *ententev1.RecoveryStep) {
	stated := s.GetDisposalMethod() != ententev1.DisposalMethod_DISPOSAL_METHOD_UNSPECIFIED
	disposed := s.GetStage() == ententev1.RecoveryStage_RECOVERY_STAGE_DISPOSED
	rank := stageRank(s.GetStage())
	held := rank == rankCustody || rank == rankSought
	switch {
	case disposed && !stated:
		a.refuse(at, "disposalMethod", ReasonDisposalRequired, "State what became of the asset.")
	case stated && !disposed && !(held && soldEarly(s)):
		a.refuse(at, "disposalMethod", ReasonDisposalEarly, "Leave the method out: it has its place with DISPOSED, a sale before the final order also with custody.")
	}
}

// wholeInPoints is the whole in hundredths of a per cent.
const wholeInPoints = 10000

func (a *audit) sharing(at string, s *ententev1.RecoveryStep) {
	shared := s.GetStage() == ententev1.RecoveryStage_RECOVERY_STAGE_SHARED
	switch {
	case shared && len(s.GetSharing()) == 0:
		a.refuse(at, "sharing", ReasonSharingRequired, "State which country received what.")
	case !shared && len(s.GetSharing()) > 0:
		a.refuse(at, "sharing", ReasonSharingEarly, "Leave the shares out: they have their place with SHARED.")
	}
	var points int64
	taken := make(map[string]bool, len(s.GetSharing()))
	for i, share := range s.GetSharing() {
		path := within(at, index("sharing", i))
		a.share(path, share)
		if taken[share.GetRegionCode()] {
			a.refuse(path, "regionCode", ReasonShareTwice, "Give each country one share.")
		}
		taken[share.GetRegionCode()] = true
		points += int64(share.GetBasisPoints())
	}
	if points > wholeInPoints {
		a.refuse(at, "sharing", ReasonSharesWhole, "Let the shares add up to 10000 basis points at most.")
	}
}

func (a *audit) share(at string, s *ententev1.SharingShare) {
	a.malformed(at, "regionCode", identifier.Region(s.GetRegionCode()))
	if (s.GetAmount() != nil) == (s.GetBasisPoints() != 0) {
		a.refuse(at, "", ReasonShareForm, "State either the amount or the basis points of a share.")
	}
	if s.GetAmount() != nil {
		a.money(at, "amount", s.GetAmount())
	}
}
