package rpc

import (
	"context"
	"time"

	"google.golang.org/grpc/health"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// WritesService is the health service that tells whether the hub takes writes. A
// hub that only reads is SERVING under the empty name and NOT_SERVING under this.
const WritesService = "entente.v1.Writes"

// newHealth serves the health of the hub and of each of its services.
func newHealth(services []protoreflect.ServiceDescriptor) *health.Server {
	h := health.NewServer()
	for _, s := range services {
		h.SetServingStatus(string(s.FullName()), healthv1.HealthCheckResponse_SERVING)
	}
	h.SetServingStatus(WritesService, healthv1.HealthCheckResponse_SERVING)
	return h
}

// keepWrites tells, until ctx ends, whether the hub takes writes.
func keepWrites(ctx context.Context, h *health.Server, room func() error, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		status := healthv1.HealthCheckResponse_SERVING
		if room() != nil {
			status = healthv1.HealthCheckResponse_NOT_SERVING
		}
		h.SetServingStatus(WritesService, status)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
