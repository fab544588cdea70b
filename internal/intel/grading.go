package intel

import (
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Ungraded tells whether a content, of either kind, has no grading or the lowest
// that its scheme knows: Europol X with 4, UK 2 with D, Admiralty E with 5 or F with
// 6. Anybody may write that of anything, so it vouches for nothing.
func Ungraded(content proto.Message) bool {
	graded, ok := content.(interface{ GetEvaluation() *ententev1.Evaluation })
	if !ok {
		return true
	}
	switch e := graded.GetEvaluation().GetScheme().(type) {
	case *ententev1.Evaluation_Europol:
		return e.Europol.GetSource() == ententev1.EuropolSourceEvaluation_EUROPOL_SOURCE_EVALUATION_X &&
			e.Europol.GetInformation() == ententev1.EuropolInformationEvaluation_EUROPOL_INFORMATION_EVALUATION_4
	case *ententev1.Evaluation_Uk:
		return e.Uk.GetSource() == ententev1.UkSourceEvaluation_UK_SOURCE_EVALUATION_2_UNTESTED &&
			e.Uk.GetAssessment() == ententev1.UkIntelligenceAssessment_UK_INTELLIGENCE_ASSESSMENT_D_NOT_KNOWN
	case *ententev1.Evaluation_Admiralty:
		r, c := e.Admiralty.GetReliability(), e.Admiralty.GetCredibility()
		return r == ententev1.AdmiraltyReliability_ADMIRALTY_RELIABILITY_E && c == ententev1.AdmiraltyCredibility_ADMIRALTY_CREDIBILITY_5 ||
			r == ententev1.AdmiraltyReliability_ADMIRALTY_RELIABILITY_F && c == ententev1.AdmiraltyCredibility_ADMIRALTY_CREDIBILITY_6
	default:
		return true
	}
}
