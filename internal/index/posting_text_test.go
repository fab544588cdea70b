package index

import (
	"slices"
	"strings"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// TestTextTermsAreSortedAndUnique says what both kinds promise, and that it is
// the same twice.
func TestTextTermsAreSortedAndUnique(t *testing.T) {
	h := NewHasher([32]byte{3})
	c := &ententev1.IntelligenceContent{Title: "Boats, boats: 東京湾", Narrative: "The boat. Les bateaux", LanguageCode: "en"}
	s := &ententev1.SeizureContent{Title: c.GetTitle(), Narrative: c.GetNarrative(), LanguageCode: "en"}
	terms := h.ItemTextTerms(c, nil)
	if !slices.IsSorted(terms) || len(slices.Compact(slices.Clone(terms))) != len(terms) || len(terms) < 10 {
		t.Errorf("%d terms: %v", len(terms), terms)
	}
	if !slices.Equal(terms, h.ItemTextTerms(c, nil)) || !slices.Equal(terms, h.SeizureTextTerms(s, nil)) {
		t.Error("the same texts post other terms")
	}
	for _, want := range []Term{
		h.Term(FieldStem, "boat"), h.Term(FieldPrefix, "boa"), h.Term(FieldPrefix, "batea"), h.Term(FieldStem, "京湾"), h.Term(FieldPrefix, "湾"),
	} {
		if _, found := slices.BinarySearch(terms, want); !found {
			t.Error("a term is missing")
		}
	}
	for _, not := range []Term{h.Term(FieldWord, "boats"), h.Term(FieldPrefix, "boat"), h.Term(FieldPrefix, "bateaux")} {
		if _, found := slices.BinarySearch(terms, not); found {
			t.Error("a term is posted that nobody asks for")
		}
	}
}

func BenchmarkItemTextTerms(b *testing.B) {
	h := NewHasher([32]byte{3})
	c := &ententev1.IntelligenceContent{
		Title: "Inflatables bought in Lille", LanguageCode: "en",
		Narrative: strings.Join(manyWords(230), " "),
	}
	b.ReportMetric(float64(len(h.ItemTextTerms(c, nil))), "terms")
	for b.Loop() {
		h.ItemTextTerms(c, nil)
	}
}

// manyWords are n words, of which the first come more often.
func manyWords(n int) []string {
	words := make([]string, n)
	for i := range words {
		rank := (i*i*7 + i*13) % n * ((i*i*7 + i*13) % n) / n
		words[i] = []string{"sea", "boat", "night", "engine", "beach", "driver", "warehouse", "telephone"}[rank%8] + string(rune('a'+rank/8%26)) + string(rune('a'+rank/208%26))
	}
	return words
}
