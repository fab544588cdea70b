package exchange_test

import (
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/testnet/corpus"
	"github.com/seed-1d76a664/entente/internal/view"
)

// A hub takes from its own submits what it need not open again. Another that gets the same entries opens all of it, and has the same contents.
func TestReplayGivesTheSame(t *testing.T) {
	w := newWorld(t)
	agencies := corpus.Agencies()
	w.enrol(agencies...)
	drafts, name := corpus.New(1), ""
	for n := range 20 {
		d := drafts.Item(13 * n)
		if name != "" {
			d.Links = []*ententev1.Link{{Target: name, Type: ententev1.LinkType_LINK_TYPE_RELATES_TO}}
		}
		d.CaseReference = "C-1"
		answer, err := w.SubmitIntelligenceItem(t.Context(), call(agencies[0]), &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: d})
		if err != nil {
			t.Fatal(err)
		}
		name = answer.GetReceipt().GetName()
	}
	w.seize(agencies[0], report(to(agencies[1])))
	dir := t.TempDir()
	if err := view.Prepare(dir); err != nil {
		t.Fatal(err)
	}
	other, err := view.Open(dir, w.View.Ring(), view.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	err = w.View.Read(func(s *view.Snapshot) error {
		return s.Entries(1, func(e *internalv1.Entry, encoded []byte) (bool, error) {
			_, err := other.Apply(e, encoded)
			return err == nil, err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	want, err := w.View.ContentsHash()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := other.ContentsHash(); err != nil || got != want {
		t.Errorf("%x, not %x: %v", got, want, err)
	}
}
