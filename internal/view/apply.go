package view

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"syscall"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/keyring"
)

// outcomeLife is how long the outcome of a request_id is remembered, in microseconds of journal time: thirty days.
const outcomeLife = 30 * 24 * 3600 * 1_000_000

// Apply implements journal.Applier: one entry, one transaction.
func (v *View) Apply(entry *internalv1.Entry, encoded []byte) (outcomes []*internalv1.Outcome, err error) {
	v.writing.Lock()
	defer v.writing.Unlock()
	if err := errors.Join(v.standing(), v.continues(entry)); err != nil {
		return nil, err
	}
	v.grant(entry)
	tx, err := v.db.Begin(true)
	if err != nil {
		return nil, storeFault(err)
	}
	defer func() { _ = tx.Rollback() }() // without effect once committed
	b := v.newBatch(tx)
	hash := sha256.Sum256(encoded)
	position := &internalv1.Position{
		Entry: entry.GetNumber(), EntryHash: hash[:], FirstKept: max(v.now.Load().position.GetFirstKept(), 1),
	}
	err = guarded(func() (err error) {
		if outcomes, err = b.applyAll(entry.GetCommands()); err == nil {
			err = b.finish(entry, encoded, position)
		}
		return err
	})
	if err != nil {
		return nil, storeFault(err)
	}
	next := &published{txid: uint64(tx.ID()), roster: b.roster, hub: b.hub, position: position, heads: v.now.Load().heads.and(b.heads)}
	if err := v.commit(tx); err != nil {
		v.ranShort(entry, len(encoded), err)
		return nil, err
	}
	v.publish(b, next)
	return outcomes, nil
}

// commit makes a transaction durable, or finds out how it failed: without a trace, or so late that the file shows it already.
func (v *View) commit(tx *bolt.Tx) error {
	err := v.readers.prime()
	if err == nil {
		err = guarded(tx.Commit)
	}
	if err == nil {
		return nil
	}
	_ = tx.Rollback() // bbolt leaves it open after some failures
	if shows, checked := v.shows(); checked != nil || shows != v.now.Load().txid {
		v.fell()
		return fault.Wrap(errors.Join(err, checked), fault.Unavailable, "HUB_MUST_RESTART",
			"The hub's disk failed and the hub stops; repeat the call with the same request_id once it is back.")
	}
	if noSpace(err) {
		v.room.ranOut()
	}
	return storeFault(err)
}

// shows is the state that the file shows to whoever opens it now.
func (v *View) shows() (uint64, error) {
	tx, err := v.db.Begin(false)
	if err != nil {
		return 0, err
	}
	return uint64(tx.ID()), tx.Rollback()
}

// continues checks that the entry follows the last one, under rules that this build knows.
func (v *View) continues(entry *internalv1.Entry) error {
	at := v.now.Load().position
	switch {
	case len(entry.GetCommands()) == 0:
		return fmt.Errorf("view: entry %d is empty", entry.GetNumber())
	case entry.GetRulesVersion() != journal.Rules:
		return fmt.Errorf("view: entry under rules version %d, this build knows %d: upgrade the hub", entry.GetRulesVersion(), journal.Rules)
	case entry.GetNumber() != at.GetEntry()+1:
		return fmt.Errorf("view: entry %d after %d: the journal has a gap", entry.GetNumber(), at.GetEntry())
	case !bytes.Equal(entry.GetPreviousHash(), at.GetEntryHash()):
		return fmt.Errorf("view: entry %d does not follow the entry before it", entry.GetNumber())
	default:
		return nil
	}
}

func (b *batch) applyAll(commands []*internalv1.Command) ([]*internalv1.Outcome, error) {
	outcomes := make([]*internalv1.Outcome, len(commands))
	for i, c := range commands {
		outcome, err := b.apply(c)
		if err != nil {
			return nil, err
		}
		outcomes[i] = outcome
	}
	return outcomes, nil
}

// apply applies one command. A known request_id gives the outcome that it had; otherwise the new outcome is remembered.
func (b *batch) apply(c *internalv1.Command) (*internalv1.Outcome, error) {
	if err := b.begin(c); err != nil {
		return nil, err
	}
	if c.GetRequestId() == "" {
		return b.stamped(b.dispatch(c))
	}
	key := requestKey(b.originOrdinal(c.GetOrigin()), c.GetRequestId())
	known, err := b.outcome(key)
	if err != nil {
		return nil, err
	}
	if known != nil {
		return repeat(known, c.GetRequestDigest()), nil
	}
	outcome, err := b.stamped(b.dispatch(c))
	if err != nil || !memorable(outcome) {
		return outcome, err
	}
	return outcome, b.remember(key, c.GetRequestDigest(), outcome)
}

// memorable tells whether the outcome of a request is kept: what took effect. A refused request had no effect and may be sent again, with the same id.
func memorable(o *internalv1.Outcome) bool { return o.GetRefusal() == "" }

func repeat(known *internalv1.OutcomeState, digest []byte) *internalv1.Outcome {
	if !bytes.Equal(known.GetRequestDigest(), digest) {
		return refuse(RefusedReused)
	}
	outcome := proto.CloneOf(known.GetOutcome())
	outcome.Repeated = true
	return outcome
}

func (b *batch) stamped(o *internalv1.Outcome, err error) (*internalv1.Outcome, error) {
	if err != nil {
		return nil, err
	}
	o.Ordinal, o.Micros = b.hub.GetOrdinal(), b.now()
	return o, nil
}

// dispatch applies a command by its kind. An unknown kind stops the hub: skipping it would make this hub differ from the others.
func (b *batch) dispatch(c *internalv1.Command) (*internalv1.Outcome, error) {
	switch k := c.GetKind().(type) {
	case *internalv1.Command_Genesis:
		return b.genesis(k.Genesis)
	case *internalv1.Command_Tick, *internalv1.Command_ConfirmTime:
		return b.tick()
	case *internalv1.Command_BeginEpoch:
		return b.beginEpoch(c, k.BeginEpoch)
	case *internalv1.Command_SubmitRecord:
		return b.submit(c, k.SubmitRecord)
	case *internalv1.Command_ReviseRecord:
		return b.revise(c, k.ReviseRecord)
	case *internalv1.Command_UpdateRelease:
		return b.updateRelease(c, k.UpdateRelease)
	case *internalv1.Command_UpdateLinks:
		return b.updateLinks(c, k.UpdateLinks)
	case *internalv1.Command_AddStep:
		return b.addStep(c, k.AddStep)
	case *internalv1.Command_RecallRecord:
		return b.recall(c, k.RecallRecord)
	case *internalv1.Command_Consult:
		return b.consult(c, k.Consult)
	case *internalv1.Command_EnrolAgency:
		return b.enrol(c, k.EnrolAgency)
	case *internalv1.Command_UpdateAgency:
		return b.updateAgency(c, k.UpdateAgency)
	case *internalv1.Command_SetStanding:
		return b.setStanding(c, k.SetStanding)
	case *internalv1.Command_RevokeCertificate:
		return b.revoke(c, k.RevokeCertificate)
	case *internalv1.Command_CreateGroup:
		return b.createGroup(c, k.CreateGroup)
	case *internalv1.Command_UpdateMembers:
		return b.updateMembers(c, k.UpdateMembers)
	case *internalv1.Command_SetCheckBudget:
		return b.setCheckBudget(c, k.SetCheckBudget)
	case *internalv1.Command_UpdateBenign:
		return b.updateBenign(c, k.UpdateBenign)
	case *internalv1.Command_CreateStandingQuery:
		return b.createStandingQuery(c, k.CreateStandingQuery)
	case *internalv1.Command_UpdateStandingQuery:
		return b.updateStandingQuery(c, k.UpdateStandingQuery)
	case *internalv1.Command_Matched:
		return b.matched(c, k.Matched)
	default:
		return nil, errors.New("view: command of an unknown kind: upgrade the hub")
	}
}

// requestKey scopes a request_id to its agency; the operator's have ordinal 0.
func requestKey(agency uint32, id string) []byte {
	sum := sha256.Sum256([]byte(id))
	return ownedKey(agency, sum[:16])
}

func (b *batch) originOrdinal(o *internalv1.Origin) uint32 {
	return b.roster.byID[agencyID(o)].GetOrdinal()
}

func (b *batch) outcome(key []byte) (*internalv1.OutcomeState, error) {
	frame := b.bucket(bucketRequests).Get(key)
	if frame == nil {
		return nil, nil
	}
	state := new(internalv1.OutcomeState)
	return state, openSealed(b.v.ring, bucketRequests, key, frame, state)
}

func (b *batch) remember(key, digest []byte, o *internalv1.Outcome) error {
	if err := b.expire(expirePerOutcome); err != nil {
		return err
	}
	state := &internalv1.OutcomeState{RequestDigest: digest, Micros: b.now(), Outcome: o}
	if err := b.putSealed(bucketRequests, key, state); err != nil {
		return err
	}
	return b.putClear(bucketExpiry, expiryKey(b.now()+outcomeLife, b.hub.GetOrdinal()), key)
}

// openSealed opens a stored message.
func openSealed(ring *keyring.Ring, bucket string, key, frame []byte, into proto.Message) error {
	plain, err := ring.Open(nil, keyring.At(bucket, key), frame)
	if err != nil {
		return damage(err)
	}
	if err := proto.Unmarshal(plain, into); err != nil {
		return damage(errDamaged)
	}
	return nil
}

// damage is the failure of a value that does not open: never a wrong answer, never an empty one.
func damage(err error) error {
	return fault.Wrap(err, fault.DataLoss, "STORED_VALUE_DAMAGED", "The hub cannot read a stored value; tell the operator, who restores it from a snapshot.")
}

// noSpace tells whether the disk is full. bbolt wraps some errors as text.
func noSpace(err error) bool {
	for _, full := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT} {
		if errors.Is(err, full) || strings.Contains(err.Error(), full.Error()) {
			return true
		}
	}
	return false
}

// storeFault gives a failure of the store its kind: full is full, whoever says so. nil stays nil.
func storeFault(err error) error {
	var f *fault.Fault
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f):
		return err
	case noSpace(err), errors.Is(err, berrors.ErrMaxSizeReached):
		return full(err)
	case errors.Is(err, keyring.ErrDamaged), errors.Is(err, keyring.ErrDestroyed), errors.Is(err, keyring.ErrStale):
		return damage(err)
	case errors.Is(err, berrors.ErrDatabaseNotOpen):
		return fault.Wrap(err, fault.Unavailable, "HUB_STOPPING", "The hub is stopping; repeat the call with the same request_id in a moment.")
	default:
		return fault.Wrap(err, fault.Internal, "STORE_FAILED", "The hub could not store the change; repeat the call with the same request_id, and tell the operator if it fails again.")
	}
}
