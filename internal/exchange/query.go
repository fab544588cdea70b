package exchange

import (
	"context"
	"crypto/sha256"
	"errors"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/identifier"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/view"
)

// defaultPage is how many rows a page has when the request does not say.
const defaultPage = 50

// QueryIntelligenceItems finds items, newest first.
func (h *Hub) QueryIntelligenceItems(ctx context.Context, call Call, req *ententev1.QueryIntelligenceItemsRequest) (*ententev1.QueryIntelligenceItemsResponse, error) {
	answer := new(ententev1.QueryIntelligenceItemsResponse)
	q := &question{req: req, kind: kindItem, identifiers: req.GetQuery().GetIdentifiers(), linkedTo: req.GetQuery().GetLinkedTo()}
	q.build = func(ask index.Ask) index.Query { return h.View.Hasher().ItemQuery(req.GetQuery(), ask) }
	q.begin = func() { answer.IntelligenceItems = nil }
	q.drop = func() { answer.IntelligenceItems = answer.IntelligenceItems[:len(answer.IntelligenceItems)-1] }
	q.row = func(r *reading, x *view.Record, d detail) (proto.Message, error) {
		item, err := r.item(x, d)
		answer.IntelligenceItems = append(answer.IntelligenceItems, item)
		return item, err
	}
	found, err := h.query(ctx, call, q)
	if err != nil {
		return nil, err
	}
	answer.NextPageToken, answer.TotalSize, answer.TotalCapped = found.next, found.total, found.capped
	return answer, nil
}

// QuerySeizureReports finds reports, newest first.
func (h *Hub) QuerySeizureReports(ctx context.Context, call Call, req *ententev1.QuerySeizureReportsRequest) (*ententev1.QuerySeizureReportsResponse, error) {
	answer := new(ententev1.QuerySeizureReportsResponse)
	q := h.reports(req.GetQuery())
	q.req = req
	q.begin = func() { answer.SeizureReports = nil }
	q.drop = func() { answer.SeizureReports = answer.SeizureReports[:len(answer.SeizureReports)-1] }
	q.row = func(r *reading, x *view.Record, d detail) (proto.Message, error) {
		report, err := r.report(x, d)
		answer.SeizureReports = append(answer.SeizureReports, report)
		return report, err
	}
	found, err := h.query(ctx, call, q)
	if err != nil {
		return nil, err
	}
	answer.NextPageToken, answer.TotalSize, answer.TotalCapped = found.next, found.total, found.capped
	return answer, nil
}

// queryRequest is what the query requests of both kinds have in common.
type queryRequest interface {
	justified
	GetView() ententev1.RecordView
	GetPageSize() int32
	GetPageToken() string
	GetIncludeTotal() bool
	GetIncludePlainBytes() bool
}

// reports is the question of a query for reports.
func (h *Hub) reports(query *ententev1.SeizureReportQuery) *question {
	return &question{
		kind: kindReport, identifiers: query.GetIdentifiers(), linkedTo: query.GetLinkedTo(),
		build: func(ask index.Ask) index.Query { return h.View.Hasher().SeizureQuery(query, ask) },
	}
}

// question is a query of either kind.
type question struct {
	req         queryRequest
	kind        internalv1.RecordKind
	identifiers []*ententev1.Identifier
	linkedTo    string
	// build makes the index's query, begin empties the answer, row adds a record to it, drop takes the last one back.
	build func(index.Ask) index.Query
	begin func()
	row   func(*reading, *view.Record, detail) (proto.Message, error)
	drop  func()
}

// findings is what a query gave beside its rows.
type findings struct {
	next   string
	total  int64
	capped bool
}

// query answers one page. Its cost follows the page: the index is walked from where the token left off, and each row it names is decided again.
func (h *Hub) query(ctx context.Context, call Call, q *question) (found findings, err error) {
	keys, err := understood(q.identifiers)
	if err != nil {
		return found, err
	}
	encoded, err := encodeWithout(q.req, fieldJustification, fieldPageSize, fieldPageToken)
	if err != nil {
		return found, err
	}
	bound := call.bind(encoded, q.req.GetJustification().GetPurpose())
	before, err := h.tokens.open(bound, q.req.GetPageToken())
	if err != nil {
		return found, err
	}
	err = h.readWith(ctx, call, q.req, h.View.Query, func(r *reading) error {
		q.begin()
		found, err = r.page(q, keys, bound, before)
		return err
	})
	return found, err
}

// understood is the identifiers of a query in the forms by which they are compared. One that cannot be an identifier of its type is refused, as in a submit.
func understood(list []*ententev1.Identifier) ([]index.IdentifierKey, error) {
	var keys []index.IdentifierKey
	for i, id := range list {
		finding, err := identifier.Understand(id)
		if err != nil {
			return nil, malformedAt("query.identifiers", i, err)
		}
		keys = append(keys, index.IdentifierKeys(id.GetType(), finding)...)
	}
	return keys, nil
}

// indexed is the index's query of a question, as the caller may ask it.
func (r *reading) indexed(q *question, keys []index.IdentifierKey) (iq index.Query, err error) {
	ask := index.Ask{
		Agency: r.call.Caller.Agency, Owner: r.agency().GetOrdinal(), Audience: r.Audience(r.reader), NowMicros: r.Micros(), Identifiers: keys,
	}
	if ask.TargetReadable, err = r.Readable(r.reader, q.linkedTo); err != nil {
		return iq, err
	}
	return q.build(ask), nil
}

// page walks the index, lets it go, and opens the rows.
func (r *reading) page(q *question, keys []index.IdentifierKey, bound [sha256.Size]byte, before uint64) (found findings, err error) {
	iq, err := r.indexed(q, keys)
	if err != nil {
		return found, err
	}
	if q.req.GetIncludeTotal() {
		n, more := r.Count(r.reader, iq, r.h.CountCap)
		found.total, found.capped = int64(n), more
	}
	size := int(q.req.GetPageSize())
	if size == 0 {
		size = defaultPage
	}
	iq.Before = index.Number(before)
	last, more, err := r.rows(q, iq, size)
	if more && err == nil {
		found.next = r.h.tokens.seal(bound, last)
	}
	return found, err
}

// rows fills a page and tells the last number on it, and whether more follows.
func (r *reading) rows(q *question, iq index.Query, size int) (last uint64, more bool, err error) {
	d := detail{full: q.req.GetView() == ententev1.RecordView_RECORD_VIEW_FULL, plain: q.req.GetIncludePlainBytes()}
	bytes, count := 0, 0
	for {
		numbers := r.candidates(iq, size+1-count)
		for _, n := range numbers {
			x, err := r.listed(q.kind, uint64(n))
			if err != nil {
				return last, false, err
			}
			if x == nil {
				continue
			}
			if count == size || bytes > pageBytes {
				return last, true, nil
			}
			m, err := q.row(r, x, d)
			if err != nil {
				return last, false, err
			}
			if bytes += proto.Size(m); count > 0 && bytes > answerBytes {
				q.drop()
				r.shown = r.shown[:len(r.shown)-1] // nobody gets to see it
				return last, true, nil
			}
			count++
			last = uint64(n)
		}
		if len(numbers) < size+1-count || len(numbers) == 0 {
			return last, false, nil
		}
		iq.Before = numbers[len(numbers)-1]
	}
}

// candidates are the next numbers that the index names.
func (r *reading) candidates(iq index.Query, limit int) []index.Number {
	numbers := make([]index.Number, 0, limit)
	r.Search(r.reader, iq, limit, func(n index.Number) bool {
		numbers = append(numbers, n)
		return true
	})
	return numbers
}

// listed loads a row, nil when it may not stand in a list for this reader after all.
func (r *reading) listed(kind internalv1.RecordKind, number uint64) (*view.Record, error) {
	x, err := r.RecordAt(r.reader, number)
	switch {
	case err != nil && answered(err):
		return nil, nil
	case err != nil:
		return nil, err
	case x.Envelope().GetKind() != kind || !x.Listed():
		return nil, nil
	}
	return x, nil
}

// malformedAt is the refusal of one identifier of a list.
func malformedAt(list string, i int, err error) error {
	var m *identifier.Malformed
	if !errors.As(err, &m) {
		return err
	}
	return fault.Violated(fault.Violation{Field: indexed(list, i) + ".rawValue", Reason: m.Reason, Description: m.Advice})
}
