package index

import (
	"fmt"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// axis is how an axis of a scheme ranks: the values up to ranks from best to
// worst, and those above them, up to end, without a rank.
type axis struct{ ranks, end int32 }

func (a axis) passes(minimum, value int32) bool {
	if minimum > a.ranks {
		return true
	}
	return value <= minimum
}

// TestEvaluationAtLeast compares each grading of each scheme with each minimum.
func TestEvaluationAtLeast(t *testing.T) {
	h := NewHasher([32]byte{4})
	for name, scheme := range map[string]struct {
		source, information axis
		grade               func(s, i int32) *ententev1.Evaluation
	}{
		"europol":   {axis{3, 4}, axis{4, 4}, europol},
		"uk":        {axis{3, 3}, axis{4, 5}, uk},
		"admiralty": {axis{5, 6}, axis{5, 6}, admiralty},
	} {
		for k := range scheme.source.end * scheme.information.end {
			s, i := 1+k/scheme.information.end, 1+k%scheme.information.end
			posted := h.evaluation(nil, scheme.grade(s, i))
			if len(posted) != 1 {
				t.Fatalf("%s %d/%d posts %d terms", name, s, i, len(posted))
			}
			for m := range scheme.source.end * scheme.information.end {
				minS, minI := 1+m/scheme.information.end, 1+m%scheme.information.end
				want := scheme.source.passes(minS, s) && scheme.information.passes(minI, i)
				if got := share(posted, h.evaluationAtLeast(scheme.grade(minS, minI))); got != want {
					t.Errorf("%s: %d/%d is at least %d/%d: %v", name, s, i, minS, minI, got)
				}
			}
		}
	}
}

func europol(s, i int32) *ententev1.Evaluation {
	return &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Europol{Europol: &ententev1.EuropolEvaluation{
		Source: ententev1.EuropolSourceEvaluation(s), Information: ententev1.EuropolInformationEvaluation(i),
	}}}
}

func uk(s, i int32) *ententev1.Evaluation {
	return &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Uk{Uk: &ententev1.UkEvaluation{
		Source: ententev1.UkSourceEvaluation(s), Assessment: ententev1.UkIntelligenceAssessment(i),
	}}}
}

func admiralty(s, i int32) *ententev1.Evaluation {
	return &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Admiralty{Admiralty: &ententev1.AdmiraltyEvaluation{
		Reliability: ententev1.AdmiraltyReliability(s), Credibility: ententev1.AdmiraltyCredibility(i),
	}}}
}

// TestEvaluationSchemesAreAllKnown finds by reflection a scheme or a value
// that this package does not know.
func TestEvaluationSchemesAreAllKnown(t *testing.T) {
	schemes := new(ententev1.Evaluation).ProtoReflect().Descriptor().Oneofs().ByName("scheme").Fields()
	if schemes.Len() != 3 {
		t.Errorf("%d schemes, of which three are known", schemes.Len())
	}
	var ends string
	for i := range schemes.Len() {
		axes := schemes.Get(i).Message().Fields()
		for k := range axes.Len() {
			if e := axes.Get(k).Enum(); e != nil {
				ends += fmt.Sprint(schemes.Get(i).Name(), " ", e.Values().Len()-1, "; ")
			}
		}
	}
	if want := "europol 4; europol 4; uk 3; uk 5; admiralty 6; admiralty 6; "; ends != want {
		t.Errorf("the axes go to %s, want %s", ends, want)
	}
}

// TestNoEvaluation says that none posts nothing and that a minimum without a
// scheme is met by none.
func TestNoEvaluation(t *testing.T) {
	h := NewHasher([32]byte{4})
	for _, e := range []*ententev1.Evaluation{nil, {}} {
		if h.evaluation(nil, e) != nil || h.evaluationAtLeast(e) != nil {
			t.Errorf("%v has terms", e)
		}
	}
}
