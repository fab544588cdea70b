package view

import (
	"slices"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// each is the list with each agency once, in order of first mention.
func each(list []string) []string {
	var once []string
	for _, a := range list {
		if !slices.Contains(once, a) {
			once = append(once, a)
		}
	}
	return once
}

func (b *batch) putGroup(g *internalv1.GroupState) error {
	g.Version++
	b.roster = b.roster.withGroup(g)
	return b.putSealed(bucketGroups, key4(g.GetOrdinal()), g)
}

// What an agency can make all its partners' queries look at: a member's query has a term for each change of each of its groups.
const (
	maxGroups  = 128 // that an agency owns
	maxChanges = 512 // of the members of a group; from then on they can only be removed
)

// createGroup makes a group; its creator owns it and is its first member.
func (b *batch) createGroup(c *internalv1.Command, g *internalv1.CreateGroup) (*internalv1.Outcome, error) {
	owner := c.GetOrigin().GetAgency()
	if !b.roster.Active(agencyID(c.GetOrigin())) {
		return refuse(RefusedCaller), nil
	}
	if _, taken := b.roster.byUID[[16]byte(g.GetUid())]; taken {
		return refuse(RefusedExists), nil
	}
	if b.roster.owned(owner) >= maxGroups {
		return refuseBecause(RefusedState, "TOO_MANY_GROUPS"), nil
	}
	members := each(append([]string{owner}, g.GetMembers()...))
	for _, m := range members {
		if !b.roster.Known(intel.AgencyID(m)) {
			return refuseBecause(RefusedAudience, "AGENCY_UNKNOWN"), nil
		}
	}
	b.hub.NextGroup++
	state := &internalv1.GroupState{
		Uid: g.GetUid(), Ordinal: b.hub.GetNextGroup(), Owner: owner, DisplayName: g.GetDisplayName(), Description: g.GetDescription(),
		MembersVisible: g.GetMembersVisible(), Generation: 1, CreateMicros: b.now(),
	}
	for _, m := range members {
		b.join(state, m)
	}
	return b.regroup(state, members)
}

// updateMembers adds and removes members. The owner cannot leave.
func (b *batch) updateMembers(c *internalv1.Command, u *internalv1.UpdateMembers) (*internalv1.Outcome, error) {
	if !b.roster.Active(agencyID(c.GetOrigin())) {
		return refuse(RefusedCaller), nil
	}
	old, _ := b.roster.GroupOf([16]byte(u.GetUid()))
	switch {
	case old == nil || !b.roster.Listed(old.GetOrdinal(), agencyID(c.GetOrigin())):
		return refuse(RefusedAbsent), nil
	case old.GetOwner() != c.GetOrigin().GetAgency():
		return refuse(RefusedRight), nil
	case old.GetVersion() != u.GetExpectedVersion():
		return refuse(RefusedStale), nil
	case slices.Contains(u.GetRemove(), old.GetOwner()):
		return refuseBecause(RefusedState, "OWNER_CANNOT_LEAVE"), nil
	case old.GetGeneration() >= maxChanges && len(u.GetAdd()) > 0:
		return refuseBecause(RefusedState, "GROUP_CHANGED_TOO_OFTEN"), nil
	}
	for _, m := range u.GetAdd() {
		if !b.roster.Known(intel.AgencyID(m)) {
			return refuseBecause(RefusedAudience, "AGENCY_UNKNOWN"), nil
		}
	}
	return b.editMembers(proto.CloneOf(old), u)
}

func (b *batch) editMembers(g *internalv1.GroupState, u *internalv1.UpdateMembers) (*internalv1.Outcome, error) {
	var touched []string
	listed := func(agency string) bool { return b.roster.Listed(g.GetOrdinal(), intel.AgencyID(agency)) }
	for _, m := range each(u.GetAdd()) {
		if !listed(m) && !slices.Contains(u.GetRemove(), m) {
			g.Generation++
			b.join(g, m)
			touched = append(touched, m)
		}
	}
	for _, m := range each(u.GetRemove()) {
		if listed(m) {
			g.Generation++
			leave(g, m, b.hub.GetOrdinal())
			touched = append(touched, m)
		}
	}
	return b.regroup(g, touched)
}

// join puts an agency on the list; one that is suspended is in standing only once reinstated.
func (b *batch) join(g *internalv1.GroupState, agency string) {
	i := slices.IndexFunc(g.GetMembers(), func(m *internalv1.MemberState) bool { return m.GetAgency() == agency })
	if i < 0 {
		g.Members = append(g.Members, &internalv1.MemberState{Agency: agency})
		i = len(g.Members) - 1
	}
	m := g.Members[i]
	m.Listed = true
	if b.roster.Active(intel.AgencyID(agency)) && !open(m.GetSpans()) {
		m.Spans = begun(m.GetSpans(), b.hub.GetOrdinal(), g.GetGeneration())
	}
}

func leave(g *internalv1.GroupState, agency string, ordinal uint64) {
	for _, m := range g.GetMembers() {
		if m.GetAgency() == agency {
			m.Listed = false
			if open(m.GetSpans()) {
				ended(m.GetSpans(), ordinal, g.GetGeneration())
			}
		}
	}
}

// regroup stores the group and tells those whose membership changed, and nobody else.
func (b *batch) regroup(g *internalv1.GroupState, touched []string) (*internalv1.Outcome, error) {
	if err := b.putGroup(g); err != nil {
		return nil, err
	}
	for _, agency := range touched {
		row := Row{Kind: ententev1.EventKind_EVENT_KIND_MEMBERSHIP, Ref: uint64(g.GetOrdinal())}
		if b.roster.Listed(g.GetOrdinal(), intel.AgencyID(agency)) {
			row.Revision = 1
		} else {
			b.restricts() // for its own reads; who joins takes nothing from anybody
		}
		if !b.roster.Active(intel.AgencyID(agency)) {
			continue // a suspended agency gets no such event
		}
		if err := b.tell(policy.Addressee{Agency: intel.AgencyID(agency)}, row); err != nil {
			return nil, err
		}
	}
	return &internalv1.Outcome{Uid: g.GetUid(), Agency: g.GetOwner()}, nil
}
