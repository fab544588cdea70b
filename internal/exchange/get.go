package exchange

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/view"
)

// GetIntelligenceItem reads one item by name, or one of the caller's agency's own by its reference.
func (h *Hub) GetIntelligenceItem(ctx context.Context, call Call, req *ententev1.GetIntelligenceItemRequest) (*ententev1.GetIntelligenceItemResponse, error) {
	answer := new(ententev1.GetIntelligenceItemResponse)
	err := h.read(ctx, call, req, func(r *reading) error {
		x, err := r.find(kindItem, req.GetName(), req.GetOriginatorReference())
		if err != nil {
			return err
		}
		answer.IntelligenceItem, err = r.item(x, detail{full: true, plain: true})
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// GetSeizureReport reads one report by name, or one of the caller's agency's own by its reference.
func (h *Hub) GetSeizureReport(ctx context.Context, call Call, req *ententev1.GetSeizureReportRequest) (*ententev1.GetSeizureReportResponse, error) {
	answer := new(ententev1.GetSeizureReportResponse)
	err := h.read(ctx, call, req, func(r *reading) error {
		x, err := r.find(kindReport, req.GetName(), req.GetOriginatorReference())
		if err != nil {
			return err
		}
		answer.SeizureReport, err = r.report(x, detail{full: true, plain: true})
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// find loads a record by name, or by the own reference where the name is empty.
func (r *reading) find(kind internalv1.RecordKind, name, reference string) (*view.Record, error) {
	if name != "" {
		return r.named(kind, name)
	}
	key := r.h.referenceKey(kind, r.call.Caller.Agency, reference)
	number, err := r.NumberOfReference(r.agency().GetOrdinal(), key)
	if err != nil {
		return nil, err
	}
	return r.RecordAt(r.reader, number)
}

// named loads a record of a kind by name.
func (r *reading) named(kind internalv1.RecordKind, name string) (*view.Record, error) {
	return load(r.Snapshot, r.reader, kind, name)
}

// referenceKey is under what the view keeps an agency's own reference: it tells nothing, and items and reports do not share references.
func (h *Hub) referenceKey(kind internalv1.RecordKind, agency intel.AgencyID, reference string) []byte {
	mac := hmac.New(sha256.New, h.refs[:])
	mac.Write([]byte{byte(kind)})
	mac.Write([]byte(agency))
	mac.Write([]byte{0})
	mac.Write([]byte(reference))
	return mac.Sum(nil)[:16]
}
