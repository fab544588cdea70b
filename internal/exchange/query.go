package exchange

import (
	"context"
	"crypto/sha256"
	"errors"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

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
	filter, err := h.View.Hasher().ItemFilter(req.GetQuery())
	if err != nil {
		return nil, err
	}
	q := &question{
		req: req, kind: kindItem, filter: filter, identifiers: req.GetQuery().GetIdentifiers(), linkedTo: req.GetQuery().GetLinkedTo(), like: new(ententev1.IntelligenceItem),
	}
	q.build = func(ask index.Ask) index.Query { return h.View.Hasher().ItemQuery(req.GetQuery(), ask) }
	q.begin = func() { answer.IntelligenceItems = nil }
	q.drop = func() { answer.IntelligenceItems = answer.IntelligenceItems[:len(answer.IntelligenceItems)-1] }
	q.row = func(r *reading, x *view.Record, d detail) (proto.Message, error) {
		item, err := r.item(x, d)
		if err == nil {
			item, err = masked(q.mask, item)
		}
		answer.IntelligenceItems = append(answer.IntelligenceItems, item)
		return item, err
	}
	found, err := h.query(ctx, call, q)
	if err != nil {
		return nil, err
	}
	answer.NextPageToken, answer.TotalSize, answer.TotalCapped, answer.Matches = found.next, found.total, found.capped, found.matches
	return answer, nil
}

// QuerySeizureReports finds reports, newest first.
func (h *Hub) QuerySeizureReports(ctx context.Context, call Call, req *ententev1.QuerySeizureReportsRequest) (*ententev1.QuerySeizureReportsResponse, error) {
	answer := new(ententev1.QuerySeizureReportsResponse)
	q, err := h.reports(req.GetQuery())
	if err != nil {
		return nil, err
	}
	q.req = req
	q.begin = func() { answer.SeizureReports = nil }
	q.drop = func() { answer.SeizureReports = answer.SeizureReports[:len(answer.SeizureReports)-1] }
	q.row = func(r *reading, x *view.Record, d detail) (proto.Message, error) {
		report, err := r.report(x, d)
		if err == nil {
			report, err = masked(q.mask, report)
		}
		answer.SeizureReports = append(answer.SeizureReports, report)
		return report, err
	}
	found, err := h.query(ctx, call, q)
	if err != nil {
		return nil, err
	}
	answer.NextPageToken, answer.TotalSize, answer.TotalCapped, answer.Matches = found.next, found.total, found.capped, found.matches
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
	GetOrder() ententev1.QueryOrder
	GetReadMask() *fieldmaskpb.FieldMask
}

// reports is the question of a query for reports.
func (h *Hub) reports(query *ententev1.SeizureReportQuery) (*question, error) {
	filter, err := h.View.Hasher().SeizureFilter(query)
	return &question{
		kind: kindReport, filter: filter, identifiers: query.GetIdentifiers(), linkedTo: query.GetLinkedTo(), like: new(ententev1.SeizureReport),
		build: func(ask index.Ask) index.Query { return h.View.Hasher().SeizureQuery(query, ask) },
	}, err
}

// question is a query of either kind.
type question struct {
	req         queryRequest
	kind        internalv1.RecordKind
	filter      *index.Filter
	identifiers []*ententev1.Identifier
	linkedTo    string
	// like is an empty row, and mask what of a row is wanted.
	like proto.Message
	mask *mask
	// build makes the index's query, begin empties the answer, row adds a record to it, drop takes the last one back.
	build func(index.Ask) index.Query
	begin func()
	row   func(*reading, *view.Record, detail) (proto.Message, error)
	drop  func()
}

// best tells whether the best match comes first.
func (q *question) best() bool {
	return q.req.GetOrder() == ententev1.QueryOrder_QUERY_ORDER_BEST_MATCH_FIRST
}

// findings is what a query gave beside its rows.
type findings struct {
	next    string
	total   int64
	capped  bool
	matches []*ententev1.QueryMatch
}

// query answers one page. Its cost follows the page: the index is walked from where the token left off, and each row it names is decided again.
func (h *Hub) query(ctx context.Context, call Call, q *question) (found findings, err error) {
	keys, err := understood(q.identifiers)
	if err != nil {
		return found, err
	}
	if q.mask, err = newMask(q.req.GetReadMask(), q.like); err != nil {
		return found, err
	}
	encoded, err := encodeWithout(q.req, fieldJustification, fieldPageSize, fieldPageToken)
	if err != nil {
		return found, err
	}
	bound := call.bind(encoded, q.req.GetJustification().GetPurpose())
	from, err := h.tokens.openPlace(bound, q.req.GetPageToken())
	if err != nil {
		return found, err
	}
	err = h.readWith(ctx, call, q.req, h.View.Query, func(r *reading) error {
		q.begin()
		found, err = r.page(q, keys, bound, from)
		return err
	})
	return found, err
}

// understood is the identifiers of a query in the forms by which they are compared. One that cannot be an identifier of its type is refused, as in a submit.
func understood(list []*ententev1.Identifier) ([]index.IdentifierKey, error) {
	return understoodAt("query.identifiers", list)
}

// understoodAt is understood of a list that stands in another field.
func understoodAt(field string, list []*ententev1.Identifier) ([]index.IdentifierKey, error) {
	var keys []index.IdentifierKey
	for i, id := range list {
		finding, err := identifier.Understand(id)
		if err != nil {
			return nil, malformedAt(field, i, err)
		}
		keys = append(keys, index.IdentifierKeys(id.GetType(), finding)...)
	}
	return keys, nil
}

// indexed is the index's query of a question, as the caller may ask it.
func (r *reading) indexed(q *question, keys []index.IdentifierKey) (iq index.Query, err error) {
	ask := index.Ask{
		Agency: r.call.Caller.Agency, Owner: r.agency().GetOrdinal(), Audience: r.Audience(r.reader), NowMicros: r.Micros(), Identifiers: keys,
		Filter: q.filter,
	}
	if ask.TargetReadable, err = r.Readable(r.reader, q.linkedTo); err != nil {
		return iq, err
	}
	return q.build(ask), nil
}

// page walks the index, lets it go, and opens the rows.
func (r *reading) page(q *question, keys []index.IdentifierKey, bound [sha256.Size]byte, from place) (found findings, err error) {
	iq, err := r.indexed(q, keys)
	if err != nil {
		return found, err
	}
	p := r.newPage(q)
	switch {
	case q.best():
		err = p.best(iq, from)
	case q.filter.Rough():
		err = p.compared(iq, from)
	default:
		p.counted(iq)
		iq.Before = index.Number(from.number)
		err = p.rows(iq)
	}
	if p.more && err == nil {
		p.found.next = r.h.tokens.sealPlace(bound, p.last)
	}
	return p.found, err
}

// page is a page while it is filled.
type page struct {
	*reading
	q     *question
	size  int
	bytes int
	count int
	d     detail
	found findings
	last  place // where the next page goes on
	more  bool  // whether there is one
	full  bool  // nothing more is added
	// sure are candidates that match without being opened.
	sure map[index.Number]bool
	// excludes says of names that were looked at whether they are none that is asked for.
	excludes map[index.WrittenNames]bool
}

func (r *reading) newPage(q *question) *page {
	size := int(q.req.GetPageSize())
	if size == 0 {
		size = defaultPage
	}
	full := q.req.GetView() == ententev1.RecordView_RECORD_VIEW_FULL && q.mask.full()
	return &page{
		reading: r, q: q, size: size, d: detail{full: full, plain: q.req.GetIncludePlainBytes()}, excludes: map[index.WrittenNames]bool{},
	}
}

// counted counts what the index finds, where that is asked for.
func (p *page) counted(iq index.Query) {
	if p.q.req.GetIncludeTotal() {
		n, more := p.Count(p.reader, iq, p.h.CountCap)
		p.found.total, p.found.capped = int64(n), more
	}
}

// rows fills a page from the index alone. The index is let go as soon as it is known who is on the page: opening the records takes longer, and nothing is
// published while the index is held.
func (p *page) rows(iq index.Query) error {
	list, err := p.decided(iq)
	if err != nil {
		return err
	}
	p.Release()
	for _, x := range list {
		if err := p.add(x, place{number: x.Envelope().GetNumber()}); err != nil || p.full {
			return err
		}
	}
	return nil
}

// decided are the next records that may stand on the page, and one more where there is one.
func (p *page) decided(iq index.Query) ([]*view.Record, error) {
	list := make([]*view.Record, 0, p.size+1)
	for {
		limit := p.size + 1 - len(list)
		numbers := p.candidates(iq, limit)
		for _, n := range numbers {
			x, err := p.listed(p.q.kind, uint64(n))
			if err != nil {
				return nil, err
			}
			if x != nil {
				list = append(list, x)
			}
		}
		if len(numbers) < limit || len(list) > p.size {
			return list, nil
		}
		iq.Before = numbers[len(numbers)-1]
	}
}

// add adds a row, or finds that the page is full and another follows. at is the row's place.
func (p *page) add(x *view.Record, at place) error {
	if p.count == p.size || p.bytes > pageBytes {
		p.more, p.full = true, true
		return nil
	}
	m, err := p.q.row(p.reading, x, p.d)
	if err != nil {
		return err
	}
	if p.bytes += proto.Size(m); p.count > 0 && p.bytes > answerBytes {
		p.q.drop()
		p.shown = p.shown[:len(p.shown)-1] // nobody gets to see it
		p.more, p.full = true, true
		return nil
	}
	p.count++
	p.last = at
	return nil
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

// listed loads a row, nil when it may not stand in a list for this reader after all. Where thousands are looked at, nobody may wait for them any more.
func (r *reading) listed(kind internalv1.RecordKind, number uint64) (*view.Record, error) {
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	x, err := r.ListedAt(r.reader, number)
	if x == nil || err != nil || x.Envelope().GetKind() != kind {
		return nil, err
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
