package rpc

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/seed-1d76a664/entente/internal/exchange"
)

// method is one RPC as the edge serves it. Methods are made at start and never
// change.
type method struct {
	name    string // in full: /package.Service/Method
	access  access
	schema  *schema
	foreign bool // comes with gRPC: no rules to hold its requests to
	streams bool // either side sends more than one message
	serve   step
	desc    grpc.StreamDesc
}

// binding joins an RPC to what answers it.
type binding struct {
	in, out protoreflect.FullName
	serve   step
}

// message is a generated message type, as a pointer.
type message[T any] interface {
	*T
	proto.Message
}

// nameOf is the full name of a message type.
func nameOf[T any, P message[T]]() protoreflect.FullName {
	return P(new(T)).ProtoReflect().Descriptor().FullName()
}

// unary binds an RPC of one request and one answer.
func unary[Q, A any, PQ message[Q], PA message[A]](do func(context.Context, exchange.Call, PQ) (PA, error)) binding {
	return binding{in: nameOf[Q, PQ](), out: nameOf[A, PA](), serve: func(f *flight) error {
		request := PQ(new(Q))
		if err := f.request(request); err != nil {
			return err
		}
		answer, err := do(f.ctx, f.call(), request)
		if err != nil {
			return err
		}
		return f.answer(answer)
	}}
}
