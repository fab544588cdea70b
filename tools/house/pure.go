package house

import (
	"fmt"
	"go/ast"
	"slices"
	"strconv"
)

// pureRooms returns the rooms that decide and compute only: the same arguments
// give the same answer on every hub and on every day.
func pureRooms() []string { return []string{"fault", "identifier", "intel", "policy", "tally"} }

// impure returns the packages of the standard library that reach outside the
// program. net/netip, net/url and the like parse text and are left out.
func impure() []string {
	return []string{
		"crypto/rand", "database/sql", "math/rand", "math/rand/v2", "net", "net/http",
		"os", "os/exec", "os/signal", "os/user", "syscall",
	}
}

// clock returns the functions of package time that depend on when they run.
func clock() []string {
	return []string{"After", "AfterFunc", "NewTicker", "NewTimer", "Now", "Since", "Sleep", "Tick", "Until"}
}

// Pure complains about a pure room that does I/O, looks at the clock or draws
// random numbers. Tests of such a room may do all of it.
func Pure(t *Tree) []string {
	var out []string
	for _, f := range t.goFiles() {
		if f.test() || !slices.Contains(pureRooms(), roomOf(f.dir())) {
			continue
		}
		for _, name := range f.imports() {
			if slices.Contains(impure(), name) {
				out = append(out, fmt.Sprintf("%s: imports %s in a pure room; take what it yields as an argument", f.Path, name))
			}
		}
		for _, call := range uses(f.Go, "time", clock()) {
			out = append(out, fmt.Sprintf("%s: uses time.%s in a pure room; take the time as an argument", t.at(call), call.Sel.Name))
		}
	}
	return out
}

// uses returns the places where a file names one of the given members of the
// package with the given import path.
func uses(file *ast.File, pkg string, members []string) []*ast.SelectorExpr {
	local := localName(file, pkg)
	var out []*ast.SelectorExpr
	ast.Inspect(file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && local != "" && x.Name == local && slices.Contains(members, sel.Sel.Name) {
			out = append(out, sel)
		}
		return true
	})
	return out
}

// localName returns the name under which a file knows a package of the standard
// library whose name is its path, "" if it does not import it.
func localName(file *ast.File, pkg string) string {
	for _, spec := range file.Imports {
		if name, err := strconv.Unquote(spec.Path.Value); err != nil || name != pkg {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return pkg
	}
	return ""
}
