package index

import ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"

// grade is a grading as two ranks within a scheme, 1 the best. Above the lowest
// ranks of an axis, worst, stand the values that are no rank: "cannot be
// judged" (Europol X, Admiralty F and 6) and "suspected to be false" (UK E).
type grade struct {
	scheme                   scheme
	source, information      uint64
	worstSource, worstInform uint64
	endSource, endInform     uint64
}

type scheme uint64

// The schemes. The numbers go into terms: never reuse or renumber one.
const (
	schemeEuropol   scheme = 1
	schemeUK        scheme = 2
	schemeAdmiralty scheme = 3
)

// gradeOf reads an evaluation; ok is false without a scheme.
func gradeOf(e *ententev1.Evaluation) (g grade, ok bool) {
	switch e.GetScheme().(type) {
	case *ententev1.Evaluation_Europol:
		v := e.GetEuropol()
		return grade{schemeEuropol, uint64(v.GetSource()), uint64(v.GetInformation()), 3, 4, 4, 4}, true
	case *ententev1.Evaluation_Uk:
		v := e.GetUk()
		return grade{schemeUK, uint64(v.GetSource()), uint64(v.GetAssessment()), 3, 4, 3, 5}, true
	case *ententev1.Evaluation_Admiralty:
		v := e.GetAdmiralty()
		return grade{schemeAdmiralty, uint64(v.GetReliability()), uint64(v.GetCredibility()), 5, 5, 6, 6}, true
	default:
		return grade{}, false
	}
}

// evaluation posts a grading: one term for scheme and both axes.
func (h *Hasher) evaluation(terms []Term, e *ententev1.Evaluation) []Term {
	if g, ok := gradeOf(e); ok {
		terms = append(terms, h.grade(g.scheme, g.source, g.information))
	}
	return terms
}

// evaluationAtLeast asks for the gradings of the same scheme that are at least
// so good on both axes. A value that is no rank satisfies no minimum. Given as
// the minimum of an axis it sets none there: everything passes.
func (h *Hasher) evaluationAtLeast(e *ententev1.Evaluation) AnyOf {
	g, ok := gradeOf(e)
	if !ok {
		return nil
	}
	var terms AnyOf
	for source := uint64(1); source <= reach(g.source, g.worstSource, g.endSource); source++ {
		for inform := uint64(1); inform <= reach(g.information, g.worstInform, g.endInform); inform++ {
			terms = append(terms, h.grade(g.scheme, source, inform))
		}
	}
	return terms
}

// reach is the last value that a minimum lets pass.
func reach(minimum, worst, end uint64) uint64 {
	if minimum > worst {
		return end
	}
	return minimum
}

func (h *Hasher) grade(s scheme, source, information uint64) Term {
	return h.number(FieldEvaluation, uint64(s)<<32|source<<16|information)
}
