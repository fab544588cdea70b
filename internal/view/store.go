package view

import (
	"bytes"
	"encoding/binary"
	"sync/atomic"

	bolt "go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// store reads parts of records in one transaction, for apply and for snapshots alike. It decides nothing and is not exported: whoever is outside
// this package gets at a record only through a function that takes a reader.
type store struct {
	tx   *bolt.Tx
	ring *keyring.Ring
	// cache of opened records; nil for the applier, which changes what it opens.
	cache *recordCache
	// records goes through the records: a page asks for a few hundred values, and a cursor that is used again needs no memory for each. nil where that is
	// not worth it.
	records *bolt.Cursor
	// apart is the number of the newest record of which meetings may lie apart, see told.
	apart uint64
}

// stored is a record with what a decision needs, its key at hand.
type stored struct {
	env     *internalv1.Envelope
	release *ententev1.Release
	key     *keyring.RecordKey
	aside   atomic.Pointer[aside] // see Record.Shown
}

func (s store) get(bucket string, key []byte) []byte {
	if bucket == bucketRecords && s.records != nil {
		return valueAt(s.records, key)
	}
	return s.tx.Bucket([]byte(bucket)).Get(key)
}

// valueAt is the value of a key; nil when there is none.
func valueAt(c *bolt.Cursor, key []byte) []byte {
	if at, value := c.Seek(key); bytes.Equal(at, key) {
		return value
	}
	return nil
}

// clear opens a value that was stored with putClear; nil, nil when there is none.
func (s store) clear(bucket string, key []byte) ([]byte, error) {
	frame := s.get(bucket, key)
	if frame == nil {
		return nil, nil
	}
	plain, err := keyring.OpenClear(nil, keyring.At(bucket, key), frame)
	if err != nil {
		return nil, damage(err)
	}
	return plain, nil
}

// numberOf finds a record's number by uid; 0 when there is none.
func (s store) numberOf(uid []byte) (uint64, error) { return s.number(bucketUIDs, uid) }

// numberOfReference finds a record's number by its agency's own reference; 0 when there is none.
func (s store) numberOfReference(agency uint32, key []byte) (uint64, error) {
	return s.number(bucketReferences, ownedKey(agency, key))
}

func (s store) number(bucket string, key []byte) (uint64, error) {
	plain, err := s.clear(bucket, key)
	if plain == nil || err != nil {
		return 0, err
	}
	if len(plain) != 8 {
		return 0, damage(errDamaged)
	}
	return binary.BigEndian.Uint64(plain), nil
}

// record loads envelope, key and release of a record; nil when the number is 0.
func (s store) record(number uint64) (*stored, error) {
	if number == 0 {
		return nil, nil
	}
	if s.cache == nil {
		return s.openRecord(number)
	}
	frame := s.get(bucketRecords, recordKey(number, PartEnvelope, 0))
	if rec := s.cache.get(number, frame); rec != nil {
		return rec, nil
	}
	rec, err := s.openRecord(number)
	if err == nil {
		s.cache.keep(number, frame, rec)
	}
	return rec, err
}

func (s store) openRecord(number uint64) (*stored, error) {
	env, err := s.envelope(number)
	if err != nil {
		return nil, err
	}
	rec := &stored{env: env}
	if rec.key, err = s.key(env); err != nil {
		return nil, err
	}
	rec.release, err = s.releaseAt(rec, env.GetReleaseVersion())
	return rec, err
}

func (s store) envelope(number uint64) (*internalv1.Envelope, error) {
	key := recordKey(number, PartEnvelope, 0)
	env := new(internalv1.Envelope)
	return env, s.sealed(bucketRecords, key, env)
}

// sealed opens a message under the STORAGE secret that must be there.
func (s store) sealed(bucket string, key []byte, into proto.Message) error {
	frame := s.get(bucket, key)
	if frame == nil {
		return damage(errDamaged)
	}
	return openSealed(s.ring, bucket, key, frame, into)
}

func (s store) key(env *internalv1.Envelope) (*keyring.RecordKey, error) {
	wrapped, err := s.clear(bucketKeys, key8(env.GetNumber()))
	if err != nil {
		return nil, err
	}
	key, err := s.ring.Unwrap(keyring.KeyID(env.GetKeyId()), wrapped)
	if err != nil {
		return nil, damage(err)
	}
	return key, nil
}

func (s store) releaseAt(rec *stored, version uint32) (*ententev1.Release, error) {
	release := new(ententev1.Release)
	return release, s.part(rec, PartRelease, version, version, release)
}

// part opens a sealed part into a message. version is the one in the key, sealed the one in the seal.
func (s store) part(rec *stored, part Part, version, sealed uint32, into proto.Message) error {
	plain, err := s.partBytes(rec, part, version, sealed)
	if err != nil {
		return err
	}
	if err := proto.Unmarshal(plain, into); err != nil {
		return damage(errDamaged)
	}
	return nil
}

// partBytes opens a sealed part, which must be there.
func (s store) partBytes(rec *stored, part Part, version, sealed uint32) ([]byte, error) {
	frame := s.get(bucketRecords, recordKey(rec.env.GetNumber(), part, version))
	if frame == nil {
		return nil, damage(errDamaged)
	}
	plain, err := rec.key.Open(nil, SealPlace(rec.env.GetUid(), part, sealed), frame)
	if err != nil {
		return nil, damage(err)
	}
	return plain, nil
}

// references opens what only the originator's agency may see; empty when there is nothing.
func (s store) references(rec *stored) (*internalv1.OwnReferences, error) {
	refs := new(internalv1.OwnReferences)
	if !rec.env.GetHasReferences() {
		return refs, nil
	}
	return refs, s.part(rec, PartReferences, 0, 0, refs)
}

func (s store) links(rec *stored) ([]*ententev1.Link, error) {
	if !rec.env.GetHasLinks() {
		return nil, nil
	}
	links := new(internalv1.Links)
	err := s.part(rec, PartLinks, 0, rec.env.GetLinksVersion(), links)
	return links.GetLinks(), err
}

// facts is what policy needs to know of a record, under the roster of the same moment.
func facts(r *Roster, rec *stored, micros int64) policy.Record {
	return factsOf(r, rec.env, rec.release, rec.env.GetStamps(), micros)
}

func factsOf(r *Roster, env *internalv1.Envelope, release *ententev1.Release, stamps []*internalv1.Stamp, micros int64) policy.Record {
	owner := r.AgencyAt(env.GetOwner())
	return policy.Record{
		Owner: intel.AgencyID(owner.GetId()), OwnerRegion: owner.GetRegionCode(),
		Recalled: env.GetState() == ententev1.RecordState_RECORD_STATE_RECALLED,
		Release:  release, Stamps: stamps, HitStamps: env.GetHitStamps(), Protected: env.GetProtectedPersons(),
		ReviewDue: env.GetReviewSeconds() != 0 && env.GetReviewSeconds()*1_000_000 <= micros,
	}
}

// readerOf is the reader behind a command.
func readerOf(r *Roster, c *internalv1.Command) policy.Reader {
	o := c.GetOrigin()
	return policy.Reader{
		Agency: agencyID(o), Unit: intel.UnitID(o.GetUnit()), Officer: o.GetOfficer(),
		Region: r.Region(agencyID(o)), Operator: o.GetOperator(), Purpose: c.GetJustification().GetPurpose(),
	}
}

func agencyID(o *internalv1.Origin) intel.AgencyID { return intel.AgencyID(o.GetAgency()) }

func uuidText(uid []byte) string { return intel.FormatUUID([16]byte(uid)) }
