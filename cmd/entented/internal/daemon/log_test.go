package daemon

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"
	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/rpc"
)

func TestLogTimesAreUTCToTheMillisecond(t *testing.T) {
	var out bytes.Buffer
	log, err := NewLogger(&out, config.Log{Format: "json", Level: "warn"})
	if err != nil {
		t.Fatal(err)
	}
	log.Info("not of interest")
	log.Warn("of interest", slog.Time("at", time.Date(2026, 5, 1, 12, 0, 0, 123456789, time.FixedZone("", 3600))))
	var line map[string]string
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("%v in %s", err, &out)
	}
	if line["at"] != "2026-05-01T11:00:00.123Z" || line["msg"] != "of interest" || !strings.HasSuffix(line["time"], "Z") {
		t.Errorf("line %v", line)
	}
	if _, err := NewLogger(&out, config.Log{Level: "loud"}); err == nil {
		t.Error("a level that is none was taken")
	}
}

// Whoever hammers at the door neither fills the disk nor goes unnoticed.
func TestRefusalsAreCountedWhenTheyAreNotLogged(t *testing.T) {
	var out bytes.Buffer
	r := newRefusals(slog.New(slog.NewTextHandler(&out, nil)))
	at := time.Unix(1_800_000_000, 0)
	for range 100 {
		r.note(identity.Refusal{Time: at, Reason: identity.ReasonExpired})
	}
	if n := strings.Count(out.String(), "EXPIRED"); n != r.perSecond {
		t.Errorf("%d lines in a second", n)
	}
	r.note(identity.Refusal{Time: at.Add(time.Second), Reason: identity.ReasonRevoked})
	if !strings.Contains(out.String(), "reason=REVOKED") || !strings.Contains(out.String(), "not_logged_before=80") {
		t.Errorf("the next second says %s", out.String())
	}
}

// The file's defaults are the figures that the edge is tested with.
func TestTheDefaultsAreTheEdges(t *testing.T) {
	got, want := limitsOf(config.Default().Limits), rpc.DefaultLimits()
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if err := got.Check(); err != nil {
		t.Error(err)
	}
}

func TestNumbersAreRounded(t *testing.T) {
	for n, want := range map[int]int{0: 0, 7: 7, 99: 99, 100: 100, 104: 100, 105: 110, 6249: 6200, 123456: 120000, 999999: 1000000} {
		if got := about(n); got != want {
			t.Errorf("about %d is %d, not %d", n, got, want)
		}
	}
}
