package rpc

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// The three ways in which a watch spends its time.
type watcher func(context.Context, *ententev1.WatchInboxRequest, func() error, func(*ententev1.WatchInboxResponse) error) error

// idle says that it lives, and then waits.
func idle(ctx context.Context, _ *ententev1.WatchInboxRequest, _ func() error, send func(*ententev1.WatchInboxResponse) error) error {
	if err := send(numbered(0, 0)); err != nil {
		return err
	}
	<-ctx.Done()
	return ctx.Err()
}

// busy sends one event after the other without asking who reads them.
func busy(size int) watcher {
	return func(ctx context.Context, _ *ententev1.WatchInboxRequest, _ func() error, send func(*ententev1.WatchInboxResponse) error) error {
		for n := int64(1); ctx.Err() == nil; n++ {
			if err := send(numbered(n, size)); err != nil {
				return err
			}
		}
		return ctx.Err()
	}
}

// numbered is a message with the cursor behind it, of about size bytes.
func numbered(n int64, size int) *ententev1.WatchInboxResponse {
	m := &ententev1.WatchInboxResponse{ResumeFrom: &ententev1.InboxCursor{Epoch: "e1", Number: n}}
	for range size / 100 {
		m.Skipped = append(m.Skipped, &ententev1.NumberRange{})
	}
	if size > 0 {
		m.Events = []*ententev1.InboxEvent{{Name: strings.Repeat("n", size)}}
	}
	return m
}

func openWatch(t *testing.T, _ *world, conn *grpc.ClientConn) grpc.ServerStreamingClient[ententev1.WatchInboxResponse] {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	return openWatchIn(ctx, t, conn)
}

func openWatchIn(ctx context.Context, t *testing.T, conn *grpc.ClientConn) grpc.ServerStreamingClient[ententev1.WatchInboxResponse] {
	t.Helper()
	stream := must(ententev1.NewInboxServiceClient(conn).WatchInbox(ctx, &ententev1.WatchInboxRequest{
		Justification: justified(), After: &ententev1.InboxCursor{Epoch: "e1", Number: 0},
	}))(t)
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	return stream
}

// drain reads a stream to its end.
func drain(stream grpc.ServerStreamingClient[ententev1.WatchInboxResponse]) (last *ententev1.WatchInboxResponse, err error) {
	for {
		m, err := stream.Recv()
		if err != nil {
			return last, err
		}
		last = m
	}
}

// A change of trust reaches streams whatever they are doing, and only those that
// it concerns.
func TestTrustChangeOnStreams(t *testing.T) {
	changes := map[string]struct {
		do     func(*world)
		code   codes.Code
		reason string
	}{
		"suspended": {func(w *world) { w.suspend("fr-police") }, codes.Unauthenticated, "CALLER_NOT_ACCEPTED"},
		"revoked by path": {func(w *world) {
			w.alter("fr-police", func(a *internalv1.AgencyState) { a.Revocations = []*internalv1.Revocation{{PathPrefix: "/gateway"}} })
		}, codes.Unauthenticated, "CALLER_NOT_ACCEPTED"},
		"right taken": {func(w *world) {
			w.alter("fr-police", func(a *internalv1.AgencyState) {
				a.Bindings = []*ententev1.Binding{{PathPrefix: "/", Rights: []ententev1.Right{ententev1.Right_RIGHT_SUBMIT}}}
			})
		}, codes.Unavailable, "CALLER_CHANGED"},
	}
	for name, change := range changes {
		for kind, watch := range map[string]watcher{"idle": idle, "busy": busy(200), "blocked": busy(60_000)} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				w := newWorld(t, setup{hub: &hubStub{watch: watch}})
				stream := openWatch(t, w, w.dial("fr.example", "/gateway"))
				other := openWatch(t, w, w.dial("it.example", "/gateway"))
				begun := time.Now()
				change.do(w)
				if _, err := drain(stream); status.Code(err) != change.code || reason(err) != change.reason {
					t.Errorf("%v, %s", err, reason(err))
				}
				if took := time.Since(begun); took > time.Second {
					t.Errorf("it took %v", took)
				}
				if kind == "busy" {
					if _, err := other.Recv(); err != nil {
						t.Errorf("the other agency is cut off: %v", err)
					}
				}
			})
		}
	}
}

// Two hundred revocations of an idle stream, each on its own, none slower than a
// second; no event is sent that could have woken it.
func TestRevocationOfIdleStreams(t *testing.T) {
	w := newWorld(t, setup{hub: &hubStub{watch: idle}, limits: func(l *Limits) { l.Main.PerIdentity = 1000; l.StreamsPerIdentity = 1000; l.Main.Streams = 1000 }})
	conn := w.dial("fr.example", "/gateway")
	worst := time.Duration(0)
	for range 200 {
		stream := openWatch(t, w, conn)
		begun := time.Now()
		w.suspend("fr-police")
		if _, err := drain(stream); status.Code(err) != codes.Unauthenticated {
			t.Fatal(err)
		}
		worst = max(worst, time.Since(begun))
		w.alter("fr-police", func(a *internalv1.AgencyState) { a.Status = ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE })
	}
	t.Logf("worst of 200: %v", worst)
	if worst > time.Second {
		t.Errorf("the worst took %v", worst)
	}
}

// The next unary call is refused too, and the connection stays closed to it.
func TestTrustChangeOnCalls(t *testing.T) {
	w := newWorld(t, setup{bound: agreeable()})
	client := ententev1.NewAgencyServiceClient(w.dial("fr.example", "/gateway"))
	if _, err := client.WhoAmI(w.ctx(), new(ententev1.WhoAmIRequest)); err != nil {
		t.Fatal(err)
	}
	w.suspend("fr-police")
	if _, err := client.WhoAmI(w.ctx(), new(ententev1.WhoAmIRequest)); status.Code(err) != codes.Unauthenticated {
		t.Error(err)
	}
	fresh := ententev1.NewAgencyServiceClient(w.dial("fr.example", "/gateway"))
	if _, err := fresh.WhoAmI(w.ctx(), new(ententev1.WhoAmIRequest)); status.Code(err) != codes.Unavailable {
		t.Errorf("a new handshake: %v", err)
	}
}

// A read that was on its way when its caller was cut off is not answered.
func TestReadOvertakenByTrust(t *testing.T) {
	var w *world
	hub := &hubStub{get: func(context.Context, exchange.Call, *ententev1.GetIntelligenceItemRequest) (*ententev1.GetIntelligenceItemResponse, error) {
		w.suspend("fr-police")
		return new(ententev1.GetIntelligenceItemResponse), nil
	}}
	w = newWorld(t, setup{hub: hub})
	if err := askUnary(w.dial("fr.example", "/gateway"), probe{}); status.Code(err) != codes.Unauthenticated {
		t.Error(err)
	}
}

// resumeFrom is the cursor that a status carries.
func resumeFrom(err error) string {
	for _, d := range status.Convert(err).Details() {
		if info, ok := d.(*errdetails.ErrorInfo); ok {
			return info.GetMetadata()[string(fault.KeyResumeFrom)]
		}
	}
	return ""
}

// Who does not read is cut off with the cursor behind the last message that the
// hub let go of; what it then reads ends there, or one message later, if the one
// that was stuck got through at the last moment. So nothing is ever missed.
func TestStalledReader(t *testing.T) {
	w := newWorld(t, setup{hub: &hubStub{watch: busy(4000)}, limits: func(l *Limits) { l.Stall = 100 * time.Millisecond }})
	stream := openWatch(t, w, w.dial("fr.example", "/gateway", grpc.WithInitialWindowSize(65535), grpc.WithInitialConnWindowSize(65535)))
	for w.metric("entente_rpc_slow_readers_total", nil) == 0 {
		if t.Context().Err() != nil {
			t.Fatal("nobody was cut off")
		}
		time.Sleep(time.Millisecond) // waits for the other side, which has no event to offer
	}
	last, err := drain(stream)
	if status.Code(err) != codes.ResourceExhausted || reason(err) != "SLOW_READER" {
		t.Fatal(err)
	}
	read := max(1, last.GetResumeFrom().GetNumber()) // the first was read before
	if at := resumeFrom(err); at != fmt.Sprintf("e1:%d", read) && at != fmt.Sprintf("e1:%d", read-1) {
		t.Errorf("the cursor is %s, the last message was e1:%d", at, read)
	}
}

// A reader that reads slowly, but reads, is not cut off.
func TestSlowReaderStays(t *testing.T) {
	w := newWorld(t, setup{hub: &hubStub{watch: busy(30_000)}, limits: func(l *Limits) { l.Stall = 2 * time.Second }})
	stream := openWatch(t, w, w.dial("fr.example", "/gateway", grpc.WithInitialWindowSize(65535)))
	for n := int64(2); n < 200; n++ {
		m, err := stream.Recv()
		if err != nil || m.GetResumeFrom().GetNumber() != n {
			t.Fatalf("message %d: %v, %v", n, m.GetResumeFrom(), err)
		}
	}
}

// A watch ends itself before its connection comes of age, and when the hub stops:
// with OK, and a last message that says from where to go on.
func TestWatchEndsItself(t *testing.T) {
	t.Run("age", func(t *testing.T) {
		w := newWorld(t, setup{hub: &hubStub{watch: idle}, limits: func(l *Limits) { l.Main.Age, l.Grace = 400*time.Millisecond, 4*time.Second }})
		last, err := drain(openWatch(t, w, w.dial("fr.example", "/gateway")))
		if err != io.EOF || !last.GetClosing() || last.GetResumeFrom().GetEpoch() != "e1" {
			t.Errorf("%v, %v", last, err)
		}
	})
	t.Run("stop", func(t *testing.T) {
		w := newWorld(t, setup{hub: &hubStub{watch: busy(100)}})
		stream := openWatch(t, w, w.dial("fr.example", "/gateway"))
		done := make(chan struct{})
		go func() { defer close(done); w.stop(10 * time.Second) }()
		last, err := drain(stream)
		<-done
		if err != io.EOF || !last.GetClosing() || last.GetResumeFrom().GetNumber() == 0 {
			t.Errorf("%v, %v", last, err)
		}
	})
}

// Who opens a stream and sends nothing does not keep it.
func TestSilentStream(t *testing.T) {
	w := newWorld(t, setup{limits: func(l *Limits) { l.Silence = 50 * time.Millisecond }})
	conn := w.dial("fr.example", "/gateway")
	stream := must(ententev1.NewIntelligenceServiceClient(conn).BulkSubmitIntelligenceItems(w.ctx()))(t)
	if _, err := stream.Recv(); status.Code(err) != codes.DeadlineExceeded || reason(err) != "STREAM_SILENT" {
		t.Error(err)
	}
}

// Stop with a deadline ends even those who would never end.
func TestStopCutsOff(t *testing.T) {
	deaf := func(ctx context.Context, _ *ententev1.WatchInboxRequest, _ func() error, send func(*ententev1.WatchInboxResponse) error) error {
		return busy(60_000)(context.WithoutCancel(ctx), nil, nil, send)
	}
	w := newWorld(t, setup{hub: &hubStub{watch: deaf}})
	stream := openWatch(t, w, w.dial("fr.example", "/gateway"))
	w.stop(50 * time.Millisecond)
	if _, err := drain(stream); err == nil || err == io.EOF {
		t.Error(err)
	}
}

// A stream that waits for its client does not keep the hub from stopping.
func TestStopDoesNotWaitForClients(t *testing.T) {
	w := newWorld(t, setup{limits: func(l *Limits) { l.Grace = 200 * time.Millisecond }})
	stream := must(reflectionv1.NewServerReflectionClient(w.dial("fr.example", "/gateway")).ServerReflectionInfo(w.ctx()))(t)
	if err := stream.Send(&reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{}}); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	w.stop(20 * time.Second)
	if _, err := stream.Recv(); status.Code(err) != codes.Unavailable || reason(err) != "HUB_STOPPING" {
		t.Error(err)
	}
}
