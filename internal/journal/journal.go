// Package journal is the contract of the ordered log: all changes of a hub, in one total order.
//
// A command is one intended change, complete in itself. The journal gathers the commands of all callers into entries, gives each entry the
// next number, chains it to the entry before by its hash, and hands it to the one [Applier] it was given. A command is acknowledged when its
// entry and its effects are durable, and not before.
//
// What holds, for every engine (the suite in journaltest is the proof):
//
//   - Order. Commands take effect in the order of the entries and, inside an entry, in the order of the list. Two commands that one goroutine
//     hands over one after the other keep their order.
//   - Acknowledged means durable. [Ticket.Wait] returns an outcome only after the applier said that the entry is on disk.
//   - A refusal is an outcome. A command that the state at its place in the order forbids is in the journal, with Outcome.Refusal set; it had no effect.
//   - An error is no outcome. When Wait fails because the disk is full or damaged, the command had no effect and is not in the journal. When it fails
//     because the context ended, the outcome is unknown: hand the command over again with the same request_id to learn it.
//   - Nothing waits for company. An entry is closed as soon as the engine is free to take it; what arrives meanwhile makes up the next one.
package journal

import (
	"context"
	"crypto/sha256"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
)

// Rules is the version of the rules by which this build applies commands. An entry of another version stops the hub.
const Rules uint32 = 1

// MaxEntryBytes bounds an encoded entry, in bytes. A single larger command makes an entry of its own.
const MaxEntryBytes = 1 << 20

// MaxEntryCommands bounds the commands in an entry.
const MaxEntryCommands = 1024

// Hash is the SHA-256 of an encoded entry.
type Hash [sha256.Size]byte

// Position is the last entry that was applied. The zero Position is before the first entry.
type Position struct {
	Entry uint64
	Hash  Hash
}

// Applier turns entries into durable effects. It is called by one goroutine at a time.
type Applier interface {
	// Apply applies the entry after Position and returns one outcome per command, in order. encoded are the entry's bytes, whose hash becomes the
	// new position; the applier of a single machine stores them in the same transaction. When Apply returns without error everything is on disk;
	// when it fails nothing is, and the same number may come again with other commands. encoded is good until then.
	Apply(entry *internalv1.Entry, encoded []byte) ([]*internalv1.Outcome, error)
	// Position is how far the applier has come.
	Position() Position
	// Room says whether there is room for ordinary commands. When there is not, only those of [Urgent] are handed over.
	Room() error
}

// Journal is an engine.
type Journal interface {
	// Enqueue hands a command over and returns at once, unless the queue is full: then it waits for room or for ctx. The command belongs to
	// the journal from here on.
	Enqueue(ctx context.Context, command *internalv1.Command) (*Ticket, error)
	// Close takes no more commands, finishes those taken, and returns.
	Close() error
}

// patient is the key of a context's mark.
type patient struct{}

// Patient marks a context: what is enqueued under it is one of many, for which nobody waits alone, such as the rows of a bulk stream. It lets the commands
// of callers who wait go first.
func Patient(ctx context.Context) context.Context { return context.WithValue(ctx, patient{}, true) }

// IsPatient is for engines: it tells whether a context is marked.
func IsPatient(ctx context.Context) bool { return ctx.Value(patient{}) != nil }

// Ticket stands for a command that was handed over.
type Ticket struct {
	done    chan struct{}
	outcome *internalv1.Outcome
	err     error
}

// NewTicket is for engines: a ticket that nobody has settled.
func NewTicket() *Ticket { return &Ticket{done: make(chan struct{})} }

// Settle is for engines: it ends the wait, once.
func (t *Ticket) Settle(outcome *internalv1.Outcome, err error) {
	t.outcome, t.err = outcome, err
	close(t.done)
}

// Wait returns the outcome once it is durable. The outcome may be shared and is only read.
func (t *Ticket) Wait(ctx context.Context) (*internalv1.Outcome, error) {
	select {
	case <-t.done:
		return t.outcome, t.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Append is Enqueue and Wait.
func Append(ctx context.Context, j Journal, command *internalv1.Command) (*internalv1.Outcome, error) {
	ticket, err := j.Enqueue(ctx, command)
	if err != nil {
		return nil, err
	}
	return ticket.Wait(ctx)
}

// Encode gives an entry's bytes and their hash. The bytes are what is stored and chained; they are never made again.
func Encode(entry *internalv1.Entry) ([]byte, Hash, error) {
	encoded, err := AppendEncoded(nil, entry)
	if err != nil {
		return nil, Hash{}, err
	}
	return encoded, sha256.Sum256(encoded), nil
}

// AppendEncoded appends an entry's bytes, without their hash, which the applier makes.
func AppendEncoded(dst []byte, entry *internalv1.Entry) ([]byte, error) {
	encoded, err := proto.MarshalOptions{Deterministic: true}.MarshalAppend(dst, entry)
	if err != nil {
		return nil, fmt.Errorf("journal: encode entry: %w", err)
	}
	return encoded, nil
}

// Decode reads an entry. What this build does not know it refuses: a hub that skipped a command or a field would come to differ from the others.
func Decode(encoded []byte) (*internalv1.Entry, error) {
	entry := new(internalv1.Entry)
	if err := proto.Unmarshal(encoded, entry); err != nil {
		return nil, fmt.Errorf("journal: decode entry: %w", err)
	}
	if !known(entry.ProtoReflect()) {
		return nil, fmt.Errorf("journal: entry %d has a field that this build does not know: upgrade the hub", entry.GetNumber())
	}
	return entry, nil
}

// Link reads what an encoded entry is chained by, its number and the hash of the one before it, and nothing else: whose bytes have the hash by which the
// next one is chained is what was decoded when it was applied.
func Link(encoded []byte) (number uint64, previous []byte, err error) {
	for len(encoded) > 0 {
		field, kind, n := protowire.ConsumeTag(encoded)
		if n < 0 {
			return 0, nil, fmt.Errorf("journal: read an entry: %w", protowire.ParseError(n))
		}
		value := encoded[n:]
		switch {
		case field == numberField && kind == protowire.VarintType:
			number, n = protowire.ConsumeVarint(value)
		case field == previousField && kind == protowire.BytesType:
			previous, n = protowire.ConsumeBytes(value)
		default:
			n = protowire.ConsumeFieldValue(field, kind, value)
		}
		if n < 0 {
			return 0, nil, fmt.Errorf("journal: read an entry: %w", protowire.ParseError(n))
		}
		encoded = value[n:]
	}
	return number, previous, nil
}

// The fields by which entries are chained.
const (
	numberField   = 1
	previousField = 2
)

// known tells whether a message and all in it have no field that this build does not know.
func known(m protoreflect.Message) bool {
	all := len(m.GetUnknown()) == 0
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.IsMap(), f.Message() == nil:
		case f.IsList():
			for i := range v.List().Len() {
				all = all && known(v.List().Get(i).Message())
			}
		default:
			all = all && known(v.Message())
		}
		return all
	})
	return all
}

// Urgent tells whether a command may use the reserve that is kept for when the disk is full: what takes trust or a record away.
func Urgent(command *internalv1.Command) bool {
	switch command.GetKind().(type) {
	case *internalv1.Command_SetStanding, *internalv1.Command_RevokeCertificate, *internalv1.Command_RecallRecord,
		*internalv1.Command_UpdateRelease, *internalv1.Command_Tick, *internalv1.Command_ConfirmTime,
		*internalv1.Command_BeginEpoch:
		return true
	default:
		return false
	}
}
