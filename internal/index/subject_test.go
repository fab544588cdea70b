package index

import (
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// TestEveryKindOfSubjectHasItsType finds by reflection that each kind of
// subject posts a type of its own, and that each type is posted by a kind.
func TestEveryKindOfSubjectHasItsType(t *testing.T) {
	kinds := new(ententev1.Subject).ProtoReflect().Descriptor().Oneofs().ByName("kind").Fields()
	seen := map[ententev1.SubjectType]bool{}
	for i := range kinds.Len() {
		s := new(ententev1.Subject)
		s.ProtoReflect().Set(kinds.Get(i), s.ProtoReflect().NewField(kinds.Get(i)))
		of := subjectType(s)
		if of == 0 || seen[of] {
			t.Errorf("a %s is a subject of type %s", kinds.Get(i).Name(), of)
		}
		seen[of] = true
	}
	for value, name := range ententev1.SubjectType_name {
		if value != 0 && !seen[ententev1.SubjectType(value)] {
			t.Errorf("no subject is a %s", name)
		}
	}
	if subjectType(nil) != 0 || subjectType(new(ententev1.Subject)) != 0 {
		t.Error("nothing is of a type")
	}
}
