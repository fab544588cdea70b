package daemon

import (
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"
	"github.com/seed-1d76a664/entente/internal/identity"
)

// NewLogger makes the hub's logger: lines of text or JSON, times in UTC.
func NewLogger(w io.Writer, c config.Log) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Level)); err != nil {
		return nil, fmt.Errorf("daemon: the log level: %w", err)
	}
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: utc}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options)), nil
	}
	return slog.New(slog.NewTextHandler(w, options)), nil
}

// utc writes times as CJIS AU-8 wants them: in UTC, to a hundredth of a second or
// better.
func utc(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindTime {
		a.Value = slog.StringValue(a.Value.Time().UTC().Format("2006-01-02T15:04:05.000Z07:00"))
	}
	return a
}

// refusals logs certificates that were refused: so many lines a second, and how
// many there were besides, since whoever hammers at the door must neither fill
// the disk nor go unnoticed.
type refusals struct {
	log       *slog.Logger
	perSecond int

	mu      sync.Mutex
	second  int64
	lines   int
	dropped int
}

func newRefusals(log *slog.Logger) *refusals { return &refusals{log: log, perSecond: 20} }

// note is what an identity.Verifier reports to.
func (r *refusals) note(refusal identity.Refusal) {
	dropped, ok := r.room(refusal.Time)
	if !ok {
		return
	}
	r.log.Warn("a certificate was refused",
		slog.String("reason", string(refusal.Reason)), slog.String("remote", refusal.Remote),
		slog.String("agency", string(refusal.Agency)), slog.String("claimed_id", refusal.ID),
		slog.String("serial", refusal.Serial), slog.String("detail", refusal.Detail),
		slog.Int("not_logged_before", dropped))
}

func (r *refusals) room(now time.Time) (dropped int, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if second := now.Unix(); second != r.second {
		r.second, r.lines = second, 0
	}
	if r.lines >= r.perSecond {
		r.dropped++
		return 0, false
	}
	r.lines++
	dropped, r.dropped = r.dropped, 0
	return dropped, true
}
