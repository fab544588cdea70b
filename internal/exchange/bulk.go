package exchange

import (
	"context"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/journal"
)

// bulk is what the bulk streams of both kinds have in common.
type bulk struct {
	h   *Hub
	ctx context.Context
	conditions
}

// ItemBulk takes the rows of one stream of items. Rows may be prepared by several goroutines at once; they are handed over in the order of the stream.
type ItemBulk struct{ bulk }

// SeizureBulk is ItemBulk's twin for seizure reports.
type SeizureBulk struct{ bulk }

// bulkHeader is what the headers of both kinds have in common.
type bulkHeader interface {
	justified
	GetValidateOnly() bool
	GetIfExists() ententev1.IfExists
	GetHistory() bool
}

// BeginIntelligenceItems opens a stream of items. The rows wait for room in the journal until ctx ends.
func (h *Hub) BeginIntelligenceItems(ctx context.Context, call Call, header *ententev1.BulkSubmitIntelligenceItemsHeader) (*ItemBulk, error) {
	b, err := h.beginBulk(ctx, call, header)
	return &ItemBulk{b}, err
}

// BeginSeizureReports opens a stream of reports. The rows wait for room in the journal until ctx ends.
func (h *Hub) BeginSeizureReports(ctx context.Context, call Call, header *ententev1.BulkSubmitSeizureReportsHeader) (*SeizureBulk, error) {
	b, err := h.beginBulk(ctx, call, header)
	return &SeizureBulk{b}, err
}

func (h *Hub) beginBulk(ctx context.Context, call Call, header bulkHeader) (bulk, error) {
	j, err := justify(call, header.GetJustification())
	if err != nil {
		return bulk{}, fault.As(err).Under("header")
	}
	return bulk{h: h, ctx: ctx, conditions: conditions{
		call: call, justification: j, validateOnly: header.GetValidateOnly(), ifExists: header.GetIfExists(), history: header.GetHistory(),
	}}, nil
}

// BulkRow is a row that was decided: refused, answered already, or ready to be handed over.
type BulkRow struct {
	*prepared
	err error
}

// BulkPending is a row that was handed over and whose outcome may not be durable yet.
type BulkPending struct {
	h      *Hub
	row    BulkRow
	ticket *journal.Ticket
}

// Prepare decides a row and seals what it holds.
func (b *ItemBulk) Prepare(row *ententev1.BulkSubmitIntelligenceItemsRow) BulkRow {
	return b.prepare(row, func() (*draft, error) { return b.h.itemDraft(row.GetDraft()) })
}

// Prepare decides a row and seals what it holds.
func (b *SeizureBulk) Prepare(row *ententev1.BulkSubmitSeizureReportsRow) BulkRow {
	return b.prepare(row, func() (*draft, error) { return b.h.reportDraft(row.GetDraft()) })
}

// bulkRow is what the rows of both kinds have in common.
type bulkRow interface {
	proto.Message
	GetRequestId() string
	GetEtag() string
}

func (b bulk) prepare(row bulkRow, read func() (*draft, error)) BulkRow {
	c := b.conditions
	c.requestID, c.etag = row.GetRequestId(), row.GetEtag()
	var err error
	if c.requestID != "" {
		if c.digest, err = digest(c.call.Method, row); err != nil {
			return BulkRow{err: err}
		}
	}
	d, err := read()
	if err != nil {
		return BulkRow{err: fault.As(err).Under("draft")}
	}
	p, err := b.h.prepare(c, d)
	return BulkRow{prepared: p, err: err}
}

// Enqueue hands a row over, if it is to be. Called in the order of the stream, by one goroutine at a time.
func (b bulk) Enqueue(row BulkRow) BulkPending {
	p := BulkPending{h: b.h, row: row}
	if row.err == nil && row.command != nil {
		p.ticket, p.row.err = b.h.Journal.Enqueue(journal.Patient(b.ctx), row.command)
	}
	return p
}

// Wait returns the receipt once it is durable, or why there is none.
func (p BulkPending) Wait(ctx context.Context) (*ententev1.Receipt, error) {
	switch {
	case p.row.err != nil:
		return nil, p.row.err
	case p.ticket == nil:
		return p.row.receipt, nil
	}
	return p.row.settle(ctx, p.h, p.ticket)
}
