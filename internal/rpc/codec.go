package rpc

import (
	"errors"

	"google.golang.org/grpc/encoding"
	protocodec "google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"
)

// inbound is a request on its way in. gRPC reports every failure of a codec as
// Internal, and closes the stream for it; so the codec never fails, and what is
// wrong with the request travels here beside it.
type inbound struct {
	schema  *schema
	message proto.Message
	size    int   // in bytes, as decoded
	refusal error // why message must not be used; nil when it may
}

// codec decodes an inbound by its schema. Answers are written as gRPC's own
// codec for protocol buffers writes them: contents that the view keeps as bytes
// are spliced in by exchange and need nothing here.
type codec struct{ encoding.CodecV2 }

// newCodec stands on gRPC's own codec for everything that goes out.
func newCodec() (codec, error) {
	own := encoding.GetCodecV2(protocodec.Name)
	if own == nil {
		return codec{}, errors.New("rpc: gRPC has no codec for protocol buffers")
	}
	return codec{own}, nil
}

// Unmarshal decodes data into an *inbound and fails for nothing else: what is
// not one has come round the registrar.
func (codec) Unmarshal(data mem.BufferSlice, v any) error {
	in, ok := v.(*inbound)
	if !ok {
		return errors.New("rpc: a message that no schema reads")
	}
	buffer := data.MaterializeToBuffer(mem.DefaultBufferPool())
	defer buffer.Free()
	in.size = len(buffer.ReadOnlyData())
	in.refusal = in.schema.decode(buffer.ReadOnlyData(), in.message)
	return nil
}
