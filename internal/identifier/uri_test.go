package identifier

import (
	"strings"
	"testing"
)

func TestURIVectors(t *testing.T) {
	checkSound(t, typeURI, []sound{
		{raw: "HTTPS://WWW.Example.com:443/a/./b/../c?z=1&a=2#frag", want: "https://www.example.com/a/c?z=1&a=2", status: isUnchecked,
			keys: []string{"//www.example.com/a/c?z=1&a=2", "DOMAIN:example.com"}},
		{raw: "https://b\u00fccher.example", want: "https://xn--bcher-kva.example/", status: isUnchecked},
		{raw: "hxxps://evil[.]example[.]com/x", want: "https://evil.example.com/x", status: isUnchecked,
			keys: []string{"//evil.example.com/x", "DOMAIN:example.com"}},
	})
	checkBroken(t, typeURI, []broken{
		{raw: "javascript:alert(1)", reason: "URI_SCHEME"},
		{raw: "ftp://example.com/", reason: "URI_SCHEME"},
		{raw: "mailto:a@example.com", reason: "URI_SCHEME"},
		{raw: "data:text/html,x", reason: "URI_SCHEME"},
		{raw: "http:example.com", reason: "URI_SCHEME"},
		{raw: "localhost", reason: "URI_SCHEME"},
		{raw: "a@example.com", reason: "URI_SCHEME"},
		{raw: "https://", reason: "URI_HOST"},
		{raw: "https:///path", reason: "URI_HOST"},
		{raw: "https://exa mple.com/", reason: "URI_HOST"},
		{raw: "https://a..b/", reason: "URI_HOST"},
		{raw: "https://.a/", reason: "URI_HOST"},
		{raw: "https://" + strings.Repeat("a", 64) + ".com/", reason: "URI_HOST"},
		{raw: "https://" + strings.Repeat("a.", 127) + "com/", reason: "URI_HOST"},
		{raw: "https://%65vil.com/", reason: "URI_HOST"},
		{raw: "https://[::1/", reason: "URI_HOST"},
		{raw: "https://[fe80::1%25eth0]/", reason: "URI_HOST"},
		{raw: "https://[1.2.3.4]/", reason: "URI_HOST"},
		{raw: "https://\u2615\u2615\u200b.-\u0301/", reason: "URI_HOST"},
		{raw: "https://example.com:65536/", reason: "URI_PORT"},
		{raw: "https://example.com:8x/", reason: "URI_PORT"},
		{raw: "https://example.com/\x00", reason: "VALUE_CHARSET"},
		{raw: "https://example.com/a\nb", reason: "VALUE_CHARSET"},
	})
}

func TestURIRefang(t *testing.T) {
	for _, raw := range []string{
		"hXXps[:]//evil[.]example(.)com/x", "https[://]evil[dot]example(DOT)com/x", "<https://evil.example.com/x>",
		"HXXPS://evil{.}example[.]com[/]x", "  \"https://evil[.]example[.]com/x\"", "evil[.]example[.]com/x",
		"https:\\\\evil.example.com\\x", "https://evil.example.com./x",
	} {
		f, err := Understand(identify(typeURI, raw, "", "", 0))
		if err != nil || f.Normalized != "https://evil.example.com/x" {
			t.Errorf("%s = %q, %v", raw, f.Normalized, err)
		}
	}
	checkSound(t, typeURI, []sound{
		{raw: "https://example.com/look(at)me(.)x", status: isUnchecked},
		{raw: "https://user[at]example[.]com/a", want: "https://user@example.com/a", status: isUnchecked},
		{raw: "https://example.com/a[.]b?c[]=1", want: "https://example.com/a.b?c%5B%5D=1", status: isUnchecked},
		{raw: "https://((dot))@example.com/", want: "https://%28.%29@example.com/", status: isUnchecked},
	})
}

func TestURIWriting(t *testing.T) {
	checkSound(t, typeURI, []sound{
		{raw: "http://example.com:80", want: "http://example.com/", status: isUnchecked},
		{raw: "http://example.com:0080/", want: "http://example.com/", status: isUnchecked},
		{raw: "http://example.com:/", want: "http://example.com/", status: isUnchecked},
		{raw: "http://example.com:8080/", status: isUnchecked},
		{raw: "http://example.com:0/", status: isUnchecked},
		{raw: "example.com:8080/a", want: "https://example.com:8080/a", status: isUnchecked, codes: []string{"URI_SCHEME_ASSUMED"}},
		{raw: "https://example.com?", want: "https://example.com/", status: isUnchecked},
		{raw: "https://example.com?q", want: "https://example.com/?q", status: isUnchecked},
		{raw: "https://example.com/%7euser/%c3%a9/\u00e9/%zz/%", want: "https://example.com/~user/%C3%A9/%C3%A9/%25zz/%25", status: isUnchecked},
		{raw: "https://example.com/a/%2e%2e/b/..", want: "https://example.com/", status: isUnchecked},
		{raw: "https://example.com/../../a/.", want: "https://example.com/a/", status: isUnchecked},
		{raw: "https://example.com//a///b/...", status: isUnchecked, want: "https://example.com//a///b/..."},
		{raw: "https://example.com/.hidden/..x", status: isUnchecked},
		{raw: "https://example.com/a b?c d", want: "https://example.com/a%20b?c%20d", status: isUnchecked},
		{raw: "https://u:p%40@example.com/", status: isUnchecked},
		{raw: "https://a@b@example.com/", want: "https://a%40b@example.com/", status: isUnchecked},
		{raw: "https://my_shop.example.com/", status: isUnchecked},
		{raw: "https://\u4f8b\u3048.\u30c6\u30b9\u30c8\u3002/", want: "https://xn--r8jz45g.xn--zckzah/", status: isUnchecked},
		{raw: "http://[2001:DB8:0::1]:80/", want: "http://[2001:db8::1]/", status: isUnchecked, keys: []string{"//[2001:db8::1]/", "DOMAIN:[2001:db8::1]"}},
		{raw: "http://192.0.2.1/", status: isUnchecked, keys: []string{"//192.0.2.1/", "DOMAIN:192.0.2.1"}},
		{raw: "http://localhost/", status: isUnchecked, keys: []string{"//localhost/"}},
		{raw: "http://co.uk/", status: isUnchecked, keys: []string{"//co.uk/"}},
		{raw: "tg:resolve?domain=Boats", want: "tg://resolve?domain=Boats", status: isUnchecked, keys: []string{"ONLINE_HANDLE:telegram:boats"}},
		{raw: "tg://user?id=123456", status: isUnchecked, keys: []string{"PLATFORM_ACCOUNT_ID:telegram:123456"}},
		{raw: "tg://join?invite=AAAA", status: isUnchecked, keys: []string{}},
	})
}

// The address is Tor's own example of version 3; its last letters hold the sum.
func TestURIOnion(t *testing.T) {
	const service = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd"
	checkSound(t, typeURI, []sound{
		{raw: "http://" + service + ".onion/", status: isPassed,
			keys: []string{"//" + service + ".onion/", "DOMAIN:" + service + ".onion"}},
		{raw: "http://www." + service + ".onion/", status: isPassed},
		{raw: "http://q" + service[1:] + ".onion/", status: isFailed, codes: []string{"URI_ONION_CHECKSUM"}},
		{raw: "http://expyuzz4wqqyqhjn.onion/", status: isFailed, codes: []string{"URI_ONION_CHECKSUM"}},
	})
}

func TestURIPlatforms(t *testing.T) {
	for _, c := range []struct{ raw, key string }{
		{"https://t.me/Boats", "ONLINE_HANDLE:telegram:boats"},
		{"https://t.me/s/Boats?before=1", "ONLINE_HANDLE:telegram:boats"},
		{"https://t.me/+AAAAAE", ""},
		{"https://t.me/c/123/4", ""},
		{"https://m.facebook.com/Boats.To.Italy", "ONLINE_HANDLE:facebook:boats.to.italy"},
		{"https://facebook.com/profile.php?v=info&id=1000", "PLATFORM_ACCOUNT_ID:facebook:1000"},
		{"https://facebook.com/profile.php?id=x", ""},
		{"https://facebook.com/story.php?id=1", ""},
		{"https://facebook.com/groups/123", ""},
		{"https://www.instagram.com/boats/?hl=fr", "ONLINE_HANDLE:instagram:boats"},
		{"https://www.instagram.com/p/Cabc/", ""},
		{"https://twitter.com/Boats/status/1", "ONLINE_HANDLE:x:boats"},
		{"https://x.com/i/status/1", ""},
		{"https://www.tiktok.com/@Boats.2024/video/7", "ONLINE_HANDLE:tiktok:boats.2024"},
		{"https://www.tiktok.com/foryou", ""},
		{"https://youtube.com/@Boats", "ONLINE_HANDLE:youtube:boats"},
		{"https://youtube.com/channel/UCabc", "PLATFORM_ACCOUNT_ID:youtube:UCabc"},
		{"https://youtube.com/watch?v=x", ""},
		{"https://snapchat.com/add/boats", "ONLINE_HANDLE:snapchat:boats"},
		{"https://www.snapchat.com/@boats", "ONLINE_HANDLE:snapchat:boats"},
		{"https://wa.me/+442079460958", "PHONE_NUMBER:+442079460958"},
		{"https://wa.me/message/AB", ""},
		{"https://chat.whatsapp.com/AAAA", ""},
	} {
		f, err := Understand(identify(typeURI, c.raw, "", "", 0))
		if err != nil {
			t.Errorf("%s: %v", c.raw, err)
			continue
		}
		got := strings.Join(f.Keys[1:], " ")
		if got != c.key {
			t.Errorf("%s: key %q, want %q", c.raw, got, c.key)
		}
	}
}

func TestDefang(t *testing.T) {
	for _, c := range []struct{ uri, want string }{
		{"https://evil.example.com/a.b?c=d.e", "hxxps://evil[.]example[.]com/a.b?c=d.e"},
		{"http://evil.example.com", "hxxp://evil[.]example[.]com"},
		{"tg://resolve?domain=a.b", "tg://resolve?domain=a.b"},
		{"evil.example.com", "evil[.]example[.]com"},
		{"", ""},
	} {
		if got := Defang(c.uri); got != c.want {
			t.Errorf("%s = %s", c.uri, got)
		}
	}
	f, err := Understand(identify(typeURI, Defang("https://evil.example.com/a"), "", "", 0))
	if err != nil || f.Normalized != "https://evil.example.com/a" {
		t.Errorf("defanged and back: %q, %v", f.Normalized, err)
	}
}
