package exchange

import (
	"context"

	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// pageBytes bounds an answer: a page ends at its size or here.
const pageBytes = 3 << 20

// answerBytes is what a page may have with its last row; a row that would take it further waits for the next one. Clients accept 4 MiB.
const answerBytes = 7 << 19

// BatchGetIntelligenceItems reads up to a hundred items; each name has its own answer, in order.
func (h *Hub) BatchGetIntelligenceItems(ctx context.Context, call Call, req *ententev1.BatchGetIntelligenceItemsRequest) (*ententev1.BatchGetIntelligenceItemsResponse, error) {
	answer := new(ententev1.BatchGetIntelligenceItemsResponse)
	err := h.read(ctx, call, req, func(r *reading) error {
		answer.Results = nil
		return r.batch(req.GetNames(), func(name string) (proto.Message, error) {
			row := &ententev1.BatchGetIntelligenceItemsResult{Name: name}
			answer.Results = append(answer.Results, row)
			x, err := r.named(kindItem, name)
			if err != nil {
				st, err := h.rowStatus(err)
				row.Outcome = &ententev1.BatchGetIntelligenceItemsResult_Error{Error: st}
				return row, err
			}
			item, err := r.item(x, asked(req.GetView()))
			row.Outcome = &ententev1.BatchGetIntelligenceItemsResult_IntelligenceItem{IntelligenceItem: item}
			return row, err
		}, func() { answer.Results = answer.Results[:len(answer.Results)-1] })
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// BatchGetSeizureReports reads up to a hundred reports; each name has its own answer, in order.
func (h *Hub) BatchGetSeizureReports(ctx context.Context, call Call, req *ententev1.BatchGetSeizureReportsRequest) (*ententev1.BatchGetSeizureReportsResponse, error) {
	answer := new(ententev1.BatchGetSeizureReportsResponse)
	err := h.read(ctx, call, req, func(r *reading) error {
		answer.Results = nil
		return r.batch(req.GetNames(), func(name string) (proto.Message, error) {
			row := &ententev1.BatchGetSeizureReportsResult{Name: name}
			answer.Results = append(answer.Results, row)
			x, err := r.named(kindReport, name)
			if err != nil {
				st, err := h.rowStatus(err)
				row.Outcome = &ententev1.BatchGetSeizureReportsResult_Error{Error: st}
				return row, err
			}
			report, err := r.report(x, asked(req.GetView()))
			row.Outcome = &ententev1.BatchGetSeizureReportsResult_SeizureReport{SeizureReport: report}
			return row, err
		}, func() { answer.Results = answer.Results[:len(answer.Results)-1] })
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// batch answers name after name until the answer is large enough; drop takes the last row back.
func (r *reading) batch(names []string, row func(name string) (proto.Message, error), drop func()) error {
	size := 0
	for i, name := range names {
		shown := len(r.shown)
		m, err := row(name)
		if err != nil {
			return err
		}
		size += proto.Size(m)
		if i > 0 && size > answerBytes {
			drop()
			r.shown = r.shown[:shown] // nobody gets to see it
		}
		if size > pageBytes {
			return nil
		}
	}
	return nil
}

// rowStatus is the answer for one row that could not be read; a failure of the hub itself fails the whole call.
func (h *Hub) rowStatus(err error) (*status.Status, error) {
	if !answered(err) {
		return nil, err
	}
	return h.Status(err), nil
}

// asked is the detail that a batch asks for: everything, unless it says otherwise.
func asked(v ententev1.RecordView) detail {
	full := v != ententev1.RecordView_RECORD_VIEW_SUMMARY
	return detail{full: full, plain: full}
}
