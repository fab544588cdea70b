package rpc

import (
	"context"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
)

// hubStub stands behind the edge where the edge is what is tested. What a test
// does not set panics, which the edge must survive.
type hubStub struct {
	Hub
	whoAmI func(context.Context, exchange.Call) (*ententev1.WhoAmIResponse, error)
	get    func(context.Context, exchange.Call, *ententev1.GetIntelligenceItemRequest) (*ententev1.GetIntelligenceItemResponse, error)
	submit func(context.Context, exchange.Call, *ententev1.SubmitIntelligenceItemRequest) (*ententev1.SubmitIntelligenceItemResponse, error)
	watch  func(context.Context, *ententev1.WatchInboxRequest, func() error, func(*ententev1.WatchInboxResponse) error) error
}

func (h *hubStub) WhoAmI(ctx context.Context, c exchange.Call, _ *ententev1.WhoAmIRequest) (*ententev1.WhoAmIResponse, error) {
	if h.whoAmI == nil {
		return &ententev1.WhoAmIResponse{Agency: c.Caller.Agency.Name(), Path: c.Caller.Path, ApiRevision: 1}, nil
	}
	return h.whoAmI(ctx, c)
}

func (h *hubStub) GetIntelligenceItem(ctx context.Context, c exchange.Call, q *ententev1.GetIntelligenceItemRequest) (*ententev1.GetIntelligenceItemResponse, error) {
	return h.get(ctx, c, q)
}

func (h *hubStub) SubmitIntelligenceItem(ctx context.Context, c exchange.Call, q *ententev1.SubmitIntelligenceItemRequest) (*ententev1.SubmitIntelligenceItemResponse, error) {
	return h.submit(ctx, c, q)
}

func (h *hubStub) WatchInbox(ctx context.Context, _ exchange.Call, q *ententev1.WatchInboxRequest, recheck func() error, send func(*ententev1.WatchInboxResponse) error) error {
	return h.watch(ctx, q, recheck, send)
}

// agreeable is every RPC answered with nothing, without looking at the shape of
// the request: what gets there has passed all the layers.
func agreeable() bound {
	all := make(bound)
	for _, s := range services() {
		all[s.Name()] = make(map[protoreflect.Name]binding)
		for i := range s.Methods().Len() {
			d := s.Methods().Get(i)
			all[s.Name()][d.Name()] = binding{in: d.Input().FullName(), out: d.Output().FullName(), serve: func(f *flight) error {
				answer, err := protoregistry.GlobalTypes.FindMessageByName(d.Output().FullName())
				if err != nil {
					return err
				}
				return f.answer(answer.New().Interface())
			}}
		}
	}
	return all
}

// justified is what a call states.
func justified() *ententev1.Justification {
	return &ententev1.Justification{
		Purpose: ententev1.ProcessingPurpose_PROCESSING_PURPOSE_INVESTIGATION, CaseReference: "case-1", Officer: "officer-1",
	}
}

// getRequest is a well-formed read.
func getRequest() *ententev1.GetIntelligenceItemRequest {
	return &ententev1.GetIntelligenceItemRequest{
		Justification: justified(),
		Selector:      &ententev1.GetIntelligenceItemRequest_OriginatorReference{OriginatorReference: "ref-1"},
	}
}
