package identifier

import (
	"slices"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// checkSpaces holds that a finding has forms in the namespaces of its type alone.
func checkSpaces(t *testing.T, of ententev1.IdentifierType, f Finding) {
	t.Helper()
	for _, key := range f.Keys {
		name, _ := SplitKey(of, key)
		other, isType := ententev1.IdentifierType_value["IDENTIFIER_TYPE_"+name]
		switch {
		case !isType && (name != keyDomain[:len(keyDomain)-1] || of != typeURI):
			t.Errorf("%s has a form in %s", Namespace(of), name)
		case isType && !slices.Contains(spaces(of), ententev1.IdentifierType(other)):
			t.Errorf("%s is not known to have forms of %s", Namespace(of), name)
		}
	}
}

func TestRelated(t *testing.T) {
	for _, id := range seeds() {
		if found, err := Understand(id); err == nil {
			checkSpaces(t, id.GetType(), found)
		}
	}
	for a := range ententev1.IdentifierType(len(rules)) {
		for b := range ententev1.IdentifierType(len(rules)) {
			if Related(a, b) != Related(b, a) || a == b && Related(a, b) != (Namespace(a) != "") {
				t.Errorf("%v and %v", a, b)
			}
		}
	}
	for _, pair := range [][2]ententev1.IdentifierType{{typeIBAN, typeAccount}, {typeMRZ, typeDocument}, {typeMRZ, typeNational}, {typeURI, typePhone}, {typeURI, typeHandle}} {
		if !Related(pair[0], pair[1]) {
			t.Errorf("%v", pair)
		}
	}
	for _, pair := range [][2]ententev1.IdentifierType{{typeIBAN, typePhone}, {typeDocument, typeNational}, {typePhone, typeHandle}, {typePhone, 50}, {0, 0}} {
		if Related(pair[0], pair[1]) {
			t.Errorf("%v", pair)
		}
	}
}
