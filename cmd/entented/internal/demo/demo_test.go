package demo

import (
	"bytes"
	"strings"
	"testing"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"
)

// anywhere lets the system choose the ports.
func anywhere() config.Listen {
	return config.Listen{Main: "127.0.0.1:0", Bulk: "127.0.0.1:0", Admin: "127.0.0.1:0"}
}

// started is a demo that is closed with the test.
func started(t *testing.T) (*Demo, *bytes.Buffer) {
	t.Helper()
	out := new(bytes.Buffer)
	d, err := Start(t.Context(), Options{Dir: t.TempDir(), Listen: anywhere(), Version: "test", Out: out})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d, out
}

func TestThePlayHolds(t *testing.T) {
	d, out := started(t)
	if err := d.Play(t.Context()); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if !strings.Contains(out.String(), "Every step held.") {
		t.Errorf("the play says\n%s", out)
	}
}
