package rpc

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc"
	_ "google.golang.org/grpc/encoding/gzip" // registers the one compression that requests may come in
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/tap"
)

// serverOptions are those of one listener. gRPC's own defaults are made for
// friends: no bound on streams, windows that grow to 16 MiB, no age, no limit on
// an unfinished handshake.
func (e *edge) serverOptions(d *door, own credential, methods map[string]*method) []grpc.ServerOption {
	l := e.limits
	return []grpc.ServerOption{
		grpc.Creds(own),
		grpc.ForceServerCodecV2(newCodec()),
		grpc.InTapHandle(e.capped(methods)),
		grpc.UnknownServiceHandler(e.handler(unknown())),
		grpc.WaitForHandlers(true),
		grpc.ConnectionTimeout(l.HandshakeTimeout),
		grpc.MaxConcurrentStreams(d.bounds.Streams),
		grpc.NumStreamWorkers(workers),
		grpc.MaxHeaderListSize(uint32(l.HeaderBytes)),
		grpc.MaxRecvMsgSize(l.MessageBytes),
		grpc.MaxSendMsgSize(l.AnswerBytes),
		grpc.StaticStreamWindowSize(d.bounds.StreamWindow),
		grpc.StaticConnWindowSize(d.bounds.ConnectionWindow),
		grpc.KeepaliveParams(keepalive.ServerParameters{
			MaxConnectionIdle: l.Idle, MaxConnectionAge: d.bounds.Age, MaxConnectionAgeGrace: l.Grace,
			Time: l.Keepalive, Timeout: l.KeepaliveTimeout,
		}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: l.KeepaliveFloor}),
	}
}

// workers are goroutines that serve call after call and keep the stack that a call
// needs. Where all of them are busy a call gets one of its own, as without them; that
// one spends a tenth of a short call on growing its stack.
const workers = 64

// unknown stands for every method that there is none of.
func unknown() *method {
	return &method{name: "unknown", access: foreignAccess(), serve: func(*flight) error { return unimplemented{} }}
}

// capKey is where capped leaves what releases the deadline.
type capKey struct{}

// capped gives every unary call a deadline before anything of its body is read: a
// message whose last byte never comes would otherwise wait as long as its
// connection lives. It runs on the connection's reader and only looks things up.
func (e *edge) capped(methods map[string]*method) tap.ServerInHandle {
	return func(ctx context.Context, info *tap.Info) (context.Context, error) {
		m := methods[info.FullMethodName]
		if m != nil && m.streams {
			return ctx, nil
		}
		limit := e.limits.Deadline
		if at, ok := ctx.Deadline(); ok {
			limit = min(time.Until(at), e.limits.MaxDeadline)
		}
		ctx, cancel := context.WithTimeout(ctx, limit)
		return context.WithValue(ctx, capKey{}, cancel), nil
	}
}

// experiments are gRPC's switches in the environment. They turn protections off.
const experiments = "GRPC_GO_EXPERIMENTAL_"

// checkEnvironment refuses a process in which one is set.
func checkEnvironment() error {
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, experiments) {
			return fmt.Errorf("rpc: %s is set; it turns off what protects the hub, unset it", name)
		}
	}
	return nil
}
