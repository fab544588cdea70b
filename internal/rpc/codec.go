package rpc

import (
	"errors"

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
	parts   int   // messages and list elements that it is made of
	refusal error // why message must not be used; nil when it may
}

// codec decodes an inbound by its schema. Answers are written as protocol buffers:
// contents that the view keeps as bytes are spliced in by exchange and need nothing
// here.
type codec struct{ pool mem.BufferPool }

// newCodec has a pool of its own. The tiers of gRPC's are so far apart that a
// message of 5 KiB is kept in 16 and one of 40 KiB in a mebibyte, which a reader
// who stalls makes the hub hold by the dozen; here it is less than twice the size.
func newCodec() codec {
	var tiers []int
	for size := 1 << 10; size <= 4<<20; size *= 2 {
		tiers = append(tiers, size)
	}
	return codec{pool: mem.NewTieredBufferPool(tiers...)}
}

// Name is that of gRPC's own codec for protocol buffers.
func (codec) Name() string { return protocodec.Name }

// errNoMessage: what is to be written is no message.
var errNoMessage = errors.New("rpc: an answer that is no message of protocol buffers")

// Marshal writes a message. The buffer goes back to the pool when gRPC has sent it.
func (c codec) Marshal(v any) (mem.BufferSlice, error) {
	m, ok := v.(proto.Message)
	if !ok {
		return nil, errNoMessage
	}
	size := proto.Size(m)
	buffer := c.pool.Get(size)
	written, err := proto.MarshalOptions{UseCachedSize: true}.MarshalAppend((*buffer)[:0], m)
	if err != nil {
		c.pool.Put(buffer)
		return nil, err
	}
	*buffer = written
	return mem.BufferSlice{mem.NewBuffer(buffer, c.pool)}, nil
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
	in.parts, in.refusal = in.schema.decodeParts(buffer.ReadOnlyData(), in.message)
	return nil
}
