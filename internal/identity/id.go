package identity

import (
	"errors"
	"strings"
)

// Limits of a SPIFFE ID (SPIFFE-ID §2.3 sets both).
const (
	maxID          = 2048
	maxTrustDomain = 255
)

// ID is a SPIFFE ID: who a certificate says it is.
type ID struct {
	// TrustDomain is the name of the issuing domain, such as
	// "police.fr.example"; lower case, never empty.
	TrustDomain string
	// Path is the workload path: a slash before each segment, none at the end,
	// at least one segment.
	Path string
}

// String is the URI that ParseID reads back to the same ID.
func (id ID) String() string { return scheme + id.TrustDomain + id.Path }

const scheme = "spiffe://"

// The ways in which a URI is not an ID. They name the rule, never the value.
var (
	errIDLength   = errors.New("SPIFFE ID is longer than 2048 bytes")
	errIDScheme   = errors.New("SPIFFE ID does not begin with spiffe:// in lower case")
	errIDDomain   = errors.New("trust domain is not a plain lower-case name")
	errIDPunycode = errors.New("trust domain holds a punycode label, which no one can read")
	errIDNoPath   = errors.New("SPIFFE ID has no path")
	errIDPath     = errors.New("path holds something other than letters, digits, '.', '-', '_'")
	errIDSegment  = errors.New("path holds an empty, '.' or '..' segment")
)

// ParseID reads a SPIFFE ID and normalises nothing: the bytes that are judged
// are the bytes that are used. It follows SPIFFE-ID §2 and is stricter in three
// things: a path is required, a trust domain is made of non-empty labels that
// neither begin nor end with a hyphen, and neither punycode nor an address is a
// trust domain. A percent sign, query, fragment, port, userinfo, wildcard or
// upper-case domain is therefore no ID. Errors do not repeat the input.
func ParseID(uri string) (ID, error) {
	if len(uri) > maxID {
		return ID{}, errIDLength
	}
	rest, ok := strings.CutPrefix(uri, scheme)
	if !ok {
		return ID{}, errIDScheme
	}
	domain, path := rest, ""
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		domain, path = rest[:i], rest[i:]
	}
	if err := CheckTrustDomain(domain); err != nil {
		return ID{}, err
	}
	if err := CheckPath(path); err != nil {
		return ID{}, err
	}
	return ID{TrustDomain: domain, Path: path}, nil
}

// CheckTrustDomain says what is wrong with the name of a trust domain, or nil.
func CheckTrustDomain(name string) error {
	if name == "" || len(name) > maxTrustDomain {
		return errIDDomain
	}
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if err := checkLabel(label); err != nil {
			return err
		}
	}
	if strings.Trim(labels[len(labels)-1], "0123456789") == "" {
		return errIDDomain // an IPv4 address, or what some resolvers take for one
	}
	return nil
}

func checkLabel(label string) error {
	if label == "" || label[0] == '-' || label[len(label)-1] == '-' {
		return errIDDomain
	}
	if strings.HasPrefix(label, "xn--") {
		return errIDPunycode
	}
	for i := range len(label) {
		if c := label[i]; !lower(c) && !digit(c) && c != '-' && c != '_' {
			return errIDDomain
		}
	}
	return nil
}

// CheckPath says what is wrong with a workload path, or nil. "/" alone is no
// workload path.
func CheckPath(path string) error {
	if path == "" || path == "/" {
		return errIDNoPath
	}
	if path[0] != '/' {
		return errIDPath
	}
	for segment := range strings.SplitSeq(path[1:], "/") {
		if err := checkSegment(segment); err != nil {
			return err
		}
	}
	return nil
}

func checkSegment(segment string) error {
	if segment == "" || segment == "." || segment == ".." {
		return errIDSegment
	}
	for i := range len(segment) {
		if c := segment[i]; !lower(c) && !upper(c) && !digit(c) && c != '.' && c != '-' && c != '_' {
			return errIDPath
		}
	}
	return nil
}

// CheckPrefix says what is wrong with the path prefix of a binding or a
// revocation, or nil: "/" for everything, or a workload path.
func CheckPrefix(prefix string) error {
	if prefix == "/" {
		return nil
	}
	return CheckPath(prefix)
}

// Covers tells whether prefix holds path, by whole segments: "/a" covers "/a"
// and "/a/b", not "/ab". "/" covers every path. A prefix that is none (empty,
// or with a slash at its end) covers nothing.
func Covers(prefix, path string) bool {
	if prefix == "/" {
		return strings.HasPrefix(path, "/")
	}
	rest, ok := strings.CutPrefix(path, prefix)
	return ok && len(prefix) > 1 && prefix[0] == '/' && prefix[len(prefix)-1] != '/' &&
		(rest == "" || rest[0] == '/')
}

func lower(c byte) bool { return c >= 'a' && c <= 'z' }
func upper(c byte) bool { return c >= 'A' && c <= 'Z' }
func digit(c byte) bool { return c >= '0' && c <= '9' }
