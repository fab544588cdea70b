package view

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/journal"
)

// TestReplayEqualsLive: the same commands give the same contents, the same outcomes, the same roster and the same index, however they are batched.
func TestReplayEqualsLive(t *testing.T) {
	ring := newWorld(t, Options{NoSync: true})
	rapid.Check(t, func(rt *rapid.T) {
		live := newHistory(ring.blank(t, Options{NoSync: true}))
		defer live.Close()
		live.play(rt)
		other := ring.blank(t, Options{NoSync: true, WithoutJournal: true, PageSize: 16 << 10})
		defer other.Close()
		outcomes := other.replayed(rt, decoded(rt, live.all))
		if other.hash() != live.hash() {
			rt.Fatalf("the contents differ after %d commands", len(live.all))
		}
		same(rt, live.world, other)
		again := ring.blank(t, Options{NoSync: true})
		defer again.Close()
		for i, o := range again.replayed(rt, live.all) {
			if !proto.Equal(o, outcomes[i]) {
				rt.Fatalf("command %d: %v, in other batches %v", i, o, outcomes[i])
			}
		}
		if err := errors.Join(live.Check(), other.Check(), again.Check()); err != nil {
			rt.Fatal(err)
		}
	})
}

// same wants two views to answer alike: who is who, and every search.
func same(t *rapid.T, a, b *world) {
	for _, id := range append(cast(), "xx-0", "xx-1", "xx-2", "xx-3") {
		for _, who := range []string{id, id + "/desk"} {
			if x, y := a.found(who, ""), b.found(who, ""); !slices.Equal(x, y) {
				t.Fatalf("%s finds %v and %v", who, x, y)
			}
		}
	}
	if x, y := a.Roster(), b.Roster(); x.Generation != y.Generation || fmt.Sprint(x.Agencies()) != fmt.Sprint(y.Agencies()) {
		t.Fatal("another roster")
	}
	for _, term := range a.terms(t) {
		q := index.Query{All: []index.AnyOf{{term}}}
		if x, y := a.numbers(q), b.numbers(q); !slices.Equal(x, y) {
			t.Fatalf("a term is posted at %v and %v", x, y)
		}
	}
	all := index.Query{Review: &index.Review{At: a.Hub().GetTimeMicros()}}
	if x, y := a.numbers(all), b.numbers(all); !slices.Equal(x, y) {
		t.Fatalf("records %v and %v", x, y)
	}
}

// terms are all terms of all records, as stored.
func (w *world) terms(t *rapid.T) (all []index.Term) {
	w.read(func(s *Snapshot) error {
		d := describer{store: s.store, hasher: w.hasher, roster: s.Roster()}
		return s.eachRecord(d, 1, s.Hub().GetNextRecord(), func(_ *stored, doc document) error {
			all = append(all, doc.terms...)
			return nil
		})
	})
	slices.Sort(all)
	return slices.Compact(all)
}

// numbers are the records of a query, whoever may read them. An index that is found damaged is waited for.
func (w *world) numbers(q index.Query) (list []uint64) {
	w.Helper()
	for {
		err := w.Query(func(s *Snapshot) error {
			list = nil
			w.tail.Search(q, 1<<20, func(n index.Number) bool {
				list = append(list, uint64(n))
				return true
			})
			return nil
		})
		switch {
		case err == nil:
			return list
		case fault.KindOf(err) != fault.Unavailable:
			w.Fatal(err)
		}
		w.tended()
	}
}

// TestHistoriesHoldTogether: after any commands what a reader finds is what it may read, each inbox row has the leaf that it and its salt make, and
// opening the file again gives the index that was there before.
func TestHistoriesHoldTogether(t *testing.T) {
	ring := newWorld(t, Options{NoSync: true})
	rapid.Check(t, func(rt *rapid.T) {
		h := newHistory(ring.blank(t, Options{NoSync: true}))
		defer func() { _ = h.Close() }()
		h.play(rt)
		foundIsReadable(rt, h.world)
		everyLeafIsItsRows(rt, h.world)
		rebuiltAsItWas(rt, h.world)
	})
}

// TestHistoriesAreVaried: every kind of command takes effect in some drawn history, and most kinds are refused in some. Some do so in one history of twenty, so
// that these are drawn alike each time.
func TestHistoriesAreVaried(t *testing.T) {
	ring := newWorld(t, Options{NoSync: true})
	seen := map[string]int{}
	look := rapid.Custom(func(rt *rapid.T) bool {
		h := newHistory(ring.blank(t, Options{NoSync: true}))
		defer func() { _ = h.Close() }()
		h.play(rt)
		h.tally(seen)
		return true
	})
	for seed := range 60 {
		look.Example(seed)
	}
	refused := 0
	for _, kind := range []string{
		"submit_record", "revise_record", "update_release", "update_links", "add_step", "recall_record", "consult", "enrol_agency", "update_agency",
		"set_standing", "revoke_certificate", "create_group", "update_members", "set_check_budget", "update_benign",
	} {
		if seen[kind+" took effect"] == 0 {
			t.Errorf("no history in which a %s took effect: %v", kind, seen)
		}
		if seen[kind+" was refused"] > 0 {
			refused++
		}
	}
	if refused < 12 {
		t.Errorf("%d kinds were refused: %v", refused, seen)
	}
}

// tally counts what the commands of a history came to.
func (h *history) tally(seen map[string]int) {
	for i, c := range h.all {
		kind := c.ProtoReflect().WhichOneof(c.ProtoReflect().Descriptor().Oneofs().ByName("kind")).Name()
		if h.outcomes[i].GetRefusal() == "" {
			seen[string(kind)+" took effect"]++
		} else {
			seen[string(kind)+" was refused"]++
		}
	}
}

func foundIsReadable(t *rapid.T, w *world) {
	for _, who := range append(cast(), "it-dac/desk", "fr-ofast/desk") {
		var readable []uint64
		w.read(func(s *Snapshot) error {
			for n := s.Hub().GetNextRecord(); n > 0; n-- {
				if rec, err := s.RecordAt(w.reader(who), n); err == nil && rec.Listed() {
					readable = append(readable, n)
				}
			}
			return nil
		})
		if found := w.found(who, ""); !slices.Equal(found, readable) {
			t.Fatalf("%s finds %v and may read %v", who, found, readable)
		}
	}
}

func everyLeafIsItsRows(t *rapid.T, w *world) {
	for name, inbox := range w.boxes() {
		for _, row := range w.rows(inbox, 0) {
			w.read(func(s *Snapshot) error {
				if _, _, err := s.Leaf(inbox, row.Number); err != nil {
					t.Fatalf("%s %d: %v", name, row.Number, err)
				}
				return nil
			})
		}
	}
}

func rebuiltAsItWas(t *rapid.T, w *world) {
	before := w.postings(t)
	w.reopen(Options{NoSync: true})
	w.postedAs(t, before)
}

// postings is every term with the records that have it, and all records.
func (w *world) postings(t *rapid.T) map[string][]uint64 {
	posted := map[string][]uint64{"all": w.numbers(index.Query{})}
	for _, term := range w.terms(t) {
		posted[fmt.Sprint(term)] = w.numbers(index.Query{All: []index.AnyOf{{term}}})
	}
	return posted
}

func (w *world) postedAs(t *rapid.T, before map[string][]uint64) {
	for term, list := range w.postings(t) {
		if !slices.Equal(list, before[term]) {
			t.Fatalf("%s was posted at %v, now at %v", term, before[term], list)
		}
	}
}

// TestAJournalReplaysFromTheFile: what one hub kept makes another.
func TestAJournalReplaysFromTheFile(t *testing.T) {
	w := busy(t)
	other := w.blank(t, Options{})
	defer other.Close()
	w.read(func(s *Snapshot) error {
		return s.Entries(1, func(e *internalv1.Entry, encoded []byte) (bool, error) {
			_, err := other.Apply(e, encoded)
			return true, err
		})
	})
	if other.hash() != w.hash() || other.Position() != w.Position() {
		t.Error("the replay is another hub")
	}
}

// TestAnEntryThatDoesNotFollowStopsTheHub: gaps, forks, unknown rules, unknown commands and fields are refused, and nothing changes.
func TestAnEntryThatDoesNotFollowStopsTheHub(t *testing.T) {
	w := populated(t)
	before, at := w.hash(), w.Position()
	for name, edit := range map[string]func(*internalv1.Entry){
		"a gap":       func(e *internalv1.Entry) { e.Number++ },
		"a repeat":    func(e *internalv1.Entry) { e.Number-- },
		"a fork":      func(e *internalv1.Entry) { e.PreviousHash[0] ^= 1 },
		"other rules": func(e *internalv1.Entry) { e.RulesVersion++ },
		"nothing":     func(e *internalv1.Entry) { e.Commands = nil },
		"a command of no kind": func(e *internalv1.Entry) {
			e.Commands = append(e.Commands, &internalv1.Command{Origin: &internalv1.Origin{Hub: true}, StorageVersion: 1, InboxVersion: 1})
		},
		"a secret that there is not": func(e *internalv1.Entry) { e.Commands[0].StorageVersion = 200 },
		"a salt that there is not":   func(e *internalv1.Entry) { e.Commands[0].InboxVersion = 200 },
	} {
		entry, encoded := w.entry(w.tick())
		entry.PreviousHash = slices.Clone(entry.GetPreviousHash())
		edit(entry)
		if outcomes, err := w.Apply(entry, encoded); outcomes != nil || err == nil {
			t.Errorf("%s was applied", name)
		}
	}
	if w.hash() != before || w.Position() != at {
		t.Error("something changed")
	}
	w.took(w.tick())
}

// TestAnUnknownFieldIsNotSkipped, wherever in an entry it stands.
func TestAnUnknownFieldIsNotSkipped(t *testing.T) {
	w := populated(t)
	for name, at := range map[string]func(*internalv1.Entry) proto.Message{
		"entry":         func(e *internalv1.Entry) proto.Message { return e },
		"command":       func(e *internalv1.Entry) proto.Message { return e.GetCommands()[0] },
		"justification": func(e *internalv1.Entry) proto.Message { return e.GetCommands()[0].GetJustification() },
		"draft":         func(e *internalv1.Entry) proto.Message { return e.GetCommands()[0].GetEnrolAgency().GetDraft() },
		"unit": func(e *internalv1.Entry) proto.Message {
			return e.GetCommands()[0].GetEnrolAgency().GetDraft().GetUnits()[0]
		},
	} {
		entry, encoded := w.entry(w.enrol("xx-new", "desk"))
		if again, err := journal.Decode(encoded); err != nil || !proto.Equal(again, entry) {
			t.Fatalf("%v", err)
		}
		at(entry).ProtoReflect().SetUnknown([]byte{0xf8, 0x3f, 1}) // field 1023
		encoded, err := marshal(entry)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := journal.Decode(encoded); err == nil {
			t.Errorf("an unknown field of the %s was skipped", name)
		}
	}
	if _, err := journal.Decode([]byte{0xff}); err == nil {
		t.Error("what is no entry was decoded")
	}
}
