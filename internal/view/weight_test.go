package view

import (
	"testing"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/index"
)

// TestHeavyTailsAreSealed: texts of very many words fill the tail sooner than their number, when they come and when they are filled in at the start.
func TestHeavyTailsAreSealed(t *testing.T) {
	w := populated(t)
	heavy := Options{FlushRecords: 1 << 20, FlushPostings: 1}
	w.reopen(heavy)
	for range 5 {
		w.submit(&item{owner: france, release: to(italy), content: "x"})
		w.tended()
	}
	if w.tail.Tail() != 0 {
		t.Errorf("%d records in the tail", w.tail.Tail())
	}
	if err := w.View.Close(); err != nil {
		t.Fatal(err)
	}
	w.dropFromIndex(stateKey)
	w.View = w.open(heavy)
	w.tended()
	if n := len(w.numbers(index.Query{})); n != 5 || w.tail.Tail() != 0 {
		t.Errorf("%d found, %d in the tail", n, w.tail.Tail())
	}
}

// TestAnalysesAreBounded: what is told beforehand of contents that never come does not pile up, neither in number nor in size.
func TestAnalysesAreBounded(t *testing.T) {
	v := new(View)
	digest := func(n int) []byte { return []byte{31: byte(n), 30: byte(n >> 8)} }
	large := index.Analysis{Terms: make([]index.Term, expectedTerms/4)}
	for n := range 10 {
		v.Expect(digest(n), large)
	}
	if v.analyses.expected.held > expectedTerms || len(v.analyses.expected.of) != 4 {
		t.Errorf("%d terms of %d contents", v.analyses.expected.held, len(v.analyses.expected.of))
	}
	if _, ok := v.analyses.of(digest(9)); !ok || v.analyses.expected.held != 3*len(large.Terms) {
		t.Error("the last one is not there")
	}
	for n := range expectedAnalyses + 100 {
		v.Expect(digest(n), index.Analysis{})
	}
	if len(v.analyses.expected.of) > expectedAnalyses || v.analyses.expected.held != 0 {
		t.Errorf("%d contents, %d terms", len(v.analyses.expected.of), v.analyses.expected.held)
	}
}

// TestOpenedIsOfOneCommand: what was told of a command is taken for that very message, until it is applied, and counts among what is held.
func TestOpenedIsOfOneCommand(t *testing.T) {
	v := new(View)
	s := &internalv1.SubmitRecord{ContentDigest: make([]byte, 32), SealedRelease: make([]byte, 1000)}
	v.ExpectRecord(s, index.Analysis{}, Opened{Terms: new(internalv1.Terms)})
	if v.analyses.opened(s) == nil || v.analyses.opened(proto.CloneOf(s)) != nil {
		t.Error("it is not told by the message")
	}
	if v.analyses.expected.held < 500 {
		t.Errorf("it weighs %d", v.analyses.expected.held)
	}
	if _, ok := v.analyses.of(s.GetContentDigest()); !ok || v.analyses.opened(s) != nil || v.analyses.expected.held != 0 {
		t.Error("it is held after it was applied")
	}
}

// TestChangesAreForeseen: the words of a record that changes are told beforehand, and nothing is left for the applier to work out.
func TestChangesAreForeseen(t *testing.T) {
	w := populated(t)
	x := w.submit(&item{owner: france, release: to(italy), content: "x"})
	for name, change := range map[string]func(){
		"release":    func() { w.took(w.releaseChange(x, to(italy, britain))) },
		"correction": func() { w.took(w.revision(x, "y")) },
	} {
		w.analyses = analyses{}
		err := w.Read(func(s *Snapshot) error {
			r, err := s.RecordAt(w.reader(france), x.number)
			if err != nil {
				return err
			}
			return r.Foresee()
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(w.analyses.expected.of) != 1 {
			t.Errorf("%s: nothing was foreseen", name)
		}
		if change(); len(w.analyses.expected.of) != 0 || len(w.analyses.recent.of) == 0 {
			t.Errorf("%s: the applier did not take what was foreseen", name)
		}
	}
}
