package exchange

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/tally"
	"github.com/seed-1d76a664/entente/internal/view"
)

const (
	// reportsAtMost is how many reports a summary reads, where the configuration does not say less. Those that the caller may not see are not among them.
	reportsAtMost = 5000
	// workAtMost is how many assets and steps it reads; it ends with the report that goes past it.
	workAtMost = 50_000
)

// SummarizeSeizures counts the assets of the reports that match, and adds up their values. Each report is decided again, and each that was read stands in the
// consultation: its originator gets one row a call, however many of its reports were counted.
func (h *Hub) SummarizeSeizures(ctx context.Context, call Call, req *ententev1.SummarizeSeizuresRequest) (*ententev1.SummarizeSeizuresResponse, error) {
	table, wrong := tally.NewTable(req.GetConversion())
	if len(wrong) > 0 {
		return nil, fault.Violated(wrong...).Under("conversion")
	}
	keys, err := understood(req.GetQuery().GetIdentifiers())
	if err != nil {
		return nil, err
	}
	q, err := h.reports(req.GetQuery())
	if err != nil {
		return nil, err
	}
	encoded, err := encodeWithout(req, fieldJustification, fieldPageToken)
	if err != nil {
		return nil, err
	}
	bound := call.bind(encoded, req.GetJustification().GetPurpose())
	before, err := h.tokens.open(bound, req.GetPageToken())
	if err != nil {
		return nil, err
	}
	var answer *ententev1.SummarizeSeizuresResponse
	err = h.readWith(ctx, call, req, h.View.Query, func(r *reading) error {
		sums := tally.New(tally.Question{
			By: req.GetGroupBy(), Period: req.GetPeriod(), PeriodOf: req.GetPeriodOf(), Table: table,
			Types: req.GetQuery().GetAssetTypes(), Stages: req.GetQuery().GetStages(),
		})
		last, oldest, capped, err := r.sum(q, keys, before, sums)
		if err != nil {
			return err
		}
		if answer = sums.Answer(); capped {
			answer.Capped, answer.CountedFrom = true, timestamp(oldest)
			answer.NextPageToken = h.tokens.seal(bound, last)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// sum counts what matches, newest first, from before a number on. It tells the last number that it looked at, when the oldest report counted was first
// submitted, and whether there are more.
func (r *reading) sum(q *question, keys []index.IdentifierKey, before uint64, sums *tally.Tally) (last uint64, oldest int64, more bool, err error) {
	iq, err := r.indexed(q, keys)
	if err != nil {
		return last, oldest, false, err
	}
	iq.Before = index.Number(before)
	numbers := r.candidates(iq, r.h.SummaryCap+1)
	r.Release() // the index has been walked
	for i, n := range numbers {
		if i == r.h.SummaryCap || sums.Work() > workAtMost {
			return last, oldest, true, nil
		}
		last = uint64(n)
		x, err := r.listed(q.kind, last)
		if err != nil {
			return last, oldest, false, err
		}
		if x == nil {
			continue
		}
		if matches, err := q.means(x); err != nil {
			return last, oldest, false, err
		} else if !matches {
			continue
		}
		report, err := counted(x)
		if err != nil {
			return last, oldest, false, err
		}
		r.note(x, false)
		sums.Add(report)
		oldest = x.Envelope().GetCreateMicros()
	}
	return last, oldest, false, nil
}

// counted opens what of a report is counted: of its content a few fields, of its steps likewise.
func counted(x *view.Record) (tally.Report, error) {
	report := tally.Report{
		Agency: intel.AgencyID(x.Owner().GetId()).Name(), Received: time.UnixMicro(x.Envelope().GetCreateMicros()), Content: new(internalv1.CountedContent),
	}
	content, err := x.Content()
	if err != nil {
		return report, err
	}
	part := proto.UnmarshalOptions{DiscardUnknown: true}
	if err := part.Unmarshal(content, report.Content); err != nil {
		return report, err
	}
	for i := range x.Envelope().GetSteps() {
		step := new(internalv1.CountedStep)
		encoded, err := x.StepBytes(uint32(i + 1))
		if err != nil {
			return report, err
		}
		if err := part.Unmarshal(encoded, step); err != nil {
			return report, err
		}
		report.Steps = append(report.Steps, step)
	}
	return report, nil
}
