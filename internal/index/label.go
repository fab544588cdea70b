package index

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold brings a label or a reference into the form in which it is compared:
// compatibility forms unified, case folded, outer space dropped and inner space
// made one blank. Folding turns the letters of Cherokee round, small ones large and
// large ones small, so that they are made small once more. The tables belong to a version of Unicode; what changes with
// them is what AnalyserVersion is for.
func fold(s string) string {
	s = norm.NFKC.String(strings.ToLower(cases.Fold().String(norm.NFKC.String(s))))
	return strings.Join(strings.Fields(s), " ")
}

// label posts or asks for a label; one that folds to nothing has no term.
func (h *Hasher) label(terms []Term, label string) []Term {
	if label = fold(label); label != "" {
		terms = append(terms, h.Term(FieldLabel, label))
	}
	return terms
}

// labels is label for each of a list.
func (h *Hasher) labels(terms []Term, labels []string) []Term {
	for _, l := range labels {
		terms = h.label(terms, l)
	}
	return terms
}
