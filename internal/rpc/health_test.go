package rpc

import (
	"errors"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

// A hub without room reads on, says so, and recovers by itself.
func TestHealthOfWrites(t *testing.T) {
	var full atomic.Bool
	w := newWorld(t, setup{room: func() error {
		if full.Load() {
			return errors.New("no room")
		}
		return nil
	}})
	client := healthv1.NewHealthClient(w.dial("fr.example", "/nothing"))
	watch := must(client.Watch(w.ctx(), &healthv1.HealthCheckRequest{Service: WritesService}))(t)
	for _, step := range []struct {
		full bool
		want healthv1.HealthCheckResponse_ServingStatus
	}{
		{false, healthv1.HealthCheckResponse_SERVING}, {true, healthv1.HealthCheckResponse_NOT_SERVING}, {false, healthv1.HealthCheckResponse_SERVING},
	} {
		full.Store(step.full)
		if got := must(watch.Recv())(t); got.GetStatus() != step.want {
			t.Errorf("full %v: %v", step.full, got)
		}
	}
	for _, name := range []string{"", "entente.v1.AgencyService", "entente.v1.InboxService"} {
		if got := must(client.Check(w.ctx(), &healthv1.HealthCheckRequest{Service: name}))(t); got.GetStatus() != healthv1.HealthCheckResponse_SERVING {
			t.Errorf("%q: %v", name, got)
		}
	}
	if _, err := client.Check(w.ctx(), &healthv1.HealthCheckRequest{Service: "canary"}); status.Code(err) != codes.NotFound {
		t.Error(err)
	}
	w.suspend("fr-police")
	if _, err := watch.Recv(); status.Code(err) != codes.Unauthenticated {
		t.Errorf("a suspended agency watches health: %v", err)
	}
	if _, err := client.Check(w.ctx(), new(healthv1.HealthCheckRequest)); status.Code(err) != codes.Unauthenticated {
		t.Errorf("a suspended agency asks for health: %v", err)
	}
}
