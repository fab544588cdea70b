package identifier

import (
	"strings"
)

// readURI brings a web address into one form: defanging undone, scheme and host
// in lower-case ASCII, default port, dot segments and fragment gone, percent
// signs as RFC 3986 section 6.2.2 has them, the query in its own order. A host
// alone is taken for https. Its keys are the address without the scheme, and
// the account on a platform that it leads to, or else the registrable domain.
func readURI(c claim) (Finding, error) {
	u, err := parseURI(refang(strings.TrimFunc(c.raw, func(r rune) bool { return strings.ContainsRune(" \t<>\"'", r) || invisible(r) })))
	if err != nil {
		return Finding{}, err
	}
	bare := "//" + u.authority() + u.path + u.query
	f := unchecked(u.scheme + ":" + bare)
	if u.assumed {
		f.remark("URI_SCHEME_ASSUMED")
	}
	if u.scheme == "tg" {
		if key := telegramKey(u); key != "" {
			f.Keys = []string{key}
		}
		return f, nil
	}
	f.Keys = make([]string, 1, 2)
	f.Keys[0] = bare
	if label, onion := onionLabel(u.host); onion {
		f.Status = passed("").Status
		if !isOnion(label) {
			f.fail("URI_ONION_CHECKSUM")
		}
	}
	if key := hostKey(u); key != "" {
		f.Keys = append(f.Keys, key)
	}
	return f, nil
}

// hostKey is the account behind an address, where the host is a platform that
// everybody is on; elsewhere the domain. The domain of a platform would match
// half the world.
func hostKey(u uri) string {
	domain := registrable(u.host)
	if domain == "" {
		return ""
	}
	if key, shared := platformKey(domain, u); shared {
		return key
	}
	return keyDomain + domain
}

// uri is a web address in parts, each already normalised. user ends in @, port
// begins with a colon, path with a slash, query with a question mark; each but
// path may be empty.
type uri struct {
	scheme, user, host, port, path, query string
	assumed                               bool // the scheme was not stated
}

func (u uri) authority() string { return u.user + u.host + u.port }

func parseURI(raw string) (uri, error) {
	u, rest, err := parseScheme(raw)
	if err != nil {
		return uri{}, err
	}
	if at := strings.IndexByte(rest, '#'); at >= 0 {
		rest = rest[:at]
	}
	rest, query, _ := strings.Cut(rest, "?")
	end := strings.IndexAny(rest, "/\\")
	if end < 0 {
		end = len(rest)
	}
	if err := u.readAuthority(rest[:end]); err != nil {
		return uri{}, err
	}
	u.path = cleanPath(rest[end:])
	if query != "" {
		u.query = "?" + escape(query, isQueryByte)
	}
	if u.scheme == "tg" && u.path == "/" {
		u.path = ""
	}
	return u, nil
}

// parseScheme accepts http, https and tg, and takes a host with a dot in it for
// one that lacks https.
func parseScheme(raw string) (u uri, rest string, err error) {
	scheme, rest, _ := strings.Cut(raw, ":")
	scheme = lowerASCII(scheme)
	switch scheme {
	case "http", "https":
		if len(rest) < 2 || !isSlash(rest[0]) || !isSlash(rest[1]) {
			return uri{}, "", errURIScheme()
		}
		return uri{scheme: scheme}, rest[2:], nil
	case "tg":
		return uri{scheme: scheme}, strings.TrimPrefix(rest, "//"), nil
	}
	host := raw
	if end := strings.IndexAny(raw, "/\\?#:"); end >= 0 {
		host = raw[:end]
		if raw[end] == ':' && (end+1 == len(raw) || !isDigit(raw[end+1])) {
			return uri{}, "", errURIScheme()
		}
	}
	if strings.IndexByte(host, '.') < 0 || strings.IndexByte(host, '@') >= 0 {
		return uri{}, "", errURIScheme()
	}
	return uri{scheme: "https", assumed: true}, raw, nil
}

// isSlash counts the backslash in, as browsers do.
func isSlash(b byte) bool { return b == '/' || b == '\\' }

func errURIScheme() error {
	return malformed("URI_SCHEME", "Send a web address that begins with http://, https:// or tg://.")
}

// readAuthority reads user, host and port.
func (u *uri) readAuthority(raw string) error {
	if at := strings.LastIndexByte(raw, '@'); at >= 0 {
		u.user = escape(raw[:at], isUserByte) + "@"
		raw = raw[at+1:]
	}
	host, port := splitPort(raw)
	var ok bool
	if u.port, ok = cleanPort(u.scheme, port); !ok {
		return malformed("URI_PORT", "The port of a web address lies between 0 and 65535.")
	}
	if strings.HasPrefix(host, "[") {
		u.host, ok = hostAddress(host)
	} else {
		u.host, ok = hostName(host)
	}
	if !ok {
		return malformed("URI_HOST", "The address lacks a host, or its host holds signs that no host can have.")
	}
	return nil
}

// splitPort parts a host from the port behind its last colon; colons inside
// brackets are the host's own.
func splitPort(raw string) (host, port string) {
	at := strings.LastIndexByte(raw, ':')
	if at < 0 || at < strings.LastIndexByte(raw, ']') {
		return raw, ""
	}
	return raw[:at], raw[at+1:]
}

// cleanPort drops the scheme's own port and leading zeros.
func cleanPort(scheme, raw string) (string, bool) {
	if raw == "" {
		return "", true
	}
	if !all(raw, isDigit) {
		return "", false
	}
	port := strings.TrimLeft(raw[:len(raw)-1], "0") + raw[len(raw)-1:]
	if len(port) > 5 || len(port) == 5 && port > "65535" {
		return "", false
	}
	if scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		return "", true
	}
	return ":" + port, true
}
