package view

import (
	"encoding/binary"

	"github.com/seed-1d76a664/entente/internal/keyring"
)

// Names of the buckets, see the package comment.
const (
	bucketHub           = "hub"
	bucketPosition      = "position"
	bucketJournal       = "journal"
	bucketAgencies      = "agencies"
	bucketGroups        = "groups"
	bucketRecords       = "records"
	bucketKeys          = "keys"
	bucketUIDs          = "uids"
	bucketReferences    = "references"
	bucketRequests      = "requests"
	bucketExpiry        = "expiry"
	bucketInboxes       = "inboxes"
	bucketReaderships   = "readerships"
	bucketConsultations = "consultations"
	bucketTiles         = "tiles"
	bucketIndex         = "index" // manifest of the segments, and what changed since; not contents

	bucketBudgets    = "budgets"    // agency, kind → day, identifiers checked on it
	bucketAllowances = "allowances" // agency or 0, kind or 0 → identifiers a day
	bucketChecks     = "checks"     // agency, consultation → what the check came to
	bucketFollowUps  = "followups"  // agency, record, consultation: a check led there, and nobody has read it since
	bucketSeen       = "seen"       // record: might have been bait, and another agency has read it
	bucketHitPools   = "hitpools"   // owner, day → who asked
	bucketHitsDue    = "hitsdue"    // day, owner: the pool is still to be told
	bucketBenign     = "benign"     // keyed hash → an identifier that the operator enrolled

	bucketStanding = "standing" // standing queries
	bucketAwaiting = "awaiting" // records that changed and have not been looked at again, by ordinal of the change

	bucketHistories = "histories" // inbox, owner → records loaded as history that the inbox has not been told of

	bucketDeferred    = "deferred"    // owner, place: records that wait for a budget before their identifiers are compared with those of others
	bucketComparisons = "comparisons" // place: records that are to be compared
	bucketMeetings    = "meetings"    // later record, part → what the owners of it and of earlier records have been told that they share

	bucketTails = "tails" // the unfinished end of each log: its last rows, and their leaves

	// bucketLayout holds how many of the later buckets the file has, under its only key.
	bucketLayout = "layout"
)

// founding are the buckets that every file has had from the first build on.
func founding() []string {
	return []string{
		bucketHub, bucketPosition, bucketJournal, bucketAgencies, bucketGroups, bucketRecords, bucketKeys, bucketUIDs,
		bucketReferences, bucketRequests, bucketExpiry, bucketInboxes, bucketReaderships, bucketConsultations, bucketTiles,
	}
}

// later are the buckets that came with later builds, in the order in which they came: a file that is opened gets those that it lacks. Never reorder.
func later() []string {
	return []string{
		bucketIndex, bucketBudgets, bucketAllowances, bucketChecks, bucketFollowUps, bucketSeen, bucketHitPools, bucketHitsDue, bucketBenign, bucketStanding, bucketAwaiting, bucketHistories,
		bucketDeferred, bucketComparisons, bucketMeetings, bucketTails,
	}
}

func buckets() []string { return append(founding(), later()...) }

// stateKey is the only key of the buckets hub and position.
var stateKey = []byte("state")

// Part names a part of a record. The numbers are stored.
type Part byte

// The parts. Those marked sealed are sealed under the record's key, the others under STORAGE.
const (
	PartEnvelope    Part = 1  // version 0
	PartRelease     Part = 2  // version = release version; sealed
	PartReleaseMeta Part = 3  // version = release version; of those no longer in force
	PartLinks       Part = 4  // version 0 in the key, links version in the seal; sealed
	PartReferences  Part = 5  // version 0; sealed
	PartSummary     Part = 6  // version 0 in the key, revision in the seal; sealed
	PartAssessment  Part = 7  // version 0 in the key, revision in the seal; sealed
	PartContent     Part = 8  // version = revision; sealed
	PartRevision    Part = 9  // version = revision; of those no longer in force
	PartStep        Part = 10 // version = step number; sealed
	PartTerms       Part = 11 // version 0 in the key, revision in the seal; sealed; not contents
)

const recordKeySize = 13

func recordKey(number uint64, part Part, version uint32) []byte {
	k := make([]byte, recordKeySize)
	binary.BigEndian.PutUint64(k, number)
	k[8] = byte(part)
	binary.BigEndian.PutUint32(k[9:], version)
	return k
}

// SealPlace is the location to which a sealed part of a record is bound: known before the record has a number.
func SealPlace(uid []byte, part Part, version uint32) keyring.Location {
	k := make([]byte, 0, 21)
	k = append(k, uid...)
	k = append(k, byte(part))
	k = binary.BigEndian.AppendUint32(k, version)
	return keyring.At("record", k)
}

func key4(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

func key8(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// logKey is the key of a row in a numbered log of one owner.
func logKey(owner uint32, number uint64) []byte {
	k := make([]byte, 12)
	binary.BigEndian.PutUint32(k, owner)
	binary.BigEndian.PutUint64(k[4:], number)
	return k
}

func ownedKey(owner uint32, key []byte) []byte {
	k := make([]byte, 0, 4+len(key))
	return append(binary.BigEndian.AppendUint32(k, owner), key...)
}

func expiryKey(micros int64, ordinal uint64) []byte {
	k := make([]byte, 16)
	binary.BigEndian.PutUint64(k, uint64(micros))
	binary.BigEndian.PutUint64(k[8:], ordinal)
	return k
}
