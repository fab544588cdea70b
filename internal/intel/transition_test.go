package intel

import (
	"testing"

	"pgregory.net/rapid"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// The stages in short.
const (
	none        = ententev1.RecoveryStage_RECOVERY_STAGE_UNSPECIFIED
	traced      = ententev1.RecoveryStage_RECOVERY_STAGE_TRACED
	identified  = ententev1.RecoveryStage_RECOVERY_STAGE_IDENTIFIED
	frozen      = ententev1.RecoveryStage_RECOVERY_STAGE_FROZEN
	seized      = ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED
	sought      = ententev1.RecoveryStage_RECOVERY_STAGE_CONFISCATION_SOUGHT
	confiscated = ententev1.RecoveryStage_RECOVERY_STAGE_CONFISCATED
	disposed    = ententev1.RecoveryStage_RECOVERY_STAGE_DISPOSED
	shared      = ententev1.RecoveryStage_RECOVERY_STAGE_SHARED
	returned    = ententev1.RecoveryStage_RECOVERY_STAGE_RETURNED_TO_OWNER
	released    = ententev1.RecoveryStage_RECOVERY_STAGE_RELEASED
)

// allowed is the whole table written out, apart from how the product knows it.
var allowed = map[ententev1.RecoveryStage][]ententev1.RecoveryStage{
	none:        {traced, identified, frozen, seized, sought, confiscated, disposed, shared, returned, released},
	traced:      {identified, frozen, seized, sought, confiscated, disposed, shared, returned, released},
	identified:  {frozen, seized, sought, confiscated, disposed, shared, returned, released},
	frozen:      {frozen, seized, sought, confiscated, disposed, shared, returned, released},
	seized:      {frozen, seized, sought, confiscated, disposed, shared, returned, released},
	sought:      {confiscated, disposed, shared, returned, released},
	confiscated: {disposed, shared, returned},
	released:    {returned},
}

func may(from, to ententev1.RecoveryStage) bool {
	for _, s := range allowed[from] {
		if s == to {
			return true
		}
	}
	return false
}

func TestTransitionTable(t *testing.T) {
	for from := none; from <= released; from++ {
		var marks []*internalv1.StepMark
		if from != none {
			marks = append(marks, &internalv1.StepMark{AssetKey: 7, Stage: int32(from)})
		}
		for to := traced; to <= released; to++ {
			err := Transition(marks, 7, to, 0)
			if (err == nil) != may(from, to) {
				t.Errorf("%v to %v: %v", from, to, err)
			}
			if err != nil && (fault.KindOf(err) != fault.Precondition || !fault.Has(err, "ILLEGAL_TRANSITION")) {
				t.Errorf("%v to %v is refused as %v", from, to, err)
			}
		}
	}
}

func TestTransitionVoids(t *testing.T) {
	marks := []*internalv1.StepMark{
		{AssetKey: 1, Stage: int32(seized)},                 // 1
		{AssetKey: 1, Stage: int32(confiscated)},            // 2
		{AssetKey: 2, Stage: int32(released)},               // 3, another asset
		{AssetKey: 1, Stage: int32(disposed), Voided: true}, // 4
		{AssetKey: 1, Voids: 4},                             // 5
	}
	for _, c := range []struct {
		name   string
		key    uint64
		stage  ententev1.RecoveryStage
		voids  int32
		reason string
	}{
		{"the last one", 1, none, 2, ""},
		{"an earlier one", 1, none, 1, ""},
		{"and states another", 1, sought, 2, ""},
		{"and states what the rest forbids", 1, traced, 2, ReasonIllegalTransition},
		{"and states what the voided one would forbid", 1, released, 2, ""},
		{"without it the asset is confiscated", 1, released, 0, ReasonIllegalTransition},
		{"another asset's", 1, none, 3, ReasonVoidedStep},
		{"void already", 1, none, 4, ReasonVoidedStep},
		{"one that only voids", 1, none, 5, ReasonVoidedStep},
		{"none there", 1, none, 6, ReasonVoidedStep},
		{"below the first", 1, none, -1, ReasonVoidedStep},
		{"the only one of its asset", 2, none, 3, ""},
		{"the only one, beginning anew", 2, traced, 3, ""},
		{"nothing at all", 1, none, 0, ReasonIllegalTransition},
		{"an unknown stage", 9, 11, 0, ReasonIllegalTransition},
		{"a negative stage", 9, -1, 0, ReasonIllegalTransition},
	} {
		err := Transition(marks, c.key, c.stage, c.voids)
		if c.reason == "" && err != nil || c.reason != "" && !fault.Has(err, c.reason) {
			t.Errorf("%s: %v, want %q", c.name, err, c.reason)
		}
	}
}

// history is the model: what happened to each asset, as lists of stages.
type history struct {
	asset  uint64
	stage  ententev1.RecoveryStage
	voided bool
}

// accepts is the rule again, by walking the whole history of an asset.
func accepts(h []history, asset uint64, stage ententev1.RecoveryStage, voids int32) bool {
	if voids != 0 {
		if voids < 1 || int(voids) > len(h) {
			return false
		}
		v := h[voids-1]
		if v.asset != asset || v.voided || v.stage == none {
			return false
		}
	}
	var alive []ententev1.RecoveryStage
	for i, e := range h {
		if e.asset == asset && !e.voided && e.stage != none && i != int(voids)-1 {
			alive = append(alive, e.stage)
		}
	}
	if stage == none {
		return voids != 0
	}
	return legal(append(alive, stage))
}

func legal(stages []ententev1.RecoveryStage) bool {
	at := none
	for _, s := range stages {
		if !may(at, s) {
			return false
		}
		at = s
	}
	return true
}

// Random reports: the product agrees with the model at every step, whatever is
// accepted leaves every asset in order, and any step that has a stage can be
// voided.
func TestTransitionModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h []history
		var marks []*internalv1.StepMark
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			asset := rapid.Uint64Range(1, 3).Draw(t, "asset")
			stage := ententev1.RecoveryStage(rapid.Int32Range(0, 10).Draw(t, "stage"))
			voids := int32(0)
			if rapid.IntRange(0, 3).Draw(t, "void") == 0 {
				voids = rapid.Int32Range(-1, int32(len(h))+1).Draw(t, "voids")
			}
			got := Transition(marks, asset, stage, voids) == nil
			if want := accepts(h, asset, stage, voids); got != want {
				t.Fatalf("asset %d to %v voiding %d after %v: %v, want %v", asset, stage, voids, h, got, want)
			}
			if !got {
				continue
			}
			if voids > 0 {
				h[voids-1].voided, marks[voids-1].Voided = true, true
			}
			h = append(h, history{asset: asset, stage: stage})
			marks = append(marks, &internalv1.StepMark{AssetKey: asset, Stage: int32(stage), Voids: voids})
			inOrder(t, h, marks)
		}
	})
}

func inOrder(t *rapid.T, h []history, marks []*internalv1.StepMark) {
	alive := make(map[uint64][]ententev1.RecoveryStage)
	for i, e := range h {
		if e.voided || e.stage == none {
			continue
		}
		alive[e.asset] = append(alive[e.asset], e.stage)
		if err := Transition(marks, e.asset, none, int32(i)+1); err != nil {
			t.Fatalf("step %d of %v cannot be voided: %v", i+1, h, err)
		}
	}
	for asset, stages := range alive {
		if !legal(stages) {
			t.Fatalf("asset %d went %v", asset, stages)
		}
	}
}

func TestTransitionLeavesMarksAlone(t *testing.T) {
	marks := []*internalv1.StepMark{{AssetKey: 1, Stage: int32(seized)}}
	before := proto.CloneOf(marks[0])
	if err := Transition(marks, 1, none, 1); err != nil || !proto.Equal(before, marks[0]) {
		t.Error(err, marks[0])
	}
}
