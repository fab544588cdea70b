package view

import (
	"bytes"
	"slices"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// resumedPerTick is how many records go on to be compared at one tick, so that no tick takes long.
const resumedPerTick = 512

// compare hands the identifiers of a new or corrected record on to be compared with those of others, which its agency's budgets of checks pay for. Where they
// do not, the record waits in its agency's line, and so does all that comes after it. Nothing of it depends on what others hold. The envelope is written after.
func (b *batch) compare(env *internalv1.Envelope, compares []*internalv1.CheckSpend) error {
	switch {
	case env.GetDeferred() != 0 && len(compares) == 0:
		return b.undefer(env)
	case env.GetDeferred() != 0: // the correction takes the place of what it corrects
		return b.putDeferred(env, compares)
	case len(compares) == 0:
		return nil
	}
	if first, _ := b.firstDeferred(env.GetOwner()); first == nil {
		if paid, err := b.pay(env.GetOwner(), compares); err != nil || paid {
			if err != nil {
				return err
			}
			return b.putComparison(env)
		}
	}
	b.hub.LastComparison++
	env.Deferred = b.hub.GetLastComparison()
	return b.putDeferred(env, compares)
}

// pay spends what a comparison costs, all or nothing. A record with more identifiers of a kind than a day's budget costs the whole of one.
func (b *batch) pay(agency uint32, compares []*internalv1.CheckSpend) (bool, error) {
	costs := make([]uint64, len(compares))
	for i, c := range compares {
		budget, err := b.budget(agency, c.GetType())
		if err != nil {
			return false, err
		}
		costs[i] = min(c.GetCount(), budget.PerDay)
		if costs[i] == 0 || costs[i] > budget.Left() {
			return false, nil
		}
	}
	for i, c := range compares {
		if _, err := b.spend(agency, c.GetType(), costs[i]); err != nil {
			return false, err
		}
	}
	return true, nil
}

func (b *batch) putDeferred(env *internalv1.Envelope, compares []*internalv1.CheckSpend) error {
	return b.putSealed(bucketDeferred, logKey(env.GetOwner(), env.GetDeferred()), &internalv1.Comparison{
		Number: env.GetNumber(), Revision: env.GetRevision(), Compares: compares,
	})
}

// undefer takes a record out of its agency's line.
func (b *batch) undefer(env *internalv1.Envelope) error {
	key := logKey(env.GetOwner(), env.GetDeferred())
	env.Deferred = 0
	return b.bucket(bucketDeferred).Delete(key)
}

// putComparison puts a record behind those that the matcher is to compare.
func (b *batch) putComparison(env *internalv1.Envelope) error {
	b.hub.LastComparison++
	return b.putSealed(bucketComparisons, key8(b.hub.GetLastComparison()), &internalv1.Comparison{Number: env.GetNumber(), Revision: env.GetRevision()})
}

// firstDeferred is the first record in an agency's line; nil where none waits.
func (b *batch) firstDeferred(agency uint32) (key, frame []byte) {
	k, v := b.bucket(bucketDeferred).Cursor().Seek(key4(agency))
	if !bytes.HasPrefix(k, key4(agency)) {
		return nil, nil
	}
	return slices.Clone(k), slices.Clone(v)
}

// resumeComparisons lets the lines move on, one record of each in turn, as far as the budgets reach: the first tick of a day finds new ones.
func (b *batch) resumeComparisons() (err error) {
	lines := slices.DeleteFunc(slices.Clone(b.roster.agencies), func(a *internalv1.AgencyState) bool {
		return a == nil || a.GetStatus() == ententev1.AgencyStatus_AGENCY_STATUS_SUSPENDED
	})
	for left := resumedPerTick; left > 0 && len(lines) > 0 && err == nil; {
		lines = slices.DeleteFunc(lines, func(a *internalv1.AgencyState) bool {
			if left == 0 || err != nil {
				return false
			}
			var moved bool
			if moved, err = b.resumeFirst(a); moved {
				left--
			}
			return !moved
		})
	}
	return err
}

// resumeFirst hands the first record of a line on; false where there is none, or the budgets do not reach. One that was recalled meanwhile costs nothing, and
// so do those of an agency that was expelled: they take no part.
func (b *batch) resumeFirst(a *internalv1.AgencyState) (bool, error) {
	key, frame := b.firstDeferred(a.GetOrdinal())
	if key == nil {
		return false, nil
	}
	waiting := new(internalv1.Comparison)
	if err := openSealed(b.v.ring, bucketDeferred, key, frame, waiting); err != nil {
		return false, err
	}
	env, err := b.store().envelope(waiting.GetNumber())
	if err != nil {
		return false, err
	}
	takesPart := a.GetStatus() == ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE && env.GetState() == ententev1.RecordState_RECORD_STATE_ACTIVE
	if takesPart {
		if paid, err := b.pay(a.GetOrdinal(), waiting.GetCompares()); err != nil || !paid {
			return false, err
		}
	}
	if err := b.undefer(env); err != nil {
		return false, err
	}
	if takesPart {
		if err := b.putComparison(env); err != nil {
			return false, err
		}
	}
	return true, b.writeEnvelope(env)
}

// met tells the agency of a record that another agency's shares identifiers with it: as the rules are here and now, and once, until a correction brings an
// identifier that is news. What was corrected since it was looked at is left to the look at the correction.
func (b *batch) met(m *internalv1.Meeting) error {
	own, err := b.comparedAt(m.GetOwn(), m.GetOwnRevision())
	if own == nil || err != nil {
		return err
	}
	other, err := b.comparedAt(m.GetOther(), m.GetOtherRevision())
	if other == nil || err != nil {
		return err
	}
	if !policy.Meet(facts(b.roster, own, b.now()), facts(b.roster, other, b.now()), b.roster) {
		return nil
	}
	all, err := b.meetingsOf(max(m.GetOwn(), m.GetOther()))
	if err != nil {
		return err
	}
	told, err := b.store().told(all, m.GetOwn(), m.GetOther())
	if err != nil {
		return err
	}
	news := unheard(told, m.GetShared())
	if len(news) == 0 || !b.note(all, m.GetOwn(), m.GetOther(), told, news) {
		return nil
	}
	row := Row{Kind: ententev1.EventKind_EVENT_KIND_DECONFLICTION, Ref: m.GetOwn(), Revision: m.GetOwnRevision(), Other: m.GetOther()}
	_, err = b.event(b.roster.AgencyAt(own.env.GetOwner()).GetInbox(), row)
	return err
}

// comparedAt loads a record at the revision that was looked at; nil where there is none such any more.
func (b *batch) comparedAt(number uint64, revision uint32) (*stored, error) {
	if number == 0 || number > b.hub.GetNextRecord() {
		return nil, nil
	}
	rec := b.compared[number]
	if rec == nil {
		s := b.store()
		s.cache = b.v.cache // whoever compared it has opened it just now, and nothing of it is changed here
		var err error
		if rec, err = s.record(number); err != nil {
			return nil, err
		}
		b.compared[number] = rec
	}
	if rec.env.GetRevision() != revision {
		return nil, nil
	}
	return rec, nil
}

// unheard are the identifiers that an agency has not been told of before.
func unheard(told []*internalv1.ToldMeeting, shared []uint64) (news []uint64) {
	for _, id := range shared {
		if !slices.Contains(news, id) && !slices.ContainsFunc(told, func(t *internalv1.ToldMeeting) bool { return slices.Contains(t.GetShared(), id) }) {
			news = append(news, id)
		}
	}
	return news
}
