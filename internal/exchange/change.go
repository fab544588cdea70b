package exchange

import (
	"context"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/view"
)

// changeRequest is what the requests that change a record have in common.
type changeRequest interface {
	justified
	GetName() string
	GetRequestId() string
	GetValidateOnly() bool
}

// amendment is what one kind of change adds to the common course.
type amendment struct {
	kind internalv1.RecordKind
	// command decides on the record as the caller's agency has it (ETag first, then the rules) and puts the change into the command.
	command func(c conditions, s *view.Snapshot, x *view.Record, into *internalv1.Command) error
	// assessment is told by the receipt; nil where there is none.
	assessment *ententev1.Assessment
}

// change answers a change of one record by its originator: a retry gets the first outcome; what the caller may not read is absent; what is another's is denied.
func (h *Hub) change(ctx context.Context, call Call, req changeRequest, a amendment) (*ententev1.Receipt, error) {
	j, err := justify(call, req.GetJustification())
	if err != nil {
		return nil, err
	}
	c := conditions{call: call, justification: j, requestID: req.GetRequestId(), validateOnly: req.GetValidateOnly()}
	if c.requestID != "" {
		if c.digest, err = digest(call.Method, req); err != nil {
			return nil, err
		}
	}
	command := h.write(c)
	var first *internalv1.Outcome
	err = h.View.Read(func(s *view.Snapshot) (err error) {
		first, err = h.decideChange(c, s, req.GetName(), a, command)
		return err
	})
	if err != nil {
		return nil, err
	}
	if first == nil && c.validateOnly {
		return &ententev1.Receipt{ValidatedOnly: true, Assessment: a.assessment}, nil
	}
	if first == nil {
		if first, err = h.commit(ctx, command); err != nil {
			return nil, err
		}
	}
	return h.receipt(call, a.kind, first, a.assessment), nil
}

// decideChange decides on a snapshot; an outcome says that the request was a retry.
func (h *Hub) decideChange(c conditions, s *view.Snapshot, name string, a amendment, into *internalv1.Command) (*internalv1.Outcome, error) {
	agency := s.Roster().Agency(c.call.Caller.Agency)
	if !s.Roster().Active(c.call.Caller.Agency) {
		return nil, errStanding()
	}
	outcome, err := repeated(s, agency.GetOrdinal(), c.requestID, c.digest)
	if outcome != nil || err != nil {
		return outcome, err
	}
	x, err := load(s, c.call.reader(c.justification), a.kind, name)
	switch {
	case err != nil:
		return nil, err
	case !x.Own():
		return nil, errNotOriginator()
	case x.Envelope().GetState() == recalled:
		return nil, errState("RECORD_RECALLED")
	}
	if err := a.command(c, s, x, into); err != nil || c.validateOnly {
		return nil, err
	}
	return nil, x.Foresee()
}
