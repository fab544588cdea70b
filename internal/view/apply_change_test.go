package view

import (
	"fmt"
	"slices"
	"testing"

	"google.golang.org/protobuf/types/known/timestamppb"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
)

func TestReviseReachesWhoeverHasIt(t *testing.T) {
	w := populated(t)
	x := w.submit(&item{owner: france, release: to(italy, japan), content: "old"})
	w.took(w.standing(japan, suspended))
	w.expect(map[string]string{france: "ACCEPTED 1/2", italy: "CORRECTED 1/2", japan: "CORRECTED 1/2"}, func() {
		o := w.took(w.revision(x, "new"))
		if o.GetRevision() != 2 || o.GetReleaseVersion() != 1 {
			t.Errorf("outcome %v", o)
		}
	})
	if got := w.whoReads(x, france, italy, britain, japan); got != "fr-ofast it-dac" {
		t.Errorf("readers %s", got)
	}
	if w.found(italy, "old") != nil || !slices.Equal(w.found(italy, "new"), []uint64{1}) {
		t.Error("the index has the old words")
	}
}

func TestReviseIsRefused(t *testing.T) {
	w := populated(t)
	x := w.submit(&item{owner: france, release: to(italy), content: "x", stages: []ententev1.RecoveryStage{ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED}})
	change := func(edit func(*internalv1.Command, *internalv1.ReviseRecord)) *internalv1.Command {
		c := w.revision(x, "y")
		edit(c, c.GetReviseRecord())
		return c
	}
	none := func(*internalv1.Command, *internalv1.ReviseRecord) {}
	stale := change(none)
	w.took(change(none))
	for _, c := range []struct {
		name   string
		c      *internalv1.Command
		why    Refusal
		reason string
	}{
		{"stale", stale, RefusedStale, ""},
		{"by a reader", change(func(c *internalv1.Command, _ *internalv1.ReviseRecord) { c.Origin.Agency = italy }), RefusedAbsent, ""},
		{"by a stranger", change(func(c *internalv1.Command, _ *internalv1.ReviseRecord) { c.Origin.Agency = japan }), RefusedAbsent, ""},
		{"of nothing", change(func(_ *internalv1.Command, r *internalv1.ReviseRecord) { r.Uid = make([]byte, 16) }), RefusedAbsent, ""},
		{"with protected persons unsaid", change(func(_ *internalv1.Command, r *internalv1.ReviseRecord) { r.ProtectedPersons = true }), RefusedState, "PROTECTED_PERSONS_NOT_RELEASED"},
		{"without an asset that has steps", change(func(_ *internalv1.Command, r *internalv1.ReviseRecord) { r.AssetKeys = []uint64{8} }), RefusedState, "ASSET_WITH_STEPS_MISSING"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.expect(map[string]string{}, func() { w.refused(c.c, c.why, c.reason) })
		})
	}
	w.took(w.recallOf(x))
	w.refused(change(none), RefusedState, "RECORD_RECALLED")
}

func TestReleaseMovesReaders(t *testing.T) {
	w := populated(t)
	x := w.submit(&item{owner: france, release: to(italy, britain), content: "x"})
	w.expect(map[string]string{france: "ACCEPTED 1/1", britain: "RECALLED 1/1", japan: "RECORD 1/1"}, func() {
		o := w.took(w.releaseChange(x, to(italy, japan)))
		if o.GetReleaseVersion() != 2 || o.GetMarkingsVersion() != 1 || o.GetRevision() != 1 {
			t.Errorf("an audience changes more than the release version: %v", o)
		}
	})
	if got := w.whoReads(x, france, italy, britain, japan); got != "fr-ofast it-dac jp-npa" {
		t.Errorf("readers %s", got)
	}
	if w.found(britain, "x") != nil || w.found(japan, "x") == nil {
		t.Error("the index has the old audience")
	}
	marked := to(italy, japan)
	marked.Markings.TrafficLight = ententev1.TrafficLight_TRAFFIC_LIGHT_AMBER
	w.expect(map[string]string{france: "ACCEPTED 1/1", italy: "MARKINGS_CHANGED 1/1", japan: "MARKINGS_CHANGED 1/1"}, func() {
		if o := w.took(w.releaseChange(x, marked)); o.GetMarkingsVersion() != 2 {
			t.Errorf("markings version %d", o.GetMarkingsVersion())
		}
	})
	redToUnit := to(italy, intel.UnitName(japan, "desk"))
	redToUnit.Markings.TrafficLight = ententev1.TrafficLight_TRAFFIC_LIGHT_RED
	w.expect(map[string]string{france: "ACCEPTED 1/1", italy: "RECALLED 1/1", japan: "RECALLED 1/1", "jp-npa/desk": "RECORD 1/1"}, func() {
		w.took(w.releaseChange(x, redToUnit))
	})
}

func TestReleaseIsRefused(t *testing.T) {
	w := populated(t)
	protected := to(italy)
	protected.Markings.ContainsProtectedPersons = true
	x := w.submit(&item{owner: france, release: protected, content: "x", protected: true})
	stale := w.releaseChange(x, protected)
	w.took(w.releaseChange(x, protected))
	w.expect(map[string]string{}, func() {
		w.refused(stale, RefusedStale, "")
		w.refused(w.releaseChange(x, to(italy)), RefusedState, "PROTECTED_PERSONS_NOT_RELEASED")
		w.refused(w.releaseChange(x, to("zz-none")), RefusedAudience, "AGENCY_UNKNOWN")
		c := w.releaseChange(x, protected)
		c.Origin.Agency = italy
		w.refused(c, RefusedAbsent, "")
	})
}

func TestLinksTellNobody(t *testing.T) {
	w := populated(t)
	open := w.submit(&item{owner: italy, release: to(france, britain), content: "open"})
	kept := w.submit(&item{owner: italy, release: to(france), content: "kept"})
	hidden := w.submit(&item{owner: italy, release: to(), content: "hidden"})
	x := w.submit(&item{owner: france, release: to(britain), content: "x"})
	w.expect(map[string]string{france: "ACCEPTED 4/1"}, func() {
		o := w.took(w.linksChange(x, []string{open.name(), kept.name()}, open.name(), kept.name()))
		if o.GetLinksVersion() != 2 || o.GetReleaseVersion() != 1 {
			t.Errorf("outcome %v", o)
		}
	})
	w.refused(w.linksChange(x, []string{hidden.name()}, hidden.name()), RefusedTarget, "")
	w.refused(w.linksChange(x, []string{(&item{owner: italy, uid: make([]byte, 16)}).name()}), RefusedTarget, "")
	stale := w.linksChange(x, nil)
	stale.GetUpdateLinks().ExpectedVersion = 1
	w.refused(stale, RefusedStale, "")
	for who, want := range map[string]int{france: 2, britain: 1} {
		w.read(func(s *Snapshot) error {
			rec, err := s.Record(w.reader(who), [16]byte(x.uid))
			if err != nil {
				return err
			}
			if links, err := rec.Links(); err != nil || len(links) != want {
				t.Errorf("%s sees %d links, %v", who, len(links), err)
			}
			return nil
		})
	}
	// A target that is taken away is shown no more, and stays in the list.
	w.took(w.releaseChange(kept, to()))
	w.read(func(s *Snapshot) error {
		rec, err := s.Record(w.reader(france), [16]byte(x.uid))
		if err != nil {
			return err
		}
		shown, err := rec.Links()
		all, more := rec.AllLinks()
		if err != nil || more != nil || len(shown) != 1 || len(all) != 2 {
			t.Errorf("%d of %d links, %v %v", len(shown), len(all), err, more)
		}
		return nil
	})
}

func TestStepsKeepTheirOrder(t *testing.T) {
	w := populated(t)
	const frozen, seized = ententev1.RecoveryStage_RECOVERY_STAGE_FROZEN, ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED
	const confiscated = ententev1.RecoveryStage_RECOVERY_STAGE_CONFISCATED
	x := w.submit(&item{owner: france, release: to(italy, japan), content: "x", stages: []ententev1.RecoveryStage{frozen}})
	w.took(w.standing(japan, suspended))
	w.expect(map[string]string{france: "ACCEPTED 1/1", italy: "RECOVERY_STEP 1/1"}, func() { w.took(w.stepOf(x, seized, 0)) })
	w.took(w.stepOf(x, confiscated, 0))
	w.refused(w.stepOf(x, frozen, 0), RefusedState, "ILLEGAL_TRANSITION")
	w.took(w.stepOf(x, 0, 3)) // the confiscation was a mistake
	stale := w.stepOf(x, confiscated, 0)
	stale.GetAddStep().ExpectedSteps--
	w.refused(stale, RefusedStale, "")
	env := w.envelope(x)
	if n := len(env.GetSteps()); n != 4 || !env.GetSteps()[2].GetVoided() || env.GetRevision() != 1 {
		t.Errorf("%d steps, %v", n, env.GetSteps())
	}
	// Revise keeps the steps.
	w.took(w.revision(x, "y"))
	w.read(func(s *Snapshot) error {
		rec, err := s.Record(w.reader(italy), [16]byte(x.uid))
		if err != nil {
			return err
		}
		for n := uint32(1); n <= 4; n++ {
			if step, err := rec.Step(n); err != nil || step.GetStepNumber() != int32(n) {
				t.Errorf("step %d: %v %v", n, step, err)
			}
		}
		return nil
	})
}

func TestRecallTakesItFromEverybody(t *testing.T) {
	w := populated(t)
	_, group := w.group(france, britain)
	x := w.submit(&item{owner: france, release: to(italy, group), content: "x"})
	w.took(w.standing(italy, suspended))
	w.expect(map[string]string{france: "ACCEPTED 1/1", italy: "RECALLED 1/1", britain: "RECALLED 1/1"}, func() { w.took(w.recallOf(x)) })
	w.took(w.standing(italy, active))
	if got := w.whoReads(x, france, italy, britain, japan); got != france {
		t.Errorf("readers %s", got)
	}
	if w.found(britain, "x") != nil {
		t.Error("a recalled record is found")
	}
	w.refused(w.recallOf(x), RefusedState, "RECORD_RECALLED")
	y := w.submit(&item{owner: france, release: to(italy), content: "y"})
	stale := w.recallOf(y)
	w.took(w.revision(y, "z"))
	w.refused(stale, RefusedStale, "")
}

func TestRevisionsAreForThoseWhoWereEntitledThen(t *testing.T) {
	w := populated(t)
	x := w.submit(&item{owner: france, release: to(italy), content: "one"})
	w.took(w.revision(x, "two"))
	w.took(w.releaseChange(x, to(italy, japan)))
	w.took(w.revision(x, "three"))
	w.took(w.revision(x, "four"))
	for who, want := range map[string]string{france: "4 3 2 1", italy: "4 3 2 1", japan: "4 3 2"} {
		var got string
		w.read(func(s *Snapshot) error {
			rec, err := s.Record(w.reader(who), [16]byte(x.uid))
			if err != nil {
				return err
			}
			return rec.Revisions(0, func(r Revision) (bool, error) {
				got += fmt.Sprintf(" %d", r.Number)
				if r.Meta.GetOrdinal() == 0 || len(r.Content) == 0 {
					t.Errorf("revision %d is empty", r.Number)
				}
				return true, nil
			})
		})
		if got != " "+want {
			t.Errorf("%s sees%s, want %s", who, got, want)
		}
	}
}

func TestWrongPurposeIsToldToReadersAlone(t *testing.T) {
	w := populated(t)
	release := to(italy)
	release.Markings.PermittedPurposes = []ententev1.ProcessingPurpose{ententev1.ProcessingPurpose_PROCESSING_PURPOSE_PROSECUTION}
	x := w.submit(&item{owner: france, release: release, content: "x"})
	for who, want := range map[string]fault.Kind{italy: fault.Denied, japan: fault.NotFound} {
		err := w.Read(func(s *Snapshot) error {
			_, err := s.Record(w.reader(who), [16]byte(x.uid))
			if known, damaged := s.Known(w.reader(who), x.number); damaged != nil || known != (want == fault.Denied) {
				t.Errorf("%s knows: %v %v", who, known, damaged)
			}
			return err
		})
		if fault.KindOf(err) != want {
			t.Errorf("%s: %v", who, err)
		}
	}
}

// A content with a person whose category is not determined is reviewed within a month, whichever of content and release changes last.
func TestUndeterminedIsReviewedSoon(t *testing.T) {
	w := populated(t)
	reviewed := func(days int64) *ententev1.Release {
		r := to(italy)
		r.Markings.ContainsProtectedPersons = true
		r.Markings.ReviewTime = &timestamppb.Timestamp{Seconds: w.micros/1_000_000 + days*24*60*60}
		return r
	}
	x := w.submit(&item{owner: france, release: reviewed(365), content: "x", protected: true})
	undetermined := func() *internalv1.Command {
		c := w.revision(x, "y")
		c.GetReviseRecord().Undetermined = true
		return c
	}
	w.refused(undetermined(), RefusedState, "REVIEW_TOO_LATE")
	w.took(w.releaseChange(x, reviewed(30)))
	w.took(undetermined())
	w.refused(w.releaseChange(x, reviewed(365)), RefusedState, "REVIEW_TOO_LATE")
	w.took(w.releaseChange(x, reviewed(29)))
	w.took(w.revision(x, "z")) // determined now
	w.took(w.releaseChange(x, reviewed(365)))
}
