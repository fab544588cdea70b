package view

import (
	"fmt"
	"testing"

	bolt "go.etcd.io/bbolt"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// trust is a trust change as news has it.
func trust(ordinal int, change ententev1.TrustChange) string {
	return fmt.Sprintf("TRUST_CHANGED %d/%d", ordinal, change)
}

func TestGenesisIsOnce(t *testing.T) {
	w := newWorld(t, Options{})
	w.took(w.genesis())
	w.refused(w.genesis(), RefusedGenesis, "")
	w.read(func(s *Snapshot) error {
		if s.Epoch() != "00112233445566778899aabbccddeeff" || s.Ordinal() != 2 || s.Micros() != w.micros || s.Hub() != w.Hub() {
			t.Errorf("epoch %s, ordinal %d", s.Epoch(), s.Ordinal())
		}
		return nil
	})
}

// A restore is the hub's own word, and each has an epoch of its own.
func TestANewEpochIsTheHubsAlone(t *testing.T) {
	w := newWorld(t, Options{})
	w.took(w.genesis())
	begin := func(origin *internalv1.Origin, epoch string) *internalv1.Command {
		c := w.command("")
		c.Origin, c.Kind = origin, &internalv1.Command_BeginEpoch{BeginEpoch: &internalv1.BeginEpoch{Epoch: epoch}}
		return c
	}
	hub, before := &internalv1.Origin{Hub: true}, w.Epoch()
	for _, c := range []*internalv1.Command{
		begin(&internalv1.Origin{Operator: true}, "01"), begin(&internalv1.Origin{Agency: string(france)}, "01"), begin(hub, ""), begin(hub, before),
	} {
		w.refused(c, RefusedRight, "")
	}
	w.took(begin(hub, "01"))
	if w.Epoch() != "01" || w.Hub().GetGenesis().GetEpoch() != before {
		t.Errorf("the epoch is %s", w.Epoch())
	}
	w.refused(begin(hub, "01"), RefusedRight, "")
}

func TestEnrolTellsEverybody(t *testing.T) {
	w := newWorld(t, Options{})
	w.took(w.genesis())
	w.expect(map[string]string{france: trust(1, ententev1.TrustChange_TRUST_CHANGE_ENROLLED)}, func() { w.took(w.enrol(france, "desk", "ara")) })
	w.expect(map[string]string{
		france: trust(2, ententev1.TrustChange_TRUST_CHANGE_ENROLLED), italy: trust(2, ententev1.TrustChange_TRUST_CHANGE_ENROLLED),
	}, func() { w.took(w.enrol(italy)) })
	a := w.Roster().Agency(italy)
	if a.GetOrdinal() != 2 || a.GetInbox() != 4 || !w.Roster().Active(italy) || a.GetVersion() != 1 {
		t.Errorf("%v", a)
	}
	if owner, ok := w.Roster().InboxOwner(3); !ok || owner != (Addressed{Agency: france, Unit: "ara"}) {
		t.Errorf("inbox 3 is of %v", owner)
	}
}

func TestEnrolIsRefused(t *testing.T) {
	w := populated(t)
	taken := w.enrol("xx-new")
	taken.GetEnrolAgency().GetDraft().TrustDomain = "it-dac.example"
	operators := w.enrol("xx-new")
	operators.GetEnrolAgency().GetDraft().TrustDomain = "operator.example"
	byAgency := w.enrol("xx-new")
	byAgency.Origin = &internalv1.Origin{Agency: france}
	w.expect(map[string]string{}, func() {
		w.refused(w.enrol(italy), RefusedTaken, "")
		w.refused(taken, RefusedTaken, "")
		w.refused(operators, RefusedTaken, "")
		w.refused(byAgency, RefusedRight, "")
	})
	// The trust domain of the expelled is free, their id is not.
	w.took(w.standing(italy, expelled))
	w.refused(w.enrol(italy), RefusedTaken, "")
	w.took(taken)
	if old, young := w.Roster().Agency(italy), w.Roster().Agency("xx-new"); old.GetInbox() == young.GetInbox() || old.GetOrdinal() == young.GetOrdinal() {
		t.Error("the new agency has the inbox of the old")
	}
}

func (w *world) update(by, id string, edit func(*internalv1.UpdateAgency)) *internalv1.Command {
	u := &internalv1.UpdateAgency{AgencyId: id, ExpectedVersion: w.Roster().Agency(intel.AgencyID(id)).GetVersion()}
	edit(u)
	c := w.command(by)
	c.Kind = &internalv1.Command_UpdateAgency{UpdateAgency: u}
	return c
}

func bundle(u *internalv1.UpdateAgency) { u.BundlePem = "new bundle" }

func TestAnAgencyChangesItself(t *testing.T) {
	w := populated(t)
	all := func(ordinal int, changes ...ententev1.TrustChange) map[string]string {
		want := map[string]string{}
		for _, id := range []string{france, italy, britain, japan} {
			for i, c := range changes {
				if i > 0 {
					want[id] += ", "
				}
				want[id] += trust(ordinal, c)
			}
		}
		return want
	}
	w.expect(map[string]string{}, func() {
		w.took(w.update(italy, italy, func(u *internalv1.UpdateAgency) {
			u.DisplayName, u.DutyContacts = "DAC", []*ententev1.DutyContact{{PhoneNumber: "+390612345678"}}
		}))
	})
	w.expect(all(2, ententev1.TrustChange_TRUST_CHANGE_BUNDLE_CHANGED), func() { w.took(w.update(italy, italy, bundle)) })
	w.expect(all(2, ententev1.TrustChange_TRUST_CHANGE_BUNDLE_CHANGED, ententev1.TrustChange_TRUST_CHANGE_BINDINGS_CHANGED), func() {
		w.took(w.update(italy, italy, func(u *internalv1.UpdateAgency) {
			bundle(u)
			u.Bindings = []*ententev1.Binding{{}}
		}))
	})
	a := w.Roster().Agency(italy)
	if a.GetDisplayName() != "DAC" || a.GetBundlePem() != "new bundle" || len(a.GetBindings()) != 1 || len(a.GetDutyContacts()) != 1 || a.GetVersion() != 4 {
		t.Errorf("%v", a)
	}
	stale := w.update(italy, italy, bundle)
	stale.GetUpdateAgency().ExpectedVersion--
	w.refused(stale, RefusedStale, "")
	w.refused(w.update(france, italy, bundle), RefusedRight, "")
	unknown := w.update("", italy, bundle)
	unknown.GetUpdateAgency().AgencyId = "zz-none"
	w.refused(unknown, RefusedAbsent, "")
}

func TestARetiredUnitKeepsItsInbox(t *testing.T) {
	w := populated(t)
	inbox, _ := w.Roster().InboxOf(italy, "desk")
	units := func(ids ...string) *internalv1.Command {
		return w.update(italy, italy, func(u *internalv1.UpdateAgency) {
			for _, id := range ids {
				u.Units = append(u.Units, &ententev1.Unit{UnitId: id})
			}
		})
	}
	x := w.submit(&item{owner: france, release: to(intel.UnitName(italy, "desk")), content: "x"})
	w.took(units("other"))
	if w.Roster().HasUnit(italy, "desk") || w.whoReads(x, "it-dac/desk") != "" {
		t.Error("a retired unit reads")
	}
	w.refused(w.submission(&item{owner: france, release: to(intel.UnitName(italy, "desk"))}), RefusedAudience, "UNIT_UNKNOWN")
	w.took(units("other", "desk"))
	if again, _ := w.Roster().InboxOf(italy, "desk"); again != inbox || w.whoReads(x, "it-dac/desk") == "" {
		t.Errorf("inbox %d, then %d", inbox, again)
	}
}

// TestARecoveryTakesItsTime: the operator's new bundle suspends the agency at once, and is in force only after the delay.
func TestARecoveryTakesItsTime(t *testing.T) {
	w := populated(t)
	_, group := w.group(france, italy)
	before := w.Roster().Generation
	x := w.submit(&item{owner: france, release: to("all"), content: "x"})
	w.expect(map[string]string{
		france: trust(2, ententev1.TrustChange_TRUST_CHANGE_RECOVERY_ANNOUNCED), britain: trust(2, ententev1.TrustChange_TRUST_CHANGE_RECOVERY_ANNOUNCED),
		japan: trust(2, ententev1.TrustChange_TRUST_CHANGE_RECOVERY_ANNOUNCED),
	}, func() { w.took(w.update("", italy, bundle)) })
	if w.Roster().Active(italy) || w.Roster().Agency(italy).GetBundlePem() == "new bundle" || w.whoReads(x, italy) != "" {
		t.Error("the agency is not suspended, or has its new bundle at once")
	}
	if w.Roster().Generation != before+1 || w.Hub().GetRosterGeneration() != before+1 {
		t.Errorf("the generation of all partners is %d in the roster and %d in the hub, it was %d", w.Roster().Generation, w.Hub().GetRosterGeneration(), before)
	}
	// What is released meanwhile is not for the suspended, not even once reinstated.
	meanwhile := w.submit(&item{owner: france, release: to("all"), content: "meanwhile"})
	inGroup := w.submit(&item{owner: france, release: to(group), content: "in group"})
	w.refused(w.standing(italy, active), RefusedState, "RECOVERY_PENDING")
	w.took(w.tick())
	if w.Roster().Agency(italy).GetPending() == nil {
		t.Error("the recovery took effect before its time")
	}
	w.micros += 3600 * 1_000_000
	w.took(w.tick())
	if a := w.Roster().Agency(italy); a.GetPending() != nil || a.GetBundlePem() != "new bundle" || a.GetStatus() != suspended {
		t.Errorf("after the delay: %v", a)
	}
	w.took(w.standing(italy, active))
	for _, c := range []struct {
		item *item
		want string
	}{{x, italy}, {meanwhile, ""}, {inGroup, ""}} {
		if got := w.whoReads(c.item, italy); got != c.want {
			t.Errorf("%s is read by %q", c.item.content, got)
		}
	}
	w.refused(w.update("", italy, func(u *internalv1.UpdateAgency) { u.DisplayName = "x" }), RefusedRight, "RECOVERY_CHANGES_BUNDLE_ONLY")
}

func TestStanding(t *testing.T) {
	w := populated(t)
	had := w.submit(&item{owner: france, release: to("all"), content: "had"})
	named := w.submit(&item{owner: france, release: to(italy), content: "named"})
	own := w.submit(&item{owner: italy, release: to(france), content: "own"})
	change := func(c ententev1.TrustChange, ids ...string) map[string]string {
		want := map[string]string{}
		for _, id := range ids {
			want[id] = trust(2, c)
		}
		return want
	}
	w.expect(change(ententev1.TrustChange_TRUST_CHANGE_SUSPENDED, france, britain, japan), func() { w.took(w.standing(italy, suspended)) })
	w.refused(w.standing(italy, suspended), RefusedState, "AGENCY_ALREADY_SO")
	w.refused(w.submission(&item{owner: italy, release: to()}), RefusedCaller, "")
	w.refused(w.consultation(italy), RefusedCaller, "")
	w.expect(map[string]string{france: "ACCEPTED 4/1", britain: "RECORD 4/1", japan: "RECORD 4/1"}, func() {
		w.submit(&item{owner: france, release: to("all"), content: "missed"})
	})
	if w.whoReads(own, france, italy) != france {
		t.Error("the records of the suspended stay readable, to others")
	}
	w.expect(change(ententev1.TrustChange_TRUST_CHANGE_REINSTATED, france, italy, britain, japan), func() { w.took(w.standing(italy, active)) })
	if w.whoReads(had, italy)+w.whoReads(named, italy) != italy+italy || w.found(italy, "missed") != nil || w.found(italy, "had") == nil {
		t.Error("the reinstated goes on from there, without what it missed")
	}
	w.took(w.standing(italy, expelled))
	w.expect(map[string]string{france: "ACCEPTED 1/2", britain: "CORRECTED 1/2", japan: "CORRECTED 1/2"}, func() { w.took(w.revision(had, "had again")) })
	if w.whoReads(own, france) != france || w.found(italy, "") != nil {
		t.Error("what the expelled left is readable, and the expelled reads nothing")
	}
	w.refused(w.standing(italy, active), RefusedState, "AGENCY_EXPELLED")
	w.refused(w.update("", italy, bundle), RefusedState, "AGENCY_EXPELLED")
	byAgency := w.standing(britain, suspended)
	byAgency.Origin = &internalv1.Origin{Agency: france}
	w.refused(byAgency, RefusedRight, "")
}

func TestRevocationsAdd(t *testing.T) {
	w := populated(t)
	revoke := func(by, id, serial string) *internalv1.Command {
		c := w.command(by)
		c.Kind = &internalv1.Command_RevokeCertificate{RevokeCertificate: &internalv1.RevokeCertificate{
			AgencyId: id, Revocation: &internalv1.Revocation{Serial: serial},
		}}
		return c
	}
	w.took(revoke("", italy, "0a"))
	w.took(revoke(italy, italy, "0b"))
	w.refused(revoke(france, italy, "0c"), RefusedRight, "")
	list := w.Roster().Agency(italy).GetRevocations()
	if len(list) != 2 || list[1].GetSerial() != "0b" || list[1].GetRevokedMicros() != w.micros-1_000_000 {
		t.Errorf("%v", list)
	}
	if len(w.Roster().Agency(france).GetRevocations()) != 0 {
		t.Error("others are touched")
	}
}

// TestADigestATick: however many reads there are, the originator is told once a tick, of the last number and how many.
func TestADigestATick(t *testing.T) {
	w := populated(t)
	x := w.submit(&item{owner: france, release: to(italy, japan), content: "x"})
	w.expect(map[string]string{}, func() {
		for range 3 {
			w.took(w.consultation(italy, x))
		}
		w.took(w.consultation(japan, x))
		w.took(w.consultation(france, x))
	})
	w.expect(map[string]string{france: "READERSHIP_DIGEST 4/4"}, func() { w.took(w.tick()) })
	w.expect(map[string]string{}, func() { w.took(w.tick()) })
	w.took(w.consultation(italy, x))
	w.expect(map[string]string{france: "READERSHIP_DIGEST 5/1"}, func() { w.took(w.tick()) })
}

// TestTimeNeverRunsBackwards: journal time is that of the latest command so far.
func TestTimeNeverRunsBackwards(t *testing.T) {
	w := populated(t)
	c := w.tick()
	c.TimeMicros -= day
	if o := w.took(c); o.GetMicros() != w.micros-1_000_000 || w.Hub().GetTimeMicros() != w.micros-1_000_000 {
		t.Errorf("time is %d", o.GetMicros())
	}
}

// TestRevocationsOutliveAnAgency: who comes back under an expelled agency's trust domain, perhaps with its authorities, does not bring back what was refused
// under them; a path is free for certificates to come.
func TestRevocationsOutliveAnAgency(t *testing.T) {
	w := populated(t)
	for _, r := range []*internalv1.Revocation{{Serial: "5e"}, {IssuedBeforeMicros: 7}, {PathPrefix: "/gateway"}} {
		c := w.command(italy)
		c.Kind = &internalv1.Command_RevokeCertificate{RevokeCertificate: &internalv1.RevokeCertificate{AgencyId: italy, Revocation: r}}
		w.took(c)
	}
	w.took(w.standing(italy, expelled))
	back := w.enrol("it-new")
	back.GetEnrolAgency().GetDraft().TrustDomain = italy + ".example"
	w.took(back)
	a := w.Roster().Agency("it-new")
	list := a.GetRevocations()
	if len(list) != 3 || list[0].GetSerial() != "5e" || list[0].GetIssuedBeforeMicros() != 0 || list[1].GetIssuedBeforeMicros() != 7 ||
		list[2].GetPathPrefix() != "/gateway" || list[2].GetIssuedBeforeMicros() != a.GetCreateMicros() {
		t.Errorf("%v", list)
	}
	w.took(w.enrol("xx-new"))
	if list := w.Roster().Agency("xx-new").GetRevocations(); len(list) != 0 {
		t.Errorf("another domain begins with %v", list)
	}
}

// What the operator refuses of its own stays refused when the file is opened again.
func TestOperatorRevocationsStay(t *testing.T) {
	w := populated(t)
	c := w.command("")
	c.Origin, c.Kind = &internalv1.Origin{Operator: true}, &internalv1.Command_RevokeCertificate{RevokeCertificate: &internalv1.RevokeCertificate{
		Revocation: &internalv1.Revocation{Serial: "4711"}, Reason: "lost",
	}}
	w.expect(map[string]string{}, func() { w.took(c) })
	if err := w.db.View(func(tx *bolt.Tx) error {
		state, err := store{tx: tx, ring: w.ring}.load()
		if err == nil && (len(state.roster.OperatorRevocations()) != 1 || state.roster.OperatorRevocations()[0].GetSerial() != "4711") {
			t.Errorf("%v", state.roster.OperatorRevocations())
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	c.Origin = &internalv1.Origin{Agency: string(france)}
	w.refused(c, RefusedRight, "")
}
