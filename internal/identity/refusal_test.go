package identity

import (
	"strings"
	"testing"
)

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "",
		"plain text":                     "plain text",
		"two\nlines":                     `"two\nlines"`,
		"\x1b[31mred":                    `"\x1b[31mred"`,
		"right\u202eleft":                `"right\u202eleft"`,
		"\xff":                           `"\xff"`,
		"\x7f":                           `"\x7f"`,
		strings.Repeat("a", maxDetail+9): strings.Repeat("a", maxDetail),
	} {
		if got := printable(text); got != want {
			t.Errorf("printable(%q) = %q", text, got)
		}
	}
	if got := printable(strings.Repeat("\x00", 9999)); len(got) > maxDetail {
		t.Errorf("%d bytes", len(got))
	}
}

func TestRefusalError(t *testing.T) {
	r := &Refusal{Reason: ReasonExpired}
	if got := r.Error(); got != "certificate refused: EXPIRED" {
		t.Error(got)
	}
	r.ID, r.Detail = frGateway, "because"
	if got := r.Error(); got != "certificate refused: EXPIRED spiffe://police.fr.example/gateway: because" {
		t.Error(got)
	}
}
