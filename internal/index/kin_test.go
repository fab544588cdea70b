package index

import (
	"slices"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// TestBeginningsInFiles: a beginning of words is in a file as the words that begin so,
// and has the records that it had in memory.
func TestBeginningsInFiles(t *testing.T) {
	h := NewHasher([32]byte{3})
	x := h.NewLayers()
	for i, said := range []string{"boating", "boatmen and a boatyard", "a boat", "boats", "Boatmen", "a bough"} {
		c := &ententev1.IntelligenceContent{LanguageCode: "en", Narrative: said}
		change := Change{Number: Number(i + 1), Add: h.Analyse(c, nil).Terms, Columns: Columns{Kind: item}}
		if err := x.Apply(1, []Change{change}); err != nil {
			t.Fatal(err)
		}
	}
	find := func(when string) {
		for beginning, want := range map[string][]Number{"boa": {5, 4, 3, 2, 1}, "boatm": {5, 2}, "boats": {4}, "bou": {6}, "bot": nil} {
			var got []Number
			q := Query{All: []AnyOf{{h.Term(FieldPrefix, beginning)}}}
			x.Search(q, 10, func(n Number) bool { got = append(got, n); return true })
			if n, _, _ := x.Count(q, 10); !slices.Equal(got, want) || n != len(want) {
				t.Errorf("%s, %s is found in %v and counted %d times, want %v", when, beginning, got, n, want)
			}
		}
	}
	find("in memory")
	r := sealedFile(t, x)
	find("in a file")
	// The stem of "boats" is in a record without it, so the fifth letter is posted for itself.
	for beginning, parts := range map[string]int{"boa": 2, "boatm": 1, "boats": 0} {
		p, ok := r.Posting(onFile(h.Term(FieldPrefix, beginning)))
		if !ok || len(p.Parts()) != parts {
			t.Errorf("%s is made of %d, want %d", beginning, len(p.Parts()), parts)
		}
	}
}
