package view

import (
	"slices"
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

func TestSubmitTellsItsAudience(t *testing.T) {
	w := populated(t)
	desk := intel.UnitName(italy, "desk")
	_, group := w.group(france, japan)
	for _, c := range []struct {
		name    string
		release *ententev1.Release
		want    map[string]string
		readers string
	}{
		{"nobody", to(), map[string]string{france: "ACCEPTED 1/1"}, france},
		{"one agency", to(italy), map[string]string{france: "ACCEPTED 2/1", italy: "RECORD 2/1"}, "fr-ofast it-dac it-dac/desk"},
		{"a unit", to(desk), map[string]string{france: "ACCEPTED 3/1", "it-dac/desk": "RECORD 3/1"}, "fr-ofast it-dac/desk"},
		{"a group", to(group), map[string]string{france: "ACCEPTED 4/1", japan: "RECORD 4/1"}, "fr-ofast jp-npa"},
		{
			"all", to("all"), map[string]string{france: "ACCEPTED 5/1", italy: "RECORD 5/1", britain: "RECORD 5/1", japan: "RECORD 5/1"},
			"fr-ofast it-dac it-dac/desk gb-nca jp-npa",
		},
		{"itself", to(france), map[string]string{france: "ACCEPTED 6/1"}, france},
		{"its own unit", to(intel.UnitName(france, "desk")), map[string]string{france: "ACCEPTED 7/1", "fr-ofast/desk": "RECORD 7/1"}, ""},
		{"somebody twice", to(italy, italy, desk), map[string]string{france: "ACCEPTED 8/1", italy: "RECORD 8/1", "it-dac/desk": "RECORD 8/1"}, "fr-ofast it-dac it-dac/desk"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := &item{owner: france, release: c.release, content: c.name}
			w.expect(c.want, func() { w.submit(x) })
			if got := w.whoReads(x, france, italy, "it-dac/desk", britain, japan); got != c.readers {
				t.Errorf("readers %s, want %s", got, c.readers)
			}
		})
	}
}

func TestSubmitIsWhole(t *testing.T) {
	w := populated(t)
	target := w.submit(&item{owner: italy, release: to(france), content: "target"})
	x := &item{
		owner: france, release: to(italy), content: "boat lille", reference: "R-1", ownCase: "CASE", links: []string{target.name()},
		stages: []ententev1.RecoveryStage{ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED},
	}
	o := w.took(w.submission(x))
	if o.GetNumber() != 2 || o.GetRevision() != 1 || o.GetReleaseVersion() != 1 || o.GetLinksVersion() != 1 || o.GetSteps() != 1 ||
		!slices.Equal(o.GetUid(), x.uid) || o.GetAccepted() == 0 || o.GetCreateMicros() != w.micros || o.GetOrdinal() != w.Hub().GetOrdinal() {
		t.Errorf("outcome %v", o)
	}
	w.read(func(s *Snapshot) error {
		rec, err := s.Record(w.reader(france), [16]byte(x.uid))
		if err != nil {
			return err
		}
		refs, err := rec.References()
		if err != nil || refs.GetOriginatorReference() != "R-1" || refs.GetCaseReference() != "CASE" {
			t.Errorf("references %v %v", refs, err)
		}
		links, err := rec.Links()
		if err != nil || len(links) != 1 || links[0].GetTarget() != target.name() {
			t.Errorf("links %v %v", links, err)
		}
		step, err := rec.Step(1)
		if err != nil || step.GetStage() != ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED {
			t.Errorf("step %v %v", step, err)
		}
		summary, err := rec.Summary()
		if err != nil || string(summary) != "summary of boat lille" || rec.Name() != x.name() || !rec.Own() || !rec.Listed() {
			t.Errorf("summary %q %v, name %s", summary, err, rec.Name())
		}
		number, err := s.NumberOfReference(w.Roster().Agency(france).GetOrdinal(), rec.Envelope().GetReferenceKey())
		if err != nil || number != 2 {
			t.Errorf("by reference %d %v", number, err)
		}
		return nil
	})
	if got := w.found(italy, "boat"); !slices.Equal(got, []uint64{2}) {
		t.Errorf("found %v", got)
	}
}

func TestSubmitIsRefused(t *testing.T) {
	w := populated(t)
	hidden := w.submit(&item{owner: italy, release: to(), content: "hidden"})
	_, theirs := w.group(italy, japan)
	w.submit(&item{owner: france, release: to(), content: "first", reference: "R-1"})
	w.took(w.enrol("xx-gone"))
	w.took(w.standing("xx-gone", expelled))
	for _, c := range []struct {
		name   string
		item   *item
		why    Refusal
		reason string
	}{
		{"of a reference that there is", &item{owner: france, release: to(), reference: "R-1"}, RefusedExists, ""},
		{"to an agency that is unknown", &item{owner: france, release: to("zz-none")}, RefusedAudience, "AGENCY_UNKNOWN"},
		{"to an agency that was expelled", &item{owner: france, release: to("xx-gone")}, RefusedAudience, "AGENCY_UNKNOWN"},
		{"to a unit that is unknown", &item{owner: france, release: to(intel.UnitName(italy, "none"))}, RefusedAudience, "UNIT_UNKNOWN"},
		{"to a group of others", &item{owner: france, release: to(theirs)}, RefusedAudience, "GROUP_UNKNOWN"},
		{"with a link to what is hidden", &item{owner: france, release: to(), links: []string{hidden.name()}}, RefusedTarget, ""},
		{"with a link to nothing", &item{owner: france, release: to(), links: []string{(&item{owner: italy, uid: make([]byte, 16)}).name()}}, RefusedTarget, ""},
		{"with a link that is none", &item{owner: france, release: to(), links: []string{"agencies"}}, RefusedTarget, ""},
		{"by somebody unknown", &item{owner: "zz-none", release: to()}, RefusedCaller, ""},
		{"by the expelled", &item{owner: "xx-gone", release: to()}, RefusedCaller, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.expect(map[string]string{}, func() {
				before := w.Len()
				o := w.refused(w.submission(c.item), c.why, c.reason)
				if w.Len() != before || o.GetNumber() != 0 || o.GetAccepted() != 0 {
					t.Errorf("a refusal left something: %v", o)
				}
			})
		})
	}
	if o := w.apply(w.submission(&item{owner: france, release: to(), reference: "R-1"}))[0]; !slices.Equal(o.GetUid(), w.uidAt(2)) {
		t.Error("the refusal does not name the record of the reference")
	}
	// The same reference of another agency is another one.
	w.submit(&item{owner: italy, release: to(), content: "other", reference: "R-1"})
}

// uidAt is the uid of the record of a number.
func (w *world) uidAt(number uint64) (uid []byte) {
	w.read(func(s *Snapshot) error {
		env, err := s.envelope(number)
		uid = env.GetUid()
		return err
	})
	return uid
}

func TestASubmitOfOneUIDTwiceIsRefused(t *testing.T) {
	w := populated(t)
	c := w.submission(&item{owner: france, release: to(), content: "x"})
	w.took(c)
	w.refused(c, RefusedExists, "")
}

// TestADamagedSubmitFailsAlone: what does not open is no refusal, and leaves nothing.
func TestADamagedSubmitFailsAlone(t *testing.T) {
	w := populated(t)
	before := w.hash()
	for _, spoil := range []func(*internalv1.SubmitRecord){
		func(s *internalv1.SubmitRecord) { s.SealedRelease[8] ^= 1 },
		func(s *internalv1.SubmitRecord) { s.GetParts().Terms[8] ^= 1 },
		func(s *internalv1.SubmitRecord) { s.SealedReferences[8] ^= 1 },
		func(s *internalv1.SubmitRecord) { s.GetKey().Wrapped[8] ^= 1 },
		func(s *internalv1.SubmitRecord) { s.Uid = s.Uid[:15] },
	} {
		c := w.submission(&item{owner: france, release: to(), content: "x", reference: "R"})
		spoil(c.GetSubmitRecord())
		if _, err := w.try(w.tick(), c); err == nil {
			t.Error("a damaged submit was applied")
		}
	}
	if w.hash() != before {
		t.Error("a failed entry left something")
	}
	w.submit(&item{owner: france, release: to(), content: "x", reference: "R"})
}
