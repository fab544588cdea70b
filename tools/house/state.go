package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
)

// Stateless complains about package-level state that changes: a package
// variable that is assigned, incremented or written into by a function, or one
// that exists to be changed, as a mutex or a counter. A table that is only read
// is none. It also complains about init functions.
//
// Methods that change a variable from inside are not seen; the types of sync
// and sync/atomic are refused by name instead.
func Stateless(t *Tree) []string {
	vars := packageVars(t)
	var out []string
	for _, f := range t.goFiles() {
		if f.test() {
			continue
		}
		for _, decl := range f.Go.Decls {
			switch d := decl.(type) {
			case *ast.GenDecl:
				out = append(out, t.mutableTypes(d)...)
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					out = append(out, fmt.Sprintf("%s: an init function; let a constructor do it", t.at(d)))
				}
				out = append(out, t.writes(d, vars[f.dir()])...)
			}
		}
	}
	return out
}

// packageVars returns the declarations of package variables by folder and name.
func packageVars(t *Tree) map[string]map[string]*ast.ValueSpec {
	out := map[string]map[string]*ast.ValueSpec{}
	for _, f := range t.goFiles() {
		if f.test() {
			continue
		}
		for _, spec := range varSpecs(f.Go.Decls) {
			for _, name := range spec.Names {
				if name.Name == "_" {
					continue
				}
				if out[f.dir()] == nil {
					out[f.dir()] = map[string]*ast.ValueSpec{}
				}
				out[f.dir()][name.Name] = spec
			}
		}
	}
	return out
}

// varSpecs returns the variables among the declarations of a file.
func varSpecs(decls []ast.Decl) []*ast.ValueSpec {
	var out []*ast.ValueSpec
	for _, decl := range decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok || d.Tok != token.VAR {
			continue
		}
		for _, spec := range d.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				out = append(out, v)
			}
		}
	}
	return out
}

// mutableTypes complains about package variables of a type of sync or atomic.
func (t *Tree) mutableTypes(d *ast.GenDecl) []string {
	var out []string
	for _, spec := range varSpecs([]ast.Decl{d}) {
		ast.Inspect(spec, func(n ast.Node) bool {
			if _, ok := n.(*ast.FuncLit); ok {
				return false
			}
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			if ok && (x.Name == "atomic" || x.Name == "sync" && !slices.Contains(oneShot(), sel.Sel.Name)) {
				out = append(out, fmt.Sprintf("%s: a package variable of type %s.%s is state that every caller shares; keep it in a value that a constructor returns", t.at(spec), x.Name, sel.Sel.Name))
			}
			return true
		})
	}
	return out
}

// oneShot returns the functions of sync that make a value once and never change
// it afterwards.
func oneShot() []string { return []string{"OnceFunc", "OnceValue", "OnceValues"} }

// writes complains about each statement of a function that changes a package
// variable of its own package.
func (t *Tree) writes(fn *ast.FuncDecl, vars map[string]*ast.ValueSpec) []string {
	if fn.Body == nil || len(vars) == 0 {
		return nil
	}
	var out []string
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		var targets []ast.Expr
		switch s := n.(type) {
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				targets = s.Lhs
			}
		case *ast.IncDecStmt:
			targets = []ast.Expr{s.X}
		case *ast.CallExpr:
			targets = builtinTarget(s)
		}
		for _, target := range targets {
			if id := root(target); id != nil && global(id, vars) {
				out = append(out, fmt.Sprintf("%s: changes the package variable %s; keep such state in a value that a constructor returns", t.at(n), id.Name))
			}
		}
		return true
	})
	return out
}

// builtinTarget returns what a call of delete, clear or copy changes.
func builtinTarget(call *ast.CallExpr) []ast.Expr {
	fn, ok := call.Fun.(*ast.Ident)
	if ok && slices.Contains([]string{"clear", "copy", "delete"}, fn.Name) && len(call.Args) > 0 {
		return call.Args[:1]
	}
	return nil
}

// root returns the variable at the bottom of an assignable expression, as x in
// x.f[i], nil if it is none.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// global tells whether a name stands for a package variable and not for a local
// one of the same name. The parser resolves names within a file: what it leaves
// open, or resolves to the declaration itself, is the package's. Its scopes are
// enough here and save a type check of the whole tree.
func global(id *ast.Ident, vars map[string]*ast.ValueSpec) bool {
	spec, ok := vars[id.Name]
	if !ok {
		return false
	}
	return id.Obj == nil || id.Obj.Decl == spec
}
