package exchange

import (
	"context"
	"encoding/hex"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/view"
)

// ListIntelligenceItemRevisions lists the contents that an item had while the caller was entitled to it, newest first.
func (h *Hub) ListIntelligenceItemRevisions(ctx context.Context, call Call, req *ententev1.ListIntelligenceItemRevisionsRequest) (*ententev1.ListIntelligenceItemRevisionsResponse, error) {
	answer := new(ententev1.ListIntelligenceItemRevisionsResponse)
	next, err := h.revisions(ctx, call, req, kindItem, func() { answer.Revisions = nil }, func(rev view.Revision) proto.Message {
		row := &ententev1.IntelligenceItemRevision{
			Revision: int32(rev.Number), CreateTime: timestamp(rev.Meta.GetMicros()),
			ContentDigest: hex.EncodeToString(rev.Meta.GetContentDigest()), ContentSalt: hex.EncodeToString(rev.Meta.GetSalt()),
		}
		answer.Revisions = append(answer.Revisions, row)
		return row
	})
	if err != nil {
		return nil, err
	}
	answer.NextPageToken = next
	return answer, nil
}

// ListSeizureReportRevisions lists the contents that a report had while the caller was entitled to it, newest first.
func (h *Hub) ListSeizureReportRevisions(ctx context.Context, call Call, req *ententev1.ListSeizureReportRevisionsRequest) (*ententev1.ListSeizureReportRevisionsResponse, error) {
	answer := new(ententev1.ListSeizureReportRevisionsResponse)
	next, err := h.revisions(ctx, call, req, kindReport, func() { answer.Revisions = nil }, func(rev view.Revision) proto.Message {
		row := &ententev1.SeizureReportRevision{
			Revision: int32(rev.Number), CreateTime: timestamp(rev.Meta.GetMicros()),
			ContentDigest: hex.EncodeToString(rev.Meta.GetContentDigest()), ContentSalt: hex.EncodeToString(rev.Meta.GetSalt()),
		}
		answer.Revisions = append(answer.Revisions, row)
		return row
	})
	if err != nil {
		return nil, err
	}
	answer.NextPageToken = next
	return answer, nil
}

// revisionsRequest is what the requests of both kinds have in common.
type revisionsRequest interface {
	justified
	GetName() string
	GetPageSize() int32
	GetPageToken() string
}

// revisions answers one page of revisions; row adds one to the answer, and its content is spliced in here.
func (h *Hub) revisions(
	ctx context.Context, call Call, req revisionsRequest, kind internalv1.RecordKind, begin func(), row func(view.Revision) proto.Message,
) (next string, err error) {
	return h.backwards(ctx, call, req, func(r *reading, before uint64) (uint64, bool, error) {
		begin()
		last, more, err := r.history(req, kind, uint32(before), row)
		return uint64(last), more, err
	})
}

// history fills a page of revisions before a number and tells the last number on it, and whether more follows.
func (r *reading) history(req revisionsRequest, kind internalv1.RecordKind, before uint32, row func(view.Revision) proto.Message) (last uint32, more bool, err error) {
	x, err := r.named(kind, req.GetName())
	if err != nil {
		return 0, false, err
	}
	size := int(req.GetPageSize())
	if size == 0 {
		size = defaultPage
	}
	r.note(x, true)
	bytes, count := 0, 0
	err = x.Revisions(before, func(rev view.Revision) (bool, error) {
		if count == size || bytes > pageBytes {
			more = true
			return false, nil
		}
		raw := appendField(nil, revisionContent, rev.Content)
		row(rev).ProtoReflect().SetUnknown(appendField(raw, revisionBytes, rev.Content))
		last = rev.Number
		bytes += 2 * len(rev.Content)
		count++
		return true, nil
	})
	return last, more, err
}
