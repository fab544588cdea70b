package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

// module is the import path of the repository, with a slash behind it.
const module = "github.com/seed-1d76a664/entente/"

// File is one text file of the repository.
type File struct {
	// Path is slash-separated and relative to the root of the repository.
	Path string
	// Text is the whole content, valid UTF-8.
	Text string
	// Go is the parsed file, nil for what is not Go.
	Go *ast.File
}

// Tree is the repository as the rules see it: every text file but the output of
// generators, what Git ignores and Git itself.
type Tree struct {
	Files []File
	lines *token.FileSet
}

// Rule looks at a whole tree and returns one complaint a breach, none if the
// tree keeps the rule.
type Rule func(*Tree) []string

// Load reads the tree below the root of a repository. A Go file that does not
// parse is an error, because no rule could be checked on it.
func Load(root fs.FS) (*Tree, error) {
	tree := &Tree{lines: token.NewFileSet()}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if skipped(name) {
				return fs.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		return tree.add(root, name)
	})
	return tree, err
}

// skipped tells whether a folder holds nothing that we wrote.
func skipped(dir string) bool {
	return dir == ".git" || dir == "gen" || dir == "third_party" || dir == "bin"
}

// add reads one file. What is no text, as image.binpb, is left out.
func (t *Tree) add(root fs.FS, name string) error {
	data, err := fs.ReadFile(root, name)
	if err != nil {
		return err
	}
	if !utf8.Valid(data) || strings.ContainsRune(string(data), 0) {
		return nil
	}
	file := File{Path: name, Text: string(data)}
	if path.Ext(name) == ".go" {
		file.Go, err = parser.ParseFile(t.lines, name, data, parser.ParseComments)
		if err != nil {
			return err
		}
	}
	t.Files = append(t.Files, file)
	return nil
}

// goFiles returns the Go files, test files among them.
func (t *Tree) goFiles() []File {
	var out []File
	for _, f := range t.Files {
		if f.Go != nil {
			out = append(out, f)
		}
	}
	return out
}

// at renders where a node stands, as path:line.
func (t *Tree) at(node ast.Node) string {
	pos := t.lines.Position(node.Pos())
	return fmt.Sprintf("%s:%d", pos.Filename, pos.Line)
}

// test tells whether the file is compiled into tests only: a test file, or part
// of a package that exists for tests, such as the conformance suite that stands
// beside a contract. The name of such a folder ends in "test".
func (f File) test() bool {
	return strings.HasSuffix(f.Path, "_test.go") || strings.HasSuffix(path.Base(f.dir()), "test")
}

// dir returns the folder of the file, "." at the top level.
func (f File) dir() string { return path.Dir(f.Path) }

// under tells whether the file stands in dir or below it.
func (f File) under(dir string) bool { return within(f.dir(), dir) }

// within tells whether an import path or folder is dir or below it, by whole
// segments.
func within(name, dir string) bool {
	return name == dir || strings.HasPrefix(name, dir+"/")
}

// imports returns the import paths of a Go file in the order of the file.
func (f File) imports() []string {
	out := make([]string, 0, len(f.Go.Imports))
	for _, spec := range f.Go.Imports {
		if name, err := strconv.Unquote(spec.Path.Value); err == nil {
			out = append(out, name)
		}
	}
	return out
}
