package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// complete is a configuration that passes.
func complete() Config {
	c := Default()
	c.Hub, c.Certificate, c.Key = "hub.example", "pki/hub.crt", "pki/hub.key"
	c.Operator.TrustDomain, c.Operator.Bundle = "operator.example", "pki/operator-ca.crt"
	return c
}

func TestWhatIsWrittenIsReadBackTheSame(t *testing.T) {
	want := complete()
	want.Storage.MaxBytes, want.Limits.Bulk.MaxAge = 3<<30, 90*time.Minute
	text, err := want.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestAShortFileHasTheDefaults(t *testing.T) {
	got, err := Parse([]byte(minimal))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, complete()) {
		t.Errorf("got %+v", got)
	}
}

const minimal = `hub: hub.example
certificate: pki/hub.crt
key: pki/hub.key
operator:
  trust_domain: operator.example
  bundle: pki/operator-ca.crt
`

func TestMistakesAreNamedWithTheirPlace(t *testing.T) {
	for name, row := range map[string]struct{ text, want string }{
		"unknown key":         {minimal + "admin: true\n", "line 7: there is no key admin"},
		"unknown inner key":   {minimal + "limits:\n  reads_per_seconds: 5\n", "line 8: there is no key reads_per_seconds"},
		"key given twice":     {minimal + "hub: other.example\n", "line 7"},
		"no number":           {minimal + "limits:\n  handshakes: many\n", "line 8: this value is no number"},
		"no duration":         {minimal + "shutdown_grace: soon\n", "line 7: this value is no duration"},
		"no size":             {minimal + "storage:\n  max_bytes: 1 gig\n", "line 8: a size is"},
		"negative size":       {minimal + "storage:\n  max_bytes: -1\n", "line 8: a size is"},
		"size too large":      {minimal + "storage:\n  max_bytes: 9999999999TiB\n", "line 8: a size is"},
		"no group":            {minimal + "limits: 5\n", "line 7: this value is no group of keys"},
		"broken":              {"hub: [\n", "line"},
		"empty":               {"", "empty"},
		"two documents":       {minimal + "---\nhub: x\n", "more than one document"},
		"nothing decided":     {"data: d\n", "operator.bundle is missing"},
		"hub is an address":   {minimal[len("hub: hub.example\n"):] + "hub: 10.0.0.1\n", "hub is the DNS name alone"},
		"hub has a port":      {minimal[len("hub: hub.example\n"):] + "hub: hub.example:7443\n", "hub is the DNS name alone"},
		"address, no port":    {minimal + "listen:\n  main: localhost\n", "listen.main is host:port"},
		"port by name":        {minimal + "listen:\n  main: localhost:https\n", "listen.main is host:port"},
		"one address twice":   {minimal + "listen:\n  bulk: 127.0.0.1:7443\n", "three different addresses"},
		"advertised, no port": {minimal + "listen:\n  bulk_advertised: hub.example\n", "listen.bulk_advertised is host:port"},
		"cap below deadline":  {minimal + "limits:\n  max_deadline: 1s\n", "limits.max_deadline is not below"},
		"log format":          {minimal + "log:\n  format: xml\n", "log.format is one of [text json]"},
		"log level":           {minimal + "log:\n  level: loud\n", "log.level is one of"},
		"negative grace":      {minimal + "shutdown_grace: -1s\n", "not negative"},
		"no rate":             {minimal + "limits:\n  reads_per_second: .nan\n", "the rates per second"},
		"endless rate":        {minimal + "limits:\n  burst_seconds: .inf\n", "the rates per second"},
		"binary":              {"\x00\x01", "control characters"},
		"alias to many keys":  {"a: &a [1]\nb: *a\n", "line 1: there is no key a"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(row.text))
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %q", err, row.want)
			}
			if err != nil && strings.Contains(err.Error(), "config.") {
				t.Errorf("%v names a Go type", err)
			}
		})
	}
}

func TestPathsBeginAtTheFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "hub.yaml")
	if err := os.WriteFile(path, []byte(minimal+"data: /var/lib/entente\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if c.Data != "/var/lib/entente" || c.Key != filepath.Join(dir, "pki/hub.key") || c.Operator.Bundle != filepath.Join(dir, "pki/operator-ca.crt") {
		t.Errorf("got %+v", c)
	}
	if _, err := Read(filepath.Join(dir, "absent.yaml")); err == nil {
		t.Error("a missing file was read")
	}
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]Size{"0": 0, "1": 1, "1000": 1000, "64KiB": 64 << 10, "3 MiB": 3 << 20, "2GiB": 2 << 30, "1TiB": 1 << 40} {
		got, err := parseSize(text)
		if err != nil || got != want {
			t.Errorf("%s: %d, %v", text, got, err)
		}
		back, err := parseSize(got.String())
		if err != nil || back != want {
			t.Errorf("%s is written as %s", text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(minimal))
	text, err := complete().Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := Parse(text)
		if err != nil {
			return
		}
		again, err := c.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := Parse(again)
		if err != nil || !reflect.DeepEqual(back, c) {
			t.Errorf("%+v came back as %+v, %v", c, back, err)
		}
	})
}
