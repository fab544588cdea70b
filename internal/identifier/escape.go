package identifier

import "strings"

// escape writes a part of an address with the percent signs that it needs and
// no others (RFC 3986 section 6.2.2): unreserved signs plain, other escapes in
// capitals, and whatever the part cannot hold escaped. A stray percent sign is
// escaped itself.
func escape(part string, plain func(byte) bool) string {
	for i := range len(part) {
		if b := part[i]; b == '%' || !plain(b) {
			return escapeFrom(part, i, plain)
		}
	}
	return part
}

func escapeFrom(part string, start int, plain func(byte) bool) string {
	out := make([]byte, start, len(part)+16)
	copy(out, part)
	for i := start; i < len(part); i++ {
		b := part[i]
		if b == '%' {
			if code, ok := unescape(part[i:]); ok {
				if isUnreserved(code) {
					out = append(out, code)
				} else {
					out = appendEscaped(out, code)
				}
				i += 2
				continue
			}
		}
		if b != '%' && plain(b) {
			out = append(out, b)
		} else {
			out = appendEscaped(out, b)
		}
	}
	return string(out)
}

func appendEscaped(out []byte, b byte) []byte {
	const digits = "0123456789ABCDEF"
	return append(out, '%', digits[b>>4], digits[b&15])
}

// unescape reads the two digits behind a percent sign.
func unescape(s string) (byte, bool) {
	if len(s) < 3 {
		return 0, false
	}
	high, low := hexValue(s[1]), hexValue(s[2])
	if high < 0 || low < 0 {
		return 0, false
	}
	return byte(high<<4 | low), true
}

func hexValue(b byte) int {
	switch {
	case isDigit(b):
		return int(b - '0')
	case b >= 'a' && b <= 'f':
		return int(b-'a') + 10
	case b >= 'A' && b <= 'F':
		return int(b-'A') + 10
	}
	return -1
}

func isUnreserved(b byte) bool {
	return isAlnum(b) || isLower(b) || strings.IndexByte("-._~", b) >= 0
}

func isPathByte(b byte) bool {
	return isUnreserved(b) || strings.IndexByte("!$&'()*+,;=:@/", b) >= 0
}

func isQueryByte(b byte) bool { return isPathByte(b) || b == '?' }

// isUserByte leaves the round brackets out, which the RFC would allow: in front
// of the path they may be somebody's defanging.
func isUserByte(b byte) bool {
	return isUnreserved(b) || strings.IndexByte("!$&'*+,;=:", b) >= 0
}

// cleanPath escapes a path and takes its dot segments out (section 5.2.4). A
// backslash counts as a slash, as browsers have it; an empty path is the root.
func cleanPath(raw string) string {
	if raw == "" {
		return "/"
	}
	if strings.IndexByte(raw, '\\') >= 0 {
		raw = strings.ReplaceAll(raw, "\\", "/")
	}
	path := escape(raw, isPathByte)
	if strings.Contains(path, "/.") {
		return withoutDots(path)
	}
	return path
}

// withoutDots drops the segments . and .., each .. with the segment before it.
// The path begins with a slash.
func withoutDots(path string) string {
	out := make([]byte, 0, len(path))
	for path != "" {
		end := strings.IndexByte(path[1:], '/') + 1
		if end == 0 {
			end = len(path)
		}
		segment := path[:end]
		path = path[end:]
		switch segment {
		case "/.", "/..":
			if segment == "/.." {
				out = out[:max(0, strings.LastIndexByte(string(out), '/'))]
			}
			if path == "" {
				out = append(out, '/')
			}
		default:
			out = append(out, segment...)
		}
	}
	return string(out)
}
