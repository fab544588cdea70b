package exchange

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
)

func link(n int, kind ententev1.LinkType) *ententev1.Link {
	return &ententev1.Link{Target: intel.RecordName("fr-ofast", kindItem, [16]byte{15: byte(n)}), Type: kind}
}

// Adding and removing edges is adding to and removing from a set; what is added twice is there once, and what is new is named once.
func TestNoLinkToItself(t *testing.T) {
	add := []*ententev1.Link{{Target: "agencies/fr-ofast/intelligenceItems/b"}, {Target: "agencies/fr-ofast/intelligenceItems/a"}}
	if err := notToItself("agencies/fr-ofast/intelligenceItems/a", add); fault.As(err).Violations[0].Field != "add[1]" {
		t.Error(err)
	}
	if err := notToItself("agencies/fr-ofast/intelligenceItems/c", add); err != nil {
		t.Error(err)
	}
}

func TestEditedIsASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) []*ententev1.Link {
			return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) *ententev1.Link {
				return link(rapid.IntRange(0, 5).Draw(t, "n"), ententev1.LinkType(rapid.IntRange(1, 2).Draw(t, "kind")))
			}), 0, 8).Draw(t, label)
		}
		old, add, remove := draw("old"), draw("add"), draw("remove")
		links, added, err := edited(old, add, remove)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]bool{}
		name := func(l *ententev1.Link) string { return fmt.Sprint(l.GetTarget(), l.GetType()) }
		for _, l := range old {
			want[name(l)] = true
		}
		for _, l := range remove {
			delete(want, name(l))
		}
		fresh := 0
		for _, l := range add {
			if !want[name(l)] {
				fresh++
			}
			want[name(l)] = true
		}
		got := map[string]bool{}
		for _, l := range links {
			got[name(l)] = true
		}
		if len(got) != len(want) || len(added) != fresh || !sameLinks(links, slices.Concat(links, links)) {
			t.Fatalf("%d edges, %d new; want %d, %d", len(got), len(added), len(want), fresh)
		}
	})
}

// A record has 200 edges at most.
func TestEditedIsBounded(t *testing.T) {
	var many []*ententev1.Link
	for n := range maxLinks + 1 {
		many = append(many, link(n, ententev1.LinkType_LINK_TYPE_RELATES_TO))
	}
	if _, _, err := edited(nil, many, nil); fault.KindOf(err) != fault.Invalid {
		t.Errorf("%d edges: %v", len(many), err)
	}
}
