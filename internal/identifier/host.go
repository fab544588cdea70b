package identifier

import (
	"crypto/sha3"
	"encoding/base32"
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// maxHost is the longest host name, maxLabel the longest of its labels (RFC
// 1035).
const (
	maxHost  = 253
	maxLabel = 63
)

// hostName brings the name of a host into lower-case ASCII (IDNA 2008 with the
// mapping of UTS 46); one dot at the end goes. It accepts underscores, which
// names of web hosts do have.
func hostName(raw string) (string, bool) {
	host := lowerASCII(raw)
	for i := range len(host) {
		if host[i] >= 0x80 {
			mapped, err := idna.Lookup.ToASCII(host)
			if err != nil {
				return "", false
			}
			host = mapped
			break
		}
	}
	host = strings.TrimSuffix(host, ".")
	return host, isHostName(host)
}

func isHostName(host string) bool {
	if host == "" || len(host) > maxHost {
		return false
	}
	label := 0
	for i := range len(host) {
		switch b := host[i]; {
		case b == '.':
			if label == 0 {
				return false
			}
			label = 0
			continue
		case !isLower(b) && !isDigit(b) && b != '-' && b != '_':
			return false
		}
		if label++; label > maxLabel {
			return false
		}
	}
	return label > 0
}

// hostAddress brings a bracketed IPv6 address into its canonical form.
func hostAddress(raw string) (string, bool) {
	inner, ok := strings.CutPrefix(raw, "[")
	if !ok {
		return "", false
	}
	if inner, ok = strings.CutSuffix(inner, "]"); !ok {
		return "", false
	}
	address, err := netip.ParseAddr(inner)
	if err != nil || !address.Is6() || address.Zone() != "" {
		return "", false
	}
	return "[" + address.String() + "]", true
}

// registrable is the domain that somebody registered (by the public suffix
// list), or the host itself if it is an address. It is empty for names inside
// no public suffix.
func registrable(host string) string {
	if isAddress(host) {
		return host
	}
	if strings.IndexByte(host, '.') < 0 {
		return ""
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return ""
	}
	return domain
}

func isAddress(host string) bool {
	last := host[len(host)-1]
	if !isDigit(last) {
		return last == ']'
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Is4()
}

// onionLabel finds the service in the name of an onion host of version 3.
func onionLabel(host string) (label string, onion bool) {
	name, ok := strings.CutSuffix(host, ".onion")
	if !ok {
		return "", false
	}
	return name[strings.LastIndexByte(name, '.')+1:], true
}

// isOnion checks an onion name: public key, two bytes of checksum and the
// version, in base32 (Tor rend-spec-v3, section 6).
func isOnion(label string) bool {
	if len(label) != 56 {
		return false
	}
	raw, err := base32.StdEncoding.DecodeString(strings.ToUpper(label))
	if err != nil || raw[34] != 3 {
		return false
	}
	h := sha3.New256()
	h.Write([]byte(".onion checksum"))
	h.Write(raw[:32])
	h.Write(raw[34:])
	var sum [32]byte
	h.Sum(sum[:0])
	return sum[0] == raw[32] && sum[1] == raw[33]
}
