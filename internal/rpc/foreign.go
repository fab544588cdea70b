package rpc

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Services that come with gRPC declare no access. Every enrolled caller may use
// them, and pays for each message as for a read.
func foreignAccess() access {
	return access{enrolled: true, class: ententev1.CallClass_CALL_CLASS_READ}
}

// foreign makes methods of a service that comes with gRPC, so that its calls go
// through the same layers and the same decoder as ours.
func foreign(desc *grpc.ServiceDesc, impl any, all layouts) ([]*method, error) {
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(desc.ServiceName))
	if err != nil {
		return nil, fmt.Errorf("rpc: %s: %w", desc.ServiceName, err)
	}
	service, ok := d.(protoreflect.ServiceDescriptor)
	if !ok {
		return nil, fmt.Errorf("rpc: %s is no service", desc.ServiceName)
	}
	var methods []*method
	add := func(name string, stream grpc.StreamDesc, serve step) error {
		m, err := foreignMethod(service, name, all)
		if err != nil {
			return err
		}
		m.serve, m.desc, m.streams = serve, stream, stream.ServerStreams || stream.ClientStreams
		methods = append(methods, m)
		return nil
	}
	for _, m := range desc.Methods {
		err := add(m.MethodName, grpc.StreamDesc{StreamName: m.MethodName}, func(f *flight) error { return askForeign(f, impl, m) })
		if err != nil {
			return nil, err
		}
	}
	for _, s := range desc.Streams {
		plain := grpc.StreamDesc{StreamName: s.StreamName, ServerStreams: s.ServerStreams, ClientStreams: s.ClientStreams}
		if err := add(s.StreamName, plain, func(f *flight) error { return passed(s.Handler(impl, foreignStream{f})) }); err != nil {
			return nil, err
		}
	}
	return methods, nil
}

func foreignMethod(service protoreflect.ServiceDescriptor, name string, all layouts) (*method, error) {
	d := service.Methods().ByName(protoreflect.Name(name))
	if d == nil {
		return nil, fmt.Errorf("rpc: %s has no method %s", service.FullName(), name)
	}
	schema, err := schemaOf(d, all)
	if err != nil {
		return nil, err
	}
	return &method{name: fullName(d), access: foreignAccess(), schema: schema, foreign: true}, nil
}

// askForeign calls a generated handler with our decoder.
func askForeign(f *flight, impl any, m grpc.MethodDesc) error {
	answer, err := m.Handler(impl, f.ctx, foreignStream{f}.request, nil)
	if err != nil {
		return passed(err)
	}
	return foreignStream{f}.with(answer, f.answer)
}

// foreignStream is a flight as generated code sees it.
type foreignStream struct{ f *flight }

// errForeign: generated code gave something that is no message of protocol buffers.
var errForeign = errors.New("rpc: a service of gRPC's own uses other messages than protocol buffers")

// with does something with a message that generated code gave.
func (foreignStream) with(m any, do func(proto.Message) error) error {
	message, ok := m.(proto.Message)
	if !ok {
		return errForeign
	}
	return do(message)
}

func (s foreignStream) request(m any) error { return s.with(m, s.f.request) }

// Context ends with the flight.
func (s foreignStream) Context() context.Context { return s.f.ctx }

// RecvMsg receives a message and pays for it.
func (s foreignStream) RecvMsg(m any) error {
	if err := s.request(m); err != nil {
		return err
	}
	return s.f.edge.spend(s.f)
}

// SendMsg judges the caller and sends.
func (s foreignStream) SendMsg(m any) error { return s.with(m, s.f.send) }

// SetHeader does nothing: no service of gRPC's own that we serve has headers.
func (s foreignStream) SetHeader(metadata.MD) error { return nil }

// SendHeader does nothing either.
func (s foreignStream) SendHeader(metadata.MD) error { return nil }

// SetTrailer does nothing either.
func (s foreignStream) SetTrailer(metadata.MD) {}

// passed is an error of gRPC's own services: the status that it carries stands.
func passed(err error) error {
	if _, ok := status.FromError(err); ok && err != nil {
		return broken{err}
	}
	return err
}

// described shows clients the API and what it is made of; what is only on the
// hub's disk is nobody's business.
type described struct{ *protoregistry.Files }

// internalFiles are where the stored formats are described.
const internalFiles = "entente/internal/"

// FindFileByPath finds what is not internal.
func (d described) FindFileByPath(path string) (protoreflect.FileDescriptor, error) {
	if strings.HasPrefix(path, internalFiles) {
		return nil, protoregistry.NotFound
	}
	return d.Files.FindFileByPath(path)
}

// FindDescriptorByName finds what is not internal.
func (d described) FindDescriptorByName(name protoreflect.FullName) (protoreflect.Descriptor, error) {
	found, err := d.Files.FindDescriptorByName(name)
	if err == nil && strings.HasPrefix(found.ParentFile().Path(), internalFiles) {
		return nil, protoregistry.NotFound
	}
	return found, err
}

// newReflection describes what the server registers.
func newReflection(services reflection.ServiceInfoProvider) reflection.ServerOptions {
	return reflection.ServerOptions{
		Services: services, DescriptorResolver: described{protoregistry.GlobalFiles}, ExtensionResolver: protoregistry.GlobalTypes,
	}
}
