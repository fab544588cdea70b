package rpc

import (
	"context"

	spb "google.golang.org/genproto/googleapis/rpc/status"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
)

// itemForm is the form of BulkSubmitIntelligenceItems.
func itemForm() form[*ententev1.BulkSubmitIntelligenceItemsRequest, *ententev1.BulkSubmitIntelligenceItemsHeader,
	*ententev1.BulkSubmitIntelligenceItemsRow, *ententev1.BulkSubmitIntelligenceItemsResponse] {
	return form[*ententev1.BulkSubmitIntelligenceItemsRequest, *ententev1.BulkSubmitIntelligenceItemsHeader,
		*ententev1.BulkSubmitIntelligenceItemsRow, *ententev1.BulkSubmitIntelligenceItemsResponse]{
		request: func() *ententev1.BulkSubmitIntelligenceItemsRequest {
			return new(ententev1.BulkSubmitIntelligenceItemsRequest)
		},
		header: func(q *ententev1.BulkSubmitIntelligenceItemsRequest) (*ententev1.BulkSubmitIntelligenceItemsHeader, bool) {
			return q.GetHeader(), q.GetHeader() != nil
		},
		row: func(q *ententev1.BulkSubmitIntelligenceItemsRequest) (*ententev1.BulkSubmitIntelligenceItemsRow, bool) {
			return q.GetRow(), q.GetRow() != nil
		},
		result: itemResult,
		summary: func(r rows) *ententev1.BulkSubmitIntelligenceItemsResponse {
			return &ententev1.BulkSubmitIntelligenceItemsResponse{Message: &ententev1.BulkSubmitIntelligenceItemsResponse_Summary{
				Summary: &ententev1.BulkSubmitIntelligenceItemsSummary{
					Received: r.received, Accepted: r.accepted, Unchanged: r.unchanged, Refused: r.refused,
				},
			}}
		},
	}
}

func itemResult(index int64, receipt *ententev1.Receipt, refusal *spb.Status) *ententev1.BulkSubmitIntelligenceItemsResponse {
	result := &ententev1.BulkSubmitIntelligenceItemsResult{Index: index}
	if refusal != nil {
		result.Outcome = &ententev1.BulkSubmitIntelligenceItemsResult_Error{Error: refusal}
	} else {
		result.Outcome = &ententev1.BulkSubmitIntelligenceItemsResult_Receipt{Receipt: receipt}
	}
	return &ententev1.BulkSubmitIntelligenceItemsResponse{Message: &ententev1.BulkSubmitIntelligenceItemsResponse_Result{Result: result}}
}

// seizureForm is the form of BulkSubmitSeizureReports.
func seizureForm() form[*ententev1.BulkSubmitSeizureReportsRequest, *ententev1.BulkSubmitSeizureReportsHeader,
	*ententev1.BulkSubmitSeizureReportsRow, *ententev1.BulkSubmitSeizureReportsResponse] {
	return form[*ententev1.BulkSubmitSeizureReportsRequest, *ententev1.BulkSubmitSeizureReportsHeader,
		*ententev1.BulkSubmitSeizureReportsRow, *ententev1.BulkSubmitSeizureReportsResponse]{
		request: func() *ententev1.BulkSubmitSeizureReportsRequest {
			return new(ententev1.BulkSubmitSeizureReportsRequest)
		},
		header: func(q *ententev1.BulkSubmitSeizureReportsRequest) (*ententev1.BulkSubmitSeizureReportsHeader, bool) {
			return q.GetHeader(), q.GetHeader() != nil
		},
		row: func(q *ententev1.BulkSubmitSeizureReportsRequest) (*ententev1.BulkSubmitSeizureReportsRow, bool) {
			return q.GetRow(), q.GetRow() != nil
		},
		result: seizureResult,
		summary: func(r rows) *ententev1.BulkSubmitSeizureReportsResponse {
			return &ententev1.BulkSubmitSeizureReportsResponse{Message: &ententev1.BulkSubmitSeizureReportsResponse_Summary{
				Summary: &ententev1.BulkSubmitSeizureReportsSummary{
					Received: r.received, Accepted: r.accepted, Unchanged: r.unchanged, Refused: r.refused,
				},
			}}
		},
	}
}

func seizureResult(index int64, receipt *ententev1.Receipt, refusal *spb.Status) *ententev1.BulkSubmitSeizureReportsResponse {
	result := &ententev1.BulkSubmitSeizureReportsResult{Index: index}
	if refusal != nil {
		result.Outcome = &ententev1.BulkSubmitSeizureReportsResult_Error{Error: refusal}
	} else {
		result.Outcome = &ententev1.BulkSubmitSeizureReportsResult_Receipt{Receipt: receipt}
	}
	return &ententev1.BulkSubmitSeizureReportsResponse{Message: &ententev1.BulkSubmitSeizureReportsResponse_Result{Result: result}}
}

// bulkItems binds BulkSubmitIntelligenceItems.
func bulkItems(h intelligence) binding {
	return bulked(itemForm(), func(ctx context.Context, f *flight, header *ententev1.BulkSubmitIntelligenceItemsHeader) (bulk[*ententev1.BulkSubmitIntelligenceItemsRow, exchange.BulkRow, exchange.BulkPending], error) {
		return h.BeginIntelligenceItems(ctx, f.call(), header)
	})
}

// bulkSeizures binds BulkSubmitSeizureReports.
func bulkSeizures(h seizures) binding {
	return bulked(seizureForm(), func(ctx context.Context, f *flight, header *ententev1.BulkSubmitSeizureReportsHeader) (bulk[*ententev1.BulkSubmitSeizureReportsRow, exchange.BulkRow, exchange.BulkPending], error) {
		return h.BeginSeizureReports(ctx, f.call(), header)
	})
}
