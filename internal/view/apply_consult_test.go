package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// readings are an agency's readership, each as reader kind consultation.
func (w *world) readings(agency string) string {
	w.Helper()
	var list []string
	w.read(func(s *Snapshot) error {
		ordinal := s.Roster().Agency(intel.AgencyID(agency)).GetOrdinal()
		err := s.Readings(ordinal, 0, func(r Reading) (bool, error) {
			list = append(list, fmt.Sprintf("%s %s %d", s.Roster().AgencyAt(r.Reader).GetId(), strings.TrimPrefix(r.Kind.String(), "DISCLOSURE_KIND_"), r.Consultation))
			return true, nil
		})
		if head := s.ReadershipHead(ordinal); head != uint64(len(list)) {
			w.Errorf("head %d of %d rows", head, len(list))
		}
		return err
	})
	return strings.Join(list, ", ")
}

func TestConsultationsAndReadership(t *testing.T) {
	w := populated(t)
	x := w.submit(&item{owner: france, release: to(italy), content: "x"})
	y := w.submit(&item{owner: france, release: to(italy), content: "y"})
	z := w.submit(&item{owner: britain, release: to(italy), content: "z"})
	own := w.submit(&item{owner: italy, release: to(), content: "own"})
	listed := w.consultation(italy, x, z)
	for _, r := range listed.GetConsult().GetRecords() {
		r.Full = false
	}
	w.expect(map[string]string{}, func() {
		if o := w.took(w.consultation(italy)); o.GetConsultation() != 1 {
			t.Errorf("a read that found nothing: %v", o)
		}
		w.took(listed)
		mixed := w.consultation(italy, x, y, own)
		mixed.GetConsult().GetRecords()[0].Full = false
		w.took(mixed)
	})
	if got := w.readings(france); got != "it-dac LISTED 2, it-dac READ 3" {
		t.Errorf("readership of %s: %s", france, got)
	}
	if got := w.readings(britain); got != "it-dac LISTED 2" {
		t.Errorf("readership of %s: %s", britain, got)
	}
	if got := w.readings(italy); got != "" {
		t.Errorf("an agency's own reads are in its readership: %s", got)
	}
	w.read(func(s *Snapshot) error {
		ordinal := s.Roster().Agency(italy).GetOrdinal()
		var numbers []uint64
		err := s.Consultations(ordinal, 0, func(number uint64, c *internalv1.ConsultationState) (bool, error) {
			numbers = append(numbers, number)
			if c.GetOrigin().GetAgency() != italy || c.GetJustification().GetOfficer() != "4711" || string(c.GetConsult().GetQuery()) != "query" {
				t.Errorf("consultation %v", c)
			}
			names, err := s.ConsultedNames(c)
			if want := len(c.GetConsult().GetRecords()); len(names) != want {
				t.Errorf("%d names of %d records", len(names), want)
			}
			return true, err
		})
		if err != nil || !slices.Equal(numbers, []uint64{3, 2, 1}) {
			t.Errorf("consultations %v, %v", numbers, err)
		}
		names, err := s.Disclosed(s.Roster().Agency(france).GetOrdinal(), ordinal, 3, nil)
		if !slices.Equal(names, []string{x.name(), y.name()}) {
			t.Errorf("an originator learns of %v", names)
		}
		return err
	})
}

// TestReadAgain: a read that was decided before something was taken from its reader takes place again; any other stands.
func TestReadAgain(t *testing.T) {
	w := populated(t)
	uid, _ := w.group(france, japan)
	x := w.submit(&item{owner: france, release: to(italy), content: "x"})
	y := w.submit(&item{owner: france, release: to(italy), content: "y"})
	for _, c := range []struct {
		name   string
		change func()
		x, y   bool // whether reads of them are to be done again
	}{
		{"a revision", func() { w.took(w.revision(x, "z")) }, false, false},
		{"a new record", func() { w.submit(&item{owner: france, release: to(italy), content: "w"}) }, false, false},
		{"another release", func() { w.took(w.releaseChange(x, to(italy, japan))) }, true, false},
		{"a recall", func() { w.took(w.recallOf(x)) }, true, false},
		{"a new group", func() { w.group(britain, italy) }, false, false},
		{"somebody leaves a group", func() { w.took(w.members(france, uid, nil, []string{japan})) }, false, false},
		{"the reader joins a group", func() { w.took(w.members(france, uid, []string{italy}, nil)) }, false, false},
		{"the reader leaves a group", func() { w.took(w.members(france, uid, nil, []string{italy})) }, true, true},
		{"the reader joins again", func() { w.took(w.members(france, uid, []string{italy}, nil)) }, false, false},
		{"a suspension of somebody", func() { w.took(w.standing(japan, suspended)) }, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			readX, readY, empty := w.consultation(italy, x), w.consultation(italy, y), w.consultation(italy)
			c.change()
			before := w.readings(france)
			for _, r := range []struct {
				command *internalv1.Command
				again   bool
			}{{readX, c.x}, {readY, c.y}, {empty, false}} {
				o := w.apply(r.command)[0]
				if again := Refusal(o.GetRefusal()) == RefusedReadAgain; again != r.again || again != (o.GetConsultation() == 0) {
					t.Errorf("read of %v: %v", r.command.GetConsult().GetRecords(), o)
				}
			}
			if c.x && c.y && w.readings(france) != before {
				t.Error("reads that are to be done again are in the readership")
			}
		})
	}
	read := w.consultation(italy, y)
	w.took(w.standing(italy, suspended))
	w.refused(read, RefusedCaller, "")
}

// TestASecondPageOfConsultations goes on where the first ended.
func TestASecondPageOfConsultations(t *testing.T) {
	w := populated(t)
	for range 5 {
		w.took(w.consultation(italy))
		w.took(w.consultation(japan))
	}
	ordinal := w.Roster().Agency(italy).GetOrdinal()
	var got []uint64
	for before := uint64(0); len(got) < 5; before = got[len(got)-1] {
		w.read(func(s *Snapshot) error {
			return s.Consultations(ordinal, before, func(n uint64, _ *internalv1.ConsultationState) (bool, error) {
				got = append(got, n)
				return len(got)%2 != 0, nil
			})
		})
	}
	if !slices.Equal(got, []uint64{5, 4, 3, 2, 1}) {
		t.Errorf("%v", got)
	}
	w.read(func(s *Snapshot) error {
		for _, before := range []uint64{1, 99} {
			n := 0
			err := s.Consultations(ordinal, before, func(uint64, *internalv1.ConsultationState) (bool, error) { n++; return true, nil })
			if want := min(int(before)-1, 5); err != nil || n != want {
				t.Errorf("%d before %d, %v", n, before, err)
			}
		}
		return nil
	})
}

// TestDisclosureNeverTellsTheOfficer: what an originator is shown comes from the row, which has no room for more.
func TestDisclosureNeverTellsTheOfficer(t *testing.T) {
	row := Reading{Number: 9, Reader: 2, Consultation: 3, Kind: ententev1.DisclosureKind_DISCLOSURE_KIND_READ, Purpose: investigation, Micros: 5}
	encoded := row.encode()
	if len(encoded) > 32 {
		t.Errorf("a row of %d bytes", len(encoded))
	}
	if again, ok := decodeReading(9, encoded); !ok || again != row {
		t.Errorf("%v", again)
	}
	if _, ok := decodeReading(9, encoded[1:]); ok {
		t.Error("a short row decodes")
	}
}
