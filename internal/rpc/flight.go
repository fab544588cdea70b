package rpc

import (
	"context"
	"errors"
	"io"
	"sync/atomic"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// flight is one RPC between its headers and its status.
type flight struct {
	edge   *edge
	method *method
	stream grpc.ServerStream
	link   *link
	source string // the network address of the caller, without the port
	// ctx ends at the deadline, with the connection, and when guard ends the call.
	ctx context.Context
	// caller as identify found it at the start.
	caller intel.Caller

	// What guard looks at, from its own goroutine: since when, by edge.clock, a
	// message has been on its way out, or has been waited for (0: not now); the
	// cursor that a reader who is cut off goes on from; that the call is over.
	sending, receiving atomic.Int64
	resume             atomic.Pointer[string]
	over               atomic.Bool
}

// call is the flight as the rooms behind the edge see it.
func (f *flight) call() exchange.Call {
	return exchange.Call{Caller: f.caller, Method: f.method.name, Source: f.source}
}

// errOver ends whoever still sends or receives on a call that guard has ended.
var errOver = fault.New(fault.Cancelled, "CANCELLED", "The call is over.")

// receive waits for the next message and decodes it. The error is io.EOF when the
// caller sends no more, or a broken connection; what is wrong with the message
// itself stands in in.refusal.
func (f *flight) receive(in *inbound) error {
	if f.over.Load() {
		return errOver
	}
	f.receiving.Store(f.edge.clock())
	err := f.stream.RecvMsg(in)
	f.receiving.Store(0)
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	return broken{err}
}

// request receives m, a whole request, and holds it to its shape.
func (f *flight) request(m proto.Message) error {
	in := inbound{schema: f.method.schema, message: m}
	if err := f.receive(&in); err != nil {
		return err
	}
	if in.refusal != nil {
		return in.refusal
	}
	if f.method.foreign {
		return nil
	}
	return f.edge.shape.checkParts(m, in.parts)
}

// answer sends the answer of a unary call. A read's caller is judged once more:
// it may have been cut off while the read was on its way.
func (f *flight) answer(m proto.Message) error {
	if f.method.access.class == ententev1.CallClass_CALL_CLASS_READ {
		return f.send(m)
	}
	return f.write(m)
}

// send judges the caller again and then sends a message. It blocks while the
// caller does not read; m must not change afterwards.
func (f *flight) send(m proto.Message) error {
	if err := f.judge(); err != nil {
		return err
	}
	return f.write(m)
}

func (f *flight) write(m proto.Message) error {
	if f.over.Load() {
		return errOver
	}
	f.sending.Store(f.edge.clock())
	err := f.stream.SendMsg(m)
	f.sending.Store(0)
	if err != nil {
		return broken{err}
	}
	return nil
}

// judge asks who is behind the call now, and whether that is still who began it.
func (f *flight) judge() error {
	now, err := f.edge.verifier.Caller(f.link.peer)
	switch {
	case err != nil:
		return err
	case !same(now, f.caller):
		return fault.New(fault.Unavailable, "CALLER_CHANGED", "What the hub takes your certificate for has changed; call again.")
	}
	return nil
}

// same tells whether two verdicts on one certificate mean the same caller. When
// the authorities above it expire is no part of that: they may be renewed.
func same(a, b intel.Caller) bool {
	return a.Agency == b.Agency && a.Operator == b.Operator && a.Unit == b.Unit && a.Path == b.Path &&
		a.Officer == b.Officer && a.Rights == b.Rights && a.Region == b.Region
}
