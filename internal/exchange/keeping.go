package exchange

import (
	"context"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/view"
)

// keptRequest is what the requests have in common that change something that an agency keeps beside its records: a group, a standing query.
type keptRequest interface {
	justified
	GetRequestId() string
	GetValidateOnly() bool
}

// keep makes such a change: edit decides on a snapshot and puts it into the command. A retry gets the first outcome; nil says that it was only checked.
// refusal words what the journal refuses.
func (h *Hub) keep(
	ctx context.Context, call Call, req keptRequest, edit func(conditions, *view.Snapshot, *internalv1.Command) error, refusal func(error) error,
) (outcome *internalv1.Outcome, j *ententev1.Justification, err error) {
	if j, err = justify(call, req.GetJustification()); err != nil {
		return nil, nil, err
	}
	c := conditions{call: call, justification: j, requestID: req.GetRequestId(), validateOnly: req.GetValidateOnly()}
	if c.requestID != "" {
		if c.digest, err = digest(call.Method, req); err != nil {
			return nil, nil, err
		}
	}
	command := h.write(c)
	err = h.View.Read(func(s *view.Snapshot) (err error) {
		if !s.Roster().Active(call.Caller.Agency) {
			return errStanding()
		}
		outcome, err = repeated(s, s.Roster().Agency(call.Caller.Agency).GetOrdinal(), c.requestID, c.digest)
		if outcome != nil || err != nil {
			return err
		}
		return edit(c, s, command)
	})
	if err != nil || outcome != nil || c.validateOnly {
		return outcome, j, err
	}
	if outcome, err = h.commit(ctx, command); err != nil {
		err = refusal(err)
	}
	return outcome, j, err
}
