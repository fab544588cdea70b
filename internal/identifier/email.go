package identifier

import (
	"net/mail"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Bounds of RFC 5321 section 4.5.3.1, in bytes.
const (
	maxLocal = 64
	maxEmail = 254
)

// readEmail reads a mail address without a display name (RFC 5322 addr-spec,
// internationalised by RFC 6532): the domain in lower-case ASCII, the part
// before the @ as it is, since it is the receiving host's to interpret. A key
// in small letters matches all the same. A domain of a single label is flagged:
// it may be a machine inside a network.
func readEmail(c claim) (Finding, error) {
	local, domain, err := splitEmail(refang(strings.TrimSpace(visible(c.raw))))
	if err != nil {
		return Finding{}, err
	}
	domain, ok := hostName(domain)
	if !ok {
		return Finding{}, malformed("EMAIL_DOMAIN", "The part behind the @ must be the name of a host.")
	}
	local = norm.NFC.String(local)
	if len(local) > maxLocal || len(local)+1+len(domain) > maxEmail {
		return Finding{}, malformed("EMAIL_LENGTH", "A mail address has at most 64 bytes before the @ and 254 in all.")
	}
	f := passed(quoteLocal(local) + "@" + domain)
	if lower := strings.ToLower(local); lower != local {
		f.Keys = []string{quoteLocal(lower) + "@" + domain}
	}
	if strings.IndexByte(domain, '.') < 0 {
		f.fail("EMAIL_DOMAIN_SINGLE_LABEL")
	}
	return f, nil
}

// splitEmail takes the common form apart itself and leaves quoted names,
// comments and other rarities to the parser of the standard library.
func splitEmail(raw string) (local, domain string, err error) {
	at := strings.LastIndexByte(raw, '@')
	if at > 0 && isDotAtom(raw[:at]) {
		return raw[:at], raw[at+1:], nil
	}
	parsed, failure := mail.ParseAddress(raw)
	if failure != nil || parsed.Name != "" {
		return "", "", malformed("EMAIL_FORMAT", "Send the mail address alone, as in name@example.org, without a display name.")
	}
	at = strings.LastIndexByte(parsed.Address, '@')
	return parsed.Address[:at], parsed.Address[at+1:], nil
}

// quoteLocal puts a local part that is no dot-atom into quotes again.
func quoteLocal(local string) string {
	if isDotAtom(local) {
		return local
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(local) + `"`
}

// isDotAtom tells whether a local part needs no quotes: atoms with single dots
// between them, beyond ASCII any letter.
func isDotAtom(local string) bool {
	if local == "" || local[0] == '.' || local[len(local)-1] == '.' || strings.Contains(local, "..") {
		return false
	}
	for i := range len(local) {
		if !isAtomByte(local[i]) {
			return false
		}
	}
	return true
}

func isAtomByte(b byte) bool {
	return isAlnum(b) || isLower(b) || b >= 0x80 || strings.IndexByte("!#$%&'*+-/=?^_`{|}~.", b) >= 0
}
