package house

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// unwanted is a text that must not stand anywhere in the tree. needle is a part of
// it in lower case, looked for first because that is so much faster.
type unwanted struct {
	needle  string
	pattern *regexp.Regexp
	reason  string
}

// unwantedTexts returns what the tree must not name. Import paths are no
// registry hosts; proxies, mirrors, package indexes and secrets are. Hosts are
// put together here, so that this file keeps its own rule.
func unwantedTexts() []unwanted {
	hosts := [][]string{
		{"proxy", "golang", "org"}, {"sum", "golang", "org"}, {"goproxy", "io"}, {"goproxy", "cn"},
		{"registry", "npmjs", "org"}, {"registry", "yarnpkg", "com"}, {"pypi", "org"}, {"pythonhosted", "org"},
		{"crates", "io"}, {"rubygems", "org"}, {"repo1", "maven", "org"}, {"docker", "io"}, {"ghcr", "io"},
		{"quay", "io"}, {"gcr", "io"}, {"deb", "debian", "org"},
	}
	var out []unwanted
	for _, labels := range hosts {
		out = append(out, unwanted{
			needle:  strings.Join(labels, "."),
			pattern: regexp.MustCompile(`(?i)(^|[^a-z0-9-])` + strings.Join(labels, `\.`) + `($|[^a-z0-9-])`),
			reason:  "names a package registry; the client's own settings know where packages come from",
		})
	}
	return append(out,
		unwanted{"=", regexp.MustCompile(`(^|[^A-Z])GO(PROXY|NOSUMDB|SUMDB|PRIVATE)` + `=`), "sets where Go fetches modules from; leave that to the machine"},
		unwanted{"private key", regexp.MustCompile(`-----BEGIN [A-Z ]*` + `PRIVATE KEY-----[\s"'+\\n]*[A-Za-z0-9+/=]{32}`), "holds a private key; make one when it is needed"},
		unwanted{"/", regexp.MustCompile(`(^|[\s"'=(])/(home|root|Users)` + `/`), "names a path of one machine"},
	)
}

// Clean complains about text that must not stand in the tree.
func Clean(t *Tree) []string {
	texts := unwantedTexts()
	var out []string
	for _, f := range t.Files {
		if path.Base(f.Path) == "go.sum" {
			continue
		}
		lower := strings.ToLower(f.Text)
		for _, u := range texts {
			if !strings.Contains(lower, u.needle) {
				continue
			}
			for _, at := range u.pattern.FindAllStringIndex(f.Text, -1) {
				// A match may begin with the line feed before its line.
				line := 1 + strings.Count(f.Text[:at[0]+1], "\n")
				out = append(out, fmt.Sprintf("%s:%d: %s", f.Path, line, u.reason))
			}
		}
	}
	return out
}

// Finished complains about a note that something is still to be done.
func Finished(t *Tree) []string {
	// The third mark needs its colon: without one it is the ISO code for no
	// currency and for an unknown nationality.
	mark := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME)\b|\bX` + `XX:`)
	var out []string
	for _, f := range t.Files {
		if !slices.Contains([]string{".go", ".proto", ".sh", ".md", ".yaml", ".yml"}, path.Ext(f.Path)) {
			continue
		}
		for i, line := range strings.Split(f.Text, "\n") {
			if mark.MatchString(line) {
				out = append(out, fmt.Sprintf("%s:%d: marks unfinished work; finish it or open an issue", f.Path, i+1))
			}
		}
	}
	return out
}
