package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// events is a message of a watch with the events from one number to another, and the cursor behind them.
func events(from, to int64) *ententev1.WatchInboxResponse {
	m := &ententev1.WatchInboxResponse{ResumeFrom: &ententev1.InboxCursor{Epoch: "e1", Number: to}}
	for n := from; n <= to; n++ {
		m.Events = append(m.Events, &ententev1.InboxEvent{Number: n, Kind: ententev1.EventKind_EVENT_KIND_RECORD, Name: fmt.Sprintf("agencies/x/intelligenceItems/%d", n)})
	}
	return m
}

// A watch goes on from the last event over every way in which a stream ends, prints each event once, and ends with its cursor.
func TestWatchGoesOn(t *testing.T) {
	s := newScript(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var mu sync.Mutex
	var cursors []string
	s.watch = func(n int, in *ententev1.WatchInboxRequest, send func(*ententev1.WatchInboxResponse) error) error {
		mu.Lock()
		cursors = append(cursors, fmt.Sprintf("%s/%d", in.GetAfter().GetEpoch(), in.GetAfter().GetNumber()))
		mu.Unlock()
		switch n {
		case 1: // the hub goes away
			return firstOf(send(events(3, 5)), faultOf(t, codes.Unavailable, "The hub is stopping."))
		case 2: // the connection comes of age
			last := events(6, 6)
			last.Closing = true
			return send(last)
		case 3: // too slow, it says
			return firstOf(send(events(7, 7)), faultOf(t, codes.ResourceExhausted, "You did not read.", &errdetails.ErrorInfo{Reason: "SLOW_READER", Metadata: map[string]string{"resumeFrom": "e1:7"}}))
		case 4: // a clean end without a word, and a heartbeat before it
			return send(&ententev1.WatchInboxResponse{ResumeFrom: &ententev1.InboxCursor{Epoch: "e1", Number: 8}})
		default:
			if err := send(events(9, 9)); err != nil {
				return err
			}
			cancel()
			<-t.Context().Done()
			return nil
		}
	}
	code, out, errs := s.run(ctx, "", "inbox", "watch", "--after", "2", "-o", "json", "--kind", "record")
	if code != exitOK {
		t.Errorf("exit %d: %s", code, errs)
	}
	mu.Lock()
	defer mu.Unlock()
	if want := []string{"/2", "e1/5", "e1/6", "e1/7", "e1/8"}; !slices.Equal(cursors, want) {
		t.Errorf("cursors %v, not %v", cursors, want)
	}
	var numbers []string
	for line := range strings.Lines(out) {
		var e struct {
			Number string `json:"number"`
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("a line that is no event: %q", line)
		}
		numbers = append(numbers, e.Number)
	}
	if shown := strings.Join(numbers, " "); !strings.HasPrefix("3 4 5 6 7 9", shown) || len(numbers) < 5 {
		t.Errorf("events %s", shown) // the last one may come too late for a person who stops
	}
	if !strings.Contains(errs, "The hub is stopping.") || !strings.Contains(errs, "Go on with --after e1/") {
		t.Errorf("said: %s", errs)
	}
}

// A watch that may not go on ends with the reason and its cursor.
func TestWatchEnds(t *testing.T) {
	s := newScript(t)
	s.watch = func(n int, _ *ententev1.WatchInboxRequest, send func(*ententev1.WatchInboxResponse) error) error {
		if n > 1 {
			t.Errorf("watched again")
		}
		return firstOf(send(events(1, 2)), faultOf(t, codes.FailedPrecondition, "Numbers begin anew.", &errdetails.ErrorInfo{Reason: "EPOCH_OVER"}))
	}
	code, out, errs := s.run(t.Context(), "", "inbox", "watch")
	if code != exitConflict || !strings.Contains(errs, "EPOCH_OVER") || !strings.Contains(errs, "--after e1/2") {
		t.Errorf("exit %d: %s", code, errs)
	}
	if want := "1  RECORD  agencies/x/intelligenceItems/1\n2  RECORD  agencies/x/intelligenceItems/2\n"; out != want {
		t.Errorf("shown:\n%s", out)
	}
}

// A watch by somebody whose certificate is not accepted does not go on for ever.
func TestWatchOfAStranger(t *testing.T) {
	s := newScript(t)
	s.certificate("stranger", newAuthority(t, "agency.example"))
	s.fails(exitDenied, []string{"does not accept the certificate"}, "inbox", "watch", "--cert", s.file("stranger.pem"), "--key", s.file("stranger.key"))
}
