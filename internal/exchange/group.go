package exchange

import (
	"context"
	"slices"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/view"
)

// CreateGroup makes a group; the caller's agency owns it and is its first member.
func (h *Hub) CreateGroup(ctx context.Context, call Call, req *ententev1.CreateGroupRequest) (*ententev1.CreateGroupResponse, error) {
	g, err := h.changeGroup(ctx, call, req, func(c conditions, s *view.Snapshot, into *internalv1.Command) error {
		members, err := agencyIDs(s.Roster(), req.GetMembers(), "members")
		if err != nil {
			return err
		}
		uid, err := newUID(h.Source.Now(), h.Source.Draw(call.Caller.Agency, c.requestID))
		into.Kind = &internalv1.Command_CreateGroup{CreateGroup: &internalv1.CreateGroup{
			Uid: uid[:], DisplayName: req.GetDisplayName(), Description: req.GetDescription(), Members: members, MembersVisible: req.GetMembersVisible(),
		}}
		return err
	})
	if err != nil {
		return nil, err
	}
	if g == nil { // it was only checked
		g = &ententev1.Group{DisplayName: req.GetDisplayName(), Description: req.GetDescription(), Members: req.GetMembers(), MembersVisible: req.GetMembersVisible()}
	}
	return &ententev1.CreateGroupResponse{Group: g}, nil
}

// UpdateGroupMembers adds and removes members.
func (h *Hub) UpdateGroupMembers(ctx context.Context, call Call, req *ententev1.UpdateGroupMembersRequest) (*ententev1.UpdateGroupMembersResponse, error) {
	var before *ententev1.Group
	g, err := h.changeGroup(ctx, call, req, func(_ conditions, s *view.Snapshot, into *internalv1.Command) error {
		state, err := groupOf(s.Roster(), call.Caller.Agency, req.GetName())
		if err != nil {
			return err
		}
		before = h.group(s.Roster(), call, state)
		change, err := h.membersChange(s.Roster(), call, state, req)
		into.Kind = &internalv1.Command_UpdateMembers{UpdateMembers: change}
		return err
	})
	if err != nil {
		return nil, err
	}
	if g == nil {
		g = before
	}
	return &ententev1.UpdateGroupMembersResponse{Group: g}, nil
}

// membersChange decides on a change of members: by the owner, with the current etag.
func (h *Hub) membersChange(r *view.Roster, call Call, g *internalv1.GroupState, req *ententev1.UpdateGroupMembersRequest) (*internalv1.UpdateMembers, error) {
	if g.GetOwner() != string(call.Caller.Agency) {
		return nil, errRight("")
	}
	if req.GetEtag() != h.etags.group(g.GetUid(), g.GetVersion()) {
		return nil, errStale()
	}
	add, err := agencyIDs(r, req.GetAdd(), "add")
	if err != nil {
		return nil, err
	}
	var remove []string
	for _, name := range req.GetRemove() { // whoever is not there is removed already
		if id, ok := intel.ParseAgencyName(name); ok {
			remove = append(remove, string(id))
		}
	}
	if slices.Contains(remove, g.GetOwner()) {
		return nil, errState("OWNER_CANNOT_LEAVE")
	}
	return &internalv1.UpdateMembers{Uid: g.GetUid(), ExpectedVersion: g.GetVersion(), Add: add, Remove: remove}, nil
}

// changeGroup answers a change of a group: nil when it was only checked.
func (h *Hub) changeGroup(
	ctx context.Context, call Call, req keptRequest, edit func(conditions, *view.Snapshot, *internalv1.Command) error,
) (*ententev1.Group, error) {
	outcome, _, err := h.keep(ctx, call, req, edit, groupRefusal)
	if err != nil || outcome == nil {
		return nil, err
	}
	roster := h.View.Roster()
	state, _ := roster.GroupOf([16]byte(outcome.GetUid()))
	return h.group(roster, call, state), nil
}

// groupRefusal words a refusal of the journal for a group.
func groupRefusal(err error) error {
	if fault.Has(err, "RECORD_NOT_FOUND") {
		return errNoGroup()
	}
	return err
}

// agencyIDs reads names of agencies that are enrolled.
func agencyIDs(r *view.Roster, names []string, field string) ([]string, error) {
	ids := make([]string, 0, len(names))
	for i, name := range names {
		id, ok := intel.ParseAgencyName(name)
		if !ok || !r.Known(id) {
			return nil, fault.Violated(fault.Violation{Field: indexed(field, i), Reason: "AGENCY_UNKNOWN", Description: "is not enrolled; list the agencies for their names"})
		}
		ids = append(ids, string(id))
	}
	return ids, nil
}

// GetGroup reads one group that the caller's agency belongs to.
func (h *Hub) GetGroup(ctx context.Context, call Call, req *ententev1.GetGroupRequest) (*ententev1.GetGroupResponse, error) {
	answer := new(ententev1.GetGroupResponse)
	err := h.read(ctx, call, req, func(r *reading) error {
		state, err := groupOf(r.Roster(), call.Caller.Agency, req.GetName())
		if err == nil {
			answer.Group = h.group(r.Roster(), call, state)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// ListGroups lists the groups that the caller's agency belongs to, by name.
func (h *Hub) ListGroups(ctx context.Context, call Call, req *ententev1.ListGroupsRequest) (*ententev1.ListGroupsResponse, error) {
	bound := call.bind(nil, req.GetJustification().GetPurpose())
	from, err := h.tokens.open(bound, req.GetPageToken())
	if err != nil {
		return nil, err
	}
	answer := new(ententev1.ListGroupsResponse)
	err = h.read(ctx, call, req, func(r *reading) error {
		answer.Groups = nil
		page, next := slice(h, r.Roster().GroupsOf(call.Caller.Agency), from, req.GetPageSize(), bound)
		for _, g := range page {
			answer.Groups = append(answer.Groups, h.group(r.Roster(), call, g))
		}
		answer.NextPageToken = next
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// groupOf finds a group that an agency belongs to; any other does not exist for it.
func groupOf(r *view.Roster, agency intel.AgencyID, name string) (*internalv1.GroupState, error) {
	ordinal, ok := r.Group(name)
	if !ok || !r.Listed(ordinal, agency) {
		return nil, errNoGroup()
	}
	state, _ := r.GroupAt(ordinal)
	return state, nil
}

func errNoGroup() error {
	return fault.New(fault.NotFound, "GROUP_NOT_FOUND", "There is no such group that you belong to; list your groups for their names.")
}

// group is a group as one of its members sees it: who is not the owner sees the others only where members know each other.
func (h *Hub) group(r *view.Roster, call Call, g *internalv1.GroupState) *ententev1.Group {
	_, name := r.GroupAt(g.GetOrdinal())
	owner := g.GetOwner() == string(call.Caller.Agency)
	shown := &ententev1.Group{
		Name: name, DisplayName: g.GetDisplayName(), Description: g.GetDescription(), MembersVisible: g.GetMembersVisible(), CreateTime: timestamp(g.GetCreateMicros()),
	}
	for _, m := range g.GetMembers() {
		if m.GetListed() && (owner || g.GetMembersVisible() || m.GetAgency() == string(call.Caller.Agency)) {
			shown.Members = append(shown.Members, intel.AgencyID(m.GetAgency()).Name())
		}
	}
	shown.Members = sorted(shown.GetMembers())
	if owner {
		shown.Etag = h.etags.group(g.GetUid(), g.GetVersion())
	}
	return shown
}
