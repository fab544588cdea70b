package view

import (
	"encoding/binary"
	"slices"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
)

// What agencies have been told of pairs of records lies with the later record of the pair, up to partMeetings of them in a value: a value a pair and side is
// mostly seal, key and place on a page. The bucket's keys are
//
//	later record 8 | part 4
//
// Files of earlier builds have a value a pair and side: own record 8 | other record 8. Those are read, and what is news goes beside the pair. No such value is
// written any more, so of a record that came after the file was opened there is none to look for.
const partMeetings = 64

func meetingsKey(later uint64, part int) []byte {
	return binary.BigEndian.AppendUint32(key8(later), uint32(part))
}

// meetings are those of one record with earlier ones.
type meetings struct {
	parts   []*internalv1.MeetingsState
	changed []int // parts that are to be written
}

// meetings loads those of a record with earlier ones.
func (s store) meetings(later uint64) (*meetings, error) {
	m := new(meetings)
	for {
		key := meetingsKey(later, len(m.parts))
		frame := s.get(bucketMeetings, key)
		if frame == nil {
			return m, nil
		}
		part := new(internalv1.MeetingsState)
		if err := openSealed(s.ring, bucketMeetings, key, frame, part); err != nil {
			return nil, err
		}
		m.parts = append(m.parts, part)
	}
}

// with finds the meeting with an earlier record, and in which part it is; nil where there is none.
func (m *meetings) with(earlier uint64) (int, *internalv1.MetRecord) {
	for i, part := range m.parts {
		for _, met := range part.GetMet() {
			if met.GetEarlier() == earlier {
				return i, met
			}
		}
	}
	return 0, nil
}

// add begins a meeting with an earlier record.
func (m *meetings) add(earlier uint64) (int, *internalv1.MetRecord) {
	if n := len(m.parts); n == 0 || len(m.parts[n-1].GetMet()) == partMeetings {
		m.parts = append(m.parts, new(internalv1.MeetingsState))
	}
	last, met := len(m.parts)-1, &internalv1.MetRecord{Earlier: earlier}
	m.parts[last].Met = append(m.parts[last].GetMet(), met)
	return last, met
}

// side is what the agency of the own record, which is the later one or not, has been told.
func side(met *internalv1.MetRecord, later bool) []*internalv1.ToldMeeting {
	if later {
		return met.GetTold()
	}
	return met.GetToldEarlier()
}

// told is what the agency of the own record has been told of it and another.
func (s store) told(m *meetings, own, other uint64) ([]*internalv1.ToldMeeting, error) {
	_, met := m.with(min(own, other))
	if list := side(met, own > other); len(list) > 0 || max(own, other) > s.apart {
		return list, nil
	}
	key, apart := append(key8(own), key8(other)...), new(internalv1.MeetingState)
	frame := s.get(bucketMeetings, key)
	if frame == nil {
		return nil, nil
	}
	err := openSealed(s.ring, bucketMeetings, key, frame, apart)
	return apart.GetTold(), err
}

// meetingsOf are those of a record with earlier ones, loaded once an entry.
func (b *batch) meetingsOf(later uint64) (*meetings, error) {
	if known := b.meetings[later]; known != nil {
		return known, nil
	}
	m, err := b.store().meetings(later)
	if err == nil {
		b.meetings[later] = m
	}
	return m, err
}

// note notes what the agency of the own record is told, beside what it was told before; false where it is told it by an event that there is: both records
// came at once, and one event is enough for both looks.
func (b *batch) note(m *meetings, own, other uint64, before []*internalv1.ToldMeeting, news []uint64) bool {
	at, met := m.with(min(own, other))
	if met == nil {
		at, met = m.add(min(own, other))
	}
	if !slices.Contains(m.changed, at) {
		m.changed = append(m.changed, at)
	}
	if n := len(before); n > 0 && before[n-1].GetOrdinal() == b.hub.GetOrdinal() {
		before[n-1].Shared = append(before[n-1].GetShared(), news...)
		return false
	}
	told := append(before, &internalv1.ToldMeeting{Ordinal: b.hub.GetOrdinal(), Shared: news})
	if own > other {
		met.Told = told
	} else {
		met.ToldEarlier = told
	}
	return true
}

// writeMeetings writes what was noted.
func (b *batch) writeMeetings() error {
	var order []uint64
	for later, m := range b.meetings {
		if len(m.changed) > 0 {
			order = append(order, later)
		}
	}
	slices.Sort(order)
	for _, later := range order {
		m := b.meetings[later]
		for _, part := range m.changed {
			if err := b.putSealed(bucketMeetings, meetingsKey(later, part), m.parts[part]); err != nil {
				return err
			}
		}
	}
	return nil
}
