package index

import (
	"fmt"
	"reflect"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// TestNamesOfOneContent: they are the same when read back; names that take more memory than MostNames are
// given to nobody who would hold them; what is found by them stays.
func TestNamesOfOneContent(t *testing.T) {
	h := NewHasher([32]byte{1})
	few, many := new(ententev1.IntelligenceContent), new(ententev1.IntelligenceContent)
	for i := range 200 {
		s := &ententev1.Subject{Kind: &ententev1.Subject_Organisation{Organisation: &ententev1.Organisation{DisplayName: fmt.Sprint("Karimi Shipping ", i)}}}
		if many.Subjects = append(many.Subjects, s); i < 3 {
			few.Subjects = append(few.Subjects, s)
		}
	}
	a := h.Analyse(few, nil)
	if a.Names == nil || a.Names.Size() > MostNames || NamesIn(few) == nil {
		t.Fatal("the names of a usual content are not given")
	}
	if back := a.Names.Written().Read(); !reflect.DeepEqual(back, a.Names) || len(back.forms) != 3 {
		t.Errorf("%q is read back as %v", a.Names.Written(), back)
	}
	if a := h.Analyse(many, nil); a.Names != nil || NamesIn(many) != nil || len(a.Terms) < 200 {
		t.Errorf("names of %d bytes are given, or are not found any more: %d terms", a.Names.Size(), len(a.Terms))
	}
}
