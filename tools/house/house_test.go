package house

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// allRules returns every rule by name.
func allRules() map[string]Rule {
	return map[string]Rule{
		"direction":    Direction,
		"bounds":       Bounds,
		"pure":         Pure,
		"documented":   Documented,
		"named":        Named,
		"short":        Short,
		"stateless":    Stateless,
		"clean":        Clean,
		"finished":     Finished,
		"honest tests": HonestTests,
		"told":         Told,
		"paths":        Paths,
	}
}

// TestRepository runs every rule over the repository itself.
func TestRepository(t *testing.T) {
	tree, err := Load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.goFiles()) < 10 {
		t.Fatalf("only %d Go files were found; is this the root of the repository?", len(tree.goFiles()))
	}
	for name, rule := range allRules() {
		t.Run(name, func(t *testing.T) {
			for _, complaint := range rule(tree) {
				t.Error(complaint)
			}
		})
	}
}

// TestGoodTreeKeepsEveryRule gives every rule something to look at and nothing
// to complain about, so that TestPlanted can break one thing at a time.
func TestGoodTreeKeepsEveryRule(t *testing.T) {
	tree := load(t, good())
	for name, rule := range allRules() {
		if got := rule(tree); len(got) > 0 {
			t.Errorf("%s complains about a good tree: %q", name, got)
		}
	}
}

// plant is a file that breaks one rule, with a part of the complaint about it.
type plant struct {
	rule string
	path string
	text string
	want string
}

// TestPlanted puts one breach at a time into a good tree: the rule must find it.
func TestPlanted(t *testing.T) {
	rules := allRules()
	for name, p := range plants() {
		t.Run(name, func(t *testing.T) {
			files := good()
			files[p.path] = &fstest.MapFile{Data: []byte(p.text)}
			got := rules[p.rule](load(t, files))
			if len(got) == 0 {
				t.Fatalf("the rule %q found nothing", p.rule)
			}
			if !strings.Contains(strings.Join(got, "\n"), p.want) {
				t.Errorf("got %q, want something about %q", got, p.want)
			}
		})
	}
}

// TestEveryRuleIsPlanted keeps a new rule from coming without its breach.
func TestEveryRuleIsPlanted(t *testing.T) {
	planted := map[string]bool{}
	for _, p := range plants() {
		planted[p.rule] = true
	}
	for name := range allRules() {
		if !planted[name] {
			t.Errorf("no tree breaks the rule %q", name)
		}
	}
}

// TestHarmless holds what looks like a breach and is none.
func TestHarmless(t *testing.T) {
	rules := allRules()
	for name, p := range harmless() {
		t.Run(name, func(t *testing.T) {
			files := good()
			files[p.path] = &fstest.MapFile{Data: []byte(p.text)}
			if got := rules[p.rule](load(t, files)); len(got) > 0 {
				t.Errorf("the rule %q complains: %q", p.rule, got)
			}
		})
	}
}

func TestLoadRefusesWhatItCannotParse(t *testing.T) {
	if _, err := Load(fstest.MapFS{"a.go": {Data: []byte("package")}}); err == nil {
		t.Error("a broken Go file was accepted")
	}
}

func TestLoadLeavesOutWhatNobodyWrote(t *testing.T) {
	tree := load(t, fstest.MapFS{
		"gen/a.go":            {Data: []byte("package a")},
		"third_party/b.proto": {Data: []byte("x")},
		".git/config":         {Data: []byte("x")},
		"image.binpb":         {Data: []byte{0, 1, 2}},
		"README.md":           {Data: []byte("x")},
	})
	if len(tree.Files) != 1 || tree.Files[0].Path != "README.md" {
		t.Errorf("got %d files, want README.md alone", len(tree.Files))
	}
}

// TestRoomsHaveOneDirection walks the table itself: no room may be reached from
// a room that it stands on.
func TestRoomsHaveOneDirection(t *testing.T) {
	table := rooms()
	var visit func(room string, above []string)
	visit = func(room string, above []string) {
		for _, r := range above {
			if r == room {
				t.Fatalf("the rooms form a ring: %q", append(above, room))
			}
		}
		below, known := table[room]
		if !known {
			t.Fatalf("room %q is named but has no row", room)
		}
		for _, next := range below {
			visit(next, append(above[:len(above):len(above)], room))
		}
	}
	for room := range table {
		visit(room, nil)
	}
}

func load(t *testing.T, files fstest.MapFS) *Tree {
	t.Helper()
	tree, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}
