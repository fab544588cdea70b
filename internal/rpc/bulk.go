package rpc

import (
	"cmp"
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// form is how the messages of one bulk stream are taken apart and put together:
// Q is its request, H the header, R a row, A the answer.
type form[Q, H, R, A proto.Message] struct {
	request func() Q
	header  func(Q) (H, bool)
	row     func(Q) (R, bool)
	result  func(index int64, receipt *ententev1.Receipt, refusal *spb.Status) A
	summary func(tally rows) A
}

// rows counts what became of the rows of a stream.
type rows struct{ received, accepted, unchanged, refused int64 }

// line is one row on its way: read, prepared, handed over, settled, answered. The
// stages pass it on through channels, so it needs no lock.
type line[R proto.Message, P any, W pending] struct {
	index   int64
	bytes   int64
	parts   int
	row     R
	refusal error // why the row goes no further; set before ready is closed
	ready   chan struct{}
	made    P
	wait    W
	receipt *ententev1.Receipt
}

// pipeline runs one bulk stream. Five stages work at once, joined by channels:
//
//	read ──► prepare (several rows at once) ──► hand over ──► settle ──► answer (in order)
//
// so that rows are checked and sealed while earlier ones are being made durable.
// BulkRows and BulkBytes bound what is inside, and BulkMemory what all streams
// together have inside until it is settled; a client that sends faster is held
// back by flow control. A row that is refused at any stage is answered as refused,
// in its place, and no other row notices.
type pipeline[Q, H, R, A proto.Message, P any, W pending] struct {
	f       *flight
	form    form[Q, H, R, A]
	begin   begun[H, R, P, W]
	room    *semaphore.Weighted // bytes
	places  *semaphore.Weighted // rows; each of the channels has as many slots
	loan    loan                // of what all streams may have inside
	work    chan *line[R, P, W]
	queue   chan *line[R, P, W] // in the order of the stream
	handed  chan *line[R, P, W]
	settled chan *line[R, P, W]
	rows    rows // the answering stage's own
}

// begun opens a stream of rows; they belong to the flight's caller.
type begun[H, R proto.Message, P any, W pending] func(context.Context, *flight, H) (bulk[R, P, W], error)

// bulked binds an RPC of rows and answers.
func bulked[Q, H, R, A proto.Message, P any, W pending](form form[Q, H, R, A], begin begun[H, R, P, W]) binding {
	var in Q
	var out A
	return binding{
		in: in.ProtoReflect().Descriptor().FullName(), out: out.ProtoReflect().Descriptor().FullName(),
		serve: func(f *flight) error { return newPipeline(f, form, begin).run() },
	}
}

func newPipeline[Q, H, R, A proto.Message, P any, W pending](f *flight, form form[Q, H, R, A], begin begun[H, R, P, W]) *pipeline[Q, H, R, A, P, W] {
	limits := f.edge.limits
	slots := func() chan *line[R, P, W] { return make(chan *line[R, P, W], limits.BulkRows) }
	return &pipeline[Q, H, R, A, P, W]{
		f: f, form: form, begin: begin,
		room: semaphore.NewWeighted(int64(limits.BulkBytes)), places: semaphore.NewWeighted(int64(limits.BulkRows)),
		loan: loan{from: f.edge.bulk.memory}, work: slots(), queue: slots(), handed: slots(), settled: slots(),
	}
}

// run reads the header, starts the stages and waits for them. The stage that
// fails first ends the others through ctx.
func (p *pipeline[Q, H, R, A, P, W]) run() error {
	header, err := p.readHeader()
	if err != nil {
		return err
	}
	defer p.loan.end()
	stages, ctx := errgroup.WithContext(p.f.ctx)
	b, err := p.begin(ctx, p.f, header)
	if err != nil {
		return err
	}
	stages.Go(p.reader(ctx))
	for range min(runtime.GOMAXPROCS(0), maxPreparers) {
		stages.Go(p.safely(func() error { return p.prepare(ctx, b) }))
	}
	stages.Go(p.safely(func() error { return p.hand(ctx, b) }))
	stages.Go(p.safely(func() error { return p.settle(ctx) }))
	stages.Go(p.safely(func() error { return p.answer(ctx) }))
	if err := stages.Wait(); err != nil {
		return p.ended(err)
	}
	return p.f.send(p.form.summary(p.rows))
}

// reader runs read on a goroutine that nobody waits for once the others have
// failed: it may be blocked in gRPC until the call has returned.
func (p *pipeline[Q, H, R, A, P, W]) reader(ctx context.Context) func() error {
	done := make(chan error, 1)
	p.f.edge.running.Add(1)
	go func() {
		defer p.f.edge.running.Done()
		done <- p.safely(func() error { return p.read(ctx) })()
	}()
	return func() error {
		err, _, ended := take(ctx, done)
		return errors.Join(ended, err)
	}
}

// maxPreparers bounds the goroutines that one stream keeps busy.
const maxPreparers = 4

// safely keeps a panic of one stage inside the call.
func (p *pipeline[Q, H, R, A, P, W]) safely(stage func() error) func() error {
	return func() error { return p.f.edge.protect(p.f, func(*flight) error { return stage() }) }
}

// ended is what the caller is told when the stream did not come to its end.
func (p *pipeline[Q, H, R, A, P, W]) ended(err error) error {
	if errors.Is(context.Cause(p.f.ctx), errEnd) {
		return resumable(departing(), p.f.resume.Load())
	}
	return err
}

// readHeader takes the first message. Without a header there is no stream.
func (p *pipeline[Q, H, R, A, P, W]) readHeader() (header H, err error) {
	first := p.form.request()
	if err := p.f.request(first); err != nil {
		if errors.Is(err, io.EOF) {
			return header, headerFirst()
		}
		return header, err
	}
	header, ok := p.form.header(first)
	if !ok {
		return header, headerFirst()
	}
	return header, nil
}

func headerFirst() error {
	return fault.Violated(fault.Violation{Field: "header", Reason: "HEADER_FIRST", Description: "must be the first message of the stream, once"})
}

// read takes rows in until the caller sends no more. It pays for each before it
// reads it, so that nobody is charged by being read.
func (p *pipeline[Q, H, R, A, P, W]) read(ctx context.Context) error {
	defer close(p.work)
	defer close(p.queue)
	for index := int64(0); ; index++ {
		if p.f.edge.budgets.wait(ctx, p.f.caller.Agency) != nil {
			return cmp.Or(ctx.Err(), context.DeadlineExceeded) // or would be, before there is a budget again
		}
		l, err := p.next(index)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := p.enter(ctx, l); err != nil {
			return err
		}
		if err := pass(ctx, p.queue, l); err != nil {
			return err
		}
		if err := pass(ctx, p.work, l); err != nil {
			return err
		}
	}
}

// enter waits for room for a row: first in its own stream, so that no stream holds
// what all have together while it waits for itself.
func (p *pipeline[Q, H, R, A, P, W]) enter(ctx context.Context, l *line[R, P, W]) error {
	if err := p.places.Acquire(ctx, 1); err != nil {
		return err
	}
	if err := p.room.Acquire(ctx, l.bytes); err != nil {
		return err
	}
	return p.loan.take(ctx, weight(l.bytes))
}

// next reads one row. Whatever is wrong with it is the row's own affair.
func (p *pipeline[Q, H, R, A, P, W]) next(index int64) (*line[R, P, W], error) {
	request := p.form.request()
	in := inbound{schema: p.f.method.schema, message: request}
	if err := p.f.receive(&in); err != nil {
		return nil, err
	}
	if err := p.f.judge(); err != nil {
		return nil, err
	}
	l := &line[R, P, W]{index: index, bytes: int64(max(in.size, 1)), parts: in.parts, ready: make(chan struct{})}
	row, ok := p.form.row(request)
	switch {
	case in.refusal != nil:
		l.refusal = inRow(in.refusal)
	case !ok:
		l.refusal = fault.Violated(fault.Violation{Field: "row", Reason: "ROW_REQUIRED", Description: "must be set in every message after the first"})
	default:
		l.row = row
	}
	return l, nil
}

// prepare works on rows as they come; several of it run at once, of all streams
// together fewer than the machine has processors: whoever commits must not wait
// behind a row of each stream.
func (p *pipeline[Q, H, R, A, P, W]) prepare(ctx context.Context, b bulk[R, P, W]) error {
	for {
		l, ok, err := take(ctx, p.work)
		if !ok || err != nil {
			return err
		}
		if l.refusal == nil {
			if err := p.f.edge.bulk.processors.Acquire(ctx, 1); err != nil {
				return err
			}
			l.refusal = p.f.edge.protect(p.f, func(*flight) error { return l.prepare(p.f.edge.shape, b) })
			p.f.edge.bulk.processors.Release(1)
		}
		close(l.ready)
	}
}

// prepare does what the row costs. A panic is the row's own too.
func (l *line[R, P, W]) prepare(s *shape, b bulk[R, P, W]) error {
	if err := s.checkParts(l.row, l.parts); err != nil {
		return err
	}
	l.made = b.Prepare(l.row)
	return nil
}

// hand hands prepared rows over, in order.
func (p *pipeline[Q, H, R, A, P, W]) hand(ctx context.Context, b bulk[R, P, W]) error {
	defer close(p.handed)
	for {
		l, ok, err := take(ctx, p.queue)
		if !ok || err != nil {
			return err
		}
		if _, _, err := take(ctx, l.ready); err != nil {
			return err
		}
		if l.refusal == nil {
			l.wait = b.Enqueue(l.made)
		}
		if err := pass(ctx, p.handed, l); err != nil {
			return err
		}
	}
}

// settle waits until a row is durable, and lets go of all but its receipt: a caller
// who does not read holds no other up.
func (p *pipeline[Q, H, R, A, P, W]) settle(ctx context.Context) error {
	defer close(p.settled)
	for {
		l, ok, err := take(ctx, p.handed)
		if !ok || err != nil {
			return err
		}
		if l.refusal == nil {
			l.receipt, l.refusal = l.wait.Wait(ctx)
		}
		if ctx.Err() != nil {
			return ctx.Err() // whether the row was taken is unknown
		}
		done := &line[R, P, W]{index: l.index, bytes: l.bytes, refusal: l.refusal, receipt: l.receipt}
		p.loan.give(weight(l.bytes))
		if err := pass(ctx, p.settled, done); err != nil {
			return err
		}
	}
}

// answer sends each row's outcome.
func (p *pipeline[Q, H, R, A, P, W]) answer(ctx context.Context) error {
	for {
		l, ok, err := take(ctx, p.settled)
		if !ok || err != nil {
			return err
		}
		p.rows.count(l.receipt, l.refusal)
		if l.refusal != nil {
			l.receipt = nil
		}
		if err := p.f.send(p.form.result(l.index, l.receipt, statusOf(l.refusal).Proto())); err != nil {
			return err
		}
		text := strconv.FormatInt(l.index+1, 10)
		p.f.resume.Store(&text)
		p.room.Release(l.bytes)
		p.places.Release(1)
	}
}

func (r *rows) count(receipt *ententev1.Receipt, refusal error) {
	r.received++
	switch {
	case refusal != nil:
		r.refused++
	case receipt.GetUnchanged():
		r.unchanged++
	default:
		r.accepted++
	}
}

// inRow tells the fields of a row as a single submit would: from the row on.
func inRow(err error) error {
	violations := slices.Clone(fault.As(err).Violations)
	if len(violations) == 0 {
		return err
	}
	for i := range violations {
		violations[i].Field = strings.TrimPrefix(violations[i].Field, "row.")
	}
	return fault.Violated(violations...)
}

// pass and take are a channel's send and receive that end with ctx.
func pass[T any](ctx context.Context, to chan<- T, v T) error {
	select {
	case to <- v:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func take[T any](ctx context.Context, from <-chan T) (v T, ok bool, err error) {
	select {
	case v, ok = <-from:
		return v, ok, nil
	case <-ctx.Done():
		return v, false, context.Cause(ctx)
	}
}
