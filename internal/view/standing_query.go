package view

import (
	"encoding/binary"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// The keys of the bucket of standing queries begin with what they are for:
//
//	q | ordinal 4                 the state; sealed
//	d | ordinal 4                 the draft, of those that are not deleted; sealed
//	u | uid 16                    ordinal
//	a | agency 4 | ordinal 4      what one that is not deleted adds to its agency's tally: 1 in 4 bytes | broad 4 | identifiers 4
//	n | agency 4                  the agency's tally
//	c | changed ordinal 8         ordinal
const (
	queryState   = 'q'
	queryDraft   = 'd'
	queryUID     = 'u'
	queryAgency  = 'a'
	queryChanged = 'c'
	queryTally   = 'n'
)

func queryKey(what byte, ordinal uint32) []byte {
	return binary.BigEndian.AppendUint32([]byte{what}, ordinal)
}

func queryUIDKey(uid []byte) []byte { return append([]byte{queryUID}, uid...) }

func queryAgencyKey(agency, ordinal uint32) []byte {
	return binary.BigEndian.AppendUint32(queryKey(queryAgency, agency), ordinal)
}

func queryChangedKey(changed uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{queryChanged}, changed)
}

// StandingQuery is a standing query as stored.
type StandingQuery struct {
	// State is read only.
	State *internalv1.StandingQueryState
	// Draft is empty for one that was deleted. Read only.
	Draft *ententev1.StandingQueryDraft
}

// Reader is whose eyes look for a standing query: its agency's as a whole, or its unit's, for the purpose that it was made for.
func (q StandingQuery) Reader(r *Roster) policy.Reader { return readerOfQuery(r, q.State) }

func ownerOf(q *internalv1.StandingQueryState) intel.AgencyID { return intel.AgencyID(q.GetOwner()) }

func readerOfQuery(r *Roster, q *internalv1.StandingQueryState) policy.Reader {
	owner := ownerOf(q)
	return policy.Reader{Agency: owner, Unit: intel.UnitID(q.GetUnit()), Region: r.Region(owner), Purpose: q.GetJustification().GetPurpose()}
}

// Active tells whether it is to be asked.
func (q StandingQuery) Active() bool {
	return q.State.GetState() == ententev1.StandingQueryState_STANDING_QUERY_STATE_ACTIVE
}

// queryOrdinal reads the ordinal that a key leads to; 0 when there is none.
func (s store) queryOrdinal(key []byte) (uint32, error) {
	plain, err := s.clear(bucketStanding, key)
	if plain == nil || err != nil {
		return 0, err
	}
	if len(plain) != 4 {
		return 0, damage(errDamaged)
	}
	return binary.BigEndian.Uint32(plain), nil
}

func (s store) queryAt(ordinal uint32) (*internalv1.StandingQueryState, error) {
	state := new(internalv1.StandingQueryState)
	return state, s.sealed(bucketStanding, queryKey(queryState, ordinal), state)
}

// draftOf opens a draft; empty for a standing query that was deleted.
func (s store) draftOf(q *internalv1.StandingQueryState) (*ententev1.StandingQueryDraft, error) {
	draft := new(ententev1.StandingQueryDraft)
	if q.GetState() == deletedQuery {
		return draft, nil
	}
	key := queryKey(queryDraft, q.GetOrdinal())
	frame := s.get(bucketStanding, key)
	if frame == nil {
		return nil, damage(errDamaged)
	}
	plain, err := s.ring.Open(nil, keyring.At(bucketStanding, key), frame)
	if err != nil {
		return nil, damage(err)
	}
	if err := proto.Unmarshal(plain, draft); err != nil {
		return nil, damage(errDamaged)
	}
	return draft, nil
}

// wholeQuery opens all of a standing query.
func (s store) wholeQuery(ordinal uint32) (StandingQuery, error) {
	state, err := s.queryAt(ordinal)
	if err != nil {
		return StandingQuery{}, err
	}
	draft, err := s.draftOf(state)
	return StandingQuery{State: state, Draft: draft}, err
}

// StandingQuery is one of the reader's, by uid; one that was deleted as what names it. One that is not the reader's does not exist.
func (s *Snapshot) StandingQuery(r policy.Reader, uid [16]byte) (StandingQuery, error) {
	ordinal, err := s.queryOrdinal(queryUIDKey(uid[:]))
	if err != nil {
		return StandingQuery{}, err
	}
	if ordinal == 0 {
		return StandingQuery{}, errNoQuery()
	}
	q, err := s.wholeQuery(ordinal)
	if err == nil && !s.keeps(r, q.State) {
		return StandingQuery{}, errNoQuery()
	}
	return q, err
}

func (s *Snapshot) keeps(r policy.Reader, q *internalv1.StandingQueryState) bool {
	return policy.Keeps(r, intel.AgencyID(q.GetOwner()), intel.UnitID(q.GetUnit()), s.state.roster)
}

func errNoQuery() error {
	return fault.New(fault.NotFound, "STANDING_QUERY_NOT_FOUND", "There is no such standing query of yours; list them for their names.")
}

// StandingQueries visits those of the reader's after an ordinal, oldest first, until visit returns false.
func (s *Snapshot) StandingQueries(r policy.Reader, after uint32, visit func(StandingQuery) bool) error {
	agency := s.state.roster.Agency(r.Agency).GetOrdinal()
	c := s.tx.Bucket([]byte(bucketStanding)).Cursor()
	for k, _ := c.Seek(queryAgencyKey(agency, after+1)); isQueryOf(k, agency); k, _ = c.Next() {
		q, err := s.wholeQuery(binary.BigEndian.Uint32(k[5:]))
		if err != nil {
			return err
		}
		if s.keeps(r, q.State) && !visit(q) {
			return nil
		}
	}
	return nil
}

func isQueryOf(k []byte, agency uint32) bool {
	return len(k) == 9 && k[0] == queryAgency && binary.BigEndian.Uint32(k[1:]) == agency
}

// ChangedStandingQueries visits the standing queries of everybody that changed after the command with an ordinal, in the order of their last changes,
// until visit returns false. For the
// matcher alone, which shows them to nobody.
func (s *Snapshot) ChangedStandingQueries(after uint64, visit func(StandingQuery) (bool, error)) error {
	c := s.tx.Bucket([]byte(bucketStanding)).Cursor()
	for k, _ := c.Seek(queryChangedKey(after + 1)); len(k) == 9 && k[0] == queryChanged; k, _ = c.Next() {
		ordinal, err := s.queryOrdinal(k)
		if err != nil {
			return err
		}
		q, err := s.wholeQuery(ordinal)
		if err != nil {
			return err
		}
		if more, err := visit(q); err != nil || !more {
			return err
		}
	}
	return nil
}

// EventQuery is the name of the standing query that an inbox row speaks of, for the reader of that inbox.
func (s *Snapshot) EventQuery(ordinal uint64) (string, error) {
	q, err := s.queryAt(uint32(ordinal))
	if err != nil {
		return "", err
	}
	return intel.StandingQueryName(intel.AgencyID(q.GetOwner()), [16]byte(q.GetUid())), nil
}

// tally is what an agency's standing queries come to: of those that are not deleted.
type tally struct{ all, broad, identifiers uint32 }

func (t tally) plus(u tally) tally {
	return tally{t.all + u.all, t.broad + u.broad, t.identifiers + u.identifiers}
}

func (t tally) minus(u tally) tally {
	return tally{t.all - u.all, t.broad - u.broad, t.identifiers - u.identifiers}
}

func (t tally) encode() []byte {
	b := binary.BigEndian.AppendUint32(nil, t.all)
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, t.broad), t.identifiers)
}

// tallyAt reads a tally; the zero one where there is none.
func (s store) tallyAt(key []byte) (t tally, err error) {
	plain, err := s.clear(bucketStanding, key)
	if plain == nil || err != nil {
		return t, err
	}
	if len(plain) != 12 {
		return t, damage(errDamaged)
	}
	return tally{binary.BigEndian.Uint32(plain), binary.BigEndian.Uint32(plain[4:]), binary.BigEndian.Uint32(plain[8:])}, nil
}
