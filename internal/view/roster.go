package view

import (
	"maps"
	"slices"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// AllPartners is the ordinal of the pseudo-group of all partners in standing.
const AllPartners uint32 = 0

// Roster is who is who at one moment: agencies, units, groups, and who was a member when. It is immutable and safe to share; it answers the
// questions of policy.Members.
type Roster struct {
	// Version grows with every change.
	Version uint64
	// Generation of the pseudo-group of all partners.
	Generation uint64

	agencies []*internalv1.AgencyState // by ordinal; nil at 0
	groups   []*group                  // by ordinal; nil at 0
	byID     map[intel.AgencyID]*internalv1.AgencyState
	byName   map[string]uint32   // group name → ordinal
	byUID    map[[16]byte]uint32 // group uid → ordinal
	inboxes  map[uint32]Addressed
	left     map[intel.AgencyID]uint64 // the command by which an agency last fell out of a group
	active   []intel.AgencyID          // in standing now, sorted
	idle     []intel.AgencyID          // suspended now, sorted
	finds    *audiences                // of this very roster
	checks   *checkers                 // of this very roster
	operator []*internalv1.Revocation
}

// Addressed is who an inbox belongs to.
type Addressed struct {
	Agency intel.AgencyID
	Unit   intel.UnitID
}

type group struct {
	*internalv1.GroupState
	name    string
	members map[intel.AgencyID]*internalv1.MemberState
	current []intel.AgencyID // members in standing now, sorted
}

func newRoster() *Roster {
	return &Roster{
		agencies: make([]*internalv1.AgencyState, 1), groups: make([]*group, 1),
		byID: map[intel.AgencyID]*internalv1.AgencyState{}, byName: map[string]uint32{},
		byUID: map[[16]byte]uint32{}, inboxes: map[uint32]Addressed{}, left: map[intel.AgencyID]uint64{}, finds: new(audiences), checks: new(checkers),
	}
}

// with returns a copy in which the agency stands as given.
func (r *Roster) withAgency(a *internalv1.AgencyState) *Roster {
	next := r.copied()
	next.agencies = slices.Clone(r.agencies)
	for len(next.agencies) <= int(a.GetOrdinal()) {
		next.agencies = append(next.agencies, nil)
	}
	next.agencies[a.GetOrdinal()] = a
	next.byID = maps.Clone(r.byID)
	next.byID[intel.AgencyID(a.GetId())] = a
	next.inboxes = maps.Clone(r.inboxes)
	next.inboxes[a.GetInbox()] = Addressed{Agency: intel.AgencyID(a.GetId())}
	for _, u := range a.GetUnits() {
		next.inboxes[u.GetInbox()] = Addressed{Agency: intel.AgencyID(a.GetId()), Unit: intel.UnitID(u.GetUnitId())}
	}
	next.active = withStatus(next.agencies, ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE)
	next.idle = withStatus(next.agencies, ententev1.AgencyStatus_AGENCY_STATUS_SUSPENDED)
	return next
}

func withStatus(agencies []*internalv1.AgencyState, status ententev1.AgencyStatus) []intel.AgencyID {
	var list []intel.AgencyID
	for _, a := range agencies {
		if a.GetStatus() == status {
			list = append(list, intel.AgencyID(a.GetId()))
		}
	}
	slices.Sort(list)
	return list
}

// withGroup returns a copy in which the group stands as given.
func (r *Roster) withGroup(g *internalv1.GroupState) *Roster {
	next := r.copied()
	view := &group{
		GroupState: g, name: intel.AgencyID(g.GetOwner()).Name() + "/groups/" + uuidText(g.GetUid()),
		members: make(map[intel.AgencyID]*internalv1.MemberState, len(g.GetMembers())),
	}
	next.left = maps.Clone(r.left)
	for _, m := range g.GetMembers() {
		agency := intel.AgencyID(m.GetAgency())
		view.members[agency] = m
		if open(m.GetSpans()) {
			view.current = append(view.current, agency)
		}
		for _, s := range m.GetSpans() {
			next.left[agency] = max(next.left[agency], s.GetToOrdinal())
		}
	}
	slices.Sort(view.current)
	next.groups = slices.Clone(r.groups)
	for len(next.groups) <= int(g.GetOrdinal()) {
		next.groups = append(next.groups, nil)
	}
	next.groups[g.GetOrdinal()] = view
	next.byName = maps.Clone(r.byName)
	next.byName[view.name] = g.GetOrdinal()
	next.byUID = maps.Clone(r.byUID)
	next.byUID[[16]byte(g.GetUid())] = g.GetOrdinal()
	return next
}

// owned is how many groups an agency owns.
func (r *Roster) owned(agency string) (n int) {
	for _, g := range r.groups[1:] {
		if g.GetOwner() == agency {
			n++
		}
	}
	return n
}

func (r *Roster) copied() *Roster {
	next := *r
	next.Version++
	next.finds, next.checks = new(audiences), new(checkers)
	return &next
}

// Agency returns the state of an agency, also of one that is suspended or expelled; nil if there never was one. The state is read only.
func (r *Roster) Agency(id intel.AgencyID) *internalv1.AgencyState { return r.byID[id] }

// AgencyAt returns the agency with an ordinal, nil if there is none.
func (r *Roster) AgencyAt(ordinal uint32) *internalv1.AgencyState {
	if int(ordinal) >= len(r.agencies) {
		return nil
	}
	return r.agencies[ordinal]
}

// Agencies lists all agencies by id, the expelled ones too.
func (r *Roster) Agencies() []*internalv1.AgencyState {
	list := make([]*internalv1.AgencyState, 0, len(r.byID))
	for _, a := range r.agencies {
		if a != nil {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b *internalv1.AgencyState) int {
		return cmpString(a.GetId(), b.GetId())
	})
	return list
}

// GroupOf returns a group by uid and its name; nil if there is none.
func (r *Roster) GroupOf(uid [16]byte) (*internalv1.GroupState, string) {
	ordinal, ok := r.byUID[uid]
	if !ok {
		return nil, ""
	}
	return r.groups[ordinal].GroupState, r.groups[ordinal].name
}

// GroupAt returns a group by ordinal and its name; nil if there is none.
func (r *Roster) GroupAt(ordinal uint32) (*internalv1.GroupState, string) {
	if g := r.group(ordinal); g != nil {
		return g.GroupState, g.name
	}
	return nil, ""
}

// GroupsOf lists the groups on whose list the agency stands now, by name.
func (r *Roster) GroupsOf(id intel.AgencyID) []*internalv1.GroupState {
	var list []*group
	for _, g := range r.groups {
		if g != nil && g.members[id].GetListed() {
			list = append(list, g)
		}
	}
	slices.SortFunc(list, func(a, b *group) int { return cmpString(a.name, b.name) })
	states := make([]*internalv1.GroupState, len(list))
	for i, g := range list {
		states[i] = g.GroupState
	}
	return states
}

// LeftSince tells whether an agency has fallen out of a group since a command.
func (r *Roster) LeftSince(id intel.AgencyID, ordinal uint64) bool { return r.left[id] > ordinal }

// InboxOf returns the ordinal of an agency's or a unit's inbox.
func (r *Roster) InboxOf(agency intel.AgencyID, unit intel.UnitID) (uint32, bool) {
	a := r.byID[agency]
	if a == nil {
		return 0, false
	}
	if unit == "" {
		return a.GetInbox(), true
	}
	for _, u := range a.GetUnits() {
		if u.GetUnitId() == string(unit) {
			return u.GetInbox(), true
		}
	}
	return 0, false
}

// InboxOwner tells whose an inbox is.
func (r *Roster) InboxOwner(inbox uint32) (Addressed, bool) {
	a, ok := r.inboxes[inbox]
	return a, ok
}

func (r *Roster) group(ordinal uint32) *group {
	if int(ordinal) >= len(r.groups) {
		return nil
	}
	return r.groups[ordinal]
}

// Group implements policy.Members: the ordinal of a group by its name.
func (r *Roster) Group(name string) (uint32, bool) {
	ordinal, ok := r.byName[name]
	return ordinal, ok
}

// MemberAt implements policy.Members: in standing at a generation of the group.
func (r *Roster) MemberAt(group uint32, agency intel.AgencyID, generation uint64) bool {
	for _, s := range r.spans(group, agency) {
		if s.GetFromGeneration() <= generation && (s.GetToOrdinal() == 0 || generation < s.GetToGeneration()) {
			return true
		}
	}
	return false
}

// MemberWithin implements policy.Members: in standing at some moment between two commands, from included, until not; until 0 is still.
func (r *Roster) MemberWithin(group uint32, agency intel.AgencyID, from, until uint64) bool {
	for _, s := range r.spans(group, agency) {
		if (until == 0 || s.GetFromOrdinal() < until) && (s.GetToOrdinal() == 0 || from < s.GetToOrdinal()) {
			return true
		}
	}
	return false
}

// MemberNow implements policy.Members: in standing now.
func (r *Roster) MemberNow(group uint32, agency intel.AgencyID) bool {
	return open(r.spans(group, agency))
}

// Listed tells whether the agency stands on the group's list, in standing or suspended; of all partners, whether it is enrolled.
func (r *Roster) Listed(group uint32, agency intel.AgencyID) bool {
	if group == AllPartners {
		return r.Known(agency)
	}
	g := r.group(group)
	return g != nil && g.members[agency].GetListed()
}

// Current implements policy.Members: the members in standing now, sorted. The slice is shared.
func (r *Roster) Current(group uint32) []intel.AgencyID {
	if group == AllPartners {
		return r.active
	}
	if g := r.group(group); g != nil {
		return g.current
	}
	return nil
}

// Suspended implements policy.Members. The slice is shared.
func (r *Roster) Suspended() []intel.AgencyID { return r.idle }

// Groups implements policy.Members: the ordinals of the groups in which the agency is in standing now, all partners among them.
func (r *Roster) Groups(agency intel.AgencyID) []uint32 {
	var list []uint32
	if r.MemberNow(AllPartners, agency) {
		list = append(list, AllPartners)
	}
	for _, g := range r.groups {
		if g != nil && open(g.members[agency].GetSpans()) {
			list = append(list, g.GetOrdinal())
		}
	}
	return list
}

// Generations implements policy.Members: the generations of a group at which the agency was in standing, up to now.
func (r *Roster) Generations(group uint32, agency intel.AgencyID) []uint64 {
	last := r.Generation
	if g := r.group(group); g != nil {
		last = g.GetGeneration()
	}
	var list []uint64
	for _, s := range r.spans(group, agency) {
		to := s.GetToGeneration()
		if s.GetToOrdinal() == 0 {
			to = last + 1
		}
		for n := s.GetFromGeneration(); n < to; n++ {
			list = append(list, n)
		}
	}
	return list
}

// spans are the stretches in which the agency was in standing, oldest first.
func (r *Roster) spans(group uint32, agency intel.AgencyID) []*internalv1.Span {
	if group == AllPartners {
		return r.byID[agency].GetSpans()
	}
	if g := r.group(group); g != nil {
		return g.members[agency].GetSpans()
	}
	return nil
}

// Region implements policy.Members: the country of an agency.
func (r *Roster) Region(agency intel.AgencyID) string { return r.byID[agency].GetRegionCode() }

// Active implements policy.Members: enrolled and not suspended.
func (r *Roster) Active(agency intel.AgencyID) bool {
	return r.byID[agency].GetStatus() == ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE
}

// Known implements policy.Members: enrolled and not expelled.
func (r *Roster) Known(agency intel.AgencyID) bool {
	s := r.byID[agency].GetStatus()
	return s == ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE || s == ententev1.AgencyStatus_AGENCY_STATUS_SUSPENDED
}

// HasUnit implements policy.Members: the agency has such a unit, not retired.
func (r *Roster) HasUnit(agency intel.AgencyID, unit intel.UnitID) bool {
	for _, u := range r.byID[agency].GetUnits() {
		if u.GetUnitId() == string(unit) && !u.GetRetired() {
			return true
		}
	}
	return false
}

// open tells whether the last span has not ended.
func open(spans []*internalv1.Span) bool {
	return len(spans) > 0 && spans[len(spans)-1].GetToOrdinal() == 0
}

func cmpString(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}
