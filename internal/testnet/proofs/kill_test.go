package proofs_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/view"
)

// rounds is how often the hub is killed: ENTENTE_KILL_ROUNDS, 3 where it does not say.
func rounds(t *testing.T) int {
	t.Helper()
	text := os.Getenv("ENTENTE_KILL_ROUNDS")
	if text == "" {
		return 3
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("ENTENTE_KILL_ROUNDS is %q", text)
	}
	return n
}

// perHub is how many kills one hub goes through before the next begins anew: everything it ever acknowledged is read back after each.
const perHub = 25

// TestKillUnderLoad: a hub that is killed in the middle of its work, again and again, has everything that it ever acknowledged: contents, revisions,
// recalls, events, consultations. Nothing is half done, and whoever sends a request again learns its one outcome.
func TestKillUnderLoad(t *testing.T) {
	for left := rounds(t); left > 0 && !t.Failed(); left -= perHub {
		h, b := founded(t, newHub(t, sound))
		c := newCrew(b)
		kills := min(left, perHub)
		for round := range kills {
			b.killed(t, h, c)
			whole(t, h)
			h.start()
			b.readAll(t.Context(), h, round == kills-1)
			for _, text := range append(b.lost, b.wrong...) {
				t.Errorf("round %d: %s", round, text)
			}
			if t.Failed() {
				return
			}
		}
		h.kill()
		replayed(t, h)
		t.Logf("%d kills, %d records and %d reads acknowledged, none lost", kills, len(b.records), len(b.reads))
	}
}

// readAll compares everything that the hub has with everything that it acknowledged.
func (b *book) readAll(ctx context.Context, h *hub, last bool) {
	h.t.Helper()
	b.readBack(ctx, h)
	b.settle(ctx, h)
	b.readBack(ctx, h)
	b.findAll(ctx, h)
	b.inboxes(ctx, h)
	b.audited(ctx, h, last)
}

// TestKillFindsHaste: over a journal that acknowledges before it has committed, the same loop finds a loss. Without this, that it finds none elsewhere
// would say nothing.
func TestKillFindsHaste(t *testing.T) {
	h, b := founded(t, newHub(t, hasty))
	c := newCrew(b)
	for round := range 10 {
		b.killed(t, h, c)
		h.start()
		b.readBack(t.Context(), h)
		if len(b.lost) > 0 {
			t.Logf("found in round %d: %s, and %d more", round, b.lost[0], len(b.lost)-1)
			return
		}
	}
	t.Error("a journal that loses what it acknowledged was not found out in ten rounds")
}

// founded starts a hub, its agencies enrolled, and an empty book.
func founded(t *testing.T, h *hub) (*hub, *book) {
	t.Helper()
	h.start()
	if err := h.net.Enrol(t.Context(), cast()...); err != nil {
		t.Fatal(err)
	}
	return h, newBook()
}

// killed lets the crew work, and kills the hub at an acknowledgement that chance chose.
func (b *book) killed(t *testing.T, h *hub, c *crew) {
	t.Helper()
	b.begin(1 + rand.IntN(200))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := c.work(ctx, h)
	select {
	case <-b.reached:
	case <-ctx.Done():
		t.Errorf("the crew did not get so far")
	}
	h.strike()
	done.Wait()
	h.bury()
}

// whole opens what the dead hub left, before anybody mends anything, and reads all of it.
func whole(t *testing.T, h *hub) {
	t.Helper()
	if err := opened(h, func(_ *keyring.Ring, v *view.View) error { return v.Check() }); err != nil {
		t.Fatal(err)
	}
}

// opened opens the folder of a hub that does not run.
func opened(h *hub, do func(*keyring.Ring, *view.View) error) error {
	ring, err := keyring.Open(filepath.Join(h.data(), view.FolderKeys))
	if err != nil {
		return err
	}
	v, err := view.Open(h.data(), ring, view.Options{Reserve: -1})
	if err != nil {
		return errors.Join(err, ring.Close())
	}
	return errors.Join(do(ring, v), v.Close(), ring.Close())
}

// replayed applies the journal that was left to an empty file: it has the same contents.
func replayed(t *testing.T, h *hub) {
	t.Helper()
	dir := t.TempDir()
	if err := view.Prepare(dir); err != nil {
		t.Fatal(err)
	}
	err := opened(h, func(ring *keyring.Ring, v *view.View) error {
		other, err := view.Open(dir, ring, view.Options{Reserve: -1, NoSync: true})
		if err != nil {
			return err
		}
		err = v.Read(func(s *view.Snapshot) error {
			return s.Entries(1, func(e *internalv1.Entry, encoded []byte) (bool, error) {
				_, err := other.Apply(e, encoded)
				return true, err
			})
		})
		live, liveErr := v.ContentsHash()
		again, againErr := other.ContentsHash()
		if live != again || other.Position() != v.Position() {
			t.Errorf("the replay of %d entries has other contents than the hub", v.Position().Entry)
		}
		return errors.Join(err, liveErr, againErr, other.Close())
	})
	if err != nil {
		t.Fatal(err)
	}
}

// readership is what the caller's agency's records were read by, after a row.
func readership(ctx context.Context, t testing.TB, client ententev1.DisclosureServiceClient, after int64) (rows []*ententev1.Disclosure) {
	t.Helper()
	request := &ententev1.ListDisclosuresRequest{Justification: why("check"), After: &ententev1.InboxCursor{Number: after}, PageSize: 1000}
	for {
		page, err := client.ListDisclosures(ctx, request)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, page.GetDisclosures()...)
		if request.After = page.GetResumeFrom(); request.GetAfter().GetNumber() == page.GetHead().GetNumber() {
			return rows
		}
	}
}
