package house

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// Paths complains about a path in a page that does not exist in the tree: what
// stands between backquotes and begins with one of our folders, and links to
// other pages.
func Paths(t *Tree) []string {
	exists := map[string]bool{}
	for _, f := range t.Files {
		for p := f.Path; p != "."; p = path.Dir(p) {
			exists[p] = true
		}
	}
	var out []string
	for _, f := range t.Files {
		if path.Ext(f.Path) != ".md" {
			continue
		}
		for i, line := range strings.Split(f.Text, "\n") {
			for _, named := range pathsIn(f, line) {
				if !exists[named] {
					out = append(out, fmt.Sprintf("%s:%d: names %s, which does not exist; correct the page", f.Path, i+1, named))
				}
			}
		}
	}
	return out
}

// pathsIn returns the paths that a line of a page names, from the root.
func pathsIn(page File, line string) []string {
	// A set of descriptors is no text, and the tree holds texts alone.
	quoted := regexp.MustCompile("`((?:internal|cmd|proto|docs|tools|examples|\\.ci)/[A-Za-z0-9_./-]+)`")
	link := regexp.MustCompile(`\]\(([A-Za-z0-9_./-]+)\)`)
	var out []string
	for _, m := range quoted.FindAllStringSubmatch(line, -1) {
		if path.Ext(m[1]) != ".binpb" {
			out = append(out, path.Clean(m[1]))
		}
	}
	for _, m := range link.FindAllStringSubmatch(line, -1) {
		out = append(out, path.Join(page.dir(), m[1]))
	}
	return out
}
