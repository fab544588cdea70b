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

// FuzzNamesFound looks for a name that is like the one asked for and shares no term with it, or that is another once it was kept as it is written.
func FuzzNamesFound(f *testing.F) {
	for _, pair := range [][2]string{
		{"Mohammed Karimi", "محمد كريمي"}, {"SEASTAR", "Sea Star"}, {"Ali", "Ali Hassan"}, {"رضا", "Reza"}, {"O'Neil-Ḥasan", "ONEIL HASAN"}, {"王小明", "Wang Xiaoming"}, {"a b c d e f g h i", "I H G"},
		{"Åsa Öberg", "Aasa Oberg"}, {"Ю Ы", "Iu Y"}, {"''", "' '"}, {"Al-\u200eHasan", "Al Hasan"},
	} {
		f.Add(pair[0], pair[1])
	}
	h := NewHasher([32]byte{5})
	f.Fuzz(func(t *testing.T, written, asked string) {
		subjects := []*ententev1.Subject{{Kind: &ententev1.Subject_Vessel{Vessel: &ententev1.Vessel{DisplayName: written}}}}
		c := compiler{h: h}
		var filter Filter
		c.names(&filter, []string{asked})
		facts := &Facts{Item: &ententev1.IntelligenceContent{Subjects: subjects}}
		holds, terms := filter.Matches(facts), h.ItemTextTerms(facts.Item, nil)
		if holds && !met(filter.leaves[0].clause, terms) {
			t.Errorf("%q is like %q and not found", written, asked)
		}
		if filter.Excludes(facts.Names().Written().Read()) == holds {
			t.Errorf("%q is like %q: %v, and not when it was kept", written, asked, holds)
		}
	})
}
