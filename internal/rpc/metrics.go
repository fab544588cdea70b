package rpc

import (
	"context"
	"errors"

	grpcprom "github.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus"
	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
)

// metrics are what the edge counts. Labels are methods, codes, listeners and
// reasons of ours: never an agency, a record or anything that came from outside.
// Finished calls, messages and times have the names that gRPC servers in Go have
// everywhere (grpc_server_handled_total and so on), so that dashboards fit.
type metrics struct {
	server   *grpcprom.ServerMetrics
	unary    grpc.UnaryServerInterceptor
	stream   grpc.StreamServerInterceptor
	unknown  prometheus.Counter
	inFlight prometheus.Gauge
	turned   *prometheus.CounterVec
	limited  *prometheus.CounterVec
	panics   prometheus.Counter
	stalls   prometheus.Counter
}

// newMetrics registers the metrics; nil registers them nowhere.
func newMetrics(registry prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		server: grpcprom.NewServerMetrics(grpcprom.WithServerHandlingTimeHistogram(grpcprom.WithHistogramBuckets(
			[]float64{.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 60}))),
		unknown:  prometheus.NewCounter(options("unknown_calls_total", "Calls of methods that do not exist.")),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts(options("calls_in_flight", "Calls that have begun and not finished."))),
		turned:   counters("connections_refused_total", "Connections closed before their first call.", "listener", "reason"),
		limited:  counters("calls_limited_total", "Calls refused because a budget was used up.", "budget"),
		panics:   prometheus.NewCounter(options("panics_total", "Calls that panicked.")),
		stalls:   prometheus.NewCounter(options("slow_readers_total", "Streams cut off because nobody read them.")),
	}
	m.unary, m.stream = m.server.UnaryServerInterceptor(), m.server.StreamServerInterceptor()
	if registry == nil {
		return m, nil
	}
	var errs []error
	for _, c := range []prometheus.Collector{m.server, m.unknown, m.inFlight, m.turned, m.limited, m.panics, m.stalls} {
		errs = append(errs, registry.Register(c))
	}
	return m, errors.Join(errs...)
}

// count counts a call. A method that does not exist has no name here: it is the
// caller's own text. gRPC takes every call for a stream, so a unary one is shown to
// the middleware as what it is.
func (m *metrics) count(f *flight, next step) error {
	m.inFlight.Inc()
	defer m.inFlight.Dec()
	switch of := f.method; {
	case of.desc.StreamName == "":
		m.unknown.Inc()
		return next(f)
	case of.streams:
		info := &grpc.StreamServerInfo{FullMethod: of.name, IsClientStream: of.desc.ClientStreams, IsServerStream: of.desc.ServerStreams}
		return m.stream(nil, f.stream, info, func(_ any, counted grpc.ServerStream) error {
			f.stream = counted
			return next(f)
		})
	default:
		_, err := m.unary(f.ctx, nil, &grpc.UnaryServerInfo{FullMethod: of.name}, func(context.Context, any) (any, error) { return nil, next(f) })
		return err
	}
}

func options(name, help string) prometheus.CounterOpts {
	return prometheus.CounterOpts{Namespace: "entente", Subsystem: "rpc", Name: name, Help: help}
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(options(name, help), labels)
}

// turnedBy counts what a door turns away.
func (m *metrics) turnedBy(listener string) func(reason string) {
	return func(reason string) { m.turned.WithLabelValues(listener, reason).Inc() }
}
