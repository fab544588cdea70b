package exchange

import (
	"slices"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// maxLinks is how many edges a record may have.
const maxLinks = 200

// edited is a list of edges after a change, in the order in which they came, and the uids of the targets that are new. Adding what is there and removing
// what is not there change nothing.
func edited(old, add, remove []*ententev1.Link) (links []*ententev1.Link, added [][]byte, err error) {
	links = slices.DeleteFunc(slices.Clone(old), func(l *ententev1.Link) bool { return hasLink(remove, l) })
	for _, l := range add {
		if hasLink(links, l) {
			continue
		}
		links = append(links, l)
		if ref, ok := intel.ParseRecordName(l.GetTarget()); ok {
			added = append(added, ref.UID[:])
		}
	}
	if len(links) > maxLinks {
		return nil, nil, fault.Violated(fault.Violation{Field: "add", Reason: "TOO_MANY_LINKS", Description: "a record has 200 links at most; remove some"})
	}
	return links, added, nil
}

// notToItself refuses an edge from a record to itself: whoever follows links would never come to an end.
func notToItself(name string, add []*ententev1.Link) error {
	for i, l := range add {
		if l.GetTarget() == name {
			return fault.Violated(fault.Violation{Field: indexed("add", i), Reason: "LINK_TO_ITSELF", Description: "leads to the record itself; name another one"})
		}
	}
	return nil
}

func hasLink(list []*ententev1.Link, l *ententev1.Link) bool {
	return slices.ContainsFunc(list, func(x *ententev1.Link) bool {
		return x.GetTarget() == l.GetTarget() && x.GetType() == l.GetType()
	})
}
