package view

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/keyring"
)

// Check reads all of the file and says what is wrong with it: the pages, the checksum of every value at its place, what each record must have, the
// dense orders, and the chain of the entries that are kept. It takes time and memory in proportion to the file. Nothing is applied meanwhile: for a view at
// work, check a backup.
func (v *View) Check() error {
	v.writing.Lock()
	defer v.writing.Unlock()
	return storeFault(v.db.View(func(tx *bolt.Tx) error {
		_, err := check(store{tx: tx, ring: v.ring}, v.hasher)
		return err
	}))
}

// checked is what a file turned out to be.
type checked struct {
	position journal.Position
	contents journal.Hash
	bytes    int64
}

// check is Check of any view's file.
func check(s store, hasher *index.Hasher) (c checked, err error) {
	err = guarded(func() error {
		if err := checkPages(s.tx); err != nil {
			return err
		}
		state, err := s.load()
		if err != nil {
			return err
		}
		c.position, c.bytes = positionOf(state.position), s.tx.Size()
		d := describer{store: s, hasher: hasher, roster: state.roster, bare: true}
		if err := s.eachRecord(d, 1, state.hub.GetNextRecord(), func(rec *stored, doc document) error {
			return errors.Join(s.checkParts(rec, doc), s.checkAwaits(rec.env, state.hub.GetMatched()), s.checkDeferred(rec.env))
		}); err != nil {
			return err
		}
		if err := errors.Join(s.checkFrames(), s.checkLogs(state.roster, state.heads), s.checkQueries(state), s.checkChain(state.position)); err != nil {
			return err
		}
		c.contents, err = contentsHash(s.tx)
		return err
	})
	return c, err
}

// checkFile checks a file that nobody has open.
func checkFile(path string, ring *keyring.Ring, hasher *index.Hasher) (c checked, err error) {
	var db *bolt.DB
	err = guarded(func() (err error) {
		db, err = bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, Timeout: time.Second, PreLoadFreelist: true})
		return err
	})
	if err != nil {
		return c, fmt.Errorf("view: open a copy: %w", storeFault(err))
	}
	err = db.View(func(tx *bolt.Tx) error {
		c, err = check(store{tx: tx, ring: ring}, hasher)
		return err
	})
	return c, errors.Join(err, db.Close())
}

// checkFrames compares the checksum of every value but the parts of records that are sealed under their own key.
func (s store) checkFrames() error {
	return eachBucket(s.tx, func(name string, bucket *bolt.Bucket) error {
		return bucket.ForEach(func(k, frame []byte) error {
			if name == bucketJournal {
				return nil // pieces of what checkChain opens
			}
			if name == bucketRecords {
				if len(k) != recordKeySize {
					return damage(errDamaged)
				}
				switch Part(k[8]) {
				case PartEnvelope, PartReleaseMeta, PartRevision:
				default:
					return nil // checkParts looked at it
				}
			}
			if err := keyring.Verify(keyring.At(name, k), frame); err != nil {
				return damage(err)
			}
			return nil
		})
	})
}

// checkParts wants every part that a record must have. Those that tell what the index knows have been opened before.
func (s store) checkParts(rec *stored, _ document) error {
	env := rec.env
	check := func(part Part, version, sealed uint32) error {
		frame := s.get(bucketRecords, recordKey(env.GetNumber(), part, version))
		return keyring.Verify(SealPlace(env.GetUid(), part, sealed), frame)
	}
	err := check(PartSummary, 0, env.GetRevision())
	if env.GetHasAssessment() {
		err = errors.Join(err, check(PartAssessment, 0, env.GetRevision()))
	}
	if env.GetHasReferences() {
		err = errors.Join(err, check(PartReferences, 0, 0))
	}
	for n := uint32(1); n <= env.GetRevision(); n++ {
		_, known := s.revisionMeta(env, n)
		err = errors.Join(err, check(PartContent, n, n), known)
	}
	for n := uint32(1); n <= env.GetReleaseVersion(); n++ {
		_, known := s.releaseMeta(env, n)
		err = errors.Join(err, check(PartRelease, n, n), known)
	}
	for n := range uint32(len(env.GetSteps())) {
		err = errors.Join(err, check(PartStep, n+1, n+1))
	}
	if err != nil {
		return damage(err)
	}
	return nil
}

// checkLogs wants every log to be dense.
func (s store) checkLogs(r *Roster, h heads) error {
	none := func(uint64, []byte) (bool, error) { return true, nil }
	noRow := func(uint64, fields) (bool, error) { return true, nil }
	for inbox := uint32(1); ; inbox++ {
		if _, ok := r.InboxOwner(inbox); !ok {
			break
		}
		if err := s.eachRow(bucketInboxes, inbox, 0, h[logRef{logInbox, inbox}], noRow); err != nil {
			return err
		}
	}
	for _, a := range r.agencies[1:] {
		if err := s.eachRow(bucketReaderships, a.GetOrdinal(), 0, h[logRef{logReadership, a.GetOrdinal()}], noRow); err != nil {
			return err
		}
		if err := s.each(bucketConsultations, a.GetOrdinal(), 0, none); err != nil {
			return err
		}
	}
	return nil
}

// checkChain wants the entries from the first kept to the last applied, each with the hash of the one before it.
func (s store) checkChain(at *internalv1.Position) error {
	if k, _ := s.tx.Bucket([]byte(bucketJournal)).Cursor().First(); k == nil {
		return nil // kept elsewhere, or all cut
	}
	before := []byte(nil)
	next := at.GetFirstKept()
	err := s.encodedEntries(next, func(place uint64, encoded []byte) (bool, error) {
		number, previous, err := journal.Link(encoded)
		if err != nil {
			return false, damage(err)
		}
		if place != next || number != next || before != nil && !bytes.Equal(previous, before) {
			return false, damage(errShort)
		}
		sum := sha256.Sum256(encoded)
		before, next = sum[:], next+1
		return true, nil
	})
	if err == nil && (next != at.GetEntry()+1 || !bytes.Equal(before, at.GetEntryHash())) {
		err = damage(errShort)
	}
	return err
}
