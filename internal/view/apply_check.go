package view

import (
	"bytes"
	"encoding/binary"
	"slices"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// affords tells whether the budgets cover a check. nil spends nothing.
func (b *batch) affords(agency uint32, check *internalv1.CheckFacts) (bool, error) {
	for _, s := range check.GetSpends() {
		budget, err := b.budget(agency, s.GetType())
		if err != nil || s.GetCount() > budget.Left() {
			return false, err
		}
	}
	return true, nil
}

// withoutCheck is a read as it is stored: what a check came to lies apart.
func withoutCheck(q *internalv1.Consult) *internalv1.Consult {
	if q.GetCheck() == nil {
		return q
	}
	return &internalv1.Consult{Method: q.GetMethod(), Query: q.GetQuery(), Records: q.GetRecords(), AsOf: q.GetAsOf(), Source: q.GetSource()}
}

// answering are the records that a read tells its reader of: what it shows, and what gives it a hit. What answers in silence is none of them: it must not
// even make the hub read again.
func answering(q *internalv1.Consult) []uint64 {
	numbers := make([]uint64, 0, len(q.GetRecords()))
	for _, r := range q.GetRecords() {
		numbers = append(numbers, r.GetNumber())
	}
	for _, h := range q.GetCheck().GetHits() {
		if !h.GetSilent() {
			numbers = append(numbers, h.GetNumber())
		}
	}
	return numbers
}

// check spends what a check costs, keeps what it came to, and tells the originators whose records answered without being shown.
func (b *batch) check(c *internalv1.Command, q *internalv1.Consult, asker uint32, number uint64) error {
	facts := proto.CloneOf(q.GetCheck())
	for _, s := range facts.GetSpends() {
		if _, err := b.spend(asker, s.GetType(), s.GetCount()); err != nil {
			return err
		}
	}
	var err error
	if facts.Hits, err = b.stillHits(c, q); err != nil {
		return err
	}
	for _, h := range facts.GetHits() {
		h.Pooled = b.pools(h)
	}
	if err := b.notify(facts.GetHits(), asker, number); err != nil {
		return err
	}
	if err := b.awaitFollowUp(q, asker, number); err != nil {
		return err
	}
	return b.putSealed(bucketChecks, logKey(asker, number), &internalv1.CheckState{Micros: b.now(), Facts: facts})
}

// stillHits leaves out what has ceased to answer in silence since the reader's snapshot. Copies, in the order of their owners.
func (b *batch) stillHits(c *internalv1.Command, q *internalv1.Consult) ([]*internalv1.CheckHit, error) {
	var still []*internalv1.CheckHit
	for _, h := range q.GetCheck().GetHits() {
		if h.GetSilent() && b.hub.GetLastRestriction() > q.GetAsOf() {
			rec, err := b.store().record(h.GetNumber())
			if err != nil {
				return nil, err
			}
			if rec == nil || !policy.Silent(readerOf(b.roster, c), facts(b.roster, rec, b.now()), b.roster) {
				continue
			}
		}
		still = append(still, proto.CloneOf(h))
	}
	slices.SortStableFunc(still, func(x, y *internalv1.CheckHit) int { return int(x.GetOwner()) - int(y.GetOwner()) })
	return still, nil
}

// pools tells whether a hit is told in the pool of a day: what may be bait, unless another agency has read it, and what stands for very many.
func (b *batch) pools(h *internalv1.CheckHit) bool {
	if h.GetCommon() {
		return true
	}
	return h.GetFresh() && b.bucket(bucketSeen).Get(key8(h.GetNumber())) == nil
}

// notify tells each originator once of a check: at once, and in a pool what belongs there.
func (b *batch) notify(hits []*internalv1.CheckHit, asker uint32, number uint64) error {
	for first := 0; first < len(hits); {
		owner := b.roster.AgencyAt(hits[first].GetOwner())
		last := first
		for last < len(hits) && hits[last].GetOwner() == owner.GetOrdinal() {
			last++
		}
		mine := hits[first:last]
		first = last
		if owner.GetStatus() != ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE {
			continue
		}
		if slices.ContainsFunc(mine, func(h *internalv1.CheckHit) bool { return !h.GetPooled() }) {
			if _, err := b.event(owner.GetInbox(), Row{Kind: ententev1.EventKind_EVENT_KIND_HIT, Ref: number, Revision: asker}); err != nil {
				return err
			}
		}
		if err := b.pool(mine, owner.GetOrdinal(), asker, number); err != nil {
			return err
		}
	}
	return nil
}

// pool puts an asker into the pools of its hits' days.
func (b *batch) pool(hits []*internalv1.CheckHit, owner, asker uint32, number uint64) error {
	var days []uint32
	for _, h := range hits {
		if !h.GetPooled() {
			continue
		}
		env, err := b.store().envelope(h.GetNumber())
		if err != nil {
			return err
		}
		if day := poolDay(env.GetContentMicros(), b.now()); !slices.Contains(days, day) {
			days = append(days, day)
		}
	}
	for _, day := range days {
		if err := b.putPool(owner, day, &internalv1.PooledAsker{Agency: asker, Consultation: number}); err != nil {
			return err
		}
	}
	return nil
}

// poolDay is the day in whose pool a hit on a record is told: today's, or the day after the one on which what the record says came. So a pool stands for a
// whole day at least in which it was there, and a record handed over just before midnight tells no hour.
func poolDay(came, now int64) uint32 { return uint32(max(now/dayMicros, came/dayMicros+1)) }

func (b *batch) putPool(owner, day uint32, asker *internalv1.PooledAsker) error {
	key := poolKey(owner, day)
	pool := new(internalv1.HitPool)
	if frame := b.bucket(bucketHitPools).Get(key); frame != nil {
		if err := openSealed(b.v.ring, bucketHitPools, key, frame, pool); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(pool.GetAskers(), func(a *internalv1.PooledAsker) bool { return a.GetAgency() == asker.GetAgency() }) {
		return nil
	}
	pool.Askers = append(pool.Askers, asker)
	if err := b.putSealed(bucketHitPools, key, pool); err != nil {
		return err
	}
	return b.putClear(bucketHitsDue, poolKey(day, owner), nil)
}

// tellPools tells the owners of the pools of days that are over, at most one event a day and owner. Who is not in standing is not told.
func (b *batch) tellPools() error {
	today := uint32(b.now() / dayMicros)
	var due [][]byte
	cursor := b.bucket(bucketHitsDue).Cursor()
	for k, _ := cursor.First(); k != nil && binary.BigEndian.Uint32(k) < today; k, _ = cursor.Next() {
		due = append(due, slices.Clone(k))
	}
	for _, key := range due { // deleting while iterating would skip keys
		day, owner := binary.BigEndian.Uint32(key), b.roster.AgencyAt(binary.BigEndian.Uint32(key[4:]))
		if err := b.bucket(bucketHitsDue).Delete(key); err != nil {
			return err
		}
		if owner.GetStatus() != ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE {
			continue
		}
		if _, err := b.event(owner.GetInbox(), Row{Kind: ententev1.EventKind_EVENT_KIND_HIT, Ref: uint64(day)}); err != nil {
			return err
		}
	}
	return nil
}

// followed is how many records of a check, the newest first, wait for a follow-up.
const followed = 64

// awaitFollowUp notes the records of others that a check led to: what its agency does with them is its supervisor's to see.
func (b *batch) awaitFollowUp(q *internalv1.Consult, asker uint32, number uint64) error {
	own := map[uint64]bool{}
	for _, r := range q.GetRecords() {
		own[r.GetNumber()] = r.GetOwner() == asker
	}
	numbers := slices.DeleteFunc(answering(q), func(n uint64) bool { return own[n] })
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	for _, n := range numbers[max(0, len(numbers)-followed):] {
		if err := b.putClear(bucketFollowUps, followUpKey(asker, n, number), nil); err != nil {
			return err
		}
	}
	return nil
}

// read notes what a read of whole records changes for checks: they are followed up, and what might have been bait is none.
func (b *batch) read(records []*internalv1.ConsultedRecord, reader uint32) error {
	for _, r := range records {
		if !r.GetFull() || r.GetOwner() == reader {
			continue
		}
		if err := b.followUp(reader, r.GetNumber()); err != nil {
			return err
		}
		if r.GetFresh() {
			if err := b.putClear(bucketSeen, key8(r.GetNumber()), nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// followUp notes that the checks that led to a record have been followed up now.
func (b *batch) followUp(reader uint32, record uint64) error {
	prefix := followUpKey(reader, record, 0)[:12]
	var open [][]byte
	cursor := b.bucket(bucketFollowUps).Cursor()
	for k, _ := cursor.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cursor.Next() {
		open = append(open, slices.Clone(k))
	}
	for _, key := range open {
		at, state := logKey(reader, binary.BigEndian.Uint64(key[12:])), new(internalv1.CheckState)
		if err := b.store().sealed(bucketChecks, at, state); err != nil {
			return err
		}
		if state.FollowedMicros == 0 {
			state.FollowedMicros = b.now()
			if err := b.putSealed(bucketChecks, at, state); err != nil {
				return err
			}
		}
		if err := b.bucket(bucketFollowUps).Delete(key); err != nil {
			return err
		}
	}
	return nil
}

// updateBenign changes the list of identifiers that every check answers as benign.
func (b *batch) updateBenign(c *internalv1.Command, u *internalv1.UpdateBenign) (*internalv1.Outcome, error) {
	if !c.GetOrigin().GetOperator() {
		return refuse(RefusedRight), nil
	}
	for _, key := range u.GetRemove() {
		if err := b.bucket(bucketBenign).Delete(key8(key)); err != nil {
			return nil, err
		}
	}
	for _, e := range u.GetAdd() {
		state := &internalv1.BenignState{Type: e.GetType(), NormalizedValue: e.GetNormalizedValue(), Label: e.GetLabel(), Micros: b.now()}
		if err := b.putSealed(bucketBenign, key8(e.GetKey()), state); err != nil {
			return nil, err
		}
	}
	return &internalv1.Outcome{}, nil
}

func poolKey(a, b uint32) []byte { return binary.BigEndian.AppendUint32(key4(a), b) }

func followUpKey(agency uint32, record, consultation uint64) []byte {
	return binary.BigEndian.AppendUint64(logKey(agency, record), consultation)
}
