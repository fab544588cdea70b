package identifier

import (
	"strings"
	"unicode"
)

// readHandle reads the name that an account shows: without its @, in small
// letters, the platform in front where it is known. Handles are recycled: equal
// handles far apart in time may be two people.
func readHandle(c claim) (Finding, error) {
	scope := platformScope(c.platform)
	handle := strings.TrimPrefix(foldName(c.raw), scope)
	handle = strings.TrimLeft(handle, "@")
	switch {
	case handle == "":
		return Finding{}, errEmpty()
	case strings.ContainsFunc(handle, unicode.IsSpace) || strings.Contains(handle, "//"):
		return Finding{}, malformed("HANDLE_CHARSET", "Send the handle alone, without blanks; send a web address as URI.")
	}
	f := unchecked(scope + handle)
	if scope == "" {
		f.remark("HANDLE_WITHOUT_PLATFORM")
	}
	return f, nil
}

// readAccountID reads the number or key by which a platform itself knows an
// account. Its case is kept: many are base64.
func readAccountID(c claim) (Finding, error) {
	scope := platformScope(c.platform)
	id := strings.TrimPrefix(strings.TrimSpace(visible(c.raw)), scope)
	switch {
	case id == "":
		return Finding{}, errEmpty()
	case strings.ContainsFunc(id, unicode.IsSpace):
		return Finding{}, malformed("ACCOUNT_ID_CHARSET", "Send the platform's own id alone, without blanks.")
	}
	return unchecked(scope + id), nil
}

func platformScope(platform string) string {
	if platform == "" {
		return ""
	}
	return platform + ":"
}
