package intel

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

func step(asset string, stage ententev1.RecoveryStage, voids int32) *ententev1.RecoveryStep {
	return &ententev1.RecoveryStep{AssetId: asset, Stage: stage, VoidsStepNumber: voids}
}

func TestStandings(t *testing.T) {
	if Standings(nil) != nil || len(Voided(nil)) != 0 {
		t.Error("no steps stand somewhere")
	}
	steps := []*ententev1.RecoveryStep{
		step("car", seized, 0), step("cash", frozen, 0), step("car", confiscated, 0), step("house", traced, 0),
		step("car", none, 3), step("house", none, 4), step("cash", none, 1), // the last is another asset's and voids nothing
	}
	if got := Voided(steps); !slices.Equal(got, []bool{false, false, true, true, false, false, false}) {
		t.Error(got)
	}
	var got []string
	for _, s := range Standings(steps) {
		got = append(got, fmt.Sprint(s.GetAssetId(), " ", s.GetStepNumber(), " ", s.GetStage() == seized || s.GetStage() == frozen))
	}
	if !slices.Equal(got, []string{"car 1 true", "cash 2 true"}) {
		t.Error(got)
	}
}

// What CheckSteps accepts stands where Transition thinks that it stands.
func TestStandingsAgreeWithTransition(t *testing.T) {
	assets := []string{"a", "b"}
	rapid.Check(t, func(t *rapid.T) {
		var steps []*ententev1.RecoveryStep
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			s := goodStep(ententev1.RecoveryStage(rapid.Int32Range(0, 10).Draw(t, "stage")))
			s.AssetId = rapid.SampledFrom(assets).Draw(t, "asset")
			s.VoidsStepNumber = rapid.Int32Range(0, int32(len(steps))).Draw(t, "voids")
			if len(CheckSteps(append(slices.Clone(steps), s), assets, noon)) == 0 {
				steps = append(steps, s)
			}
		}
		for _, standing := range Standings(steps) {
			for next := traced; next <= released; next++ {
				s := goodStep(next)
				s.AssetId = standing.GetAssetId()
				accepted := len(CheckSteps(append(slices.Clone(steps), s), assets, noon)) == 0
				if accepted != may(standing.GetStage(), next) {
					t.Fatalf("%v: from %v to %v accepted %v", steps, standing.GetStage(), next, accepted)
				}
			}
		}
	})
}
