package intel

import (
	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// Transition tells whether a step may follow the steps that a report has.
//
// marks are the steps so far, in order, step 1 first; those of other assets
// count for nothing. The new step is about the asset of assetKey: it reaches
// stage (unspecified: none, it only voids) and voids the step of that number
// (0: none), which it replaces. nil means that it may; else a Precondition
// fault says why not. marks are not changed.
//
// An asset may begin at any stage, since cash at a border begins as seized.
// From there:
//
//   - TRACED, IDENTIFIED, then FROZEN or SEIZED, CONFISCATION_SOUGHT,
//     CONFISCATED, and last one of DISPOSED, SHARED and RETURNED_TO_OWNER:
//     forward only, skipping as many as need be;
//   - FROZEN and SEIZED follow each other, and themselves, freely: an order is
//     prolonged, or one kind of custody gives way to another;
//   - RELEASED follows every stage before CONFISCATED. It ends the recovery:
//     only RETURNED_TO_OWNER may follow. What is taken again later is another
//     asset of the report.
//
// A step that was voided never happened. As these rules are transitive, what
// is left without it is in order too, so a wrong step can always be voided. A
// step that only voids cannot be voided itself: state the voided stage again.
func Transition(marks []*internalv1.StepMark, assetKey uint64, stage ententev1.RecoveryStage, voids int32) error {
	if voids != 0 {
		if err := voidable(marks, assetKey, voids); err != nil {
			return err
		}
	}
	switch {
	case stage == ententev1.RecoveryStage_RECOVERY_STAGE_UNSPECIFIED && voids == 0:
		return fault.New(fault.Precondition, ReasonIllegalTransition, "A step reaches a stage, or names the step that it voids; state one of them.")
	case stage == ententev1.RecoveryStage_RECOVERY_STAGE_UNSPECIFIED:
		return nil
	case stageRank(stage) == 0:
		return fault.New(fault.Precondition, ReasonIllegalTransition, "The hub does not know this stage; use one that this version of the API names.")
	case !follows(standing(marks, assetKey, voids), stage):
		return fault.New(fault.Precondition, ReasonIllegalTransition,
			"The asset cannot go to this stage from where it stands; look at its steps, or void the wrong one.")
	}
	return nil
}

// ReasonIllegalTransition says that a step cannot follow the steps before it.
const ReasonIllegalTransition = "ILLEGAL_TRANSITION"

// ReasonVoidedStep says that the step to be voided cannot be: there is none of
// that number, it is another asset's, it is void already, or it only voids.
const ReasonVoidedStep = "VOIDED_STEP_INVALID"

func voidable(marks []*internalv1.StepMark, assetKey uint64, voids int32) error {
	if voids > 0 && int(voids) <= len(marks) {
		m := marks[voids-1]
		if m.GetAssetKey() == assetKey && !m.GetVoided() && m.GetStage() != 0 {
			return nil
		}
	}
	return fault.New(fault.Precondition, ReasonVoidedStep,
		"Only an earlier step of the same asset that reached a stage and is not void can be voided; look at the report's steps.")
}

// standing is the stage of an asset, unspecified before its first: that of its
// last step which is not void, the one of number voids left out.
func standing(marks []*internalv1.StepMark, assetKey uint64, voids int32) ententev1.RecoveryStage {
	for i := len(marks); i > 0; i-- {
		m := marks[i-1]
		if m.GetAssetKey() == assetKey && m.GetStage() != 0 && !m.GetVoided() && i != int(voids) {
			return ententev1.RecoveryStage(m.GetStage())
		}
	}
	return ententev1.RecoveryStage_RECOVERY_STAGE_UNSPECIFIED
}

// The ranks that rules speak of.
const (
	rankCustody     = 3
	rankSought      = 4
	rankConfiscated = 5
)

// stageRank is how far along the way a stage is: 0 for what is no stage, and -1
// for RELEASED, which leaves the way.
func stageRank(s ententev1.RecoveryStage) int {
	switch s {
	case ententev1.RecoveryStage_RECOVERY_STAGE_TRACED:
		return 1
	case ententev1.RecoveryStage_RECOVERY_STAGE_IDENTIFIED:
		return 2
	case ententev1.RecoveryStage_RECOVERY_STAGE_FROZEN, ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED:
		return rankCustody
	case ententev1.RecoveryStage_RECOVERY_STAGE_CONFISCATION_SOUGHT:
		return rankSought
	case ententev1.RecoveryStage_RECOVERY_STAGE_CONFISCATED:
		return rankConfiscated
	case ententev1.RecoveryStage_RECOVERY_STAGE_DISPOSED, ententev1.RecoveryStage_RECOVERY_STAGE_SHARED,
		ententev1.RecoveryStage_RECOVERY_STAGE_RETURNED_TO_OWNER:
		return rankConfiscated + 1
	case ententev1.RecoveryStage_RECOVERY_STAGE_RELEASED:
		return -1
	default:
		return 0
	}
}

// follows tells whether an asset may go from one stage to another.
func follows(from, to ententev1.RecoveryStage) bool {
	a, b := stageRank(from), stageRank(to)
	switch {
	case from == ententev1.RecoveryStage_RECOVERY_STAGE_UNSPECIFIED:
		return true
	case from == ententev1.RecoveryStage_RECOVERY_STAGE_RELEASED:
		return to == ententev1.RecoveryStage_RECOVERY_STAGE_RETURNED_TO_OWNER
	case to == ententev1.RecoveryStage_RECOVERY_STAGE_RELEASED:
		return a < rankConfiscated
	default:
		return b > a || a == rankCustody && b == rankCustody
	}
}
