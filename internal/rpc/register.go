package rpc

import (
	"google.golang.org/grpc"
)

// register gives the methods to gRPC, each as a stream: gRPC would decode the
// request of a unary method before any layer has run, and a caller without a right
// or a budget would have its body read.
func (e *edge) register(server *grpc.Server, methods []*method) {
	bundled := make(map[string]*grpc.ServiceDesc)
	var order []*grpc.ServiceDesc
	for _, m := range methods {
		name := m.service()
		if bundled[name] == nil {
			bundled[name] = &grpc.ServiceDesc{ServiceName: name}
			order = append(order, bundled[name])
		}
		desc := m.desc
		desc.Handler = e.handler(m)
		bundled[name].Streams = append(bundled[name].Streams, desc)
	}
	for _, desc := range order {
		server.RegisterService(desc, nil)
	}
}

// service is the part of the name before the method.
func (m *method) service() string {
	return m.name[1 : len(m.name)-len(m.desc.StreamName)-1]
}
