//go:build night

package rpc

import (
	"context"
	"runtime"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

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
	before := inUse()
	var streams []grpc.ServerStreamingClient[ententev1.WatchInboxResponse]
	var conn *grpc.ClientConn
	for i := range stalled {
		if i%50 == 0 {
			conn = w.dial("fr.example", "/stalled", grpc.WithInitialWindowSize(65535), grpc.WithInitialConnWindowSize(65535))
		}
		streams = append(streams, openWatch(t, w, conn))
	}
	beside := lag(t, w, healthy)
	held := (inUse() - before) / stalled
	t.Logf("healthy p99 alone %v, beside %d stalled %v; %d KiB a stalled stream, both ends", alone, stalled, beside, held>>10)
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
	for _, s := range streams[:20] {
		if _, err := drain(s); status.Code(err) != codes.ResourceExhausted || resumeFrom(err) == "" {
			t.Errorf("%v, from %q", err, resumeFrom(err))
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
	conn := w.dial("it.example", "/gateway")
	lags := make(chan []time.Duration, readers)
	for range readers {
		stream := openWatch(t, w, conn)
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
// the others hardly notice.
func TestGreedyAgency(t *testing.T) {
	w := newWorld(t, setup{hub: &hubStub{}, limits: func(l *Limits) { l.Budgets.Reads = perSecond(200) }})
	measure := func(length time.Duration) harm {
		ctx, cancel := context.WithTimeout(t.Context(), length)
		defer cancel()
		return work(ctx, w.dial("it.example", "/gateway"))
	}
	alone := measure(20 * time.Second)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	refused, reserved := make(chan int, 4), 0
	for range 4 {
		client := ententev1.NewAgencyServiceClient(w.dial("fr.example", "/gateway"))
		go func() {
			n := 0
			ticker := time.NewTicker(2 * time.Millisecond) // 500 a second each, 2,000 together
			defer ticker.Stop()
			for ctx.Err() == nil {
				if _, err := client.WhoAmI(ctx, new(ententev1.WhoAmIRequest)); status.Code(err) == codes.ResourceExhausted {
					n++
				}
				<-ticker.C
			}
			refused <- n
		}()
	}
	admin := w.dial("fr.example", "/admin")
	done := make(chan struct{})
	go func() {
		defer close(done)
		for pause(ctx, 100*time.Millisecond) {
			// The stub answers none of it; that it gets there is the point.
			err := admin.Invoke(ctx, ententev1.AgencyService_RevokeCertificate_FullMethodName, new(ententev1.RevokeCertificateRequest), new(ententev1.RevokeCertificateResponse))
			if status.Code(err) == codes.InvalidArgument {
				reserved++
			}
		}
	}()
	beside := measure(40 * time.Second)
	cancel()
	<-done
	total := 0
	for range 4 {
		total += <-refused
	}
	t.Logf("alone %v; beside %v; %d refused, %d reserved calls", alone, beside, total, reserved)
	if total == 0 || reserved < 100 || beside.failed > 0 {
		t.Errorf("%d refused, %d reserved calls, %v", total, reserved, beside)
	}
	if beside.p99 > max(alone.p99*3/2, 20*time.Millisecond) {
		t.Errorf("p99 %v alone, %v beside", alone.p99, beside.p99)
	}
}
