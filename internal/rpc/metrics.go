package rpc

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc/codes"
)

// metrics are what the edge counts. Labels are methods, codes, listeners and
// reasons of ours: never an agency, a record or anything that came from outside.
type metrics struct {
	calls    *prometheus.CounterVec
	duration *prometheus.HistogramVec
	inFlight *prometheus.GaugeVec
	turned   *prometheus.CounterVec
	limited  *prometheus.CounterVec
	panics   prometheus.Counter
	stalls   prometheus.Counter
}

// newMetrics registers the metrics; nil registers them nowhere.
func newMetrics(registry prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		calls:    counters("calls_total", "Finished calls.", "method", "code"),
		duration: histograms("call_seconds", "How long calls took, streams included.", "method"),
		inFlight: gauges("calls_in_flight", "Calls that have begun and not finished.", "method"),
		turned:   counters("connections_refused_total", "Connections closed before their first call.", "listener", "reason"),
		limited:  counters("calls_limited_total", "Calls refused because a budget was used up.", "budget"),
		panics:   prometheus.NewCounter(options("panics_total", "Calls that panicked.")),
		stalls:   prometheus.NewCounter(options("slow_readers_total", "Streams cut off because nobody read them.")),
	}
	if registry == nil {
		return m, nil
	}
	var errs []error
	for _, c := range []prometheus.Collector{m.calls, m.duration, m.inFlight, m.turned, m.limited, m.panics, m.stalls} {
		errs = append(errs, registry.Register(c))
	}
	return m, errors.Join(errs...)
}

func options(name, help string) prometheus.CounterOpts {
	return prometheus.CounterOpts{Namespace: "entente", Subsystem: "rpc", Name: name, Help: help}
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(options(name, help), labels)
}

func gauges(name, help string, labels ...string) *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts(options(name, help)), labels)
}

func histograms(name, help string, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: "entente", Subsystem: "rpc", Name: name, Help: help,
		Buckets: []float64{.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 60},
	}, labels)
}

func (m *metrics) begin(of *method) { m.inFlight.WithLabelValues(of.name).Inc() }

func (m *metrics) end(of *method, code codes.Code, took time.Duration) {
	m.inFlight.WithLabelValues(of.name).Dec()
	m.calls.WithLabelValues(of.name, code.String()).Inc()
	m.duration.WithLabelValues(of.name).Observe(took.Seconds())
}

// turnedBy counts what a door turns away.
func (m *metrics) turnedBy(listener string) func(reason string) {
	return func(reason string) { m.turned.WithLabelValues(listener, reason).Inc() }
}
