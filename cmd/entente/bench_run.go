package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// bencher drives a hub and an echo.
type bencher struct {
	app     *app
	options *benchOptions
	dir     string

	hub, echo         *child
	conns, echoConns  []*grpc.ClientConn // by agency
	bulkConns         []*grpc.ClientConn
	readable          [][]string // names that each agency may read
	loadedBytes       int64
	next              atomic.Int64
	request, answered atomic.Int64 // sizes of the last call
}

func (b *bencher) start(ctx context.Context) (err error) {
	if b.hub, err = startChild(ctx, "bench", "hub", b.dir); err != nil {
		return err
	}
	if b.echo, err = startChild(ctx, "bench", "echo", b.dir); err != nil {
		return err
	}
	return b.connect()
}

func (b *bencher) connect() error {
	b.conns, b.bulkConns, b.echoConns = nil, nil, nil
	for _, id := range benchAgencies() {
		s := settings{HubCA: filepath.Join(b.dir, "ca.pem"), ServerName: "localhost", Cert: filepath.Join(b.dir, id+".pem"), Key: filepath.Join(b.dir, id+".key")}
		main, err := b.app.dial(s, b.hub.ready.Address)
		if err != nil {
			return err
		}
		bulk, err := b.app.dial(s, b.hub.ready.Bulk)
		if err != nil {
			return err
		}
		e := settings{HubCA: filepath.Join(b.dir, "echo-ca.pem"), ServerName: "localhost", Cert: filepath.Join(b.dir, "echo.pem"), Key: filepath.Join(b.dir, "echo.key")}
		echo, err := b.app.dial(e, b.echo.ready.Address)
		if err != nil {
			return err
		}
		b.conns, b.bulkConns, b.echoConns = append(b.conns, main), append(b.bulkConns, bulk), append(b.echoConns, echo)
	}
	return nil
}

func (b *bencher) stop() error {
	var errs []error
	for _, c := range []*child{b.hub, b.echo} {
		if c != nil {
			errs = append(errs, c.stop())
		}
	}
	return errors.Join(errs...)
}

// load hands the first items over, through bulk streams of all agencies.
func (b *bencher) load(ctx context.Context) error {
	b.readable = make([][]string, len(b.conns))
	began := time.Now()
	for i, conn := range b.bulkConns {
		names, bytes, err := b.bulk(ctx, conn, i, b.options.items/len(b.bulkConns))
		if err != nil {
			return err
		}
		b.loadedBytes += bytes
		for n, name := range names {
			for _, reader := range b.audience(i, n) {
				b.readable[reader] = append(b.readable[reader], name)
			}
		}
	}
	took := time.Since(began)
	b.app.say("loaded %d items, %.1f MB, in %v", b.options.items, float64(b.loadedBytes)/1e6, took.Round(time.Millisecond))
	return nil
}

// audience is who an agency's n-th item is released to: in 60 of 100 one or two others, else all.
func (b *bencher) audience(owner, n int) []int {
	count := len(benchAgencies())
	chance := rand.New(rand.NewPCG(uint64(owner), uint64(n))) //nolint:gosec // the same every time, on purpose
	if chance.IntN(100) >= 60 {
		all := make([]int, count)
		for i := range all {
			all[i] = i
		}
		return all
	}
	to := []int{owner, (owner + 1 + chance.IntN(count-1)) % count}
	if chance.IntN(2) == 0 {
		to = append(to, (owner+1+chance.IntN(count-1))%count)
	}
	slices.Sort(to)
	return slices.Compact(to)
}

// run runs a case: the hub and the echo in turns, so that both see the same machine.
func (b *bencher) run(ctx context.Context, name string) (benchResult, error) {
	hub, err := b.operation(name)
	if err != nil {
		return benchResult{}, err
	}
	const turns = 4
	slice := time.Duration(b.options.seconds) * time.Second / turns
	var mine, echo measured
	before := b.hub.cpu()
	var used time.Duration
	for range turns {
		mine.add(b.drive(ctx, slice, hub))
		used += b.hub.cpu() - before
		if mine.failed > 0 && mine.count == 0 {
			return benchResult{}, fmt.Errorf("every call failed, as in: %w", mine.why)
		}
		echo.add(b.drive(ctx, slice, b.echoOf(name)))
		before = b.hub.cpu()
	}
	r := benchResult{
		Name: name, Callers: b.options.callers, OpsPerSecond: mine.rate(), EchoPerSecond: echo.rate(), Failed: mine.failed,
		RequestBytes: int(b.request.Load()), AnswerBytes: int(b.answered.Load()),
	}
	r.P50Micros, r.P99Micros = mine.quantiles()
	r.EchoP50Micros, _ = echo.quantiles()
	if mine.count > 0 {
		r.CPUMillisPer1k = float64(used.Milliseconds()) / float64(mine.count) * 1000
	}
	if echo.rate() > 0 {
		r.EchoRatio = mine.rate() / echo.rate()
	}
	return r, ctx.Err()
}

// measured is what some turns gave.
type measured struct {
	count, failed int64
	took          time.Duration
	times         []time.Duration
	why           error
}

func (m *measured) add(o measured) {
	m.count += o.count
	m.failed += o.failed
	m.took += o.took
	m.times = append(m.times, o.times...)
	if o.why != nil {
		m.why = o.why
	}
}

func (m *measured) rate() float64 { return float64(m.count) / max(m.took.Seconds(), 1e-9) }

func (m *measured) quantiles() (p50, p99 int64) {
	slices.Sort(m.times)
	return quantile(m.times, 0.5).Microseconds(), quantile(m.times, 0.99).Microseconds()
}

// operation is one call, or a stretch of a stream, of an agency; it says how many operations that was.
type operation func(ctx context.Context, agency int) (int64, error)

// drive runs an operation with all callers for a time.
func (b *bencher) drive(ctx context.Context, d time.Duration, op operation) (total measured) {
	ctx, cancel := context.WithTimeout(ctx, d+30*time.Second)
	defer cancel()
	until := time.Now().Add(d)
	var mu sync.Mutex
	var callers sync.WaitGroup
	began := time.Now()
	for i := range b.options.callers {
		callers.Go(func() {
			var own measured
			for time.Now().Before(until) {
				start := time.Now()
				n, err := op(ctx, i%len(b.conns))
				if err != nil {
					own.failed++
					own.why = err
					continue
				}
				own.count += n
				own.times = append(own.times, time.Since(start))
			}
			mu.Lock()
			defer mu.Unlock()
			total.add(own)
		})
	}
	callers.Wait()
	total.took = time.Since(began)
	return total
}

func (b *bencher) operation(name string) (operation, error) {
	switch name {
	case "get":
		return b.get, nil
	case "submit":
		return func(ctx context.Context, agency int) (int64, error) { return b.submit(ctx, agency, false) }, nil
	case "submit_all":
		return func(ctx context.Context, agency int) (int64, error) { return b.submit(ctx, agency, true) }, nil
	case "page50":
		return b.page, nil
	case "bulk":
		return func(ctx context.Context, agency int) (int64, error) {
			const rows = 200
			_, _, err := b.bulk(ctx, b.bulkConns[agency], agency, rows)
			return rows, err
		}, nil
	default:
		return nil, usage("there is no case " + name)
	}
}

// sized notes the sizes of a call.
func (b *bencher) sized(req, answer proto.Message) {
	b.request.Store(int64(proto.Size(req)))
	b.answered.Store(int64(proto.Size(answer)))
}

func (b *bencher) get(ctx context.Context, agency int) (int64, error) {
	names := b.readable[agency]
	n := b.next.Add(1)
	req := &ententev1.GetIntelligenceItemRequest{
		Justification: benchWhy(), Selector: &ententev1.GetIntelligenceItemRequest_Name{Name: names[int(n*7919)%len(names)]},
	}
	answer, err := ententev1.NewIntelligenceServiceClient(b.conns[agency]).GetIntelligenceItem(ctx, req)
	if n%256 == 1 && err == nil {
		b.sized(req, answer)
	}
	return 1, err
}

func (b *bencher) submit(ctx context.Context, agency int, all bool) (int64, error) {
	n := b.next.Add(1)
	req := &ententev1.SubmitIntelligenceItemRequest{Justification: benchWhy(), Draft: benchItem(agency, int(n)), RequestId: fmt.Sprint("bench-", n)}
	req.Draft.Release = benchRelease(agency, all, (agency+1+int(n)%12)%13)
	answer, err := ententev1.NewIntelligenceServiceClient(b.conns[agency]).SubmitIntelligenceItem(ctx, req)
	if n%256 == 1 && err == nil {
		b.sized(req, answer)
	}
	return 1, err
}

func (b *bencher) page(ctx context.Context, agency int) (int64, error) {
	n := b.next.Add(1)
	req := &ententev1.QueryIntelligenceItemsRequest{Justification: benchWhy(), PageSize: 50, View: ententev1.RecordView_RECORD_VIEW_FULL}
	answer, err := ententev1.NewIntelligenceServiceClient(b.conns[agency]).QueryIntelligenceItems(ctx, req)
	if n%16 == 1 && err == nil {
		b.sized(req, answer)
	}
	return 1, err
}

// bulk hands rows over through one stream and gives the names that they got.
func (b *bencher) bulk(ctx context.Context, conn *grpc.ClientConn, agency, rows int) (names []string, bytes int64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := ententev1.NewIntelligenceServiceClient(conn).BulkSubmitIntelligenceItems(ctx)
	if err != nil {
		return nil, 0, err
	}
	sent := make(chan error, 1)
	go func() {
		err := s.Send(&ententev1.BulkSubmitIntelligenceItemsRequest{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Header{
			Header: &ententev1.BulkSubmitIntelligenceItemsHeader{Justification: benchWhy()},
		}})
		for n := 0; n < rows && err == nil; n++ {
			d := benchItem(agency, n)
			d.Release = b.releaseOf(agency, n)
			row := &ententev1.BulkSubmitIntelligenceItemsRequest{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Row{Row: &ententev1.BulkSubmitIntelligenceItemsRow{Draft: d}}}
			bytes += int64(proto.Size(d.GetPlain()))
			err = s.Send(row)
		}
		sent <- errors.Join(err, s.CloseSend())
	}()
	for {
		m, err := s.Recv()
		if err != nil {
			return names, bytes, errors.Join(err, <-sent)
		}
		if m.GetSummary() != nil {
			return names, bytes, <-sent
		}
		if failure := m.GetResult().GetError(); failure != nil {
			return names, bytes, fmt.Errorf("a row was refused: %s", failure.GetMessage())
		}
		names = append(names, m.GetResult().GetReceipt().GetName())
		if len(names)%64 == 1 {
			b.answered.Store(int64(proto.Size(m)))
		}
	}
}

// echoOf is the echo of a case: the same sizes, and nothing in between.
func (b *bencher) echoOf(name string) operation {
	if name == "bulk" {
		return b.echoRows
	}
	return func(ctx context.Context, agency int) (int64, error) {
		payload := make([]byte, max(4, b.request.Load()-4))
		binary.BigEndian.PutUint32(payload, uint32(max(0, b.answered.Load()-4)))
		return 1, b.echoConns[agency].Invoke(ctx, echoMethod, &wrapperspb.BytesValue{Value: payload}, new(wrapperspb.BytesValue))
	}
}

// echoRows is the echo of a bulk stream.
func (b *bencher) echoRows(ctx context.Context, agency int) (int64, error) {
	const rows = 200
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := b.echoConns[agency].NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, echoStream)
	if err != nil {
		return 0, err
	}
	payload := make([]byte, 2200)
	binary.BigEndian.PutUint32(payload, uint32(max(0, b.answered.Load())))
	sent := make(chan error, 1)
	go func() {
		for range rows {
			if err := s.SendMsg(&wrapperspb.BytesValue{Value: payload}); err != nil {
				sent <- err
				return
			}
		}
		sent <- s.CloseSend()
	}()
	for range rows {
		if err := s.RecvMsg(new(wrapperspb.BytesValue)); err != nil {
			return 0, errors.Join(err, <-sent)
		}
	}
	return rows, <-sent
}

// restart tells what the hub holds, and how long it takes to come up again.
func (b *bencher) restart(ctx context.Context) error {
	memory, disk := b.hub.memory(), sizeOf(filepath.Join(b.dir, "hub"))
	if err := b.hub.stop(); err != nil {
		return err
	}
	var err error
	if b.hub, err = startChild(ctx, "bench", "hub", b.dir); err != nil {
		return err
	}
	b.app.say("hub: %.0f MB of memory (mapped file aside), %.1f MB on disk for everything above; restart in %d ms, then %.0f MB of memory",
		float64(memory)/1e6, float64(disk)/1e6, b.hub.ready.StartMillis, float64(b.hub.memory())/1e6)
	return nil
}
