package identity

import (
	"net/url"
	"strings"
	"testing"
)

func TestParseID(t *testing.T) {
	for _, c := range []struct{ uri, domain, path string }{
		{"spiffe://police.fr.example/gateway", "police.fr.example", "/gateway"},
		{"spiffe://a/b", "a", "/b"},
		{"spiffe://nca_1.gb-x.example/Officer/7F.3a_-", "nca_1.gb-x.example", "/Officer/7F.3a_-"},
		{"spiffe://3com.example/...", "3com.example", "/..."},
		{"spiffe://a.b/" + strings.Repeat("x", maxID-len("spiffe://a.b/")), "a.b", "/" + strings.Repeat("x", maxID-len("spiffe://a.b/"))},
	} {
		id, err := ParseID(c.uri)
		if err != nil || id.TrustDomain != c.domain || id.Path != c.path || id.String() != c.uri {
			t.Errorf("%q: %+v, %v", c.uri, id, err)
		}
	}
	for _, uri := range []string{
		"", "spiffe://", "spiffe:///x", "spiffe:/a/b", "//a/b", "spiffe//a/b", " spiffe://a/b", "spiffe://a/b ",
		"SPIFFE://a/b", "spiffe://A/b", "spiffe://a", "spiffe://a/", "spiffe://a//", "spiffe://a//b", "spiffe://a/b/",
		"spiffe://a/./b", "spiffe://a/../b", "spiffe://a/b/..", "spiffe://a/%2e", "spiffe://a/b%00", "spiffe://a/b\x00",
		"spiffe://a:1/b", "spiffe://a:/b", "spiffe://u@a/b", "spiffe://u:p@a/b", "spiffe://a/b?", "spiffe://a/b?c",
		"spiffe://a/b#", "spiffe://a?/b", "spiffe://*/b", "spiffe://*.a/b", "spiffe://a/*", "spiffe://a/b;c",
		"spiffe://a/b,c", "spiffe://a/b:c", "spiffe://a/b@c", "spiffe://a/b~", "spiffe://a/é", "spiffe://é/b",
		"spiffe://a./b", "spiffe://.a/b", "spiffe://a..b/c", "spiffe://-a/b", "spiffe://a-/b", "spiffe://a.-b/c",
		"spiffe://xn--a/b", "spiffe://a.xn--b.c/d", "spiffe://127.0.0.1/b", "spiffe://1/b", "spiffe://a.1/b", "spiffe://[::1]/b",
		"spiffe://" + strings.Repeat("a", 256) + "/b", "spiffe://a/" + strings.Repeat("b", maxID),
		"spiffe://a\\b/c", "spiffe://a/b\\c", "spiffe://a b/c", "spiffe://a/b\n", "spiffe://\u202ea/b",
	} {
		if id, err := ParseID(uri); err == nil {
			t.Errorf("%q was read as %+v", uri, id)
		} else if len(uri) > 12 && strings.Contains(err.Error(), uri) {
			t.Errorf("%q is repeated by its error", uri)
		}
	}
}

func TestCovers(t *testing.T) {
	for _, c := range []struct {
		prefix, path string
		want         bool
	}{
		{"/", "/a", true}, {"/", "/a/b", true}, {"/a", "/a", true}, {"/a", "/a/b", true}, {"/a/b", "/a/b/c", true},
		{"/a", "/ab", false}, {"/a", "/A", false}, {"/a/b", "/a", false}, {"/a/", "/a/b", false}, {"/a/", "/a/", false},
		{"", "/a", false}, {"a", "a", false}, {"a", "/a", false}, {"/", "", false}, {"//", "//a", false},
	} {
		if got := Covers(c.prefix, c.path); got != c.want {
			t.Errorf("Covers(%q, %q) = %v", c.prefix, c.path, got)
		}
	}
}

func TestCheckPrefix(t *testing.T) {
	for prefix, ok := range map[string]bool{
		"/": true, "/a": true, "/a/b": true, "": false, "a": false, "/a/": false, "//": false, "/a/../b": false, "/*": false,
	} {
		if err := CheckPrefix(prefix); (err == nil) != ok {
			t.Errorf("CheckPrefix(%q): %v", prefix, err)
		}
	}
}

// FuzzParseID: what is read comes back byte by byte, and net/url, which reads
// far more, agrees about what it means.
func FuzzParseID(f *testing.F) {
	for _, seed := range []string{
		frGateway, "spiffe://a/b", "SPIFFE://a/b", "spiffe://a:1/b", "spiffe://u@a/b?c#d", "spiffe://a/%2f/../b",
		"spiffe://xn--a/b", "spiffe://[::1]/b", "spiffe://a/\x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, uri string) {
		id, err := ParseID(uri)
		if err != nil {
			return
		}
		if id.String() != uri || id.TrustDomain == "" || id.Path == "" {
			t.Fatalf("%q became %+v", uri, id)
		}
		u, err := url.Parse(uri)
		if err != nil || u.Scheme != "spiffe" || u.Host != id.TrustDomain || u.Path != id.Path ||
			u.RawPath != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || u.Opaque != "" {
			t.Fatalf("%q means %+v elsewhere (%v)", uri, u, err)
		}
		if !Covers("/", id.Path) || !Covers(id.Path, id.Path) || Covers(id.Path+"x", id.Path) {
			t.Fatalf("prefixes of %q are wrong", id.Path)
		}
	})
}

func TestParseSerial(t *testing.T) {
	for text, want := range map[string]string{
		"1": "1", "0a1B": "a1b", "0A:1B:ff": "a1bff", "0x0A": "a", "0X0a": "a", "00": "", "": "", "-1": "", "+1": "",
		"g": "", "0x": "", "1 2": "", "1_0": "", "0b1": "b1", "0o7": "",
		strings.Repeat("ff", 20):                 strings.Repeat("ff", 20),
		strings.Repeat("ff:", 19) + "ff":         strings.Repeat("ff", 20),
		"01" + strings.Repeat("ff", 20):          "",
		strings.Repeat("0", 60) + "1":            "",
		strings.Repeat("\u0661", 3):              "",
		"0x" + strings.Repeat("00:", 17) + "0a1": "a1",
	} {
		got, err := ParseSerial(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("ParseSerial(%q) = %q, %v; want %q", text, got, err, want)
		}
		if spelledSerial(text) != (err == nil && got == text) || got != "" && !spelledSerial(got) {
			t.Errorf("spelledSerial disagrees about %q", text)
		}
	}
}
