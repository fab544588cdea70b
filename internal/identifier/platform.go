package identifier

import "strings"

// isPlatform accepts the names of platforms as the wire has them: lower-case
// letters, digits, dots, underscores and hyphens, or nothing. There is no list:
// platforms come and go faster than releases.
func isPlatform(name string) bool {
	if len(name) > 64 {
		return false
	}
	for i := range len(name) {
		if b := name[i]; !isLower(b) && !isDigit(b) && b != '.' && b != '_' && b != '-' {
			return false
		}
	}
	return true
}

// platformKey is the account that an address on a shared platform leads to, as
// a key, or empty where it leads to none; shared tells whether the domain is
// such a platform at all.
func platformKey(domain string, u uri) (key string, shared bool) {
	first, rest, _ := strings.Cut(strings.TrimPrefix(u.path, "/"), "/")
	second, _, _ := strings.Cut(rest, "/")
	switch domain {
	case "t.me", "telegram.me", "telegram.dog":
		return telegramPath(first, second), true
	case "facebook.com", "fb.com", "fb.me":
		return facebookPath(first, u.query), true
	case "instagram.com":
		return handleKey("instagram", except(first, "p", "reel", "reels", "stories", "explore", "accounts", "tv")), true
	case "twitter.com", "x.com":
		return handleKey("x", except(first, "i", "home", "search", "hashtag", "intent", "share", "explore")), true
	case "tiktok.com":
		return handleKey("tiktok", mentioned(first)), true
	case "youtube.com", "youtu.be":
		if first == "channel" && second != "" {
			return keyPlatformID + "youtube:" + second, true
		}
		return handleKey("youtube", mentioned(first)), true
	case "snapchat.com":
		if first == "add" {
			return handleKey("snapchat", second), true
		}
		return handleKey("snapchat", mentioned(first)), true
	case "wa.me":
		return whatsappKey(first), true
	case "whatsapp.com":
		return whatsappKey(parameter(u.query, "phone")), true
	}
	return "", false
}

// telegramPath reads t.me/name and its preview t.me/s/name; invitations and
// the like name nobody.
func telegramPath(first, second string) string {
	if first == "s" {
		return handleKey("telegram", second)
	}
	return handleKey("telegram", except(first, "c", "joinchat", "addstickers", "share", "proxy", "socks", "iv"))
}

// telegramKey reads tg://resolve?domain=name and tg://user?id=number.
func telegramKey(u uri) string {
	switch u.host {
	case "resolve":
		return handleKey("telegram", parameter(u.query, "domain"))
	case "user":
		if id := parameter(u.query, "id"); all(id, isDigit) {
			return keyPlatformID + "telegram:" + id
		}
	}
	return ""
}

// facebookPath reads facebook.com/name and facebook.com/profile.php?id=number.
func facebookPath(first, query string) string {
	if first == "profile.php" {
		if id := parameter(query, "id"); all(id, isDigit) {
			return keyPlatformID + "facebook:" + id
		}
		return ""
	}
	if strings.HasSuffix(first, ".php") {
		return ""
	}
	return handleKey("facebook", except(first,
		"groups", "pages", "watch", "events", "sharer", "share", "photo", "reel", "stories", "marketplace", "people", "hashtag"))
}

// whatsappKey reads a number as wa.me has it, country code and digits alone, or as people write it
// there all the same. It is the number as a telephone's is read, where it is one. A single zero in front
// is that of a number within some country: without it, it would be somebody else's in another.
func whatsappKey(number string) string {
	number = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(number, "%2B"), "+"), "00")
	if len(number) < 7 || len(number) > 15 || !all(number, isDigit) {
		return ""
	}
	if f, err := readPhone(claim{raw: "+" + number}); err == nil {
		return keyPhone + f.Normalized
	}
	return keyPhone + "+" + number
}

// handleKey is the key of a handle, or empty if name is none.
func handleKey(platform, name string) string {
	name = lowerASCII(name)
	if name == "" || !all(name, isHandleByte) {
		return ""
	}
	return keyHandle + platform + ":" + name
}

func isHandleByte(b byte) bool { return isLower(b) || isDigit(b) || b == '_' || b == '.' || b == '-' }

// mentioned is the name behind an @, or empty.
func mentioned(segment string) string {
	name, ok := strings.CutPrefix(segment, "@")
	if !ok {
		return ""
	}
	return name
}

// except is the segment unless it is one of the platform's own words.
func except(segment string, words ...string) string {
	for _, w := range words {
		if strings.EqualFold(segment, w) {
			return ""
		}
	}
	return segment
}

// parameter is the first value of a name in a query that begins with ?.
func parameter(query, name string) string {
	for query = strings.TrimPrefix(query, "?"); query != ""; {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		if key, value, _ := strings.Cut(pair, "="); key == name {
			return value
		}
	}
	return ""
}
