package house

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// HonestTests complains about a test that checks nothing because it is empty,
// and about one that waits for time to pass. In a bubble of testing/synctest
// time is simulated, and sleeping there is exact. A loop that asks again and again
// whether something has come about may pause in between: the far side of a socket
// gives no event to wait for.
func HonestTests(t *Tree) []string {
	var out []string
	for _, f := range t.goFiles() {
		if !f.test() {
			continue
		}
		for _, decl := range f.Go.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if ok && testName(fn.Name.Name) && fn.Recv == nil && fn.Body != nil && len(fn.Body.List) == 0 {
				out = append(out, fmt.Sprintf("%s: %s is empty", t.at(fn), fn.Name.Name))
			}
		}
		if slices.Contains(f.imports(), "testing/synctest") {
			continue
		}
		for _, call := range uses(f.Go, "time", []string{"Sleep"}) {
			if asking(f.Go, call) {
				continue
			}
			out = append(out, fmt.Sprintf("%s: sleeps; wait for the event itself, or use testing/synctest", t.at(call)))
		}
	}
	return out
}

// asking tells whether a node stands in a loop with a condition.
func asking(file *ast.File, node ast.Node) bool {
	found := false
	ast.Inspect(file, func(n ast.Node) bool {
		loop, ok := n.(*ast.ForStmt)
		if ok && loop.Cond != nil && loop.Pos() < node.Pos() && node.End() < loop.End() {
			found = true
		}
		return !found
	})
	return found
}

// testName tells whether a function is run by `go test`.
func testName(name string) bool {
	return slices.ContainsFunc([]string{"Test", "Fuzz", "Benchmark"}, func(prefix string) bool {
		return strings.HasPrefix(name, prefix)
	})
}

// hasMain tells whether a file declares the main function of a command.
func hasMain(f File) bool {
	if f.Go == nil || f.Go.Name.Name != "main" {
		return false
	}
	return slices.ContainsFunc(f.Go.Decls, func(d ast.Decl) bool {
		fn, ok := d.(*ast.FuncDecl)
		return ok && fn.Recv == nil && fn.Name.Name == "main"
	})
}
