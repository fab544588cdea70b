package view

import (
	"encoding/binary"
	"errors"
	"slices"

	bolt "go.etcd.io/bbolt"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/keyring"
)

// loadRoster reads all agencies and groups.
func (s store) loadRoster(hub *internalv1.HubState) (*Roster, error) {
	roster := newRoster()
	err := s.tx.Bucket([]byte(bucketAgencies)).ForEach(func(k, v []byte) error {
		a := new(internalv1.AgencyState)
		err := openSealed(s.ring, bucketAgencies, k, v, a)
		roster = roster.withAgency(a)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = s.tx.Bucket([]byte(bucketGroups)).ForEach(func(k, v []byte) error {
		g := new(internalv1.GroupState)
		if err := openSealed(s.ring, bucketGroups, k, v, g); err != nil {
			return err
		}
		roster = roster.withGroup(g)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if uint32(len(roster.agencies)-1) != hub.GetNextAgency() || uint32(len(roster.groups)-1) != hub.GetNextGroup() ||
		slices.Contains(roster.agencies[1:], nil) || slices.Contains(roster.groups[1:], nil) {
		return nil, damage(errShort)
	}
	roster.operator = hub.GetOperatorRevocations()
	roster.Generation = hub.GetRosterGeneration()
	return roster, nil
}

// untouched tells whether nothing was ever applied: every bucket is empty, not just the one that would say so.
func (s store) untouched() bool {
	return eachBucket(s.tx, func(_ string, b *bolt.Bucket) error {
		if k, _ := b.Cursor().First(); k != nil {
			return errTouched
		}
		return nil
	}) == nil
}

var errTouched = errors.New("view: something was applied")

// errShort says that something is missing whose place in a dense order is known.
var errShort = errors.New("view: the file is short of a value")

// loadHeads finds the last number of each log.
func (s store) loadHeads(hub *internalv1.HubState, r *Roster) (heads, error) {
	h := heads{}
	for inbox := range r.inboxes {
		head, err := s.rowHead(bucketInboxes, inbox)
		if err != nil {
			return nil, err
		}
		h[logRef{logInbox, inbox}] = head
	}
	for _, a := range r.agencies[1:] {
		head, err := s.rowHead(bucketReaderships, a.GetOrdinal())
		if err != nil {
			return nil, err
		}
		h[logRef{logReadership, a.GetOrdinal()}] = head
		h[logRef{logConsultation, a.GetOrdinal()}] = s.head(bucketConsultations, a.GetOrdinal())
	}
	for log, head := range h {
		if log.kind == logConsultation {
			if head != lastConsultation(hub, log.owner) {
				return nil, damage(errShort)
			}
			continue
		}
		if err := s.checkHead(logIDOf(r, log), head); err != nil {
			return nil, err
		}
	}
	return h, nil
}

func lastConsultation(hub *internalv1.HubState, agency uint32) uint64 {
	if last := hub.GetConsultations(); uint32(len(last)) >= agency {
		return last[agency-1]
	}
	return 0
}

// head is the last number of an owner's log; 0 when it is empty.
func (s store) head(bucket string, owner uint32) uint64 {
	c := s.tx.Bucket([]byte(bucket)).Cursor()
	k, _ := c.Seek(logKey(owner+1, 0))
	if k == nil {
		k, _ = c.Last()
	} else {
		k, _ = c.Prev()
	}
	if len(k) != 12 || binary.BigEndian.Uint32(k) != owner {
		return 0
	}
	return binary.BigEndian.Uint64(k[4:])
}

// eachRecord visits records in the order of their numbers, which are dense, with what the index knows of them.
func (s store) eachRecord(d describer, first, last uint64, visit func(*stored, document) error) error {
	for number := first; number <= last; number++ {
		rec, err := s.record(number)
		if err != nil {
			return err
		}
		if err := s.checkNames(rec.env); err != nil {
			return err
		}
		doc, err := d.stand(rec)
		if err != nil {
			return err
		}
		if err := visit(rec, doc); err != nil {
			return err
		}
	}
	return nil
}

// checkNames wants a record to be found by the names that it has.
func (s store) checkNames(env *internalv1.Envelope) error {
	number, err := s.numberOf(env.GetUid())
	if err == nil && number == env.GetNumber() && len(env.GetReferenceKey()) > 0 {
		number, err = s.numberOfReference(env.GetOwner(), env.GetReferenceKey())
	}
	if err == nil && number != env.GetNumber() {
		err = damage(errShort)
	}
	return err
}

// openClear opens a clear value that is at hand.
func openClear(bucket string, key, frame []byte) ([]byte, error) {
	plain, err := keyring.OpenClear(nil, keyring.At(bucket, key), frame)
	if err != nil {
		return nil, damage(err)
	}
	return plain, nil
}

// each visits the rows of an owner's log after a number, oldest first, until visit returns false. Logs are dense: a row that is not there is damage.
func (s store) each(bucket string, owner uint32, after uint64, visit func(number uint64, frame []byte) (bool, error)) error {
	c := s.tx.Bucket([]byte(bucket)).Cursor()
	next := after
	for k, v := c.Seek(logKey(owner, after+1)); inLog(k, owner); k, v = c.Next() {
		next++
		if binary.BigEndian.Uint64(k[4:]) != next {
			return damage(errShort)
		}
		if more, err := visit(next, v); err != nil || !more {
			return err
		}
	}
	return nil
}

// eachBack is each from a number downwards, the number itself left out; 0 begins at the head.
func (s store) eachBack(bucket string, owner uint32, before uint64, visit func(number uint64, frame []byte) (bool, error)) error {
	c := s.tx.Bucket([]byte(bucket)).Cursor()
	if head := s.head(bucket, owner); before == 0 || before > head {
		before = head + 1
	}
	next := before
	for k, v := back(c, logKey(owner, before)); inLog(k, owner); k, v = c.Prev() {
		next--
		if binary.BigEndian.Uint64(k[4:]) != next {
			return damage(errShort)
		}
		if more, err := visit(next, v); err != nil || !more {
			return err
		}
	}
	if next > 1 {
		return damage(errShort)
	}
	return nil
}

// back finds the last key below the given one.
func back(c *bolt.Cursor, key []byte) ([]byte, []byte) {
	if k, _ := c.Seek(key); k == nil {
		return c.Last()
	}
	return c.Prev()
}

func inLog(k []byte, owner uint32) bool {
	return len(k) == 12 && binary.BigEndian.Uint32(k) == owner
}
