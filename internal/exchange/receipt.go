package exchange

import (
	"encoding/hex"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/view"
)

// receipt is what an originator gets of an outcome.
func (h *Hub) receipt(call Call, kind internalv1.RecordKind, o *internalv1.Outcome, a *ententev1.Assessment) *ententev1.Receipt {
	if o == nil || o.GetRefusal() != "" {
		return nil
	}
	return &ententev1.Receipt{
		Name: intel.RecordName(call.Caller.Agency, kind, [16]byte(o.GetUid())), Revision: int32(o.GetRevision()),
		Etag:        h.etags.of(o.GetUid(), o.GetRevision(), o.GetMarkingsVersion(), o.GetSteps(), false),
		ReleaseEtag: h.etags.release(o.GetUid(), o.GetReleaseVersion()), LinksEtag: h.etags.links(o.GetUid(), o.GetLinksVersion()),
		CreateTime: timestamp(o.GetCreateMicros()), UpdateTime: timestamp(o.GetMicros()),
		ContentDigest: hex.EncodeToString(o.GetContentDigest()), ContentSalt: hex.EncodeToString(o.GetSalt()),
		Accepted:   &ententev1.InboxCursor{Epoch: h.View.Epoch(), Number: int64(o.GetAccepted())},
		Assessment: a, Deconfliction: deconfliction(o.GetDeferred()),
	}
}

// deconfliction tells whether a record's identifiers still wait for a budget.
func deconfliction(waits bool) ententev1.Deconfliction {
	if waits {
		return ententev1.Deconfliction_DECONFLICTION_PENDING
	}
	return ententev1.Deconfliction_DECONFLICTION_UNSPECIFIED
}

// standing is the receipt of what the hub has already.
func (h *Hub) standing(x *view.Record, a *ententev1.Assessment) *ententev1.Receipt {
	env := x.Envelope()
	return &ententev1.Receipt{
		Name: x.Name(), Revision: int32(env.GetRevision()), Etag: h.etags.record(env),
		ReleaseEtag: h.etags.release(env.GetUid(), env.GetReleaseVersion()), LinksEtag: h.etags.links(env.GetUid(), env.GetLinksVersion()),
		CreateTime:    timestamp(env.GetCreateMicros()),
		UpdateTime:    timestamp(max(env.GetContentMicros(), env.GetMarkingsMicros(), env.GetStepsMicros())),
		ContentDigest: hex.EncodeToString(env.GetContentDigest()), ContentSalt: hex.EncodeToString(env.GetSalt()),
		Unchanged: true, Assessment: a, Deconfliction: deconfliction(env.GetDeferred() != 0),
	}
}
