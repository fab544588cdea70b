package worlds

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// method is one RPC.
type method struct {
	protoreflect.MethodDescriptor
	in, out protoreflect.MessageType
}

// path is the name of a method on the wire.
func (m method) path() string { return "/" + string(m.Parent().FullName()) + "/" + string(m.Name()) }

func methodOf(d protoreflect.MethodDescriptor) (method, error) {
	in, err := protoregistry.GlobalTypes.FindMessageByName(d.Input().FullName())
	if err != nil {
		return method{}, err
	}
	out, err := protoregistry.GlobalTypes.FindMessageByName(d.Output().FullName())
	return method{MethodDescriptor: d, in: in, out: out}, err
}

// identity is a certificate of the prober's, or of the operator's where the agency is empty.
type identity struct{ agency, path string }

// call makes a call, or a stream of some messages, and takes in all that comes back.
func (w *World) call(ctx context.Context, who identity, m method, requests ...proto.Message) (answer, error) {
	dial := w.Dial
	if m.IsStreamingClient() {
		dial = w.DialBulk
	}
	conn, err := dial(who.agency, who.path)
	if err != nil {
		return answer{}, err
	}
	if !m.IsStreamingClient() && !m.IsStreamingServer() {
		a := answer{}
		out := m.out.New().Interface()
		err = conn.Invoke(ctx, m.path(), requests[0], out, grpc.Header(&a.header), grpc.Trailer(&a.trailer))
		if a.status = status.Convert(err); err == nil {
			a.messages = []proto.Message{out}
		}
		return a, nil
	}
	return exchangeMessages(ctx, conn, m, requests)
}

func exchangeMessages(ctx context.Context, conn *grpc.ClientConn, m method, requests []proto.Message) (a answer, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: m.IsStreamingClient(), ServerStreams: m.IsStreamingServer()}, m.path())
	if err != nil {
		return answer{status: status.Convert(err)}, nil
	}
	for _, r := range requests {
		if err := s.SendMsg(r); err != nil && !errors.Is(err, io.EOF) {
			return a, err
		}
	}
	if err := s.CloseSend(); err != nil {
		return a, err
	}
	for {
		out := m.out.New().Interface()
		if err := s.RecvMsg(out); err != nil {
			if !errors.Is(err, io.EOF) {
				a.status = status.Convert(err)
			}
			break
		}
		a.messages = append(a.messages, out)
		if !m.IsStreamingClient() && caughtUp(out) {
			break
		}
	}
	if a.header, err = s.Header(); err != nil {
		a.header = metadata.MD{}
	}
	a.trailer = s.Trailer()
	return a, nil
}

// caughtUp tells whether a watch has sent all that there is for now.
func caughtUp(m proto.Message) bool {
	inbox, ok := m.(*ententev1.WatchInboxResponse)
	return !ok || len(inbox.GetEvents()) < watchedAtMost
}

// watchedAtMost is below how many events in a message a watch has nothing more to send for now.
const watchedAtMost = 150
