package intel

import (
	"testing"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

func TestUngraded(t *testing.T) {
	europol := func(source ententev1.EuropolSourceEvaluation, information ententev1.EuropolInformationEvaluation) proto.Message {
		return &ententev1.IntelligenceContent{Evaluation: &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Europol{
			Europol: &ententev1.EuropolEvaluation{Source: source, Information: information},
		}}}
	}
	uk := func(source ententev1.UkSourceEvaluation, assessment ententev1.UkIntelligenceAssessment) proto.Message {
		return &ententev1.IntelligenceContent{Evaluation: &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Uk{
			Uk: &ententev1.UkEvaluation{Source: source, Assessment: assessment},
		}}}
	}
	admiralty := func(reliability ententev1.AdmiraltyReliability, credibility ententev1.AdmiraltyCredibility) proto.Message {
		return &ententev1.IntelligenceContent{Evaluation: &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Admiralty{
			Admiralty: &ententev1.AdmiraltyEvaluation{Reliability: reliability, Credibility: credibility},
		}}}
	}
	for _, c := range []struct {
		name    string
		content proto.Message
		want    bool
	}{
		{"nothing", &ententev1.IntelligenceContent{}, true},
		{"a seizure has none", &ententev1.SeizureContent{}, true},
		{"X4", europol(4, 4), true}, {"X1", europol(4, 1), false}, {"A4", europol(1, 4), false}, {"B2", europol(2, 2), false},
		{"2D", uk(2, 4), true}, {"1D", uk(1, 4), false}, {"2E", uk(2, 5), false},
		{"E5", admiralty(5, 5), true}, {"F6", admiralty(6, 6), true}, {"E6", admiralty(5, 6), false}, {"F5", admiralty(6, 5), false},
	} {
		if got := Ungraded(c.content); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
