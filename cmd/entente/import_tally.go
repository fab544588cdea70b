package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// tally counts what became of the lines of an import, and writes down those that were refused.
type tally struct {
	a *app

	mu      sync.Mutex
	refused *json.Encoder // nil where nobody wants them written down

	taken, unchanged, turned atomic.Int64
	pending                  atomic.Int64 // of those taken: not compared with others' records yet
	bytes, size              atomic.Int64 // read of the input, and all of it; 0 where that is not known
}

// writeTo sets where refused lines are written to.
func (t *tally) writeTo(w io.Writer) {
	t.refused = json.NewEncoder(w)
	t.refused.SetEscapeHTML(false)
}

// measured is the input, with what was read of it counted.
func (t *tally) measured(in io.Reader) io.Reader {
	if f, ok := in.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			t.size.Store(info.Size())
		}
	}
	return io.TeeReader(in, (*byteCount)(&t.bytes))
}

// byteCount counts what is written to it.
type byteCount atomic.Int64

func (c *byteCount) Write(p []byte) (int, error) {
	(*atomic.Int64)(c).Add(int64(len(p)))
	return len(p), nil
}

// answered is how many lines there is an answer to.
func (t *tally) answered() int64 { return t.taken.Load() + t.unchanged.Load() + t.turned.Load() }

// answer counts what the hub says of a line.
func (t *tally) answer(l line, result map[string]any) error {
	why, unchanged := outcomeOf(result)
	if isPending(result) {
		t.pending.Add(1)
	}
	switch {
	case why != nil:
		l.local = why
		return t.refuse(l)
	case unchanged:
		t.unchanged.Add(1)
	default:
		t.taken.Add(1)
	}
	return nil
}

// toldLines is how many refused lines are told one by one.
const toldLines = 10

// refusedLine is a line of the file of refused lines; rowOf reads it back.
type refusedLine struct {
	Line int64 `json:"line"`
	*refusal
	Row json.RawMessage `json:"row"`
}

// refuse counts a line that was refused, by the hub or before, and writes it down.
func (t *tally) refuse(l line) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.turned.Add(1)
	if t.refused != nil {
		return t.refused.Encode(refusedLine{Line: l.number, refusal: l.local, Row: valid(l.text)})
	}
	switch {
	case n <= toldLines:
		t.a.say("\rline %d: %s", l.number, printable(l.local.Message))
		for _, f := range l.local.Fields {
			t.a.say("  %s: %s (%s)", f.Field, f.Description, f.Reason)
		}
	case n == toldLines+1:
		t.a.say("\r… more lines are refused; --refused FILE writes them all down")
	}
	return nil
}

// valid is the line if it is JSON, and else the line as a JSON text.
func valid(text []byte) json.RawMessage {
	if json.Valid(text) {
		return text
	}
	quoted, err := json.Marshal(string(text))
	if err != nil {
		return json.RawMessage("null")
	}
	return quoted
}

// progress shows how far the import is, on a terminal, until what it returns is called.
func (t *tally) progress(ctx context.Context) (end func()) {
	f, ok := t.a.errs.(*os.File)
	if !ok {
		return func() {}
	}
	if !isTerminal(f) {
		return func() {}
	}
	began, finished := time.Now(), make(chan struct{})
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer close(finished)
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			_, _ = fmt.Fprintf(f, "\r%s", t.state(time.Since(began)))
			select {
			case <-tick.C:
			case <-ctx.Done():
				_, _ = fmt.Fprintln(f)
				return
			}
		}
	}()
	return func() { cancel(); <-finished }
}

// barWidth is how many characters a bar has.
const barWidth = 24

// state is how far the import is, in one line.
func (t *tally) state(took time.Duration) string {
	done := t.answered()
	text := fmt.Sprintf("%d answered, %d refused, %.0f a second ", done, t.turned.Load(), float64(done)/max(took.Seconds(), 1e-3))
	size := t.size.Load()
	if size == 0 {
		return text
	}
	part := min(1, float64(t.bytes.Load())/float64(size))
	full := int(part * barWidth)
	return fmt.Sprintf("[%s%s] %3.0f%%  %s", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), part*100, text)
}

// summary says what became of the lines, and gives the error that the import ends with. left are those
// that the hub did not answer, because of err.
func (t *tally) summary(err error, left int) error {
	verb := "accepted"
	if t.a.dryRun {
		verb = "sound"
	}
	counts := map[string]any{
		"lines": t.answered() + int64(left), verb: t.taken.Load(), "unchanged": t.unchanged.Load(), "refused": t.turned.Load(),
	}
	if left > 0 {
		counts["unanswered"] = left
	}
	pending := t.pending.Load()
	if pending > 0 {
		counts["deconflictionPending"] = pending
	}
	if t.a.output == "table" {
		t.a.say("%d lines: %d %s, %d unchanged, %d refused", counts["lines"], t.taken.Load(), verb, t.unchanged.Load(), t.turned.Load())
		if left > 0 {
			t.a.say("%d of them were not answered; drafts with an originatorReference can simply be imported again", left)
		}
		if pending > 0 {
			t.a.say("%d of them wait for your agency's budget of checks before they are compared with others' records; what is past is loaded with --history", pending)
		}
	} else {
		err = firstOf(err, t.a.print(counts, view{}))
	}
	if n := t.turned.Load(); err == nil && n > 0 {
		err = refused{fmt.Sprintf("%d lines were refused", n)}
	}
	return err
}
