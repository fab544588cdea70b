package rpc

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// reason is the stable reason of a status.
func reason(err error) string {
	for _, d := range status.Convert(err).Details() {
		if info, ok := d.(*errdetails.ErrorInfo); ok && info.GetDomain() == Domain {
			return info.GetReason()
		}
	}
	return ""
}

func TestLayersRunInOrder(t *testing.T) {
	var ran []string
	list := []layer{}
	for _, l := range layers() {
		list = append(list, layer{l.name, func(_ *edge, next step) step {
			return func(f *flight) error {
				ran = append(ran, l.name)
				defer func() { ran = append(ran, "/"+l.name) }()
				return next(f)
			}
		}})
	}
	run := (&edge{}).chain(list, func(*flight) error { ran = append(ran, "serve"); return nil })
	if err := run(&flight{}); err != nil {
		t.Fatal(err)
	}
	want := "measure translate recover identify gate charge guard serve /guard /charge /gate /identify /recover /translate /measure"
	if got := strings.Join(ran, " "); got != want {
		t.Errorf("ran %s", got)
	}
}

// probe calls a method as a client that does everything wrong from a certain
// layer on, and says which layer answered.
type probe struct {
	name, path string
	suspended  bool
	spent      bool
	wrong      bool
	code       codes.Code
	reason     string
}

// What is decided first is told first, on a unary call and on a stream alike.
func TestOrderOfDecisions(t *testing.T) {
	probes := []probe{
		{"identity before right", "/nothing", true, true, true, codes.Unauthenticated, "CALLER_NOT_ACCEPTED"},
		{"right before budget", "/nothing", false, true, true, codes.PermissionDenied, "RIGHT_REQUIRED"},
		{"budget before shape", "/gateway", false, true, true, codes.ResourceExhausted, "RATE_EXCEEDED"},
		{"shape before the hub", "/gateway", false, false, true, codes.InvalidArgument, "INVALID_REQUEST"},
		{"the hub", "/gateway", false, false, false, codes.NotFound, "GONE"},
	}
	gone := fault.New(fault.NotFound, "GONE", "Nothing there.")
	hub := &hubStub{
		get: func(context.Context, exchange.Call, *ententev1.GetIntelligenceItemRequest) (*ententev1.GetIntelligenceItemResponse, error) {
			return nil, gone
		},
		watch: func(context.Context, *ententev1.WatchInboxRequest, func() error, func(*ententev1.WatchInboxResponse) error) error {
			return gone
		},
	}
	for _, p := range probes {
		for kind, ask := range map[string]func(*grpc.ClientConn, probe) error{"unary": askUnary, "stream": askStream} {
			t.Run(p.name+"/"+kind, func(t *testing.T) {
				w := newWorld(t, setup{hub: hub, limits: func(l *Limits) { l.Budgets.Reads = Rate{PerSecond: 0.001, Burst: 1} }})
				conn := w.dial("fr.example", p.path)
				ready(t, w, conn)
				if p.spent {
					w.spendReads()
				}
				if p.suspended {
					w.suspend("fr-police")
				}
				err := ask(conn, p)
				if status.Code(err) != p.code || reason(err) != p.reason {
					t.Errorf("%v, %s: %v", status.Code(err), reason(err), err)
				}
			})
		}
	}
}

// ready connects without spending anything.
func ready(t *testing.T, w *world, conn *grpc.ClientConn) {
	t.Helper()
	conn.Connect()
	ctx := w.ctx()
	for s := conn.GetState(); s.String() != "READY"; s = conn.GetState() {
		if !conn.WaitForStateChange(ctx, s) {
			t.Fatalf("the connection is %v", s)
		}
	}
}

func (w *world) spendReads() {
	for range 10 {
		w.server.edge.budgets.take("fr-police", ententev1.CallClass_CALL_CLASS_READ)
	}
}

func askUnary(conn *grpc.ClientConn, p probe) error {
	request := getRequest()
	if p.wrong {
		request.Justification = nil
	}
	_, err := ententev1.NewIntelligenceServiceClient(conn).GetIntelligenceItem(context.Background(), request)
	return err
}

func askStream(conn *grpc.ClientConn, p probe) error {
	request := &ententev1.WatchInboxRequest{Justification: justified()}
	if p.wrong {
		request.Justification = nil
	}
	stream, err := ententev1.NewInboxServiceClient(conn).WatchInbox(context.Background(), request)
	if err != nil {
		return err
	}
	_, err = stream.Recv()
	return err
}

// A caller without a right or a budget is answered although its body never comes.
func TestRefusedBeforeTheBody(t *testing.T) {
	w := newWorld(t, setup{})
	conn := w.dial("fr.example", "/nothing")
	desc := &grpc.StreamDesc{ClientStreams: true}
	stream, err := conn.NewStream(w.ctx(), desc, ententev1.IntelligenceService_GetIntelligenceItem_FullMethodName)
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.RecvMsg(new(ententev1.GetIntelligenceItemResponse)); status.Code(err) != codes.PermissionDenied {
		t.Error(err)
	}
}

// A body that never ends costs its sender the deadline, not the hub a stream.
func TestUnaryDeadlineWithoutOne(t *testing.T) {
	w := newWorld(t, setup{limits: func(l *Limits) { l.Deadline, l.MaxDeadline = 50*time.Millisecond, 50*time.Millisecond }})
	conn := w.dial("fr.example", "/gateway")
	stream, err := conn.NewStream(w.ctx(), &grpc.StreamDesc{ClientStreams: true}, ententev1.IntelligenceService_GetIntelligenceItem_FullMethodName)
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.RecvMsg(new(ententev1.GetIntelligenceItemResponse)); status.Code(err) != codes.DeadlineExceeded {
		t.Error(err)
	}
}

func TestDeadlineReachesTheHub(t *testing.T) {
	var left []time.Duration
	hub := &hubStub{whoAmI: func(ctx context.Context, _ exchange.Call) (*ententev1.WhoAmIResponse, error) {
		at, ok := ctx.Deadline()
		if !ok {
			return nil, errors.New("no deadline")
		}
		left = append(left, time.Until(at))
		return new(ententev1.WhoAmIResponse), nil
	}}
	w := newWorld(t, setup{hub: hub, limits: func(l *Limits) { l.Deadline, l.MaxDeadline = 20*time.Second, 40*time.Second }})
	client := ententev1.NewAgencyServiceClient(w.dial("fr.example", "/gateway"))
	for _, asked := range []time.Duration{0, 10 * time.Second, time.Hour} {
		ctx := context.Background()
		if asked > 0 {
			limited, cancel := context.WithTimeout(ctx, asked)
			defer cancel()
			ctx = limited
		}
		if _, err := client.WhoAmI(ctx, new(ententev1.WhoAmIRequest)); err != nil {
			t.Fatal(err)
		}
	}
	for i, most := range []time.Duration{20 * time.Second, 10 * time.Second, 40 * time.Second} {
		if left[i] > most || left[i] < most/2 {
			t.Errorf("call %d has %v left of %v", i, left[i], most)
		}
	}
}

// A panic ends one call, is counted, and says nothing; streams and rows alike.
func TestPanic(t *testing.T) {
	hub := &hubStub{
		get: func(context.Context, exchange.Call, *ententev1.GetIntelligenceItemRequest) (*ententev1.GetIntelligenceItemResponse, error) {
			panic("canary-in-a-panic")
		},
		watch: func(context.Context, *ententev1.WatchInboxRequest, func() error, func(*ententev1.WatchInboxResponse) error) error {
			panic(errors.New("canary-in-a-panic"))
		},
	}
	w := newWorld(t, setup{hub: hub})
	conn := w.dial("fr.example", "/gateway")
	for _, err := range []error{askUnary(conn, probe{}), askStream(conn, probe{})} {
		if status.Code(err) != codes.Internal || reason(err) != "INTERNAL" || strings.Contains(err.Error(), "canary") {
			t.Error(err)
		}
	}
	if _, err := ententev1.NewAgencyServiceClient(conn).WhoAmI(w.ctx(), new(ententev1.WhoAmIRequest)); err != nil {
		t.Errorf("the hub is down: %v", err)
	}
	if log := w.log.String(); strings.Contains(log, "canary") || strings.Count(log, "a call panicked") != 2 {
		t.Errorf("the log: %s", log)
	}
	if n := w.metric("entente_rpc_panics_total", nil); n != 2 {
		t.Errorf("%v panics were counted", n)
	}
}

// metric is the sum of the samples of a metric that have these labels.
func (w *world) metric(name string, labels map[string]string) float64 {
	families, err := w.registry.Gather()
	if err != nil {
		w.t.Fatal(err)
	}
	sum := 0.0
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			match := 0
			for _, l := range m.GetLabel() {
				if labels[l.GetName()] == l.GetValue() {
					match++
				}
			}
			if match == len(labels) {
				sum += m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	return sum
}

func TestMetricsNameNobody(t *testing.T) {
	w := newWorld(t, setup{bound: agreeable()})
	conn := w.dial("fr.example", "/gateway")
	if err := askUnary(conn, probe{}); err != nil {
		t.Fatal(err)
	}
	_ = conn.Invoke(w.ctx(), "/canary.Service/Canary", new(ententev1.WhoAmIRequest), new(ententev1.WhoAmIResponse))
	if n := w.metric("entente_rpc_unknown_calls_total", nil); n != 1 {
		t.Errorf("%v unknown calls", n)
	}
	if n := w.metric("grpc_server_handled_total", map[string]string{"grpc_type": "unary", "grpc_code": "OK"}); n != 1 {
		t.Errorf("%v calls", n)
	}
	families, _ := w.registry.Gather()
	allowed := []string{"grpc_service", "grpc_method", "grpc_type", "grpc_code", "listener", "reason", "budget"}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if !slices.Contains(allowed, l.GetName()) || strings.Contains(l.GetValue(), "canary") || strings.Contains(l.GetValue(), "fr-police") {
					t.Errorf("%s has a label %s=%s", f.GetName(), l.GetName(), l.GetValue())
				}
			}
		}
	}
}

// What callers send never gets into the log, at any level.
func TestLogHoldsNoContent(t *testing.T) {
	const canary = "canary-7391"
	hub := &hubStub{get: func(context.Context, exchange.Call, *ententev1.GetIntelligenceItemRequest) (*ententev1.GetIntelligenceItemResponse, error) {
		return nil, fault.New(fault.NotFound, "RECORD_NOT_FOUND", "Nothing there.")
	}}
	w := newWorld(t, setup{hub: hub})
	conn := w.dial("fr.example", "/gateway")
	request := getRequest()
	request.Justification.CaseReference, request.Justification.Reason = canary, canary
	request.Selector = &ententev1.GetIntelligenceItemRequest_OriginatorReference{OriginatorReference: canary}
	client := ententev1.NewIntelligenceServiceClient(conn)
	_, err := client.GetIntelligenceItem(w.ctx(), request)
	request.Selector = &ententev1.GetIntelligenceItemRequest_Name{Name: canary}
	_, wrong := client.GetIntelligenceItem(w.ctx(), request)
	_ = conn.Invoke(w.ctx(), "/entente.v1.AgencyService/"+canary, request, new(ententev1.WhoAmIResponse))
	w.stop(time.Second)
	for _, text := range []string{w.log.String(), err.Error(), wrong.Error(), status.Convert(wrong).Proto().String()} {
		if strings.Contains(text, canary) {
			t.Errorf("it holds what was sent: %s", text)
		}
	}
}
