package rpc

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"

	"github.com/seed-1d76a664/entente/internal/identity"
)

// Config is what a server is made of. Hub, Verifier and Certificate are required.
type Config struct {
	// Hub answers.
	Hub Hub
	// Verifier judges callers. A Publisher keeps it up to date.
	Verifier *identity.Verifier
	// Certificate is the hub's own; identity.Reloader.Certificate is one.
	Certificate identity.CertSource
	// Budgets are shared with WhoAmI; made from Limits where nil.
	Budgets *Budgets
	// Limits are checked; DefaultLimits gives a set.
	Limits Limits
	// Room says whether the hub takes writes, for the health of WritesService; nil
	// says yes. It is asked once a second.
	Room func() error
	// Logger gets structured lines; nil discards them.
	Logger *slog.Logger
	// Registry gets the metrics; nil keeps them nowhere.
	Registry prometheus.Registerer
}

// Server is the hub on the network: one listener for everything, and one with
// larger windows for bulk streams.
type Server struct {
	edge       *edge
	main, bulk *entrance
	health     *health.Server
	stop       sync.Once
	cancel     context.CancelFunc // ends keepWrites
	kept       sync.WaitGroup
}

// entrance is a door with the gRPC server behind it.
type entrance struct {
	door *door
	grpc *grpc.Server
}

// logLines is how many refused calls a second get a line of their own in the log.
const logLines = 20

// New makes a server; nothing listens yet. It fails when a method of the API has
// no access option or no answer, when a rule of a request does not compile, or
// when a limit is none.
func New(c Config) (*Server, error) {
	if c.Hub == nil {
		return nil, errors.New("rpc: a server needs a hub")
	}
	return build(c, bindings(c.Hub))
}

// build makes the server of an API that is answered by the bindings.
func build(c Config, bound bound) (*Server, error) {
	if c.Verifier == nil || c.Certificate == nil {
		return nil, errors.New("rpc: a server needs a verifier and a certificate")
	}
	if err := errors.Join(checkEnvironment(), c.Limits.Check()); err != nil {
		return nil, err
	}
	e, err := newEdge(c)
	if err != nil {
		return nil, err
	}
	s := &Server{edge: e, health: newHealth(services())}
	all := make(layouts)
	own, err := methodsOf(services(), bound, all)
	if err != nil {
		return nil, err
	}
	if s.main, err = s.enter("main", c.Limits.Main, c.Certificate, own, all); err != nil {
		return nil, err
	}
	if s.bulk, err = s.enter("bulk", c.Limits.Bulk, c.Certificate, onlyBulk(own), all); err != nil {
		return nil, err
	}
	s.keep(c.Room)
	return s, nil
}

func newEdge(c Config) (e *edge, err error) {
	e = &edge{
		verifier: c.Verifier, budgets: c.Budgets, limits: c.Limits, bulk: newBulkShares(c.Limits.BulkMemory), log: c.Logger, muted: &muted{perSecond: logLines},
		begun: time.Now(), stopping: make(chan struct{}),
	}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	if e.budgets == nil {
		if e.budgets, err = NewBudgets(c.Limits.Budgets); err != nil {
			return nil, err
		}
	}
	if e.metrics, err = newMetrics(c.Registry); err != nil {
		return nil, err
	}
	e.shape, err = newShape(requestTypes(services()))
	return e, err
}

// onlyBulk are the methods that the bulk listener serves.
func onlyBulk(methods []*method) []*method {
	var bulk []*method
	for _, m := range methods {
		if m.isBulk() {
			bulk = append(bulk, m)
		}
	}
	return bulk
}

// enter makes the entrance for some methods; health and reflection come with it.
func (s *Server) enter(name string, bounds Door, cert identity.CertSource, methods []*method, all layouts) (*entrance, error) {
	d := &door{name: name, bounds: bounds, limits: s.edge.limits, turned: s.edge.metrics.turnedBy(name)}
	catalogue := &catalogue{}
	for _, service := range []struct {
		desc *grpc.ServiceDesc
		impl any
	}{
		{&healthv1.Health_ServiceDesc, s.health},
		{&reflectionv1.ServerReflection_ServiceDesc, reflection.NewServerV1(newReflection(catalogue))},
	} {
		more, err := foreign(service.desc, service.impl, all)
		if err != nil {
			return nil, err
		}
		methods = append(methods, more...)
	}
	own := credential{verifier: s.edge.verifier, own: cert, door: d}
	server := grpc.NewServer(s.edge.serverOptions(d, own, byName(methods))...)
	s.edge.register(server, methods)
	catalogue.server = server
	return &entrance{door: d, grpc: server}, nil
}

// catalogue is what reflection describes. It exists before its server does.
type catalogue struct{ server *grpc.Server }

// GetServiceInfo is asked once the server serves.
func (c *catalogue) GetServiceInfo() map[string]grpc.ServiceInfo { return c.server.GetServiceInfo() }

func byName(methods []*method) map[string]*method {
	m := make(map[string]*method, len(methods))
	for _, each := range methods {
		m[each.name] = each
	}
	return m
}

// keep starts what tells the health of writes.
func (s *Server) keep(room func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	if room == nil {
		return
	}
	s.kept.Add(1)
	go func() {
		defer s.kept.Done()
		keepWrites(ctx, s.health, room, time.Second)
	}()
}

// Serve answers on a listener until Stop, or until the listener fails. It closes
// the listener.
func (s *Server) Serve(l net.Listener) error { return s.main.serve(l) }

// ServeBulk does the same for bulk streams.
func (s *Server) ServeBulk(l net.Listener) error { return s.bulk.serve(l) }

func (n *entrance) serve(l net.Listener) error {
	err := n.grpc.Serve(n.door.listen(l))
	if errors.Is(err, grpc.ErrServerStopped) {
		return nil
	}
	return err
}

// Stop ends the server: health says so, no new call is taken, streams are asked to
// end with their cursor, unary calls finish. When ctx ends first, what is left is
// cut off. Stop returns when nothing of the server runs any more.
func (s *Server) Stop(ctx context.Context) {
	s.stop.Do(func() {
		s.cancel()
		s.health.Shutdown()
		close(s.edge.stopping)
		gentle := make(chan struct{})
		go func() {
			defer close(gentle)
			s.main.grpc.GracefulStop()
			s.bulk.grpc.GracefulStop()
		}()
		select {
		case <-gentle:
		case <-ctx.Done():
			s.main.grpc.Stop()
			s.bulk.grpc.Stop()
			<-gentle
		}
		s.edge.running.Wait()
		s.kept.Wait()
	})
}
