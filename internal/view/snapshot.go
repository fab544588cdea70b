package view

import (
	"errors"
	"slices"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/tlog"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/index/segment"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/ledger"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// Snapshot is the view at one moment, between two entries. It is good for one goroutine, inside the function that [View.Read] calls. Nothing that
// comes out of it aliases the file: it may be kept.
type Snapshot struct {
	store
	v     *View
	state *published
	walks bool // the index is held at this moment too
	// benign goes through the benign list, once it was asked: who asks does so for each identifier of a record.
	benign *bolt.Cursor
}

// Read calls fn with a snapshot. fn must not send, wait, or write: it holds a read transaction, which keeps pages from being used again.
func (v *View) Read(fn func(*Snapshot) error) error { return v.read(false, fn) }

// Query is Read with the index of the same moment: only inside it may Search and Count be called, before anything else that takes long. While it
// lasts no entry is published.
func (v *View) Query(fn func(*Snapshot) error) error { return v.read(true, fn) }

func (v *View) read(walks bool, fn func(*Snapshot) error) error {
	s, err := v.snapshot(walks)
	if err != nil {
		return err
	}
	defer func() {
		s.Release()
		v.readers.give(s.tx)
	}()
	err = guarded(func() error {
		s.records = s.tx.Bucket([]byte(bucketRecords)).Cursor()
		return fn(s)
	})
	if errors.Is(err, segment.ErrDamaged) {
		v.spoil(err)
		return errSpoiled()
	}
	return err
}

// snapshot lends a transaction at the published state.
func (v *View) snapshot(walks bool) (*Snapshot, error) {
	for {
		if err := v.standing(); err != nil {
			return nil, err
		}
		state := v.now.Load()
		tx, err := v.readers.take(state.txid)
		if err != nil {
			return nil, storeFault(err)
		}
		if tx == nil {
			continue // published meanwhile
		}
		s := &Snapshot{store: store{tx: tx, ring: v.ring, cache: v.cache, apart: v.apart}, v: v, state: state}
		if !walks {
			return s, nil
		}
		v.walking.RLock()
		spoiled := v.spoiled.Load()
		if v.now.Load() == state && !spoiled {
			s.walks = true
			return s, nil
		}
		v.walking.RUnlock()
		v.readers.give(tx)
		if spoiled {
			return nil, errSpoiled()
		}
	}
}

// Release lets entries be published again; the transaction stays as it was. Called as soon as the index has been walked.
func (s *Snapshot) Release() {
	if s.walks {
		s.walks = false
		s.v.walking.RUnlock()
	}
}

// Roster of the moment.
func (s *Snapshot) Roster() *Roster { return s.state.roster }

// Ordinal is that of the last command applied.
func (s *Snapshot) Ordinal() uint64 { return s.state.hub.GetOrdinal() }

// Micros is the journal time of the moment.
func (s *Snapshot) Micros() int64 { return s.state.hub.GetTimeMicros() }

// Hub is what the view knows of the hub itself. Read only.
func (s *Snapshot) Hub() *internalv1.HubState { return s.state.hub }

// Epoch of the inboxes.
func (s *Snapshot) Epoch() string { return epochOf(s.state.hub) }

// Search visits the numbers of the records that a reader may find, newest first. What is visible is intersected inside, so cost follows the answer.
func (s *Snapshot) Search(r policy.Reader, q index.Query, limit int, visit func(index.Number) bool) index.Cost {
	return s.v.tail.Search(s.visible(r, q), limit, visit)
}

// SearchSure is Search, and tells which of them meet a clause beside the query.
func (s *Snapshot) SearchSure(r policy.Reader, q index.Query, sure index.Clause, limit int, visit func(n index.Number, sure bool) bool) {
	s.v.tail.SearchSure(s.visible(r, q), sure, limit, visit)
}

// Count counts them, up to a limit.
func (s *Snapshot) Count(r policy.Reader, q index.Query, limit int) (n int, more bool) {
	n, more, _ = s.v.tail.Count(s.visible(r, q), limit)
	return n, more
}

// visible adds what the reader may see to what it asks for.
func (s *Snapshot) visible(r policy.Reader, q index.Query) index.Query {
	for _, one := range s.state.roster.finds.of(r, s.state.roster, s.v.hasher) {
		if len(q.All) > 0 && slices.Equal(q.All[0], one) {
			continue // the question was made for this very audience
		}
		q.All = append(q.All[:len(q.All):len(q.All)], one)
	}
	if q.Review == nil {
		q.Review = &index.Review{At: s.Micros(), Owner: s.state.roster.Agency(r.Agency).GetOrdinal()}
	}
	return q
}

// Audience is the terms of the audiences that a reader belongs to, as the index has them.
func (s *Snapshot) Audience(r policy.Reader) index.AnyOf {
	conjuncts := s.state.roster.finds.of(r, s.state.roster, s.v.hasher)
	if len(conjuncts) == 0 {
		return nil
	}
	return conjuncts[0] // the others narrow it, see visible
}

// Outcome is the remembered outcome of an agency's request_id, nil when there is none.
func (s *Snapshot) Outcome(agency uint32, requestID string) (*internalv1.OutcomeState, error) {
	key := requestKey(agency, requestID)
	frame := s.get(bucketRequests, key)
	if frame == nil {
		return nil, nil
	}
	state := new(internalv1.OutcomeState)
	return state, openSealed(s.ring, bucketRequests, key, frame, state)
}

// InboxHead is the last number of an inbox.
func (s *Snapshot) InboxHead(inbox uint32) uint64 { return s.state.heads[logRef{logInbox, inbox}] }

// Rows visits an inbox's rows after a number, oldest first, until visit returns false. Whoever shows a row decides about it first.
func (s *Snapshot) Rows(inbox uint32, after uint64, visit func(Row) (bool, error)) error {
	return s.eachRow(bucketInboxes, inbox, after, s.InboxHead(inbox), func(number uint64, f fields) (bool, error) {
		row, ok := rowOf(number, f)
		if !ok {
			return false, damage(errDamaged)
		}
		return visit(row)
	})
}

// Leaf is the salt and the leaf hash of a row, for the reader of the inbox. ledger says what they prove.
func (s *Snapshot) Leaf(inbox uint32, number uint64) (ledger.Salt, tlog.Hash, error) {
	id := logIDOf(s.state.roster, logRef{logInbox, inbox})
	leaf, err := s.leafAt(id, number, s.InboxHead(inbox))
	if err != nil {
		return ledger.Salt{}, tlog.Hash{}, err
	}
	f, err := s.rowAt(bucketInboxes, inbox, number)
	if err != nil {
		return ledger.Salt{}, tlog.Hash{}, err
	}
	row, ok := rowOf(number, f)
	if !ok {
		return ledger.Salt{}, tlog.Hash{}, damage(errDamaged)
	}
	salt, err := s.saltOf(id, number, row.encode(), leaf)
	return salt, leaf, err
}

// saltOf finds the salt of a leaf among those that the versions of the INBOX secret make, the newest first. A row does not say which it was; the leaf
// does, and shows at once that it is the row's.
func (s *Snapshot) saltOf(id ledger.LogID, number uint64, row []byte, leaf tlog.Hash) (ledger.Salt, error) {
	for _, secret := range slices.Backward(s.ring.Secrets()) {
		if secret.Name != keyring.Inbox {
			continue
		}
		salt := ledger.NewSalter(secret.Key()).Salt(id, number)
		if ledger.Leaf(salt, ledger.RowDigest(row)) == leaf {
			return salt, nil
		}
	}
	return ledger.Salt{}, damage(errDamaged)
}

// ReadershipHead is the last number of an agency's readership.
func (s *Snapshot) ReadershipHead(agency uint32) uint64 {
	return s.state.heads[logRef{logReadership, agency}]
}

// Readings visits an agency's readership after a number, oldest first, until visit returns false. For the agency itself alone.
func (s *Snapshot) Readings(agency uint32, after uint64, visit func(Reading) (bool, error)) error {
	return s.eachRow(bucketReaderships, agency, after, s.ReadershipHead(agency), func(number uint64, f fields) (bool, error) {
		row, ok := readingOf(number, f)
		if !ok {
			return false, damage(errDamaged)
		}
		return visit(row)
	})
}

// Consultations visits an agency's consultations before a number (0: from the newest), newest first. For the agency's supervisor alone.
func (s *Snapshot) Consultations(agency uint32, before uint64, visit func(number uint64, c *internalv1.ConsultationState) (bool, error)) error {
	return s.eachBack(bucketConsultations, agency, before, func(number uint64, frame []byte) (bool, error) {
		state := new(internalv1.ConsultationState)
		if err := openSealed(s.ring, bucketConsultations, logKey(agency, number), frame, state); err != nil {
			return false, err
		}
		return visit(number, state)
	})
}

// Disclosed lists the names of one owner's records that a consultation showed: what that owner may know of it. Of those, who is to be told sees its own
// agency's as far as they are not kept to others in its house; nil sees all.
func (s *Snapshot) Disclosed(owner, reader uint32, consultation uint64, to *policy.Reader) ([]string, error) {
	key := logKey(reader, consultation)
	state := new(internalv1.ConsultationState)
	if err := s.sealed(bucketConsultations, key, state); err != nil {
		return nil, err
	}
	return s.consulted(state, func(r *internalv1.ConsultedRecord) (bool, error) {
		if r.GetOwner() != owner || to == nil {
			return r.GetOwner() == owner, nil
		}
		rec, err := s.record(r.GetNumber())
		return err == nil && policy.Own(*to, facts(s.state.roster, rec, s.Micros())), err
	})
}

// ConsultedNames lists the names of all records that a consultation showed: for the reading agency's own supervisor.
func (s *Snapshot) ConsultedNames(c *internalv1.ConsultationState) ([]string, error) {
	return s.consulted(c, func(*internalv1.ConsultedRecord) (bool, error) { return true, nil })
}

func (s *Snapshot) consulted(c *internalv1.ConsultationState, want func(*internalv1.ConsultedRecord) (bool, error)) ([]string, error) {
	var names []string
	for _, r := range c.GetConsult().GetRecords() {
		if wanted, err := want(r); err != nil {
			return nil, err
		} else if !wanted {
			continue
		}
		env, err := s.envelope(r.GetNumber())
		if err != nil {
			return nil, err
		}
		names = append(names, nameOf(s.state.roster, env))
	}
	return names, nil
}

// NumberOfReference finds the uid of the record that an agency knows by a reference. For the agency itself alone.
func (s *Snapshot) NumberOfReference(agency uint32, key []byte) (uint64, error) {
	return s.numberOfReference(agency, key)
}

// Known tells whether a reader may know of a record, by number: it may read it, if perhaps not for the purpose that it states now.
func (s *Snapshot) Known(r policy.Reader, number uint64) (bool, error) {
	rec, err := s.record(number)
	if err != nil || rec == nil {
		return false, err
	}
	return policy.Read(r, facts(s.state.roster, rec, s.Micros()), s.state.roster) != policy.Absent, nil
}

// EventRecord is the name of the record that an inbox row speaks of, to be shown where policy or the kind of the row allows it.
func (s *Snapshot) EventRecord(number uint64) (string, error) {
	env, err := s.envelope(number)
	if err != nil {
		return "", err
	}
	return nameOf(s.state.roster, env), nil
}

// errNoRecord is the answer for what does not exist and for what is not the reader's to know of: the same bytes.
func errNoRecord() error {
	return fault.New(fault.NotFound, "RECORD_NOT_FOUND", "There is no such record that you may read; check the name, or ask its originator to release it to you.")
}
