package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/testnet/corpus"
)

// bencher drives a hub and an echo.
type bencher struct {
	app     *app
	options *benchOptions
	dir     string

	corpus            *corpus.Corpus
	remote            *settings // of a hub that runs already; nil for one of the benchmark's own
	hub, echo         *child
	conns, echoConns  []*grpc.ClientConn // by agency
	bulkConns         []*grpc.ClientConn
	readable          [][]string // names that each agency may read
	loadedBytes       int64
	loaded, drawn     int
	next              atomic.Int64
	request, answered atomic.Int64 // sizes of the last call that was looked at
	gets, submits     [][][]byte   // encoded requests, by agency
	rows              [][][]byte
	rowsSent          []atomic.Int64
}

func (b *bencher) start(ctx context.Context) (err error) {
	if b.remote == nil {
		if b.hub, err = startChild(ctx, "bench", "hub", b.dir, "--cpuprofile="+b.options.profile); err != nil {
			return err
		}
	}
	if b.echo, err = startChild(ctx, "bench", "echo", b.dir); err != nil {
		return err
	}
	return b.connect()
}

// The connections of one identity to a hub that runs already: within its default limits.
const (
	remoteConns     = 4
	remoteBulkConns = 2
)

func (b *bencher) connect() (err error) {
	b.conns, b.bulkConns, b.echoConns = nil, nil, nil
	if b.remote != nil {
		if b.conns, err = b.dialAll(*b.remote, b.remote.Endpoint, remoteConns); err != nil {
			return err
		}
		if b.bulkConns, err = b.dialAll(*b.remote, b.remote.BulkEndpoint, remoteBulkConns); err != nil {
			return err
		}
	} else if err := b.connectOwn(); err != nil {
		return err
	}
	echo := settings{HubCA: filepath.Join(b.dir, "echo-ca.pem"), ServerName: "localhost", Cert: filepath.Join(b.dir, "echo.pem"), Key: filepath.Join(b.dir, "echo.key")}
	b.echoConns, err = b.dialAll(echo, b.echo.ready.Address, len(b.conns))
	return err
}

// connectOwn connects each of the benchmark's own agencies.
func (b *bencher) connectOwn() error {
	for _, id := range corpus.Agencies() {
		s := settings{HubCA: filepath.Join(b.dir, "ca.pem"), ServerName: "localhost", Cert: filepath.Join(b.dir, id+".pem"), Key: filepath.Join(b.dir, id+".key")}
		main, err := b.app.dial(s, b.hub.ready.Address)
		if err != nil {
			return err
		}
		bulk, err := b.app.dial(s, b.hub.ready.Bulk)
		if err != nil {
			return err
		}
		b.conns, b.bulkConns = append(b.conns, main), append(b.bulkConns, bulk)
	}
	return nil
}

func (b *bencher) dialAll(s settings, endpoint string, count int) (conns []*grpc.ClientConn, err error) {
	for range count {
		conn, err := b.app.dial(s, endpoint)
		if err != nil {
			return nil, err
		}
		conns = append(conns, conn)
	}
	return conns, nil
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

// turns is how often hub and echo take turns in a case.
const turns = 4

// run runs a case: the hub and the echo in turns, so that both see the same machine.
func (b *bencher) run(ctx context.Context, name string) (benchResult, error) {
	hub, err := b.operation(ctx, name)
	if err != nil {
		return benchResult{}, err
	}
	slice := time.Duration(b.options.seconds) * time.Second / turns
	var mine, echo measured
	before := b.hub.cpu() // of a hub elsewhere it is not known
	var used time.Duration
	for range turns {
		mine.add(b.drive(ctx, slice, hub))
		rest, err := b.rest()
		if err != nil {
			return benchResult{}, err
		}
		mine.took += rest
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
	if mine.failed > 0 {
		b.app.say("%s: %d calls failed, as in: %v", name, mine.failed, mine.why)
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

// rest waits until the hub has matched what was written, and compared it with what others hold: that is a part of what writing costs.
func (b *bencher) rest() (took time.Duration, err error) {
	if b.remote != nil {
		return 0, nil
	}
	began := time.Now()
	err = b.hub.ask(new(commitReport))
	return time.Since(began), err
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
	ctx, cancel := context.WithTimeout(ctx, d+2*time.Minute)
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

func (b *bencher) operation(ctx context.Context, name string) (operation, error) {
	b.prepare(name)
	switch name {
	case "get":
		return b.get, nil
	case "submit", "submit_all":
		return b.submit, nil
	case "page50":
		return b.page, nil
	case "bulk":
		return b.bulk, nil
	case "check":
		return b.check(), nil
	case "newest50", "text2", "name", "near":
		return b.query(name), nil
	case "deep50":
		return b.deep(ctx)
	default:
		return nil, usage("there is no case " + name)
	}
}

func (b *bencher) get(ctx context.Context, agency int) (int64, error) {
	n := b.next.Add(1)
	requests := b.gets[agency]
	return 1, b.invoke(ctx, b.conns[agency], ententev1.IntelligenceService_GetIntelligenceItem_FullMethodName, n,
		requests[int(n*7919)%len(requests)], new(ententev1.GetIntelligenceItemResponse))
}

func (b *bencher) submit(ctx context.Context, agency int) (int64, error) {
	n := b.next.Add(1)
	requests := b.submits[agency]
	request := withText(requests[int(n)%len(requests)], numberOf(new(ententev1.SubmitIntelligenceItemRequest), "request_id"), fmt.Sprint("bench-", n))
	return 1, b.invoke(ctx, b.conns[agency], ententev1.IntelligenceService_SubmitIntelligenceItem_FullMethodName, n, request, new(ententev1.SubmitIntelligenceItemResponse))
}

func (b *bencher) page(ctx context.Context, agency int) (int64, error) {
	request := encode(&ententev1.QueryIntelligenceItemsRequest{Justification: benchWhy(), PageSize: 50, View: ententev1.RecordView_RECORD_VIEW_FULL})
	return 1, b.invoke(ctx, b.conns[agency], ententev1.IntelligenceService_QueryIntelligenceItems_FullMethodName, b.next.Add(1), request,
		new(ententev1.QueryIntelligenceItemsResponse))
}

// bulkRows are the rows of one stream of the case bulk.
const bulkRows = 100

// stream sends messages and takes the answers, until the stream ends.
func stream(ctx context.Context, conn *grpc.ClientConn, method string, messages iter.Seq[[]byte], take func(answer []byte) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, method, grpc.ForceCodecV2(rawCodec{}))
	if err != nil {
		return err
	}
	sent := make(chan error, 1)
	go func() {
		for m := range messages {
			if err := s.SendMsg(&raw{bytes: m}); err != nil {
				sent <- err
				return
			}
		}
		sent <- s.CloseSend()
	}()
	for {
		answer := &raw{keep: true}
		if err := s.RecvMsg(answer); err != nil {
			if errors.Is(err, io.EOF) {
				return <-sent
			}
			return errors.Join(err, <-sent)
		}
		if err := take(answer.bytes); err != nil {
			cancel()
			return errors.Join(err, <-sent)
		}
	}
}

// bulk is one stream of rows; one answer in many is looked at.
func (b *bencher) bulk(ctx context.Context, agency int) (count int64, err error) {
	messages := func(yield func([]byte) bool) {
		if !yield(bulkHeader(false)) {
			return
		}
		first := int(b.rowsSent[agency].Add(bulkRows)) - bulkRows
		for i := range bulkRows {
			if !yield(b.rows[agency][(first+i)%len(b.rows[agency])]) {
				return
			}
		}
	}
	err = stream(ctx, b.bulkConns[agency%len(b.bulkConns)], ententev1.IntelligenceService_BulkSubmitIntelligenceItems_FullMethodName, messages, func(answer []byte) error {
		if count++; count%64 != 1 {
			return nil
		}
		b.request.Store(int64(len(b.rows[agency][0])))
		b.answered.Store(int64(len(answer)))
		_, err := receiptOf(answer)
		return err
	})
	return count - 1, err // the summary is no row
}

// echoOf is the echo of a case: the same sizes, and nothing in between.
func (b *bencher) echoOf(name string) operation {
	payload := echoPayload(b.request.Load(), b.answered.Load())
	if name == "bulk" {
		return func(ctx context.Context, agency int) (count int64, err error) {
			rows := slices.Repeat([][]byte{payload}, bulkRows)
			err = stream(ctx, b.echoConns[agency], echoStream, slices.Values(rows), func([]byte) error { count++; return nil })
			return count, err
		}
	}
	return func(ctx context.Context, agency int) (int64, error) {
		return 1, b.echoConns[agency].Invoke(ctx, echoMethod, &raw{bytes: payload}, new(raw), grpc.ForceCodecV2(rawCodec{}))
	}
}
