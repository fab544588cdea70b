package view

import (
	"encoding/binary"

	bolt "go.etcd.io/bbolt"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/keyring"
)

// rebuildBatch is how many records go into the index at once while it is rebuilt.
const rebuildBatch = 1024

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
	roster.Generation = hub.GetRosterGeneration()
	return roster, err
}

// loadHeads finds the last number of each log.
func (s store) loadHeads(r *Roster) heads {
	h := heads{}
	for inbox := range r.inboxes {
		h[logRef{logInbox, inbox}] = s.head(bucketInboxes, inbox)
	}
	for _, a := range r.agencies {
		if a != nil {
			h[logRef{logReadership, a.GetOrdinal()}] = s.head(bucketReaderships, a.GetOrdinal())
			h[logRef{logConsultation, a.GetOrdinal()}] = s.head(bucketConsultations, a.GetOrdinal())
		}
	}
	return h
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

// rebuild fills the index from the term lists stored with the records, in the order of their numbers.
func (v *View) rebuild(s store) error {
	d := describer{store: s, hasher: v.hasher, roster: v.now.roster}
	var batch tailBatch
	for number := uint64(1); number <= v.now.hub.GetNextRecord(); number++ {
		rec, err := s.record(number)
		if err != nil {
			return err
		}
		doc, err := d.stand(rec)
		if err != nil {
			return err
		}
		batch.add(doc)
		if len(batch.changes) == rebuildBatch {
			if err := v.tail.Apply(v.now.hub.GetTimeMicros(), batch.changes); err != nil {
				return err
			}
			batch.changes = batch.changes[:0]
		}
	}
	return v.tail.Apply(v.now.hub.GetTimeMicros(), batch.changes)
}

// openClear opens a clear value that is at hand.
func openClear(bucket string, key, frame []byte) ([]byte, error) {
	plain, err := keyring.OpenClear(nil, keyring.At(bucket, key), frame)
	if err != nil {
		return nil, damage(err)
	}
	return plain, nil
}

// each visits the rows of an owner's log after a number, oldest first, until visit returns false.
func (s store) each(bucket string, owner uint32, after uint64, visit func(number uint64, frame []byte) (bool, error)) error {
	c := s.tx.Bucket([]byte(bucket)).Cursor()
	for k, v := c.Seek(logKey(owner, after+1)); inLog(k, owner); k, v = c.Next() {
		if more, err := visit(binary.BigEndian.Uint64(k[4:]), v); err != nil || !more {
			return err
		}
	}
	return nil
}

// eachBack is each from a number downwards, the number itself left out; 0 begins at the head.
func (s store) eachBack(bucket string, owner uint32, before uint64, visit func(number uint64, frame []byte) (bool, error)) error {
	c := s.tx.Bucket([]byte(bucket)).Cursor()
	if before == 0 {
		before = s.head(bucket, owner) + 1
	}
	for k, v := back(c, logKey(owner, before)); inLog(k, owner); k, v = c.Prev() {
		if more, err := visit(binary.BigEndian.Uint64(k[4:]), v); err != nil || !more {
			return err
		}
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
