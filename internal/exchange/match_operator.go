package exchange

import (
	"context"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/view"
)

// operate takes a change of the hub by its operator.
func (h *Hub) operate(ctx context.Context, call Call, req trustRequest, fill func(into *internalv1.Command)) error {
	c := conditions{call: call, requestID: req.GetRequestId(), validateOnly: req.GetValidateOnly()}
	var err error
	if c.requestID != "" {
		if c.digest, err = digest(call.Method, req); err != nil {
			return err
		}
	}
	command := h.write(c)
	fill(command)
	if c.validateOnly {
		return nil
	}
	_, err = h.commit(ctx, command) // a retry meets its first outcome there
	return err
}

// SetCheckBudget declares a budget of checks.
func (h *Hub) SetCheckBudget(ctx context.Context, call Call, req *ententev1.SetCheckBudgetRequest) (*ententev1.SetCheckBudgetResponse, error) {
	id, _ := intel.ParseAgencyName(req.GetAgency())
	if req.GetAgency() != "" && h.View.Roster().Agency(id) == nil {
		return nil, errNoAgency()
	}
	err := h.operate(ctx, call, req, func(into *internalv1.Command) {
		into.Kind = &internalv1.Command_SetCheckBudget{SetCheckBudget: &internalv1.SetCheckBudget{
			AgencyId: string(id), Type: req.GetType(), PerDay: uint64(req.GetPerDay()), Withdraw: req.GetWithdraw(),
		}}
	})
	if err != nil {
		return nil, err
	}
	return &ententev1.SetCheckBudgetResponse{}, nil
}

// EnrolBenignIdentifiers puts identifiers on the list of known and harmless ones.
func (h *Hub) EnrolBenignIdentifiers(ctx context.Context, call Call, req *ententev1.EnrolBenignIdentifiersRequest) (*ententev1.EnrolBenignIdentifiersResponse, error) {
	entries, err := h.benign(req.GetIdentifiers())
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		e.Label = req.GetLabel()
	}
	err = h.operate(ctx, call, req, func(into *internalv1.Command) {
		into.Kind = &internalv1.Command_UpdateBenign{UpdateBenign: &internalv1.UpdateBenign{Add: entries}}
	})
	if err != nil {
		return nil, err
	}
	return &ententev1.EnrolBenignIdentifiersResponse{}, nil
}

// RemoveBenignIdentifiers takes identifiers off the list.
func (h *Hub) RemoveBenignIdentifiers(ctx context.Context, call Call, req *ententev1.RemoveBenignIdentifiersRequest) (*ententev1.RemoveBenignIdentifiersResponse, error) {
	entries, err := h.benign(req.GetIdentifiers())
	if err != nil {
		return nil, err
	}
	err = h.operate(ctx, call, req, func(into *internalv1.Command) {
		remove := make([]uint64, len(entries))
		for i, e := range entries {
			remove[i] = e.GetKey()
		}
		into.Kind = &internalv1.Command_UpdateBenign{UpdateBenign: &internalv1.UpdateBenign{Remove: remove}}
	})
	if err != nil {
		return nil, err
	}
	return &ententev1.RemoveBenignIdentifiersResponse{}, nil
}

// benign are the entries of a list of identifiers, by their normal forms alone: that a domain is harmless says nothing about its pages.
func (h *Hub) benign(ids []*ententev1.Identifier) ([]*internalv1.BenignEntry, error) {
	entries := make([]*internalv1.BenignEntry, len(ids))
	for i, id := range ids {
		finding, err := identifier.Understand(id)
		if err != nil {
			return nil, malformedAt("identifiers", i, err)
		}
		terms := h.View.Hasher().Identifiers(index.IdentifierKeys(id.GetType(), finding)[:1])
		entries[i] = &internalv1.BenignEntry{Key: uint64(terms[0]), Type: id.GetType(), NormalizedValue: finding.Normalized}
	}
	return entries, nil
}

// ListBenignIdentifiers lists the list. It is the operator's own and shows no record, so it is no read that goes on record.
func (h *Hub) ListBenignIdentifiers(_ context.Context, call Call, req *ententev1.ListBenignIdentifiersRequest) (*ententev1.ListBenignIdentifiersResponse, error) {
	bound := call.bind(nil, 0)
	after, err := h.tokens.open(bound, req.GetPageToken())
	if err != nil {
		return nil, err
	}
	size := int(req.GetPageSize())
	if size == 0 {
		size = defaultPage
	}
	answer := new(ententev1.ListBenignIdentifiersResponse)
	err = h.View.Read(func(s *view.Snapshot) error {
		return s.Benigns(after, func(key uint64, b *internalv1.BenignState) (bool, error) {
			if len(answer.GetIdentifiers()) == size {
				answer.NextPageToken = h.tokens.seal(bound, after)
				return false, nil
			}
			after = key
			answer.Identifiers = append(answer.Identifiers, &ententev1.BenignIdentifier{
				Type: b.GetType(), NormalizedValue: b.GetNormalizedValue(), Label: b.GetLabel(), CreateTime: timestamp(b.GetMicros()),
			})
			return true, nil
		})
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// checkBudgets are what an agency has left of its budgets of checks: first that of every kind that is not listed, then the kinds that it has spent of today
// or that have a budget of their own.
func (h *Hub) checkBudgets(s *view.Snapshot, agency intel.AgencyID) ([]*ententev1.CheckBudget, error) {
	var list []*ententev1.CheckBudget
	values, now := ententev1.IdentifierType(0).Descriptor().Values(), h.Source.Now().UnixMicro()
	for i := range values.Len() {
		kind := ententev1.IdentifierType(values.Get(i).Number())
		b, err := s.Budget(agency, kind, now)
		if err != nil {
			return nil, err
		}
		if i == 0 || b.Spent > 0 || int64(b.PerDay) != list[0].GetPerDay() {
			list = append(list, checkBudget(kind, b))
		}
	}
	return list, nil
}
