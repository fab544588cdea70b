package intel

import ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"

// Standings is where each asset that has steps stands, in the order in which
// the assets first appear in them: at the stage of its last step that is not
// void. An asset whose steps are all void is left out. steps are all those of
// a report, step 1 first; they are not changed.
func Standings(steps []*ententev1.RecoveryStep) []*ententev1.AssetStanding {
	void := Voided(steps)
	at := make(map[string]*ententev1.AssetStanding)
	var order []string
	for i, s := range steps {
		if _, seen := at[s.GetAssetId()]; !seen {
			order = append(order, s.GetAssetId())
			at[s.GetAssetId()] = nil
		}
		if s.GetStage() != 0 && !void[i] {
			at[s.GetAssetId()] = &ententev1.AssetStanding{AssetId: s.GetAssetId(), Stage: s.GetStage(), StepNumber: int32(i) + 1}
		}
	}
	var standings []*ententev1.AssetStanding
	for _, id := range order {
		if s := at[id]; s != nil {
			standings = append(standings, s)
		}
	}
	return standings
}

// Voided tells for each step whether a later one of the same asset voids it:
// what RecoveryStep.voided says to a reader. steps are all those of a report,
// step 1 first; they are not changed.
func Voided(steps []*ententev1.RecoveryStep) []bool {
	void := make([]bool, len(steps))
	for i, s := range steps {
		if v := int(s.GetVoidsStepNumber()); v > 0 && v <= i && steps[v-1].GetAssetId() == s.GetAssetId() {
			void[v-1] = true
		}
	}
	return void
}
