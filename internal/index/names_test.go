package index

import (
	"fmt"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// TestNamesOfOneContentAreBounded: names that take more memory than MostNames are
// given to nobody who would hold them; what is found by them stays.
func TestNamesOfOneContentAreBounded(t *testing.T) {
	h := NewHasher([32]byte{1})
	few, many := new(ententev1.IntelligenceContent), new(ententev1.IntelligenceContent)
	for i := range 200 {
		s := &ententev1.Subject{Kind: &ententev1.Subject_Organisation{Organisation: &ententev1.Organisation{DisplayName: fmt.Sprint("Karimi Shipping ", i)}}}
		if many.Subjects = append(many.Subjects, s); i < 3 {
			few.Subjects = append(few.Subjects, s)
		}
	}
	if a := h.Analyse(few, nil); a.Names == nil || a.Names.Size() > MostNames || NamesIn(few) == nil {
		t.Error("the names of a usual content are not given")
	}
	if a := h.Analyse(many, nil); a.Names != nil || NamesIn(many) != nil || len(a.Terms) < 200 {
		t.Errorf("names of %d bytes are given, or are not found any more: %d terms", a.Names.Size(), len(a.Terms))
	}
}
