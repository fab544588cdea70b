package index

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"
)

// TestFieldsDiffer reads the source, since a number that two fields share would
// make what is said in one be found in the other.
func TestFieldsDiffer(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "field.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if value, ok := spec.Values[0].(*ast.BasicLit); ok {
			if other := names[value.Value]; other != "" {
				t.Errorf("%s and %s have the number %s", other, spec.Names[0].Name, value.Value)
			}
			names[value.Value] = spec.Names[0].Name
		}
		return true
	})
	if len(names) < 20 {
		t.Errorf("%d fields were found", len(names))
	}
}
