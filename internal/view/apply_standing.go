package view

import (
	"encoding/binary"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// How many standing queries there may be. There is no bound over all agencies: near it, who is refused would learn how many the others have.
const (
	MaxStandingQueries      = 1_000   // of an agency
	MaxStandingIdentifiers  = 100_000 // in all standing queries of an agency
	MaxBroadStandingQueries = 10      // of an agency
)

const (
	activeQuery  = ententev1.StandingQueryState_STANDING_QUERY_STATE_ACTIVE
	deletedQuery = ententev1.StandingQueryState_STANDING_QUERY_STATE_DELETED
)

// createStandingQuery makes a standing query, and puts it on record as the read that it is.
func (b *batch) createStandingQuery(c *internalv1.Command, q *internalv1.CreateStandingQuery) (*internalv1.Outcome, error) {
	owner := agencyID(c.GetOrigin())
	if !b.roster.Active(owner) {
		return refuse(RefusedCaller), nil
	}
	known, err := b.store().queryOrdinal(queryUIDKey(q.GetUid()))
	if err != nil {
		return nil, err
	}
	if known != 0 {
		return refuse(RefusedExists), nil
	}
	if !policy.Keeps(readerOf(b.roster, c), owner, intel.UnitID(q.GetUnit()), b.roster) {
		return refuse(RefusedAbsent), nil
	}
	if refusal, err := b.refuseQuery(q, b.originOrdinal(c.GetOrigin())); refusal != nil || err != nil {
		return refusal, err
	}
	b.hub.NextStandingQuery++
	b.hub.StandingQueries++
	state := &internalv1.StandingQueryState{
		Uid: q.GetUid(), Ordinal: b.hub.GetNextStandingQuery(), Owner: string(owner), Unit: q.GetUnit(), State: activeQuery,
		Justification: c.GetJustification(), CreateMicros: b.now(), ActiveOrdinal: b.hub.GetOrdinal(),
	}
	if err := b.writeNewQuery(state, q); err != nil {
		return nil, err
	}
	outcome, err := b.consult(c, &internalv1.Consult{Method: q.GetMethod(), Query: q.GetQuery(), AsOf: b.hub.GetOrdinal(), Source: q.GetSource()})
	if err != nil {
		return nil, err
	}
	outcome.Uid = state.GetUid()
	return outcome, nil
}

// refuseQuery refuses one standing query too many.
func (b *batch) refuseQuery(q *internalv1.CreateStandingQuery, agency uint32) (*internalv1.Outcome, error) {
	sum, err := b.store().tallyAt(queryKey(queryTally, agency))
	sum = sum.plus(tallyOf(q))
	switch {
	case err != nil:
		return nil, err
	case sum.all > MaxStandingQueries:
		return refuseBecause(RefusedFull, "TOO_MANY_STANDING_QUERIES"), nil
	case q.GetBroad() && sum.broad > MaxBroadStandingQueries:
		return refuseBecause(RefusedFull, "TOO_MANY_BROAD_STANDING_QUERIES"), nil
	case sum.identifiers > MaxStandingIdentifiers:
		return refuseBecause(RefusedFull, "TOO_MANY_STANDING_IDENTIFIERS"), nil
	}
	return nil, nil
}

// tallyOf is what a standing query adds to its agency's tally.
func tallyOf(q *internalv1.CreateStandingQuery) tally {
	t := tally{all: 1, identifiers: q.GetIdentifiers()}
	if q.GetBroad() {
		t.broad = 1
	}
	return t
}

// count changes an agency's tally.
func (b *batch) count(agency uint32, change func(tally) tally) error {
	key := queryKey(queryTally, agency)
	sum, err := b.store().tallyAt(key)
	if err != nil {
		return err
	}
	return b.putClear(bucketStanding, key, change(sum).encode())
}

func (b *batch) writeNewQuery(state *internalv1.StandingQueryState, q *internalv1.CreateStandingQuery) error {
	ordinal := key4(state.GetOrdinal())
	if err := b.putClear(bucketStanding, queryUIDKey(state.GetUid()), ordinal); err != nil {
		return err
	}
	agency, adds := b.roster.Agency(intel.AgencyID(state.GetOwner())).GetOrdinal(), tallyOf(q)
	if err := b.putClear(bucketStanding, queryAgencyKey(agency, state.GetOrdinal()), adds.encode()); err != nil {
		return err
	}
	if err := b.count(agency, adds.plus); err != nil {
		return err
	}
	key := queryKey(queryDraft, state.GetOrdinal())
	frame, err := b.storage.Seal(nil, keyring.At(bucketStanding, key), q.GetDraft(), keyring.AsIs)
	if err != nil {
		return err
	}
	if err := b.bucket(bucketStanding).Put(key, frame); err != nil {
		return err
	}
	return b.writeQuery(state)
}

// writeQuery stores a new state, and that it changed.
func (b *batch) writeQuery(state *internalv1.StandingQueryState) error {
	if before := state.GetChangedOrdinal(); before != 0 {
		if err := b.bucket(bucketStanding).Delete(queryChangedKey(before)); err != nil {
			return err
		}
	}
	state.Version++
	state.UpdateMicros, state.ChangedOrdinal = b.now(), b.hub.GetOrdinal()
	if err := b.putClear(bucketStanding, queryChangedKey(state.GetChangedOrdinal()), key4(state.GetOrdinal())); err != nil {
		return err
	}
	return b.putSealed(bucketStanding, queryKey(queryState, state.GetOrdinal()), state)
}

// updateStandingQuery pauses, resumes or deletes.
func (b *batch) updateStandingQuery(c *internalv1.Command, u *internalv1.UpdateStandingQuery) (*internalv1.Outcome, error) {
	if !b.roster.Active(agencyID(c.GetOrigin())) {
		return refuse(RefusedCaller), nil
	}
	ordinal, err := b.store().queryOrdinal(queryUIDKey(u.GetUid()))
	if err != nil {
		return nil, err
	}
	if ordinal == 0 {
		return refuse(RefusedAbsent), nil
	}
	state, err := b.store().queryAt(ordinal)
	if err != nil {
		return nil, err
	}
	switch {
	case state.GetState() == deletedQuery,
		!policy.Keeps(readerOf(b.roster, c), intel.AgencyID(state.GetOwner()), intel.UnitID(state.GetUnit()), b.roster):
		return refuse(RefusedAbsent), nil
	case state.GetVersion() != u.GetExpectedVersion():
		return refuse(RefusedStale), nil
	}
	outcome := &internalv1.Outcome{Uid: state.GetUid()}
	switch u.GetState() {
	case state.GetState():
		return outcome, nil
	case deletedQuery:
		return outcome, b.deleteQuery(state)
	case activeQuery:
		state.ActiveOrdinal = b.hub.GetOrdinal()
	}
	state.State = u.GetState()
	return outcome, b.writeQuery(state)
}

// deleteQuery leaves of a standing query what names it in the events that it made.
func (b *batch) deleteQuery(state *internalv1.StandingQueryState) error {
	agency := b.roster.Agency(intel.AgencyID(state.GetOwner())).GetOrdinal()
	added, err := b.store().tallyAt(queryAgencyKey(agency, state.GetOrdinal()))
	if err != nil {
		return err
	}
	if err := b.count(agency, func(sum tally) tally { return sum.minus(added) }); err != nil {
		return err
	}
	for _, key := range [][]byte{queryKey(queryDraft, state.GetOrdinal()), queryAgencyKey(agency, state.GetOrdinal())} {
		if err := b.bucket(bucketStanding).Delete(key); err != nil {
			return err
		}
	}
	b.hub.StandingQueries--
	state.State, state.Justification = deletedQuery, nil
	return b.writeQuery(state)
}

// endStandingQueries deletes all of an agency's. Two changes by one command cannot both be found by its ordinal, but then nobody has to find them: what an
// expelled agency asked for is never told, whoever still tries it.
func (b *batch) endStandingQueries(agency uint32) error {
	var ordinals []uint32
	c := b.bucket(bucketStanding).Cursor()
	for k, _ := c.Seek(queryAgencyKey(agency, 0)); isQueryOf(k, agency); k, _ = c.Next() {
		ordinals = append(ordinals, binary.BigEndian.Uint32(k[5:]))
	}
	for _, ordinal := range ordinals {
		state, err := b.store().queryAt(ordinal)
		if err != nil {
			return err
		}
		if err := b.deleteQuery(state); err != nil {
			return err
		}
	}
	return nil
}
