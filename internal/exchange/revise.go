package exchange

import (
	"context"
	"io"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/view"
)

// ReviseIntelligenceItem replaces the whole content of an item.
func (h *Hub) ReviseIntelligenceItem(ctx context.Context, call Call, req *ententev1.ReviseIntelligenceItemRequest) (*ententev1.ReviseIntelligenceItemResponse, error) {
	c, err := h.itemContent(req.GetPlain(), req.GetPlainBytes(), req.GetCardNumbers(), "plain")
	if err != nil {
		return nil, err
	}
	receipt, err := h.revise(ctx, call, req, c)
	if err != nil {
		return nil, err
	}
	return &ententev1.ReviseIntelligenceItemResponse{Receipt: receipt}, nil
}

// ReviseSeizureReport replaces the whole content of a report; its recovery steps stay.
func (h *Hub) ReviseSeizureReport(ctx context.Context, call Call, req *ententev1.ReviseSeizureReportRequest) (*ententev1.ReviseSeizureReportResponse, error) {
	c, err := h.reportContent(req.GetPlain(), req.GetPlainBytes(), req.GetCardNumbers(), "plain")
	if err != nil {
		return nil, err
	}
	receipt, err := h.revise(ctx, call, req, c)
	if err != nil {
		return nil, err
	}
	return &ententev1.ReviseSeizureReportResponse{Receipt: receipt}, nil
}

type reviseRequest interface {
	changeRequest
	GetEtag() string
}

func (h *Hub) revise(ctx context.Context, call Call, req reviseRequest, c content) (*ententev1.Receipt, error) {
	return h.change(ctx, call, req, amendment{
		kind: c.kind, assessment: c.Assessment,
		command: func(w conditions, s *view.Snapshot, x *view.Record, into *internalv1.Command) error {
			if req.GetEtag() != h.etags.record(x.Envelope()) {
				return errStale()
			}
			change, err := h.revision(s, x, c, h.Source.Draw(call.Caller.Agency, w.requestID))
			into.Kind = &internalv1.Command_ReviseRecord{ReviseRecord: change}
			return err
		},
	})
}

// revision decides on a new content and seals it.
func (h *Hub) revision(at *view.Snapshot, x *view.Record, c content, random io.Reader) (*internalv1.ReviseRecord, error) {
	env := x.Envelope()
	if c.Protected && !x.Release().GetMarkings().GetContainsProtectedPersons() {
		return nil, errState("PROTECTED_PERSONS_NOT_RELEASED")
	}
	if c.Undetermined && x.Release().GetMarkings().GetReviewTime().AsTime().After(h.Source.Now().AddDate(0, 0, 31)) {
		return nil, errState("REVIEW_TOO_LATE")
	}
	assets := make([]uint64, len(c.AssetIDs))
	has := make(map[uint64]bool, len(c.AssetIDs))
	for i, id := range c.AssetIDs {
		assets[i] = h.assetKey(id)
		has[assets[i]] = true
	}
	for _, step := range env.GetSteps() {
		if !has[step.GetAssetKey()] {
			return nil, errState("ASSET_WITH_STEPS_MISSING")
		}
	}
	salt, err := newSalt(random)
	if err != nil {
		return nil, err
	}
	change := &internalv1.ReviseRecord{
		Uid: env.GetUid(), ExpectedRevision: env.GetRevision(), Salt: salt[:], ProtectedPersons: c.Protected, Undetermined: c.Undetermined,
		Ungraded: intel.Ungraded(c.plain), ObservedStart: c.ObservedStart, ObservedEnd: c.ObservedEnd, AssetKeys: assets,
	}
	if change.Compares, err = h.compares(at, c.Reading); err != nil {
		return nil, err
	}
	s := resealing(x, random)
	change.Parts, change.ContentDigest, err = s.parts(c, c.posted(), env.GetRevision()+1, salt)
	h.View.Expect(change.GetContentDigest(), h.View.Hasher().Analyse(c.plain, c.keys))
	h.foresee(change.GetContentDigest(), c, change.GetCompares())
	return change, err
}

// RecallIntelligenceItem takes an item back from everyone.
func (h *Hub) RecallIntelligenceItem(ctx context.Context, call Call, req *ententev1.RecallIntelligenceItemRequest) (*ententev1.RecallIntelligenceItemResponse, error) {
	receipt, err := h.recall(ctx, call, req, kindItem)
	if err != nil {
		return nil, err
	}
	return &ententev1.RecallIntelligenceItemResponse{Receipt: receipt}, nil
}

// RecallSeizureReport takes a report back from everyone.
func (h *Hub) RecallSeizureReport(ctx context.Context, call Call, req *ententev1.RecallSeizureReportRequest) (*ententev1.RecallSeizureReportResponse, error) {
	receipt, err := h.recall(ctx, call, req, kindReport)
	if err != nil {
		return nil, err
	}
	return &ententev1.RecallSeizureReportResponse{Receipt: receipt}, nil
}

func (h *Hub) recall(ctx context.Context, call Call, req reviseRequest, kind internalv1.RecordKind) (*ententev1.Receipt, error) {
	receipt, err := h.change(ctx, call, req, amendment{
		kind: kind,
		command: func(_ conditions, _ *view.Snapshot, x *view.Record, into *internalv1.Command) error {
			env := x.Envelope()
			if req.GetEtag() != h.etags.record(env) {
				return errStale()
			}
			into.Kind = &internalv1.Command_RecallRecord{RecallRecord: &internalv1.RecallRecord{Uid: env.GetUid(), ExpectedRevision: env.GetRevision()}}
			return nil
		},
	})
	if receipt != nil && !receipt.GetValidatedOnly() {
		receipt.Etag = "" // there is nothing to change any more
	}
	return receipt, err
}

// RecordRecoveryStep adds one step to the story of an asset.
func (h *Hub) RecordRecoveryStep(ctx context.Context, call Call, req *ententev1.RecordRecoveryStepRequest) (*ententev1.RecordRecoveryStepResponse, error) {
	receipt, err := h.change(ctx, call, req, amendment{
		kind: kindReport,
		command: func(w conditions, _ *view.Snapshot, x *view.Record, into *internalv1.Command) error {
			add, err := h.step(x, req.GetStep(), h.Source.Draw(call.Caller.Agency, w.requestID))
			into.Kind = &internalv1.Command_AddStep{AddStep: add}
			return err
		},
	})
	if err != nil {
		return nil, err
	}
	return &ententev1.RecordRecoveryStepResponse{Receipt: receipt}, nil
}

// maxSteps is how many recovery steps a report has at most, also those that it comes with: each reader gets all of them in one answer.
const maxSteps = 500

// step decides on one more step and seals it.
func (h *Hub) step(x *view.Record, step *ententev1.RecoveryStep, random io.Reader) (*internalv1.AddStep, error) {
	assets, err := assetsOf(x)
	if err != nil {
		return nil, err
	}
	if v := h.checkStep(step, assets); len(v) > 0 {
		return nil, fault.Violated(v...).Under("step")
	}
	env, asset := x.Envelope(), h.assetKey(step.GetAssetId())
	if len(env.GetSteps()) >= maxSteps {
		return nil, errState("TOO_MANY_STEPS")
	}
	if transition(env.GetSteps(), asset, step) != nil {
		return nil, errState("ILLEGAL_TRANSITION")
	}
	s := resealing(x, random)
	facts, err := h.sealStep(s, step, uint32(len(env.GetSteps())+1), asset)
	return &internalv1.AddStep{Uid: env.GetUid(), Step: facts, ExpectedSteps: uint32(len(env.GetSteps()))}, err
}
