package view

import (
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// told lists the standing queries and records of the matches in an inbox.
func (w *world) told(inbox uint32) (list [][2]uint64) {
	for _, r := range w.rows(inbox, 0) {
		if r.Kind == ententev1.EventKind_EVENT_KIND_STANDING_MATCH {
			list = append(list, [2]uint64{r.Other, r.Ref})
		}
	}
	return list
}

// mark is the stored watermark.
func (w *world) mark() *internalv1.Watermark { return w.Hub().GetMatched() }

func (w *world) beyond() *internalv1.Watermark {
	return &internalv1.Watermark{Record: w.Hub().GetNextRecord(), Ordinal: w.Hub().GetOrdinal()}
}

// Apply decides on every match, whoever found it: the owner may list the record, and had not seen it when it began to ask.
func TestMatchedIsDecidedAgain(t *testing.T) {
	w := populated(t)
	before := w.submit(&item{owner: france, release: to(italy), content: "before"})
	w.took(w.standingQuery(italy))   // 1
	w.took(w.standingQuery(britain)) // 2
	w.took(w.standingQuery(italy))   // 3, paused
	paused := w.all[len(w.all)-1].GetCreateStandingQuery().GetUid()
	w.took(w.queryChange(italy, paused, pausedQuery, 1))
	after := w.submit(&item{owner: france, release: to(italy), content: "after"})
	from := w.mark()
	w.took(w.matched(from, w.beyond(), w.foundBy(before, 1, 2, 3), w.foundBy(after, 1, 2, 3)))
	boxes := w.boxes()
	if got := w.told(boxes[italy]); len(got) != 1 || got[0] != [2]uint64{1, after.number} {
		t.Errorf("Italy is told %v", got)
	}
	if got := w.told(boxes[britain]); got != nil {
		t.Errorf("Britain is told %v", got)
	}
	// The same again, and what does not begin where the last one ended, has no effect.
	w.refused(w.matched(from, w.beyond(), w.foundBy(after, 1)), RefusedStale, "")
	w.refused(w.matched(w.mark(), &internalv1.Watermark{Record: 99, Ordinal: w.mark().GetOrdinal()}), RefusedStale, "")
	w.refused(w.matched(w.mark(), &internalv1.Watermark{Record: w.mark().GetRecord(), Ordinal: 1 << 40}), RefusedStale, "")
	forged := w.matched(w.mark(), w.beyond(), w.foundBy(after, 1))
	forged.Origin = &internalv1.Origin{Agency: italy}
	w.refused(forged, RefusedRight, "")
	if got := w.told(boxes[italy]); len(got) != 1 {
		t.Errorf("Italy is told %v", got)
	}
}

// What was corrected between look and order is left to the next look; what changed its release meanwhile is told to those for whom both hold, and later to
// those who are new to it.
func TestMatchedMeetsAChange(t *testing.T) {
	w := populated(t)
	w.took(w.standingQuery(italy))   // 1
	w.took(w.standingQuery(britain)) // 2
	x := w.submit(&item{owner: france, release: to(italy), content: "boat"})
	y := w.submit(&item{owner: france, release: to(italy, britain), content: "engine"})
	seenX, seenY, seen := w.foundBy(x, 1, 2), w.foundBy(y, 1, 2), w.beyond()
	w.took(w.revision(y, "engines"))
	w.took(w.releaseChange(x, to(italy, britain)))
	w.took(w.matched(w.mark(), seen, seenX, seenY))
	boxes := w.boxes()
	if got := w.told(boxes[italy]); len(got) != 1 || got[0] != [2]uint64{1, x.number} {
		t.Errorf("Italy is told %v", got)
	}
	if got := w.told(boxes[britain]); got != nil {
		t.Errorf("Britain is told %v", got)
	}
	var waits []Waiting
	w.read(func(s *Snapshot) error {
		return s.Waits(w.mark().GetOrdinal(), func(x Waiting) bool {
			waits = append(waits, x)
			return true
		})
	})
	if len(waits) != 2 || waits[0].Number != y.number || waits[0].ReleasedAfter != 0 || waits[1].Number != x.number || waits[1].ReleasedAfter != 1 {
		t.Fatalf("%v wait", waits)
	}
	again := w.foundBy(x, 1, 2)
	again.ReleasedAfter = 1
	w.took(w.matched(w.mark(), w.beyond(), w.foundBy(y, 1, 2), again))
	if got := w.told(boxes[italy]); len(got) != 2 || got[1] != [2]uint64{1, y.number} {
		t.Errorf("Italy is told %v", got)
	}
	if got := w.told(boxes[britain]); len(got) != 2 || got[0] != [2]uint64{2, y.number} || got[1] != [2]uint64{2, x.number} {
		t.Errorf("Britain is told %v", got)
	}
	w.read(func(s *Snapshot) error {
		return s.Waits(0, func(x Waiting) bool {
			t.Errorf("%v still waits", x)
			return true
		})
	})
}

// There are limits, and what is deleted makes room.
func TestStandingQueriesAreLimited(t *testing.T) {
	w := populated(t)
	broad := func() *internalv1.Command {
		c := w.standingQuery(france)
		c.GetCreateStandingQuery().Broad = true
		return c
	}
	for range MaxBroadStandingQueries {
		w.took(broad())
	}
	w.refused(broad(), RefusedFull, "TOO_MANY_BROAD_STANDING_QUERIES")
	many := w.standingQuery(france)
	many.GetCreateStandingQuery().Identifiers = MaxStandingIdentifiers
	w.refused(many, RefusedFull, "TOO_MANY_STANDING_IDENTIFIERS")
	uid := w.all[len(w.all)-3].GetCreateStandingQuery().GetUid()
	w.refused(w.queryChange(italy, uid, deletedQuery, 1), RefusedAbsent, "")
	w.refused(w.queryChange(france, uid, deletedQuery, 2), RefusedStale, "")
	w.took(w.queryChange(france, uid, deletedQuery, 1))
	w.refused(w.queryChange(france, uid, activeQuery, 2), RefusedAbsent, "")
	w.took(broad())
	fill := make([]*internalv1.Command, MaxStandingQueries-MaxBroadStandingQueries)
	for i := range fill {
		fill[i] = w.standingQuery(france)
	}
	w.apply(fill...)
	w.refused(w.standingQuery(france), RefusedFull, "TOO_MANY_STANDING_QUERIES")
	if n := w.Hub().GetStandingQueries(); n != MaxStandingQueries {
		t.Errorf("%d are counted", n)
	}
	w.took(w.standing(france, expelled))
	if n := w.Hub().GetStandingQueries(); n != 0 {
		t.Errorf("%d are counted after the expulsion", n)
	}
	w.read(func(s *Snapshot) error {
		return s.StandingQueries(policy.Reader{Agency: france, Region: "FR"}, 0, func(StandingQuery) bool {
			t.Error("one is left")
			return false
		})
	})
}
