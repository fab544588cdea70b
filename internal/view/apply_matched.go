package view

import (
	"encoding/binary"
	"errors"
	"slices"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// await notes that a record waits to be looked at again: because it was corrected, or (after is then the version before) because its release changed. A record
// waits once, at its last change.
func (b *batch) await(env *internalv1.Envelope, after uint32) error {
	if before := env.GetAwaitsOrdinal(); before > b.hub.GetMatched().GetOrdinal() {
		earlier, err := b.store().awaiting(before)
		if err != nil {
			return err
		}
		if earlier.after == 0 || after != 0 {
			after = earlier.after
		}
		if err := b.bucket(bucketAwaiting).Delete(key8(before)); err != nil {
			return err
		}
	}
	env.AwaitsOrdinal = b.hub.GetOrdinal()
	return b.putAwaiting(waiting{ordinal: env.GetAwaitsOrdinal(), number: env.GetNumber(), after: after})
}

// waiting is a record that waits.
type waiting struct {
	ordinal uint64 // of the change; the key
	number  uint64
	after   uint32 // release version before, where nothing but the release changed
}

func (b *batch) putAwaiting(w waiting) error {
	value := binary.BigEndian.AppendUint32(key8(w.number), w.after)
	return b.putClear(bucketAwaiting, key8(w.ordinal), value)
}

func (s store) awaiting(ordinal uint64) (waiting, error) {
	plain, err := s.clear(bucketAwaiting, key8(ordinal))
	if err != nil {
		return waiting{}, err
	}
	if len(plain) != 12 {
		return waiting{}, damage(errDamaged)
	}
	return waiting{ordinal: ordinal, number: binary.BigEndian.Uint64(plain), after: binary.BigEndian.Uint32(plain[8:])}, nil
}

// matched takes what was found outside of apply. Every row is decided again, on the state at this place in the order.
func (b *batch) matched(c *internalv1.Command, m *internalv1.Matched) (*internalv1.Outcome, error) {
	from, to := m.GetFrom(), m.GetTo()
	switch stored := b.hub.GetMatched(); {
	case !c.GetOrigin().GetHub():
		return refuse(RefusedRight), nil
	case from.GetRecord() != stored.GetRecord() || from.GetOrdinal() != stored.GetOrdinal() || from.GetCompared() != stored.GetCompared():
		return refuse(RefusedStale), nil
	case to.GetCompared() < from.GetCompared() || to.GetCompared() > b.hub.GetLastComparison(),
		to.GetRecord() < from.GetRecord() || to.GetRecord() > b.hub.GetNextRecord(),
		to.GetOrdinal() < from.GetOrdinal() || to.GetOrdinal() >= b.hub.GetOrdinal():
		return refuse(RefusedStale), nil
	}
	for _, r := range m.GetRecords() {
		if err := b.matchedRecord(r, to); err != nil {
			return nil, err
		}
	}
	b.compared = map[uint64]*stored{}
	for _, x := range m.GetMeetings() {
		if err := b.met(x); err != nil {
			return nil, err
		}
	}
	b.hub.Matched = &internalv1.Watermark{Record: to.GetRecord(), Ordinal: to.GetOrdinal(), Compared: to.GetCompared()}
	return &internalv1.Outcome{}, errors.Join(b.trim(bucketAwaiting, to.GetOrdinal()), b.trim(bucketComparisons, to.GetCompared()))
}

// trim forgets what was looked at, up to a number that is the key.
func (b *batch) trim(bucket string, to uint64) error {
	var done [][]byte
	c := b.bucket(bucket).Cursor()
	for k, _ := c.First(); len(k) == 8 && binary.BigEndian.Uint64(k) <= to; k, _ = c.Next() {
		done = append(done, slices.Clone(k))
	}
	for _, k := range done {
		if err := b.bucket(bucket).Delete(k); err != nil {
			return err
		}
	}
	return nil
}

// matchedRecord tells the owners of the standing queries that found a record. A revision that is no longer the current one waits to be looked at again, and is
// left to that.
func (b *batch) matchedRecord(r *internalv1.RecordMatch, to *internalv1.Watermark) error {
	seen, err := b.seen(r)
	if seen == nil || err != nil {
		return err
	}
	for _, ordinal := range r.GetQueries() {
		q, err := b.store().queryAt(ordinal)
		if err != nil {
			return err
		}
		if told, err := b.tells(q, seen); err != nil || !told {
			if err != nil {
				return err
			}
			continue
		}
		row := Row{Kind: ententev1.EventKind_EVENT_KIND_STANDING_MATCH, Ref: r.GetNumber(), Revision: r.GetRevision(), Other: uint64(ordinal)}
		if err := b.tell(policy.Addressee{Agency: intel.AgencyID(q.GetOwner()), Unit: intel.UnitID(q.GetUnit())}, row); err != nil {
			return err
		}
	}
	if at := seen.env.GetAwaitsOrdinal(); at > to.GetOrdinal() {
		// It waits again, for a later change of the release: for those who are new to it then.
		return b.putAwaiting(waiting{ordinal: at, number: r.GetNumber(), after: r.GetReleaseVersion()})
	}
	return nil
}

// sight is a record as a match has it: under the release in force, the one that was looked at, and where only the release changed the one before.
type sight struct {
	*stored
	revised             uint64 // ordinal of the command that brought the content
	now, looked, before *policy.Record
}

// seen loads what decides on a match; nil where there is nothing to tell of.
func (b *batch) seen(r *internalv1.RecordMatch) (*sight, error) {
	if r.GetNumber() == 0 || r.GetNumber() > b.hub.GetNextRecord() {
		return nil, nil
	}
	rec, err := b.store().record(r.GetNumber())
	if err != nil || rec.env.GetRevision() != r.GetRevision() {
		return nil, err
	}
	meta, err := b.store().revisionMeta(rec.env, r.GetRevision())
	if err != nil {
		return nil, err
	}
	now := facts(b.roster, rec, b.now())
	s := &sight{stored: rec, revised: meta.GetOrdinal(), now: &now}
	if s.looked, err = b.under(rec, r.GetReleaseVersion()); err != nil {
		return nil, err
	}
	s.before, err = b.under(rec, r.GetReleasedAfter())
	return s, err
}

// under is a record under an earlier version of its release; nil for none, and for the one in force.
func (b *batch) under(rec *stored, version uint32) (*policy.Record, error) {
	if version == 0 || version >= rec.env.GetReleaseVersion() {
		return nil, nil
	}
	meta, err := b.store().releaseMeta(rec.env, version)
	if err != nil {
		return nil, err
	}
	release, err := b.store().releaseAt(rec, version)
	if err != nil {
		return nil, err
	}
	facts := factsOf(b.roster, rec.env, release, meta.GetStamps(), b.now())
	return &facts, nil
}

// tells decides whether the owner of a standing query is told of a record: it may list it, and neither had been told before nor had it before the query was
// active. None of it depends on what the owner may not see: a change of the release that is none of its business changes nothing.
func (b *batch) tells(q *internalv1.StandingQueryState, s *sight) (bool, error) {
	reader := readerOfQuery(b.roster, q)
	switch {
	case q.GetState() != activeQuery, !policy.Listed(reader, *s.now, b.roster),
		s.looked != nil && !policy.Listed(reader, *s.looked, b.roster),
		s.before != nil && policy.Listed(reader, *s.before, b.roster):
		return false, nil
	case s.revised > q.GetActiveOrdinal():
		return true, nil
	}
	had, err := b.hadAt(reader, s, q.GetActiveOrdinal())
	return !had, err
}

// hadAt tells whether a reader could list the record under the release that was in force after a command.
func (b *batch) hadAt(r policy.Reader, s *sight, ordinal uint64) (bool, error) {
	for version := s.env.GetReleaseVersion(); version > 0; version-- {
		meta, err := b.store().releaseMeta(s.env, version)
		if err != nil {
			return false, err
		}
		if meta.GetOrdinal() > ordinal {
			continue
		}
		then, err := b.under(s.stored, version)
		if err != nil {
			return false, err
		}
		if then == nil {
			then = s.now
		}
		return policy.Listed(r, *then, b.roster), nil
	}
	return false, nil
}
