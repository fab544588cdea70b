package exchange

import (
	"context"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/ledger"
	"github.com/seed-1d76a664/entente/internal/view"
)

// UpdateIntelligenceItemRelease changes who may see an item.
func (h *Hub) UpdateIntelligenceItemRelease(ctx context.Context, call Call, req *ententev1.UpdateIntelligenceItemReleaseRequest) (*ententev1.UpdateIntelligenceItemReleaseResponse, error) {
	receipt, err := h.updateRelease(ctx, call, req, kindItem)
	if err != nil {
		return nil, err
	}
	return &ententev1.UpdateIntelligenceItemReleaseResponse{Receipt: receipt}, nil
}

// UpdateSeizureReportRelease changes who may see a report.
func (h *Hub) UpdateSeizureReportRelease(ctx context.Context, call Call, req *ententev1.UpdateSeizureReportReleaseRequest) (*ententev1.UpdateSeizureReportReleaseResponse, error) {
	receipt, err := h.updateRelease(ctx, call, req, kindReport)
	if err != nil {
		return nil, err
	}
	return &ententev1.UpdateSeizureReportReleaseResponse{Receipt: receipt}, nil
}

type releaseRequest interface {
	changeRequest
	GetReleaseEtag() string
	GetRelease() *ententev1.Release
	GetOpenToCurrentMembers() bool
}

func (h *Hub) updateRelease(ctx context.Context, call Call, req releaseRequest, kind internalv1.RecordKind) (*ententev1.Receipt, error) {
	return h.change(ctx, call, req, amendment{
		kind: kind,
		command: func(c conditions, s *view.Snapshot, x *view.Record, into *internalv1.Command) error {
			env := x.Envelope()
			if req.GetReleaseEtag() != h.etags.release(env.GetUid(), env.GetReleaseVersion()) {
				return errStale()
			}
			facts, err := h.inForce(x)
			if err != nil {
				return err
			}
			release, err := h.checkRelease(s, call, keepReview(req.GetRelease(), x.Release()), facts, env.GetProtectedPersons(), "release")
			if err != nil {
				return err
			}
			if err := checkDerived(s, c, x, release.GetMarkings()); err != nil {
				return err
			}
			change := &internalv1.UpdateRelease{
				Uid: env.GetUid(), ExpectedVersion: env.GetReleaseVersion(), OpenToCurrentMembers: req.GetOpenToCurrentMembers(),
			}
			seal := resealing(x, h.Source.Draw(call.Caller.Agency, c.requestID))
			change.SealedRelease, change.ReleaseDigest, err = seal.release(release, env.GetReleaseVersion()+1, ledger.Salt(env.GetSalt()))
			into.Kind = &internalv1.Command_UpdateRelease{UpdateRelease: change}
			return err
		},
	})
}

// keepReview is a new release with the review time of the one in force, where it says none: a change of the audience alone is no change of the markings.
func keepReview(next, inForce *ententev1.Release) *ententev1.Release {
	if next.GetMarkings().GetReviewTime() != nil {
		return next
	}
	next = proto.CloneOf(next)
	next.Markings.ReviewTime = inForce.GetMarkings().GetReviewTime()
	return next
}

// inForce is what the rules of a release ask of the record whose release is replaced.
func (h *Hub) inForce(x *view.Record) (intel.OwnerFacts, error) {
	reading, err := h.reread(x)
	return intel.OwnerFacts{Undetermined: reading.Undetermined, InForce: x.Release()}, err
}

// checkDerived wants a record that derives from others to go on carrying the restrictions of those that the caller can still read.
func checkDerived(s *view.Snapshot, c conditions, x *view.Record, markings *ententev1.Markings) error {
	links, err := x.Links()
	if err != nil {
		return err
	}
	return checkLinks(s, c.call.reader(c.justification), links, markings, "release.markings")
}

// UpdateIntelligenceItemLinks adds and removes edges of an item.
func (h *Hub) UpdateIntelligenceItemLinks(ctx context.Context, call Call, req *ententev1.UpdateIntelligenceItemLinksRequest) (*ententev1.UpdateIntelligenceItemLinksResponse, error) {
	receipt, err := h.updateLinks(ctx, call, req, kindItem)
	if err != nil {
		return nil, err
	}
	return &ententev1.UpdateIntelligenceItemLinksResponse{Receipt: receipt}, nil
}

// UpdateSeizureReportLinks adds and removes edges of a report.
func (h *Hub) UpdateSeizureReportLinks(ctx context.Context, call Call, req *ententev1.UpdateSeizureReportLinksRequest) (*ententev1.UpdateSeizureReportLinksResponse, error) {
	receipt, err := h.updateLinks(ctx, call, req, kindReport)
	if err != nil {
		return nil, err
	}
	return &ententev1.UpdateSeizureReportLinksResponse{Receipt: receipt}, nil
}

type linksRequest interface {
	changeRequest
	GetLinksEtag() string
	GetAdd() []*ententev1.Link
	GetRemove() []*ententev1.Link
}

func (h *Hub) updateLinks(ctx context.Context, call Call, req linksRequest, kind internalv1.RecordKind) (*ententev1.Receipt, error) {
	return h.change(ctx, call, req, amendment{
		kind: kind,
		command: func(c conditions, s *view.Snapshot, x *view.Record, into *internalv1.Command) error {
			env := x.Envelope()
			if err := checkLinks(s, c.call.reader(c.justification), req.GetAdd(), x.Release().GetMarkings(), "add"); err != nil {
				return err // what the caller cannot read is absent, before anything else is said
			}
			if err := notToItself(x.Name(), req.GetAdd()); err != nil {
				return err
			}
			if req.GetLinksEtag() != h.etags.links(env.GetUid(), env.GetLinksVersion()) {
				return errStale()
			}
			old, err := x.AllLinks()
			if err != nil {
				return err
			}
			links, added, err := edited(old, req.GetAdd(), req.GetRemove())
			if err != nil {
				return err
			}
			change := &internalv1.UpdateLinks{Uid: env.GetUid(), ExpectedVersion: env.GetLinksVersion(), AddedTargets: added}
			seal := resealing(x, h.Source.Draw(call.Caller.Agency, c.requestID))
			change.SealedLinks, change.LinksDigest, err = seal.links(links, env.GetLinksVersion()+1, ledger.Salt(env.GetSalt()))
			into.Kind = &internalv1.Command_UpdateLinks{UpdateLinks: change}
			return err
		},
	})
}
