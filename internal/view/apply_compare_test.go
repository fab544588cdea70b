package view

import (
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// compared submits an item with so many telephones to compare.
func (w *world) compared(x *item, phones uint64) (*item, *internalv1.Outcome) {
	w.Helper()
	c := w.submission(x)
	c.GetSubmitRecord().Compares = []*internalv1.CheckSpend{{Type: phone, Count: phones}}
	o := w.took(c)
	x.number = o.GetNumber()
	return x, o
}

// meets is a row that says that two records, as they stand, share an identifier.
func (w *world) meets(own, other *item, shared ...uint64) *internalv1.Meeting {
	return &internalv1.Meeting{
		Own: own.number, OwnRevision: w.envelope(own).GetRevision(), Other: other.number, OtherRevision: w.envelope(other).GetRevision(), Shared: shared,
	}
}

func (w *world) meetings(rows ...*internalv1.Meeting) *internalv1.Command {
	to := w.beyond()
	to.Compared = w.Hub().GetLastComparison()
	c := w.matched(w.mark(), to)
	c.GetMatched().Meetings = rows
	return c
}

// metRows are the rows of meetings in an agency's inbox: own record and other.
func (w *world) metRows(agency string) (list [][2]uint64) {
	for _, r := range w.rows(w.boxes()[agency], 0) {
		if r.Kind == ententev1.EventKind_EVENT_KIND_DECONFLICTION {
			list = append(list, [2]uint64{r.Ref, r.Other})
		}
	}
	return list
}

func (w *world) wantMet(agency string, want ...[2]uint64) {
	w.Helper()
	got := w.metRows(agency)
	if len(got) != len(want) {
		w.Fatalf("%s is told %v, not %v", agency, got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			w.Errorf("%s is told %v, not %v", agency, got, want)
		}
	}
}

// dues are the numbers of the records that are to be compared.
func (w *world) dues() (list []uint64) {
	w.Helper()
	w.read(func(s *Snapshot) error {
		return s.Dues(w.mark().GetCompared(), func(d Due) (bool, error) {
			list = append(list, d.Number)
			return true, nil
		})
	})
	return list
}

// Apply decides on every pair and side, whoever found it, and tells it once.
func TestMeetingsAreDecidedAgain(t *testing.T) {
	w := populated(t)
	x, _ := w.compared(&item{owner: france, release: to(italy), content: "boat"}, 1)
	y, _ := w.compared(&item{owner: italy, release: to(), content: "boat"}, 1)
	z, _ := w.compared(&item{owner: britain, release: to(), content: "boat"}, 1)
	all := []*internalv1.Meeting{w.meets(x, y, 1), w.meets(y, x, 1), w.meets(y, z, 1), w.meets(z, y, 1), w.meets(x, z, 1), w.meets(y, y, 1)}
	w.took(w.meetings(all...))
	w.wantMet(italy, [2]uint64{y.number, x.number})
	w.wantMet(france)
	w.wantMet(britain)
	if got := w.dues(); got != nil {
		t.Errorf("%v are still to be compared", got)
	}
	w.took(w.meetings(all...))
	w.wantMet(italy, [2]uint64{y.number, x.number})
	w.took(w.meetings(w.meets(y, x, 1, 2), w.meets(y, x, 3))) // one event for what comes at once
	w.wantMet(italy, [2]uint64{y.number, x.number}, [2]uint64{y.number, x.number})
	stale := w.meets(y, x, 4)
	w.took(w.revision(x, "engine"))
	w.took(w.meetings(stale))
	w.took(w.standing(france, suspended))
	w.took(w.meetings(w.meets(y, x, 4)))
	w.wantMet(italy, [2]uint64{y.number, x.number}, [2]uint64{y.number, x.number})
	far := w.meetings()
	far.GetMatched().To.Compared = 99
	w.refused(far, RefusedStale, "")
	if err := w.Check(); err != nil {
		t.Error(err)
	}
}

// A row says what it said, until today's rules would not, or the reader's own house keeps its record from it.
func TestMetIsTodays(t *testing.T) {
	w := populated(t)
	x, _ := w.compared(&item{owner: france, release: to(italy), content: "boat"}, 1)
	y, _ := w.compared(&item{owner: italy, release: to(), content: "boat"}, 1)
	w.took(w.meetings(w.meets(y, x, 7)))
	rows := w.rows(w.boxes()[italy], 0)
	row := rows[len(rows)-1]
	met := func(who string) (m *Met) {
		w.read(func(s *Snapshot) (err error) {
			m, err = s.Met(w.reader(who), row)
			return err
		})
		return m
	}
	if m := met(italy); m == nil || m.Name != y.name() || m.OtherName != x.name() || len(m.Shared) != 1 || m.Shared[0] != 7 || m.Other.GetId() != france {
		t.Errorf("%v", m)
	}
	w.took(w.releaseChange(x, to(japan)))
	if met(italy) != nil {
		t.Error("what is no longer released is told")
	}
	w.took(w.releaseChange(x, to(italy)))
	w.took(w.releaseChange(y, to(intel.UnitName(italy, "desk"))))
	if met(italy) != nil {
		t.Error("a record of the desk alone is named to the agency")
	}
}

// Comparing costs the submitter's budgets of checks; beyond them records wait in line, over corrections and recalls, and go on at the next day's first tick.
func TestComparisonsWaitInLine(t *testing.T) {
	w := populated(t)
	w.took(w.declared(france, phone, 3))
	a, o := w.compared(&item{owner: france, release: to(), content: "a"}, 2)
	if o.GetDeferred() {
		t.Error("what is paid for waits")
	}
	b, o := w.compared(&item{owner: france, release: to(), content: "b"}, 2)
	c, p := w.compared(&item{owner: france, release: to(), content: "c"}, 1) // would be covered, and comes after b
	d, q := w.compared(&item{owner: france, release: to(), content: "d"}, 9)
	if !o.GetDeferred() || !p.GetDeferred() || !q.GetDeferred() {
		t.Error("what is not paid for does not wait")
	}
	if _, o := w.compared(&item{owner: italy, release: to(), content: "e"}, 9); o.GetDeferred() {
		t.Error("Italy waits for France")
	}
	revised := w.revision(b, "bb")
	revised.GetReviseRecord().Compares = []*internalv1.CheckSpend{{Type: phone, Count: 2}}
	if !w.took(revised).GetDeferred() {
		t.Error("a correction overtakes")
	}
	w.took(w.recallOf(c))
	w.took(w.tick())
	want := func(numbers ...uint64) {
		t.Helper()
		got := w.dues()
		if len(got) != len(numbers) {
			t.Fatalf("%v are to be compared, not %v", got, numbers)
		}
		for i := range got {
			if got[i] != numbers[i] {
				t.Errorf("%v are to be compared, not %v", got, numbers)
			}
		}
	}
	want(a.number, 5)
	if err := w.Check(); err != nil {
		t.Error(err)
	}
	w.micros += day
	w.took(w.tick())
	want(a.number, 5, b.number) // c was recalled, and d wants a whole day
	w.micros += day
	w.took(w.tick())
	want(a.number, 5, b.number, d.number)
	if n := w.budget(france, phone).Left(); n != 0 {
		t.Errorf("%d are left", n)
	}
	if w.envelope(d).GetDeferred() != 0 || w.envelope(c).GetDeferred() != 0 {
		t.Error("they still wait")
	}
}

// The line of an agency that was expelled dissolves, that of one that is suspended stands still.
func TestLinesOfThoseOutOfStanding(t *testing.T) {
	w := populated(t)
	w.took(w.declared(italy, phone, 1))
	w.compared(&item{owner: italy, release: to(), content: "a"}, 1)
	x, _ := w.compared(&item{owner: italy, release: to(), content: "b"}, 1)
	w.took(w.standing(italy, suspended))
	w.micros += day
	w.took(w.tick())
	if w.envelope(x).GetDeferred() == 0 {
		t.Error("the suspended move on")
	}
	w.took(w.standing(italy, expelled))
	w.took(w.tick())
	if w.envelope(x).GetDeferred() != 0 || len(w.dues()) != 1 {
		t.Error("the expelled still wait")
	}
}

// A tick moves so many records on, of each agency as many.
func TestLinesMoveInTurn(t *testing.T) {
	w := populated(t)
	w.took(w.declared("", phone, 0))
	var late []*internalv1.Command
	for range resumedPerTick/2 + 10 {
		for _, owner := range []string{france, italy} {
			c := w.submission(&item{owner: owner, release: to(), content: "boat"})
			c.GetSubmitRecord().Compares = []*internalv1.CheckSpend{{Type: phone, Count: 1}}
			late = append(late, c)
		}
	}
	w.apply(late...)
	w.took(w.declared("", phone, 10_000))
	w.took(w.tick())
	if n := len(w.dues()); n != resumedPerTick {
		t.Errorf("%d records went on", n)
	}
	for _, owner := range []string{france, italy} {
		if n := w.budget(owner, phone).Spent; n != resumedPerTick/2 {
			t.Errorf("%s has spent %d", owner, n)
		}
	}
	w.took(w.tick())
	if n := len(w.dues()); n != len(late) {
		t.Errorf("%d records went on after another tick", n)
	}
}

// Who holds one of the terms is found whoever may know of it: the decision comes after.
func TestCounterparts(t *testing.T) {
	w := populated(t)
	for _, owner := range []string{france, italy} {
		w.submit(&item{owner: owner, release: to(), content: "boat"})
	}
	w.submit(&item{owner: japan, release: to(), content: "engine"})
	word := index.AnyOf{w.Hasher().Term(index.FieldOriginator, "word boat")}
	if err := w.Query(func(s *Snapshot) error {
		if got := s.Counterparts(france, word); len(got) != 1 || got[0] != italy {
			t.Errorf("the others are %v", got)
		}
		if got := s.Counterparts(france, index.AnyOf{1}); got != nil {
			t.Errorf("the others are %v", got)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
