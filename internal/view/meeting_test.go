package view

import (
	"fmt"
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
)

// toldOf is what an agency's inbox says that its records share with others.
func (w *world) toldOf(agency string) (shared [][]uint64) {
	w.Helper()
	w.read(func(s *Snapshot) error {
		return s.Rows(w.boxes()[agency], 0, func(r Row) (bool, error) {
			if r.Other == 0 {
				return true, nil
			}
			met, err := s.Met(w.reader(agency), r)
			if err == nil {
				shared = append(shared, met.Shared)
			}
			return true, err
		})
	})
	return shared
}

// TestMeetingsOfEarlierFiles: what was told of each side apart is read, not told again, and what is news goes beside it.
func TestMeetingsOfEarlierFiles(t *testing.T) {
	w := populated(t)
	x, _ := w.compared(&item{owner: france, release: to(italy), content: "boat"}, 1)
	y, _ := w.compared(&item{owner: italy, release: to(france), content: "boat"}, 1)
	w.took(w.meetings(w.meets(x, y, 1), w.meets(y, x, 1)))
	w.asBefore(func(b *batch) error {
		m, err := b.meetingsOf(y.number)
		if err != nil {
			return err
		}
		_, met := m.with(x.number)
		for _, one := range []struct {
			own, other *item
			told       []*internalv1.ToldMeeting
		}{{x, y, met.GetToldEarlier()}, {y, x, met.GetTold()}} {
			key := append(key8(one.own.number), key8(one.other.number)...)
			if err := b.putSealed(bucketMeetings, key, &internalv1.MeetingState{Told: one.told}); err != nil {
				return err
			}
		}
		return b.bucket(bucketMeetings).Delete(meetingsKey(y.number, 0))
	})
	if got := fmt.Sprint(w.toldOf(france), w.toldOf(italy)); got != "[[1]] [[1]]" {
		t.Errorf("told %s", got)
	}
	w.took(w.meetings(w.meets(x, y, 1), w.meets(y, x, 1)))
	w.took(w.meetings(w.meets(x, y, 1, 2)))
	w.took(w.meetings(w.meets(x, y, 1, 2), w.meets(y, x, 3)))
	if got := fmt.Sprint(w.toldOf(france), w.toldOf(italy)); got != "[[1] [2]] [[1] [3]]" {
		t.Errorf("told %s", got)
	}
	w.wantMet(france, [2]uint64{x.number, y.number}, [2]uint64{x.number, y.number})
}

// TestManyMeetings: those of one record go on in another value, and each is told once, however they came.
func TestManyMeetings(t *testing.T) {
	w := populated(t)
	const many = partMeetings + 3
	var earlier []*item
	for range many {
		x, _ := w.compared(&item{owner: italy, release: to(france), content: "boat"}, 1)
		earlier = append(earlier, x)
	}
	last, _ := w.compared(&item{owner: france, release: to(italy), content: "boat"}, 1)
	var rows []*internalv1.Meeting
	for i, x := range earlier {
		rows = append(rows, w.meets(last, x, uint64(i)), w.meets(x, last, uint64(i)), w.meets(last, x, uint64(many+i)))
	}
	w.took(w.meetings(rows...))
	w.took(w.meetings(rows...))
	got := w.toldOf(france)
	if len(got) != many || len(w.toldOf(italy)) != many {
		t.Fatalf("%d and %d events", len(got), len(w.toldOf(italy)))
	}
	for i, shared := range got {
		if fmt.Sprint(shared) != fmt.Sprint([]uint64{uint64(i), uint64(many + i)}) {
			t.Errorf("event %d tells of %v", i, shared)
		}
	}
	w.read(func(s *Snapshot) error {
		m, err := s.meetings(last.number)
		if err != nil || len(m.parts) != 2 || len(m.parts[1].GetMet()) != many-partMeetings {
			t.Errorf("%v, %d values", err, len(m.parts))
		}
		return nil
	})
	if err := w.Check(); err != nil {
		t.Error(err)
	}
}
