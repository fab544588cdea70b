package main

import (
	"strings"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Whatever is written as an identifier is refused, or becomes one that says what it is.
func FuzzIdentifier(f *testing.F) {
	for _, text := range []string{"+33612345678", "IMEI=490154203237518", "https://t.me/boats?a=b", "GB82 WEST 1234 5698 7654 32", "@boats", "é=ü", "ß", "="} {
		f.Add(text, "", "fr", "Telegram")
		f.Add(text, "other", "", "")
	}
	f.Fuzz(func(t *testing.T, text, kind, region, platform string) {
		id, err := asking{kind: kind, region: region, platform: platform}.identifier(text)
		if err != nil {
			return
		}
		named, ok := id["type"].(string)
		if !ok || ententev1.IdentifierType_value[named] == 0 {
			t.Fatalf("%q is a %v", text, id["type"])
		}
		if value, ok := id["rawValue"].(string); !ok || !strings.HasSuffix(text, value) {
			t.Fatalf("%q became %q", text, id["rawValue"])
		}
		if _, err := messageOf((&ententev1.AskedIdentifier{}).ProtoReflect().Type(), id); err != nil && isText(text+region+platform) {
			t.Fatalf("%q is no message: %v", text, err)
		}
	})
}

// isText tells what JSON can carry as it is.
func isText(s string) bool { return strings.ToValidUTF8(s, "") == s }
