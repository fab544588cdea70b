package view

import (
	"errors"
	"slices"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// genesis is the first command of a hub: who it is and who operates it.
func (b *batch) genesis(g *internalv1.Genesis) (*internalv1.Outcome, error) {
	if b.hub.GetGenesis() != nil {
		return refuse(RefusedGenesis), nil
	}
	b.hub.Genesis = g
	return &internalv1.Outcome{}, nil
}

// putAgency stores an agency and lets the roster know.
func (b *batch) putAgency(a *internalv1.AgencyState) error {
	a.Version++
	a.UpdateMicros = b.now()
	b.roster = b.roster.withAgency(a)
	return b.putSealed(bucketAgencies, key4(a.GetOrdinal()), a)
}

// trustChanged tells every member in standing, and the agency itself where it still has calls.
func (b *batch) trustChanged(a *internalv1.AgencyState, change ententev1.TrustChange) error {
	b.hub.RosterRestriction = b.hub.GetOrdinal()
	b.restricts()
	return b.tellAll(Row{Kind: ententev1.EventKind_EVENT_KIND_TRUST_CHANGED, Ref: uint64(a.GetOrdinal()), Revision: uint32(change)})
}

// enrol takes a new agency in. An id is never used again; a trust domain is, once its agency was expelled: as a new agency.
func (b *batch) enrol(c *internalv1.Command, e *internalv1.EnrolAgency) (*internalv1.Outcome, error) {
	d := e.GetDraft()
	switch {
	case !c.GetOrigin().GetOperator():
		return refuse(RefusedRight), nil
	case b.roster.Agency(intel.AgencyID(e.GetAgencyId())) != nil, b.domainTaken(d.GetTrustDomain()):
		return refuse(RefusedTaken), nil
	}
	b.hub.NextAgency++
	b.hub.NextInbox++
	a := &internalv1.AgencyState{
		Id: e.GetAgencyId(), Ordinal: b.hub.GetNextAgency(), Inbox: b.hub.GetNextInbox(),
		DisplayName: d.GetDisplayName(), RegionCode: d.GetRegionCode(), TrustDomain: d.GetTrustDomain(), BundlePem: d.GetBundlePem(),
		Status:   ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE,
		Bindings: d.GetBindings(), DutyContacts: d.GetDutyContacts(), CreateMicros: b.now(),
	}
	b.setUnits(a, d.GetUnits())
	a.Revocations = b.inherited(a.GetTrustDomain())
	b.hub.RosterGeneration++
	a.Spans = begun(nil, b.hub.GetOrdinal(), b.hub.GetRosterGeneration())
	if err := b.putAgency(a); err != nil {
		return nil, err
	}
	b.setGeneration()
	return b.agencyOutcome(a), b.trustChanged(a, ententev1.TrustChange_TRUST_CHANGE_ENROLLED)
}

// inherited are the revocations of agencies that had a trust domain before: the new one may well have their authorities, and what was refused under them stays
// refused. A path is free again, for certificates that are issued from now on.
func (b *batch) inherited(domain string) (list []*internalv1.Revocation) {
	for _, a := range b.roster.agencies {
		if a.GetTrustDomain() != domain {
			continue
		}
		for _, r := range a.GetRevocations() {
			kept := proto.CloneOf(r)
			if kept.GetSerial() == "" && kept.GetIssuedBeforeMicros() == 0 {
				kept.IssuedBeforeMicros = b.now()
			}
			list = append(list, kept)
		}
	}
	return list
}

func (b *batch) agencyOutcome(a *internalv1.AgencyState) *internalv1.Outcome {
	return &internalv1.Outcome{Agency: a.GetId()}
}

func (b *batch) domainTaken(domain string) bool {
	if domain == b.hub.GetGenesis().GetOperatorTrustDomain() {
		return true
	}
	return slices.ContainsFunc(b.roster.agencies, func(a *internalv1.AgencyState) bool {
		return a != nil && a.GetTrustDomain() == domain && b.roster.Known(intel.AgencyID(a.GetId()))
	})
}

// setUnits makes the list of units the given one: a unit that is left out is retired, its inbox stays; one that comes back has its inbox again.
func (b *batch) setUnits(a *internalv1.AgencyState, units []*ententev1.Unit) {
	for _, u := range a.GetUnits() {
		u.Retired = true
	}
	for _, u := range units {
		i := slices.IndexFunc(a.GetUnits(), func(s *internalv1.UnitState) bool { return s.GetUnitId() == u.GetUnitId() })
		if i < 0 {
			b.hub.NextInbox++
			a.Units = append(a.Units, &internalv1.UnitState{UnitId: u.GetUnitId(), Inbox: b.hub.GetNextInbox()})
			i = len(a.Units) - 1
		}
		a.Units[i].DisplayName, a.Units[i].Retired = u.GetDisplayName(), false
	}
}

// setGeneration carries the generation of all partners from the hub's state into the roster.
func (b *batch) setGeneration() {
	next := b.roster.copied()
	next.Generation = b.hub.GetRosterGeneration()
	b.roster = next
}

// updateAgency changes an agency: by its own administrator at once, by the operator as a recovery of its bundle.
func (b *batch) updateAgency(c *internalv1.Command, u *internalv1.UpdateAgency) (*internalv1.Outcome, error) {
	a, refusal := b.agencyFor(c, u.GetAgencyId())
	if refusal != nil {
		return refusal, nil
	}
	if a.GetVersion() != u.GetExpectedVersion() {
		return refuse(RefusedStale), nil
	}
	if c.GetOrigin().GetOperator() {
		return b.recover(a, u)
	}
	changes := b.amend(a, u)
	if err := b.putAgency(a); err != nil {
		return nil, err
	}
	for _, change := range changes {
		if err := b.trustChanged(a, change); err != nil {
			return nil, err
		}
	}
	return b.agencyOutcome(a), nil
}

// amend sets what is given and says which trust changes that makes.
func (b *batch) amend(a *internalv1.AgencyState, u *internalv1.UpdateAgency) (changes []ententev1.TrustChange) {
	if u.GetDisplayName() != "" {
		a.DisplayName = u.GetDisplayName()
	}
	if len(u.GetDutyContacts()) > 0 {
		a.DutyContacts = u.GetDutyContacts()
	}
	if u.GetBundlePem() != "" {
		a.BundlePem = u.GetBundlePem()
		changes = append(changes, ententev1.TrustChange_TRUST_CHANGE_BUNDLE_CHANGED)
	}
	if len(u.GetBindings()) > 0 || len(u.GetUnits()) > 0 {
		if len(u.GetBindings()) > 0 {
			a.Bindings = u.GetBindings()
		}
		if len(u.GetUnits()) > 0 {
			b.setUnits(a, u.GetUnits())
		}
		changes = append(changes, ententev1.TrustChange_TRUST_CHANGE_BINDINGS_CHANGED)
	}
	return changes
}

// recover announces the operator's replacement of a bundle: the agency is suspended at once, the bundle takes effect when journal time has passed the
// hub's delay, so that the agency and its partners can object.
func (b *batch) recover(a *internalv1.AgencyState, u *internalv1.UpdateAgency) (*internalv1.Outcome, error) {
	if u.GetBundlePem() == "" || u.GetDisplayName() != "" || len(u.GetBindings())+len(u.GetUnits())+len(u.GetDutyContacts()) > 0 {
		return refuseBecause(RefusedRight, "RECOVERY_CHANGES_BUNDLE_ONLY"), nil
	}
	a.Pending = &internalv1.PendingRecovery{
		BundlePem: u.GetBundlePem(), EffectiveMicros: b.now() + b.hub.GetGenesis().GetRecoveryDelaySeconds()*1_000_000,
	}
	if a.GetStatus() == ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE {
		if err := b.leaveStanding(a, ententev1.AgencyStatus_AGENCY_STATUS_SUSPENDED); err != nil {
			return nil, err
		}
	}
	if err := b.putAgency(a); err != nil {
		return nil, err
	}
	b.setGeneration()
	return b.agencyOutcome(a), b.trustChanged(a, ententev1.TrustChange_TRUST_CHANGE_RECOVERY_ANNOUNCED)
}

// agencyFor loads a copy of an agency that the caller may change: the operator any that is not expelled, an administrator its own.
func (b *batch) agencyFor(c *internalv1.Command, id string) (*internalv1.AgencyState, *internalv1.Outcome) {
	own := !c.GetOrigin().GetOperator()
	if own && (c.GetOrigin().GetAgency() != id || !b.roster.Active(agencyID(c.GetOrigin()))) {
		return nil, refuse(RefusedRight)
	}
	a := b.roster.Agency(intel.AgencyID(id))
	if a == nil {
		return nil, refuse(RefusedAbsent)
	}
	if a.GetStatus() == ententev1.AgencyStatus_AGENCY_STATUS_EXPELLED {
		return nil, refuseBecause(RefusedState, "AGENCY_EXPELLED")
	}
	return proto.CloneOf(a), nil
}

// setStanding suspends, reinstates or expels.
func (b *batch) setStanding(c *internalv1.Command, s *internalv1.SetStanding) (*internalv1.Outcome, error) {
	if !c.GetOrigin().GetOperator() {
		return refuse(RefusedRight), nil
	}
	a, refusal := b.agencyFor(c, s.GetAgencyId())
	if refusal != nil {
		return refusal, nil
	}
	change, reason := transition(a, s.GetStatus())
	if reason != "" {
		return refuseBecause(RefusedState, reason), nil
	}
	var err error
	if s.GetStatus() == ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE {
		err = b.enterStanding(a)
	} else {
		err = b.leaveStanding(a, s.GetStatus())
	}
	if err != nil {
		return nil, err
	}
	if s.GetStatus() == ententev1.AgencyStatus_AGENCY_STATUS_EXPELLED {
		if err := b.endStandingQueries(a.GetOrdinal()); err != nil {
			return nil, err
		}
	}
	if err := b.putAgency(a); err != nil {
		return nil, err
	}
	b.setGeneration()
	return b.agencyOutcome(a), b.trustChanged(a, change)
}

func transition(a *internalv1.AgencyState, to ententev1.AgencyStatus) (change ententev1.TrustChange, reason string) {
	switch {
	case a.GetStatus() == to:
		return 0, "AGENCY_ALREADY_SO"
	case to == ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE && a.GetPending() != nil:
		return 0, "RECOVERY_PENDING"
	case to == ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE:
		return ententev1.TrustChange_TRUST_CHANGE_REINSTATED, ""
	case to == ententev1.AgencyStatus_AGENCY_STATUS_SUSPENDED:
		return ententev1.TrustChange_TRUST_CHANGE_SUSPENDED, ""
	default:
		return ententev1.TrustChange_TRUST_CHANGE_EXPELLED, ""
	}
}

// leaveStanding ends the agency's membership in standing, of all partners and of each group; expulsion takes it off the lists too.
func (b *batch) leaveStanding(a *internalv1.AgencyState, status ententev1.AgencyStatus) error {
	a.Status = status
	expelled := status == ententev1.AgencyStatus_AGENCY_STATUS_EXPELLED
	if open(a.GetSpans()) {
		b.hub.RosterGeneration++
		ended(a.GetSpans(), b.hub.GetOrdinal(), b.hub.GetRosterGeneration())
	}
	return b.eachGroupOf(a.GetId(), func(g *internalv1.GroupState, m *internalv1.MemberState) {
		if open(m.GetSpans()) {
			g.Generation++
			ended(m.GetSpans(), b.hub.GetOrdinal(), g.GetGeneration())
		}
		m.Listed = m.GetListed() && !expelled
	})
}

// enterStanding begins it anew, wherever the agency is still on the list.
func (b *batch) enterStanding(a *internalv1.AgencyState) error {
	a.Status = ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE
	b.hub.RosterGeneration++
	a.Spans = begun(a.GetSpans(), b.hub.GetOrdinal(), b.hub.GetRosterGeneration())
	return b.eachGroupOf(a.GetId(), func(g *internalv1.GroupState, m *internalv1.MemberState) {
		if m.GetListed() && !open(m.GetSpans()) {
			g.Generation++
			m.Spans = begun(m.GetSpans(), b.hub.GetOrdinal(), g.GetGeneration())
		}
	})
}

// eachGroupOf edits the membership of an agency in each of its groups, by ordinal.
func (b *batch) eachGroupOf(agency string, edit func(*internalv1.GroupState, *internalv1.MemberState)) error {
	for _, g := range b.roster.groups {
		if g == nil || !g.members[intel.AgencyID(agency)].GetListed() {
			continue
		}
		next := proto.CloneOf(g.GroupState)
		for _, m := range next.GetMembers() {
			if m.GetAgency() == agency {
				edit(next, m)
			}
		}
		if err := b.putGroup(next); err != nil {
			return err
		}
	}
	return nil
}

func begun(spans []*internalv1.Span, ordinal, generation uint64) []*internalv1.Span {
	return append(spans, &internalv1.Span{FromOrdinal: ordinal, FromGeneration: generation})
}

func ended(spans []*internalv1.Span, ordinal, generation uint64) {
	last := spans[len(spans)-1]
	last.ToOrdinal, last.ToGeneration = ordinal, generation
}

// revoke refuses certificates from here on.
func (b *batch) revoke(c *internalv1.Command, r *internalv1.RevokeCertificate) (*internalv1.Outcome, error) {
	if r.GetAgencyId() == "" {
		return b.revokeOperator(c, r)
	}
	a, refusal := b.agencyFor(c, r.GetAgencyId())
	if refusal != nil {
		return refusal, nil
	}
	revocation := proto.CloneOf(r.GetRevocation())
	revocation.RevokedMicros = b.now()
	a.Revocations = append(a.GetRevocations(), revocation)
	if err := b.putAgency(a); err != nil {
		return nil, err
	}
	return b.agencyOutcome(a), b.trustChanged(a, ententev1.TrustChange_TRUST_CHANGE_CERTIFICATE_REVOKED)
}

// tick lets journal time pass: recoveries take effect, digests are written, outcomes expire.
func (b *batch) tick() (*internalv1.Outcome, error) {
	for _, a := range b.roster.agencies {
		if a == nil {
			continue
		}
		if err := b.tickAgency(a); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(b.tellPools(), b.tellHistories(), b.resumeComparisons()); err != nil {
		return nil, err
	}
	return &internalv1.Outcome{}, b.expire(expirePerTick)
}

func (b *batch) tickAgency(a *internalv1.AgencyState) error {
	if p := a.GetPending(); p != nil && p.GetEffectiveMicros() <= b.now() {
		next := proto.CloneOf(a)
		next.BundlePem, next.Pending = p.GetBundlePem(), nil
		if err := b.putAgency(next); err != nil {
			return err
		}
		return b.trustChanged(next, ententev1.TrustChange_TRUST_CHANGE_RECOVERED)
	}
	return b.digest(a)
}

// digest writes at most one event a tick into an originator's inbox: that there is more in its readership.
func (b *batch) digest(a *internalv1.AgencyState) error {
	log := logRef{logReadership, a.GetOrdinal()}
	head := b.head(log)
	if head <= a.GetDigested() || a.GetStatus() != ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE {
		return nil
	}
	next := proto.CloneOf(a)
	row := Row{Kind: ententev1.EventKind_EVENT_KIND_READERSHIP_DIGEST, Ref: head, Revision: uint32(head - a.GetDigested())}
	next.Digested = head
	b.roster = b.roster.withAgency(next)
	if err := b.putSealed(bucketAgencies, key4(next.GetOrdinal()), next); err != nil {
		return err
	}
	_, err := b.event(next.GetInbox(), row)
	return err
}

// How many outcomes are forgotten at once. A tick clears what a quiet time left; each new outcome makes more room than it takes, so that what has
// expired never piles up, however many requests come.
const (
	expirePerTick    = 10_000
	expirePerOutcome = 2
)

// expire forgets outcomes of requests that are older than thirty days of journal time, the oldest first, so many at most.
func (b *batch) expire(most int) error {
	type row struct{ expiry, request []byte }
	var due []row
	cursor := b.bucket(bucketExpiry).Cursor()
	until := expiryKey(b.now(), 0)
	for k, v := cursor.First(); k != nil && string(k) < string(until) && len(due) < most; k, v = cursor.Next() {
		key, err := openClear(bucketExpiry, k, v)
		if err != nil {
			return err
		}
		due = append(due, row{slices.Clone(k), key})
	}
	for _, d := range due { // deleting while iterating would skip keys
		if err := b.bucket(bucketRequests).Delete(d.request); err != nil {
			return err
		}
		if err := b.bucket(bucketExpiry).Delete(d.expiry); err != nil {
			return err
		}
	}
	return nil
}
