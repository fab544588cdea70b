package exchange

import (
	"context"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/view"
)

// SubmitIntelligenceItem takes one item and answers once it is durable.
func (h *Hub) SubmitIntelligenceItem(ctx context.Context, call Call, req *ententev1.SubmitIntelligenceItemRequest) (*ententev1.SubmitIntelligenceItemResponse, error) {
	receipt, err := h.submit(ctx, call, req, func() (*draft, error) { return h.itemDraft(req.GetDraft()) })
	if err != nil {
		return nil, err
	}
	return &ententev1.SubmitIntelligenceItemResponse{Receipt: receipt}, nil
}

// SubmitSeizureReport takes one report and answers once it is durable.
func (h *Hub) SubmitSeizureReport(ctx context.Context, call Call, req *ententev1.SubmitSeizureReportRequest) (*ententev1.SubmitSeizureReportResponse, error) {
	receipt, err := h.submit(ctx, call, req, func() (*draft, error) { return h.reportDraft(req.GetDraft()) })
	if err != nil {
		return nil, err
	}
	return &ententev1.SubmitSeizureReportResponse{Receipt: receipt}, nil
}

// submitRequest is what the submits of both kinds have in common.
type submitRequest interface {
	justified
	GetRequestId() string
	GetValidateOnly() bool
	GetIfExists() ententev1.IfExists
	GetEtag() string
}

// terms of a submit: what holds for it beside what it hands over.
type conditions struct {
	call          Call
	justification *ententev1.Justification
	requestID     string
	digest        []byte
	validateOnly  bool
	ifExists      ententev1.IfExists
	history       bool
	etag          string
}

func (h *Hub) submit(ctx context.Context, call Call, req submitRequest, read func() (*draft, error)) (*ententev1.Receipt, error) {
	j, err := justify(call, req.GetJustification())
	if err != nil {
		return nil, err
	}
	c := conditions{
		call: call, justification: j, requestID: req.GetRequestId(), validateOnly: req.GetValidateOnly(),
		ifExists: req.GetIfExists(), etag: req.GetEtag(),
	}
	if c.requestID != "" {
		if c.digest, err = digest(call.Method, req); err != nil {
			return nil, err
		}
	}
	d, err := read()
	if err != nil {
		return nil, fault.As(err).Under("draft")
	}
	p, err := h.prepare(c, d)
	if err != nil {
		return nil, err
	}
	return p.send(ctx, h)
}

// prepared is a submit that has been decided on a snapshot: it is answered already, or is a command to hand over.
type prepared struct {
	conditions
	draft   *draft
	receipt *ententev1.Receipt
	command *internalv1.Command
	// compares is what comparing its identifiers with those of others costs.
	compares []*internalv1.CheckSpend
}

// send hands the command over and waits.
func (p *prepared) send(ctx context.Context, h *Hub) (*ententev1.Receipt, error) {
	if p.command == nil {
		return p.receipt, nil
	}
	ticket, err := h.Journal.Enqueue(ctx, p.command)
	if err != nil {
		return nil, err
	}
	return p.settle(ctx, h, ticket)
}

// decisions is how often a submit is decided: again when another submit with the same reference came first, after the decision and before the order.
const decisions = 3

// settle waits for the outcome and makes the receipt of it.
func (p *prepared) settle(ctx context.Context, h *Hub, ticket *journal.Ticket) (*ententev1.Receipt, error) {
	for range decisions {
		outcome, err := ticket.Wait(ctx)
		if err != nil {
			return nil, err
		}
		if view.Refusal(outcome.GetRefusal()) != view.RefusedExists {
			return h.receipt(p.call, p.draft.kind, outcome, p.draft.Assessment), refused(outcome)
		}
		again, err := h.prepare(p.conditions, p.draft)
		if err != nil {
			return nil, err
		}
		if again.command == nil {
			return again.receipt, nil
		}
		if ticket, err = h.Journal.Enqueue(ctx, again.command); err != nil {
			return nil, err
		}
	}
	return nil, errExists()
}
