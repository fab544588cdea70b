package house

import (
	"fmt"
	"slices"
	"strings"
)

// rooms returns, for each room below internal/, the rooms that it may import.
// Everything points down: what a room stands on never knows the room. A room
// may always import itself and what stands below it in its own folder, except
// that the contract of the journal does not know its engines, and that the
// format of segments does not know the index.
func rooms() map[string][]string {
	pure := []string{"fault", "identifier", "intel", "policy"}
	store := append(slices.Clone(pure), "keyring", "ledger", "index", "index/segment", "journal")
	return map[string][]string{
		// Pure: values in, values out.
		"fault":      nil,
		"identifier": {"fault"},
		"intel":      {"fault", "identifier"},
		"policy":     {"fault", "identifier", "intel"},
		"tally":      {"fault", "identifier"},
		// What the view is made of.
		"keyring": {"fault"},
		"ledger":  {"fault", "keyring"},
		"index":   append(slices.Clone(pure), "keyring", "text", "index/segment"),
		// The files that the index lies in: bytes, without what they mean.
		"index/segment": nil,
		// The order of all changes; the applier is handed in.
		"journal":       {"fault", "keyring"},
		"journal/local": {"fault", "keyring", "journal"},
		// What applying the journal yields, and the use cases on top.
		"view":     store,
		"exchange": append(slices.Clone(store), "view", "tally"),
		// The edge. identity stands beside rpc and knows nothing of the store.
		"identity": pure,
		"rpc":      append(slices.Clone(store), "view", "exchange", "identity"),
		// Words of texts, for the index.
		"text": {},
		// What the process does for itself.
		"heap": {},
		// Throwaway certificates and hubs for plays and benchmarks.
		"testnet": append(slices.Clone(store), "view", "exchange", "identity", "rpc", "journal/local"),
	}
}

// roomOf returns the room of a folder or import path that is relative to the
// root of the repository, or "" if it is in none. journal/local and
// index/segment are rooms of their own; any other folder below a room belongs
// to it.
func roomOf(dir string) string {
	rest, ok := strings.CutPrefix(dir, "internal/")
	if !ok {
		return ""
	}
	for _, inner := range []string{"journal/local", "index/segment"} {
		if within(rest, inner) {
			return inner
		}
	}
	room, _, _ := strings.Cut(rest, "/")
	return room
}

// Direction complains about an import against the direction of the rooms, and
// about a room without a row in the table. Test files may import upwards, as
// far as the compiler lets them: a test of the view may well bring up a hub.
func Direction(t *Tree) []string {
	table := rooms()
	var out []string
	for _, f := range t.goFiles() {
		room := roomOf(f.dir())
		if room == "" || f.test() {
			continue
		}
		allowed, known := table[room]
		if !known {
			out = append(out, fmt.Sprintf("%s: room %q has no row in the table of rooms; add it there with what it stands on", f.Path, room))
			continue
		}
		for _, name := range f.imports() {
			if bad := upward(room, allowed, name); bad != "" {
				out = append(out, fmt.Sprintf("%s: %s", f.Path, bad))
			}
		}
	}
	return out
}

// upward returns what is wrong with a room importing name, "" if nothing is.
// Packages of other modules, and gen, are nobody's room.
func upward(room string, allowed []string, name string) string {
	local, ours := strings.CutPrefix(name, module)
	if !ours || within(local, "gen") {
		return ""
	}
	if strings.HasSuffix(local, "test") {
		return fmt.Sprintf("imports %s, which exists for tests", local)
	}
	target := roomOf(local)
	if target == room || slices.Contains(allowed, target) {
		return ""
	}
	if target == "" {
		return fmt.Sprintf("a room must not import %s, which stands outside internal", local)
	}
	return fmt.Sprintf("room %s must not import room %s; hand it over from above instead", room, target)
}

// bound says that some packages may be imported only from some folders.
type bound struct {
	packages []string
	folders  []string
	reason   string
	tests    bool // whether test files are bound as well
}

// bounds returns who may know which outside world.
func bounds() []bound {
	return []bound{{
		packages: []string{"google.golang.org/grpc", "github.com/grpc-ecosystem", "go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc"},
		folders:  []string{"internal/rpc", "internal/testnet", "cmd", "examples", "tools"},
		reason:   "gRPC is known to internal/rpc alone; a failure elsewhere is a kind of internal/fault",
		tests:    true,
	}, {
		packages: []string{"go.etcd.io/bbolt"},
		folders:  []string{"internal/view", "internal/journal", "internal/ledger", "internal/index", "internal/testnet", "cmd", "tools"},
		reason:   "the store is known to the rooms that lay out its buckets",
		tests:    false,
	}, {
		packages: []string{module + "internal/testnet"},
		folders:  []string{"internal/testnet", "cmd", "examples", "tools"},
		reason:   "production code does not import test packages",
		tests:    false,
	}, {
		packages: []string{"testing"},
		folders:  []string{"internal/testnet", "internal/journal/journaltest"},
		reason:   "production code does not know that it is under test",
		tests:    false,
	}}
}

// Bounds complains about an import from a folder that must not know it.
func Bounds(t *Tree) []string {
	var out []string
	for _, f := range t.goFiles() {
		for _, b := range bounds() {
			if f.test() && !b.tests || slices.ContainsFunc(b.folders, f.under) {
				continue
			}
			for _, name := range f.imports() {
				if slices.ContainsFunc(b.packages, func(p string) bool { return within(name, p) }) {
					out = append(out, fmt.Sprintf("%s: imports %s: %s", f.Path, name, b.reason))
				}
			}
		}
	}
	return out
}
