package rpc

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/known/emptypb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// listed asks a server by reflection for its services, and for the methods of
// each, as grpcurl would.
func listed(t *testing.T, w *world, conn *grpc.ClientConn) map[string]protoreflect.MethodDescriptor {
	t.Helper()
	ctx, cancel := context.WithCancel(w.ctx())
	defer cancel()
	stream := must(reflectionv1.NewServerReflectionClient(conn).ServerReflectionInfo(ctx))(t)
	ask := func(q *reflectionv1.ServerReflectionRequest) *reflectionv1.ServerReflectionResponse {
		if err := stream.Send(q); err != nil {
			t.Fatal(err)
		}
		return must(stream.Recv())(t)
	}
	all := ask(&reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{}})
	methods := map[string]protoreflect.MethodDescriptor{}
	for _, s := range all.GetListServicesResponse().GetService() {
		answer := ask(&reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: s.GetName()}})
		if len(answer.GetFileDescriptorResponse().GetFileDescriptorProto()) == 0 {
			t.Fatalf("reflection does not describe %s: %v", s.GetName(), answer)
		}
		d := must(protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(s.GetName())))(t)
		service := d.(protoreflect.ServiceDescriptor)
		for i := range service.Methods().Len() {
			m := service.Methods().Get(i)
			methods[fullName(m)] = m
		}
	}
	return methods
}

// invoke calls any method with an empty request and returns its outcome. A stream
// is read until it ends or answers.
func invoke(ctx context.Context, conn *grpc.ClientConn, m protoreflect.MethodDescriptor) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: m.IsStreamingClient(), ServerStreams: true}, fullName(m))
	if err != nil {
		return err
	}
	if err := stream.SendMsg(new(emptypb.Empty)); err != nil {
		return stream.RecvMsg(new(emptypb.Empty))
	}
	_ = stream.CloseSend()
	return stream.RecvMsg(new(emptypb.Empty))
}

// Every method that there is, whoever added it, asked by every kind of caller.
func TestGate(t *testing.T) {
	w := newWorld(t, setup{bound: agreeable()})
	callers := map[string]struct {
		domain string
		rights intel.Rights
	}{
		"/nothing":    {"fr.example", 0},
		"/gateway":    {"fr.example", intel.NewRights(intel.Read, intel.Submit)},
		"/admin":      {"fr.example", intel.NewRights(intel.Administer)},
		"/supervisor": {"fr.example", intel.NewRights(intel.Supervise)},
		"/operator":   {"operator.example", intel.NewRights(intel.Operate)},
	}
	for path, c := range callers {
		conn := w.dial(c.domain, path)
		methods := listed(t, w, conn)
		if len(methods) < 40 {
			t.Fatalf("reflection lists %d methods", len(methods))
		}
		for name, m := range methods {
			want := codes.PermissionDenied
			if open(t, m, c.rights) {
				want = codes.OK
			}
			err := invoke(w.ctx(), conn, m)
			denied := status.Code(err) == codes.PermissionDenied
			if denied != (want == codes.PermissionDenied) {
				t.Errorf("%s calls %s: %v", path, name, err)
			}
			if denied && (reason(err) != "RIGHT_REQUIRED" || strings.Contains(err.Error(), "agenc") && strings.Contains(err.Error(), "fr-police")) {
				t.Errorf("%s calls %s and is told %v", path, name, err)
			}
		}
	}
}

// open tells what the option says, read without the code under test.
func open(t *testing.T, m protoreflect.MethodDescriptor, rights intel.Rights) bool {
	if !strings.HasPrefix(string(m.FullName()), apiPackage) {
		return true
	}
	declared, ok := proto.GetExtension(m.Options(), ententev1.E_Access).(*ententev1.Access)
	if !ok || declared == nil {
		t.Fatalf("%s declares nothing", m.FullName())
	}
	for _, r := range declared.GetAnyOf() {
		if rights.Has(intel.Right(r)) {
			return true
		}
	}
	return declared.GetEnrolled()
}

// serviceWith is a service with one method of the given options.
func serviceWith(t *testing.T, options *ententev1.Access) protoreflect.ServiceDescriptor {
	t.Helper()
	opts := new(descriptorpb.MethodOptions)
	if options != nil {
		proto.SetExtension(opts, ententev1.E_Access, options)
	}
	file := must(protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("t.proto"), Package: proto.String("t"), Syntax: proto.String("proto3"),
		MessageType: []*descriptorpb.DescriptorProto{{Name: proto.String("M")}},
		Service: []*descriptorpb.ServiceDescriptorProto{{Name: proto.String("S"), Method: []*descriptorpb.MethodDescriptorProto{
			{Name: proto.String("Do"), InputType: proto.String(".t.M"), OutputType: proto.String(".t.M"), Options: opts},
		}}},
	}, nil))(t)
	return file.Services().Get(0)
}

func TestCheckMethods(t *testing.T) {
	if err := CheckMethods(services()...); err != nil {
		t.Error(err)
	}
	read, operate, submit := ententev1.Right_RIGHT_READ, ententev1.Right_RIGHT_OPERATE, ententev1.Right_RIGHT_SUBMIT
	class := ententev1.CallClass_CALL_CLASS_READ
	for name, bad := range map[string]*ententev1.Access{
		"no option":            nil,
		"an empty option":      {},
		"no right":             {CallClass: class},
		"no class":             {Enrolled: true},
		"a class of tomorrow":  {Enrolled: true, CallClass: 99},
		"enrolled and a right": {Enrolled: true, AnyOf: []ententev1.Right{read}, CallClass: class},
		"no such right":        {AnyOf: []ententev1.Right{0}, CallClass: class},
		"a right of tomorrow":  {AnyOf: []ententev1.Right{9}, CallClass: class},
		"a right twice":        {AnyOf: []ententev1.Right{read, read}, CallClass: class},
		"operators read":       {AnyOf: []ententev1.Right{read, operate}, CallClass: class},
		"operators submit":     {AnyOf: []ententev1.Right{submit, operate}, CallClass: class},
	} {
		s := serviceWith(t, bad)
		if err := CheckMethods(s); err == nil {
			t.Errorf("%s: the hub would start", name)
		}
		if _, err := methodsOf([]protoreflect.ServiceDescriptor{s}, nil, layouts{}); err == nil {
			t.Errorf("%s: the methods were made", name)
		}
	}
	if err := CheckMethods(serviceWith(t, &ententev1.Access{AnyOf: []ententev1.Right{read}, CallClass: class})); err != nil {
		t.Error(err)
	}
	var nobody access
	if nobody.admits(intel.Caller{Rights: intel.Rights(0xff)}) == nil {
		t.Error("the zero access lets somebody in")
	}
}

// Each RPC is joined to the answer of its own type, and none is left out.
func TestBindings(t *testing.T) {
	all := bindings(&hubStub{})
	if _, err := methodsOf(services(), all, layouts{}); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(bound){
		"missing":   func(b bound) { delete(b["InboxService"], "ReadInbox") },
		"swapped":   func(b bound) { b["AgencyService"]["SuspendAgency"] = b["AgencyService"]["ReinstateAgency"] },
		"left over": func(b bound) { b["InboxService"]["Gone"] = b["InboxService"]["ReadInbox"] },
	} {
		b := bindings(&hubStub{})
		spoil(b)
		if _, err := methodsOf(services(), b, layouts{}); err == nil {
			t.Errorf("a binding is %s, and the hub would start", name)
		}
	}
}

// The bulk listener serves bulk streams, health and reflection, and nothing else.
func TestBulkListener(t *testing.T) {
	w := newWorld(t, setup{bound: agreeable()})
	conn := w.dialTo(w.bulk, "fr.example", "/gateway")
	methods := listed(t, w, conn)
	for name := range methods {
		bulk := strings.Contains(name, "/Bulk")
		err := invoke(w.ctx(), conn, methods[name])
		if own := strings.HasPrefix(name, "/entente"); own && (status.Code(err) == codes.Unimplemented) == bulk {
			t.Errorf("%s on the bulk listener: %v", name, err)
		}
	}
	if err := conn.Invoke(w.ctx(), ententev1.AgencyService_WhoAmI_FullMethodName, new(ententev1.WhoAmIRequest), new(ententev1.WhoAmIResponse)); status.Code(err) != codes.Unimplemented {
		t.Errorf("WhoAmI on the bulk listener: %v", err)
	}
}

// Reflection shows the API and not what is on the disk.
func TestReflectionKeepsTheInside(t *testing.T) {
	w := newWorld(t, setup{bound: agreeable()})
	stream := must(reflectionv1.NewServerReflectionClient(w.dial("fr.example", "/nothing")).ServerReflectionInfo(w.ctx()))(t)
	for _, q := range []*reflectionv1.ServerReflectionRequest{
		{MessageRequest: &reflectionv1.ServerReflectionRequest_FileByFilename{FileByFilename: "entente/internal/v1/journal.proto"}},
		{MessageRequest: &reflectionv1.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: "entente.internal.v1.Command"}},
	} {
		if err := stream.Send(q); err != nil {
			t.Fatal(err)
		}
		answer := must(stream.Recv())(t)
		if answer.GetErrorResponse().GetErrorCode() != int32(codes.NotFound) {
			t.Errorf("%v is described: %v", q, answer)
		}
	}
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); fmt.Sprint(err) != "EOF" {
		t.Error(err)
	}
}
