//go:build night

package rpc

import (
	"context"
	"crypto/tls"
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// By night the figures of THREATS D1 are held.
const (
	attackLength    = time.Minute
	attackHandshake = 5 * time.Second
)

func (h harm) judge(t *testing.T) {
	if h.peak > 512<<20 {
		t.Errorf("%d MiB", h.peak>>20)
	}
	if h.p99 > 2*time.Second {
		t.Errorf("p99 of the others is %v", h.p99)
	}
}

// D2: readers that stop reading hold little, do not slow the others down, and are
// cut off with the cursor to resume from.
func TestStalledReaders(t *testing.T) {
	const stalled, healthy = 1000, 100
	const stall = 60 * time.Second
	w := newWorld(t, setup{hub: &hubStub{watch: paced}, limits: func(l *Limits) {
		l.Stall = stall
		l.Main.PerIdentity, l.Main.PerAgency, l.StreamsPerIdentity = 1000, 1000, 10_000
	}})
	alone := lag(t, w, healthy)
	w.eventually(func() bool { return w.metric("entente_rpc_calls_in_flight", nil) == 0 })
	before := inUse()
	var told []grpc.ServerStreamingClient[ententev1.WatchInboxResponse]
	for range 20 {
		told = append(told, openWatch(t, w, w.dial("fr.example", "/stalled", grpc.WithInitialWindowSize(65535))))
	}
	for range (stalled - 20) / 49 {
		stallRaw(t, w, 49)
	}
	w.eventually(func() bool { return w.metric("entente_rpc_calls_in_flight", nil) == stalled })
	pause(t.Context(), 3*time.Second) // until nothing fits any more
	beside := lag(t, w, healthy)
	held := (inUse() - before) / stalled
	t.Logf("healthy p99 alone %v, beside %d stalled %v; %d KiB a stalled stream", alone, stalled, beside, held>>10)
	if beside > 2*max(alone, 20*time.Millisecond) {
		t.Errorf("healthy readers: %v alone, %v beside", alone, beside)
	}
	if held > 256<<10 {
		t.Errorf("%d KiB a stalled stream", held>>10)
	}
	for end := time.Now().Add(2 * stall); w.metric("entente_rpc_slow_readers_total", nil) < stalled; time.Sleep(time.Second) {
		if time.Now().After(end) {
			t.Fatalf("%v of %d were cut off", w.metric("entente_rpc_slow_readers_total", nil), stalled)
		}
	}
	for _, s := range told {
		if _, err := drain(s); status.Code(err) != codes.ResourceExhausted || resumeFrom(err) == "" {
			t.Errorf("%v, from %q", err, resumeFrom(err))
		}
	}
}

// stallRaw opens watches on one connection and never makes room for what they send:
// the client holds nothing of it.
func stallRaw(t *testing.T, w *world, streams int) {
	t.Helper()
	r := dialRaw(t, w, w.config("fr.example", "/stalled"))
	body := must(proto.Marshal(&ententev1.WatchInboxRequest{Justification: justified()}))(t)
	for range streams {
		id, err := r.open(r.fields(ententev1.InboxService_WatchInbox_FullMethodName), false)
		if err == nil {
			err = r.framer.WriteData(id, true, framed(false, len(body), body))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	go r.live()
}

// live reads and answers what keeps the connection alive, and nothing else.
func (r *raw) live() {
	for {
		frame, err := r.framer.ReadFrame()
		if err != nil {
			return
		}
		if ping, ok := frame.(*http2.PingFrame); ok && !ping.IsAck() {
			if r.framer.WritePing(true, ping.Data) != nil {
				return
			}
		}
	}
}

// inUse is the memory in use, garbage aside.
func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// paced sends an event every twenty milliseconds, numbered by when it was made.
func paced(ctx context.Context, _ *ententev1.WatchInboxRequest, _ func() error, send func(*ententev1.WatchInboxResponse) error) error {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		m := numbered(time.Now().UnixNano(), 4000)
		if err := send(m); err != nil {
			return err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// lag is the p99 of how old events are when healthy readers get them.
func lag(t *testing.T, w *world, readers int) time.Duration {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	conn := w.dial("it.example", "/gateway")
	lags := make(chan []time.Duration, readers)
	for range readers {
		stream := openWatchIn(ctx, t, conn)
		go func() {
			var mine []time.Duration
			for range 200 {
				m, err := stream.Recv()
				if err != nil {
					break
				}
				mine = append(mine, time.Since(time.Unix(0, m.GetResumeFrom().GetNumber())))
			}
			lags <- mine
		}()
	}
	var all []time.Duration
	for range readers {
		all = append(all, <-lags...)
	}
	if len(all) < readers*200 {
		t.Fatalf("%d events of %d", len(all), readers*200)
	}
	slices.Sort(all)
	return all[len(all)*99/100]
}

// D3: an agency at ten times its quota is told so, keeps its reserved share, and
// the others hardly notice. The greedy client is a raw one, so that what is
// measured is the hub and not what a client library costs beside it.
func TestGreedyAgency(t *testing.T) {
	const quota = 200
	w := newWorld(t, setup{hub: &hubStub{}, limits: func(l *Limits) { l.Budgets.Reads = perSecond(quota) }})
	measure := func(length time.Duration) harm {
		ctx, cancel := context.WithTimeout(t.Context(), length)
		defer cancel()
		return work(ctx, w.dial("it.example", "/gateway"))
	}
	alone := measure(20 * time.Second)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	greedy := make(chan error, 1)
	config := w.config("fr.example", "/gateway")
	go func() { greedy <- pacedCalls(ctx, w, config, 10*quota) }()
	reserved := make(chan int, 1)
	admin := w.dial("fr.example", "/admin")
	go func() { reserved <- reservedCalls(ctx, admin) }()
	beside := measure(40 * time.Second)
	cancel()
	passed := <-reserved
	if err := <-greedy; err != nil {
		t.Errorf("the greedy agency lost its connection: %v", err)
	}
	refused := w.metric("entente_rpc_calls_limited_total", map[string]string{"budget": "reads"})
	t.Logf("alone %v; beside %v; %v refused, %d reserved calls", alone, beside, refused, passed)
	if refused < 40*quota || passed < 100 || beside.failed > 0 {
		t.Errorf("%v refused, %d reserved calls, %v", refused, passed, beside)
	}
	if beside.p99 > max(alone.p99*3/2, 20*time.Millisecond) {
		t.Errorf("p99 %v alone, %v beside", alone.p99, beside.p99)
	}
}

// pacedCalls makes so many calls a second on one connection until ctx ends.
func pacedCalls(ctx context.Context, w *world, config *tls.Config, perSecond int) error {
	r, err := connectRaw(w.main, config)
	if err != nil {
		return err
	}
	defer r.conn.Close()
	go r.swallow()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		for range perSecond / 100 {
			id, err := r.open(r.fields(whoAmI), false)
			if err == nil {
				err = r.framer.WriteData(id, true, framed(false, 0, nil))
			}
			if err != nil {
				return err
			}
		}
	}
}

// reservedCalls counts the revocations that got as far as their shape, which is
// wrong: that they get there is the point.
func reservedCalls(ctx context.Context, admin *grpc.ClientConn) (passed int) {
	client := ententev1.NewAgencyServiceClient(admin)
	for pause(ctx, 100*time.Millisecond) {
		if _, err := client.RevokeCertificate(ctx, new(ententev1.RevokeCertificateRequest)); status.Code(err) == codes.InvalidArgument {
			passed++
		}
	}
	return passed
}
