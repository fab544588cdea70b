package house

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

const (
	// maxLines is the most that any source file may hold.
	maxLines = 700
	// maxMainLines is the most that a file with a main of ours may hold: main
	// is a list of named steps that stand elsewhere.
	maxMainLines = 150
)

// Documented complains about a package without a package comment, or with one
// that does not open in the customary way.
func Documented(t *Tree) []string {
	docs := map[string]string{}
	for _, f := range t.goFiles() {
		if strings.HasSuffix(f.Path, "_test.go") {
			continue
		}
		text := docs[f.dir()]
		if f.Go.Doc != nil {
			text += f.Go.Doc.Text()
		}
		docs[f.dir()] = text
	}
	var out []string
	for dir, text := range docs {
		switch {
		case strings.TrimSpace(text) == "":
			out = append(out, dir+": the package has no package comment; say what it is for and what it promises")
		case !strings.HasPrefix(text, "Package ") && !strings.HasPrefix(text, "Command "):
			out = append(out, dir+`: the package comment begins with neither "Package" nor "Command"`)
		}
	}
	slices.Sort(out)
	return out
}

// nameless returns the package names that say nothing, or that hide a package
// of the standard library.
func nameless() []string {
	return []string{
		"base", "common", "core", "errors", "helper", "helpers", "lib", "log", "misc",
		"shared", "types", "util", "utils",
	}
}

// Named complains about a package whose name says nothing.
func Named(t *Tree) []string {
	var out []string
	for _, f := range t.goFiles() {
		name := strings.TrimSuffix(f.Go.Name.Name, "_test")
		if slices.Contains(nameless(), name) || slices.Contains(nameless(), path.Base(f.dir())) {
			out = append(out, fmt.Sprintf("%s: package %s needs a name that says what it holds", f.Path, name))
		}
	}
	return out
}

// Short complains about a source file that has grown too long.
func Short(t *Tree) []string {
	var out []string
	for _, f := range t.Files {
		if !slices.Contains([]string{".go", ".proto", ".sh"}, path.Ext(f.Path)) {
			continue
		}
		limit := maxLines
		if f.under("cmd") && !f.test() && hasMain(f) {
			limit = maxMainLines
		}
		if n := strings.Count(f.Text, "\n"); n > limit {
			out = append(out, fmt.Sprintf("%s: %d lines, at most %d: one noun a file", f.Path, n, limit))
		}
	}
	return out
}
