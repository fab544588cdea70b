package view

import (
	"cmp"
	"errors"
	"slices"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/ledger"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// batch is one entry while it is being applied: the transaction, and what will be published once it is durable. Each command decides first,
// on what it reads, and writes only when nothing can stop it any more, so that a refusal leaves no trace but its outcome.
type batch struct {
	v      *View
	tx     *bolt.Tx
	roster *Roster
	hub    *internalv1.HubState
	heads  heads // those that moved
	leaves map[logRef][]tlog.Hash
	rows   map[logRef][]fields     // that go with the leaves
	ids    map[logRef]ledger.LogID // that were asked for
	tail   tailBatch

	budgets  map[spending]*spent  // that were asked for
	pasts    map[pastOf]*past     // that were counted
	meetings map[uint64]*meetings // that were asked for, by the later record
	compared map[uint64]*stored   // that meetings of the command being applied are about
	fresh    []fresh              // records that the matcher is about to open

	storage *keyring.StorageKey // of the command being applied
	salter  *ledger.Salter      // of the command being applied
}

// logRef names a dense log.
type logRef struct {
	kind  logKind
	owner uint32 // inbox ordinal for inboxes, agency ordinal for the others
}

type logKind byte

const (
	logInbox        logKind = 1
	logReadership   logKind = 2
	logConsultation logKind = 3
)

func (v *View) newBatch(tx *bolt.Tx) *batch {
	now := v.now.Load()
	v.terms.clear()
	return &batch{
		v: v, tx: tx, roster: now.roster, hub: proto.CloneOf(now.hub),
		heads: heads{}, leaves: map[logRef][]tlog.Hash{}, rows: map[logRef][]fields{}, ids: map[logRef]ledger.LogID{}, budgets: map[spending]*spent{}, pasts: map[pastOf]*past{}, meetings: map[uint64]*meetings{},
	}
}

// bucket returns a bucket that Open made sure of.
func (b *batch) bucket(name string) *bolt.Bucket {
	bucket := b.tx.Bucket([]byte(name))
	switch name {
	case bucketRequests:
	case bucketRecords:
		bucket.FillPercent = brimful
	default:
		bucket.FillPercent = packed
	}
	return bucket
}

// packed is how full bbolt leaves a page that it splits. Keys come in order everywhere but among the requests, so that pages are left behind for good: with
// bbolt's half, 8,000 submits of 1.9 KB took 3.4 KB each in the file, journal aside; packed they take 1.9 KB. See docs/design.
const packed = 0.95

// brimful is packed for the records, whose largest parts leave some room on most pages anyhow.
const brimful = 1.0

// begin prepares for a command: its place in the order, its time, the secrets that it names.
func (b *batch) begin(c *internalv1.Command) (err error) {
	b.hub.Ordinal++
	b.hub.TimeMicros = max(b.hub.TimeMicros, c.GetTimeMicros())
	if b.storage, err = b.v.ring.Storage(uint8(c.GetStorageVersion())); err != nil {
		return err
	}
	b.salter, err = b.v.salter(uint8(c.GetInboxVersion()))
	return err
}

func (b *batch) now() int64 { return b.hub.GetTimeMicros() }

// putSealed stores a message under the STORAGE secret.
func (b *batch) putSealed(bucket string, key []byte, m proto.Message) error {
	_, err := b.putFrame(bucket, key, m)
	return err
}

// putFrame is putSealed, and gives what is stored.
func (b *batch) putFrame(bucket string, key []byte, m proto.Message) (frame []byte, err error) {
	plain, err := marshal(m)
	if err != nil {
		return nil, err
	}
	if frame, err = b.storage.Seal(nil, keyring.At(bucket, key), plain, keyring.AsIs); err != nil {
		return nil, err
	}
	return frame, b.bucket(bucket).Put(key, frame)
}

// putClear stores a value that tells nothing.
func (b *batch) putClear(bucket string, key, value []byte) error {
	return b.bucket(bucket).Put(key, keyring.SealClear(nil, keyring.At(bucket, key), value))
}

// next takes the next number of a log.
func (b *batch) next(log logRef) uint64 {
	head := b.head(log)
	b.heads[log] = head + 1
	return head + 1
}

// head is the last number of a log, within the batch.
func (b *batch) head(log logRef) uint64 {
	if head, moved := b.heads[log]; moved {
		return head
	}
	return b.v.now.Load().heads[log]
}

// event appends a row to an inbox, with its leaf.
func (b *batch) event(inbox uint32, row Row) (uint64, error) {
	log := logRef{logInbox, inbox}
	row.Number = b.next(log)
	row.Millis, row.Ordinal = b.now()/1000, b.hub.GetOrdinal()
	b.append(log, row.Number, row.encode(), row.fields())
	return row.Number, nil
}

// append keeps a row of a Merkle log and its leaf until the entry is finished.
func (b *batch) append(log logRef, number uint64, row []byte, fields fields) {
	b.leaves[log] = append(b.leaves[log], leafOf(b.salter, b.logID(log), number, row))
	b.rows[log] = append(b.rows[log], fields)
}

func leafOf(s *ledger.Salter, id ledger.LogID, number uint64, row []byte) tlog.Hash {
	return ledger.Leaf(s.Salt(id, number), ledger.RowDigest(row))
}

func (b *batch) logID(log logRef) ledger.LogID {
	id, known := b.ids[log]
	if !known {
		id = logIDOf(b.roster, log)
		b.ids[log] = id
	}
	return id
}

// logIDOf names a log by its owner's ids, which are never used again.
func logIDOf(r *Roster, log logRef) ledger.LogID {
	if log.kind == logInbox {
		owner, _ := r.InboxOwner(log.owner)
		return ledger.NewLogID("inbox", string(owner.Agency), string(owner.Unit))
	}
	return ledger.NewLogID("readership", r.AgencyAt(log.owner).GetId())
}

// keptFrame is the largest room for a sealed entry that is used again: the transaction refers to it until it ends.
const keptFrame = 2 * journal.MaxEntryBytes

// finish writes what is written once an entry: budgets, pasts, meetings, rows, tiles, the hub's state, the entry itself and the position.
func (b *batch) finish(entry *internalv1.Entry, encoded []byte, position *internalv1.Position) error {
	if err := errors.Join(b.writeBudgets(), b.writePasts(), b.writeMeetings(), b.writeRows(), b.writeTiles()); err != nil {
		return err
	}
	if err := b.putSealed(bucketHub, stateKey, b.hub); err != nil {
		return err
	}
	if b.v.keepJournal {
		key := key8(entry.GetNumber())
		frame, err := b.storage.Seal(b.v.frame[:0], keyring.At(bucketJournal, key), encoded, keyring.AsIs)
		if err != nil {
			return err
		}
		if b.v.frame = frame; cap(frame) > keptFrame {
			b.v.frame = nil
		}
		if err := putEntry(b.bucket(bucketJournal), entry.GetNumber(), frame); err != nil {
			return err
		}
	}
	return b.putSealed(bucketPosition, stateKey, position)
}

// writeTiles writes what is new of the tiles: once an inbox and batch, whatever the number of rows.
func (b *batch) writeTiles() error {
	for _, log := range sortedLogs(b.leaves) {
		id, leaves := b.logID(log), b.leaves[log]
		size := b.heads[log] - uint64(len(leaves)) // before this batch
		last, err := b.store().partialTile(id, size)
		if err != nil {
			return err
		}
		tiles, err := ledger.Append(last, leaves...)
		if err != nil {
			return err
		}
		index, there := ledger.Place(size + 1)
		for i, tile := range tiles {
			if err := b.putTile(id, index+uint64(i), tile, there); err != nil {
				return err
			}
			there = 0
		}
	}
	return nil
}

func sortedLogs[V any](m map[logRef]V) []logRef {
	logs := make([]logRef, 0, len(m))
	for log := range m {
		logs = append(logs, log)
	}
	slices.SortFunc(logs, func(x, y logRef) int {
		return cmp.Or(cmp.Compare(x.kind, y.kind), cmp.Compare(x.owner, y.owner))
	})
	return logs
}

// restricts notes that the command may have taken something from a reader: reads decided before it are decided again.
func (b *batch) restricts() { b.hub.LastRestriction = b.hub.GetOrdinal() }

// tell appends a row to the inbox of an addressee; one that has no such inbox is passed over.
func (b *batch) tell(to policy.Addressee, row Row) error {
	inbox, ok := b.roster.InboxOf(to.Agency, to.Unit)
	if !ok {
		return nil
	}
	_, err := b.event(inbox, row)
	return err
}

func (b *batch) store() store { return store{tx: b.tx, ring: b.v.ring, apart: b.v.apart} }

// tellAll appends a row to the agency inbox of everybody enrolled.
func (b *batch) tellAll(row Row) error {
	for _, a := range b.roster.agencies {
		if a == nil || a.GetStatus() != ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE {
			continue
		}
		if _, err := b.event(a.GetInbox(), row); err != nil {
			return err
		}
	}
	return nil
}

func marshal(m proto.Message) ([]byte, error) {
	return proto.MarshalOptions{Deterministic: true}.Marshal(m)
}

// errDamaged says that a stored value is there and does not decode.
var errDamaged = errors.New("view: stored value does not decode")
