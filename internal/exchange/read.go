package exchange

import (
	"context"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/policy"
	"github.com/seed-1d76a664/entente/internal/view"
)

// reading is one read while its answer is built on a snapshot.
type reading struct {
	*view.Snapshot
	ctx    context.Context // the call's
	h      *Hub
	call   Call
	reader policy.Reader
	// purpose that the call states, for what is bound to it.
	purpose ententev1.ProcessingPurpose
	shown   []*internalv1.ConsultedRecord
	// check is what a check of identifiers spends and tells, nil for other reads.
	check *internalv1.CheckFacts
}

// note puts a record on the list of what the answer shows.
func (r *reading) note(x *view.Record, full bool) {
	env := x.Envelope()
	r.shown = append(r.shown, &internalv1.ConsultedRecord{
		Number: env.GetNumber(), Owner: env.GetOwner(), Full: full, Fresh: full && view.Fresh(env, r.Micros()),
	})
}

// agency is the caller's own, as the snapshot has it.
func (r *reading) agency() *internalv1.AgencyState { return r.Roster().Agency(r.call.Caller.Agency) }

// rereads is how often an answer is built anew before the call is told to come again: each time, something was taken from readers between snapshot and
// record.
const rereads = 8

// read answers a read: it builds the answer, puts the consultation on record, and only then lets the answer go. build may run several times. That
// there is nothing, or nothing that the caller may know of, is an answer like any other and goes on record too.
func (h *Hub) read(ctx context.Context, call Call, req justified, build func(*reading) error) error {
	return h.readWith(ctx, call, req, h.View.Read, build)
}

type opener func(func(*view.Snapshot) error) error

func (h *Hub) readWith(ctx context.Context, call Call, req justified, open opener, build func(*reading) error) error {
	j, err := justify(call, req.GetJustification())
	if err != nil {
		return err
	}
	query, err := encodeWithout(req, fieldJustification, fieldPageToken) // what a token stands for, the records tell
	if err != nil {
		return err
	}
	for range rereads {
		r := &reading{ctx: ctx, h: h, call: call, reader: call.reader(j), purpose: j.GetPurpose()}
		asOf := uint64(0)
		answer := open(func(s *view.Snapshot) error {
			r.Snapshot, asOf = s, s.Ordinal()
			return build(r)
		})
		if answer != nil && !answered(answer) {
			return answer
		}
		again, err := h.consult(ctx, call, j, &internalv1.Consult{Method: call.Method, Query: query, Records: r.shown, AsOf: asOf, Source: call.Source, Check: r.check})
		if err != nil {
			return err
		}
		if !again {
			return answer
		}
	}
	return fault.New(fault.Unavailable, "READ_OVERTAKEN", "What you read is being changed again and again; repeat the call in a moment.")
}

// answered tells whether a failure says something about records, and so is an answer that goes on record.
func answered(err error) bool {
	kind := fault.KindOf(err)
	return kind == fault.NotFound || kind == fault.Denied
}

// consult puts a read on record and returns once that is durable. again says that something was taken from readers meanwhile.
func (h *Hub) consult(ctx context.Context, call Call, j *ententev1.Justification, q *internalv1.Consult) (again bool, err error) {
	c := h.command(call, j)
	c.Kind = &internalv1.Command_Consult{Consult: q}
	outcome, err := journal.Append(ctx, h.Journal, c)
	if err != nil {
		return false, err
	}
	if view.Refusal(outcome.GetRefusal()) == view.RefusedReadAgain {
		return true, nil
	}
	return false, refused(outcome)
}
