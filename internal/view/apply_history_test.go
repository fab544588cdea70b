package view

import (
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// histories lists the records that an inbox was told of as history.
func (w *world) histories(inbox uint32) (list []uint32) {
	for _, r := range w.rows(inbox, 0) {
		switch r.Kind {
		case ententev1.EventKind_EVENT_KIND_HISTORY:
			list = append(list, r.Revision)
		case ententev1.EventKind_EVENT_KIND_RECORD:
			list = append(list, 0)
		}
	}
	return list
}

// Of the past that is loaded a partner is told once, when no more comes, with how much of it is the partner's; what others got does not show.
func TestHistoryIsToldOnce(t *testing.T) {
	w := populated(t)
	load := func(audience ...string) *item {
		x := &item{owner: france, release: to(audience...), content: "long ago"}
		c := w.submission(x)
		c.GetSubmitRecord().History = true
		x.number = w.took(c).GetNumber()
		return x
	}
	first := load(italy)
	load(italy, britain)
	load()
	w.took(w.tick())
	boxes := w.boxes()
	if got := w.histories(boxes[italy]); got != nil {
		t.Errorf("Italy is told %v before the end", got)
	}
	w.took(w.standing(britain, suspended))
	w.micros += historyQuiet
	w.took(w.tick())
	w.took(w.tick())
	if got := w.histories(boxes[italy]); len(got) != 1 || got[0] != 2 {
		t.Errorf("Italy is told %v", got)
	}
	for _, id := range []string{britain, japan} {
		if got := w.histories(boxes[id]); got != nil {
			t.Errorf("%s is told %v", id, got)
		}
	}
	w.took(w.standing(britain, active))
	w.took(w.tick())
	if got := w.histories(boxes[britain]); len(got) != 1 || got[0] != 1 {
		t.Errorf("Britain, reinstated, is told %v", got)
	}
	if got := w.found(italy, ""); len(got) != 2 {
		t.Errorf("Italy finds %v", got)
	}
	w.took(w.revision(first, "not so long ago"))
	if last := w.rows(boxes[italy], 0); last[len(last)-1].Kind != ententev1.EventKind_EVENT_KIND_CORRECTED {
		t.Errorf("Italy is not told of the correction but %v", last[len(last)-1])
	}
}
