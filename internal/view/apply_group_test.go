package view

import (
	"slices"
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

func TestMembersAreToldOfThemselves(t *testing.T) {
	w := populated(t)
	var uid []byte
	w.expect(map[string]string{france: "MEMBERSHIP 1/1", italy: "MEMBERSHIP 1/1"}, func() {
		uid, _ = w.group(france, italy, italy, france)
	})
	w.expect(map[string]string{britain: "MEMBERSHIP 1/1", italy: "MEMBERSHIP 1/0"}, func() {
		w.took(w.members(france, uid, []string{britain, britain, france}, []string{italy, italy, japan}))
	})
	w.expect(map[string]string{}, func() { w.took(w.members(france, uid, []string{britain}, []string{italy})) })
	w.took(w.standing(japan, suspended))
	w.expect(map[string]string{}, func() { w.took(w.members(france, uid, []string{japan}, nil)) })
	r := w.Roster()
	g, name := r.GroupOf([16]byte(uid))
	if !r.Listed(g.GetOrdinal(), japan) || r.MemberNow(g.GetOrdinal(), japan) || !slices.Equal(r.Current(g.GetOrdinal()), []intel.AgencyID{france, britain}) {
		t.Errorf("members %v", r.Current(g.GetOrdinal()))
	}
	if at, same := r.GroupAt(g.GetOrdinal()); at != g || same != name {
		t.Error("a group has two names")
	}
	if list := r.GroupsOf(japan); len(list) != 1 || len(r.GroupsOf(italy)) != 0 {
		t.Errorf("groups of the suspended: %v", list)
	}
}

func TestGroupsAreRefused(t *testing.T) {
	w := populated(t)
	uid, _ := w.group(france, italy)
	w.expect(map[string]string{}, func() {
		w.refused(w.createGroup(france, "zz-none"), RefusedAudience, "AGENCY_UNKNOWN")
		w.refused(w.createGroup("zz-none"), RefusedCaller, "")
		again := w.createGroup(france)
		again.GetCreateGroup().Uid = uid
		w.refused(again, RefusedExists, "")
		w.refused(w.members(italy, uid, []string{japan}, nil), RefusedRight, "")
		w.refused(w.members(japan, uid, []string{japan}, nil), RefusedAbsent, "")
		w.refused(w.members(france, uid, nil, []string{france}), RefusedState, "OWNER_CANNOT_LEAVE")
		w.refused(w.members(france, uid, []string{"zz-none"}, nil), RefusedAudience, "AGENCY_UNKNOWN")
		stale := w.members(france, uid, []string{japan}, nil)
		stale.GetUpdateMembers().ExpectedVersion--
		w.refused(stale, RefusedStale, "")
		none := w.members(france, uid, []string{japan}, nil)
		none.GetUpdateMembers().Uid = make([]byte, 16)
		w.refused(none, RefusedAbsent, "")
	})
	w.took(w.standing(france, suspended))
	w.refused(w.members(france, uid, []string{japan}, nil), RefusedCaller, "")
}

// What one agency's groups can cost the queries of others is bounded, and whoever is to go can still be made to go.
func TestGroupsHaveABound(t *testing.T) {
	w := populated(t)
	uid, _ := w.group(france, italy, britain)
	for changes := uint64(0); changes < maxChanges-1; {
		changes = w.churn(uid)
	}
	w.took(w.members(france, uid, nil, []string{britain}))
	w.refused(w.members(france, uid, []string{japan}, nil), RefusedState, "GROUP_CHANGED_TOO_OFTEN")
	w.took(w.members(france, uid, nil, []string{italy}))
	for w.Roster().owned(france) < maxGroups {
		w.took(w.createGroup(france))
	}
	w.refused(w.createGroup(france), RefusedState, "TOO_MANY_GROUPS")
	w.took(w.createGroup(italy))
}

// churn lets Italy go and come back, and says how often the group has changed.
func (w *world) churn(uid []byte) uint64 {
	w.Helper()
	w.took(w.members(france, uid, nil, []string{italy}))
	w.took(w.members(france, uid, []string{italy}, nil))
	g, _ := w.Roster().GroupOf([16]byte(uid))
	return g.GetGeneration()
}

// TestMembershipThenAndNow: a group's record is for those who were in it when it was released and are in it now, suspended time left out.
func TestMembershipThenAndNow(t *testing.T) {
	w := populated(t)
	uid, name := w.group(france, italy)
	first := w.submit(&item{owner: france, release: to(name), content: "first"})
	w.took(w.members(france, uid, []string{japan}, nil))
	second := w.submit(&item{owner: france, release: to(name), content: "second"})
	w.took(w.standing(italy, suspended))
	third := w.submit(&item{owner: france, release: to(name), content: "third"})
	w.took(w.standing(italy, active))
	w.took(w.members(france, uid, nil, []string{japan}))
	fourth := w.submit(&item{owner: france, release: to(name), content: "fourth"})
	w.took(w.members(france, uid, []string{japan}, nil))
	for _, c := range []struct {
		item *item
		want string
	}{{first, "it-dac"}, {second, "it-dac jp-npa"}, {third, "jp-npa"}, {fourth, "it-dac"}} {
		if got := w.whoReads(c.item, italy, britain, japan); got != c.want {
			t.Errorf("%s is read by %q, want %q", c.item.content, got, c.want)
		}
		for _, id := range []string{italy, britain, japan} {
			if found := w.found(id, c.item.content) != nil; found != (w.whoReads(c.item, id) != "") {
				t.Errorf("%s finds %s: %v", id, c.item.content, found)
			}
		}
	}
	// The originator opens an earlier record to the newcomer, who is told.
	open := w.releaseChange(first, to(name))
	open.Kind.(*internalv1.Command_UpdateRelease).UpdateRelease.OpenToCurrentMembers = true
	w.expect(map[string]string{france: "ACCEPTED 1/1", japan: "RECORD 1/1"}, func() { w.took(open) })
	// A version that keeps the group keeps the moment.
	w.expect(map[string]string{france: "ACCEPTED 2/1", britain: "RECORD 2/1"}, func() { w.took(w.releaseChange(second, to(name, britain))) })
}
