package identifier

import "strings"

// refang undoes what people do to addresses so that nobody clicks on them:
// hxxp, [.], (dot), [at], [://]. Square brackets are undone everywhere, since
// no address has them raw but around an IPv6 host; round and curly ones before
// the path only, since a path may well hold "(at)".
func refang(raw string) string {
	raw = refangScheme(raw)
	if !strings.ContainsAny(raw, "[({") {
		return raw
	}
	var b strings.Builder
	b.Grow(len(raw))
	host := len(raw)
	for i := 0; i < len(raw); {
		sign, width := refangAt(raw[i:], i < host)
		if width == 0 {
			sign, width = raw[i:i+1], 1
		}
		b.WriteString(sign)
		i += width
		if host == len(raw) && endsHost(b.String()) {
			host = i
		}
	}
	return refangScheme(b.String())
}

// refangScheme mends the start: hxxp, hXXps.
func refangScheme(raw string) string {
	if len(raw) > 4 && (raw[0] == 'h' || raw[0] == 'H') && strings.EqualFold(raw[1:4], "xxp") {
		return "http" + raw[4:]
	}
	return raw
}

// refangAt reads one defanged sign at the start of s and tells its width, or 0.
func refangAt(s string, inHost bool) (sign string, width int) {
	var end byte
	switch s[0] {
	case '[':
		end = ']'
	case '(':
		end = ')'
	case '{':
		end = '}'
	default:
		return "", 0
	}
	if end != ']' && !inHost {
		return "", 0
	}
	at := strings.IndexByte(s[:min(len(s), len("[://]"))], end)
	if at < 0 {
		return "", 0
	}
	switch inner := s[1:at]; {
	case inner == "." || strings.EqualFold(inner, "dot"):
		return ".", at + 1
	case inner == "@" || strings.EqualFold(inner, "at"):
		return "@", at + 1
	case inner == ":" || inner == "/" || inner == "://":
		return inner, at + 1
	}
	return "", 0
}

// endsHost tells whether the text so far has come to the path: a slash that is
// not one of the two behind the scheme.
func endsHost(done string) bool {
	last := len(done) - 1
	switch done[last] {
	case '?', '#':
		return true
	case '/':
		return last > 0 && done[last-1] != ':' && !strings.HasSuffix(done[:last], ":/")
	}
	return false
}

// Defang makes a web address safe to show: hxxp and [.] in the host. It is for
// screens and mails; the hub stores and compares the working form.
func Defang(uri string) string {
	if rest, ok := strings.CutPrefix(uri, "http"); ok {
		uri = "hxxp" + rest
	}
	start := strings.Index(uri, "://") + 1
	if start > 0 {
		start += len("//")
	}
	end := len(uri)
	if n := strings.IndexAny(uri[start:], "/?#"); n >= 0 {
		end = start + n
	}
	return uri[:start] + strings.ReplaceAll(uri[start:end], ".", "[.]") + uri[end:]
}
