package main

import (
	"fmt"
	"io"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// report tells what became of every row: a line each, with its line in the
// file, the incident, the outcome, and the item's name or the reason.
type report struct {
	out                                   io.Writer
	notSent, accepted, unchanged, refused int
}

func newReport(out io.Writer) *report { return &report{out: out} }

func (r *report) line(line int, id, outcome, more string) {
	fmt.Fprintf(r.out, "%d\t%s\t%s\t%s\n", line, id, outcome, more)
}

// unsent reports the rows that cannot be an item.
func (r *report) unsent(bad []badRow) {
	for _, b := range bad {
		r.notSent++
		r.line(b.line, b.id, "not sent", b.reason.Error())
	}
}

// answered reports the hub's answer to one row.
func (r *report) answered(of row, a *ententev1.BulkSubmitIntelligenceItemsResult) {
	receipt := a.GetReceipt()
	switch {
	case receipt == nil:
		r.refused++
		r.line(of.line, of.id, "refused", reason(status.FromProto(a.GetError())))
	case receipt.GetUnchanged():
		r.unchanged++
		r.line(of.line, of.id, "unchanged", receipt.GetName())
	default:
		r.accepted++
		r.line(of.line, of.id, "accepted", receipt.GetName())
	}
}

func (r *report) total() int { return r.accepted + r.unchanged + r.refused }

// complete is an error unless every row that was sent was answered.
func (r *report) complete(sent int) error {
	if r.total() != sent {
		return fmt.Errorf("%d rows are without an answer; run it again, what the hub has already is not added twice", sent-r.total())
	}
	return nil
}

// summary is one line about all.
func (r *report) summary(sent int) string {
	return fmt.Sprintf("%d rows: %d sent, %d answered (%d accepted, %d unchanged, %d refused), %d not sent",
		sent+r.notSent, sent, r.total(), r.accepted, r.unchanged, r.refused, r.notSent)
}

// reason puts a refusal on one line: the code, the stable reason, and what is
// wrong with which field.
func reason(s *status.Status) string {
	parts := []string{s.Code().String()}
	for _, detail := range s.Details() {
		switch d := detail.(type) {
		case *errdetails.ErrorInfo:
			parts = append(parts, d.GetReason())
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				parts = append(parts, v.GetField()+" "+v.GetReason())
			}
		}
	}
	return tidy(strings.Join(append(parts, s.Message()), "; "))
}
