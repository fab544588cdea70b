package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync/atomic"

	"google.golang.org/grpc"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// raw is a message that stays encoded. The driving process shares the machine with
// what it measures: it sends what it has encoded before and leaves answers as they
// come, of the hub and of the echo alike.
type raw struct {
	bytes []byte
	// keep says that an answer is wanted; otherwise just its size is.
	keep bool
	size int
}

// rawCodec takes the place of protobuf in the driving process.
type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }

func (rawCodec) Marshal(v any) (mem.BufferSlice, error) {
	m, ok := v.(*raw)
	if !ok {
		return nil, fmt.Errorf("bench: no raw message but a %T", v)
	}
	return mem.BufferSlice{mem.SliceBuffer(m.bytes)}, nil
}

func (rawCodec) Unmarshal(data mem.BufferSlice, v any) error {
	m, ok := v.(*raw)
	if !ok {
		return fmt.Errorf("bench: no raw message but a %T", v)
	}
	if m.size = data.Len(); m.keep {
		m.bytes = data.Materialize()
	}
	return nil
}

func encode(m proto.Message) []byte {
	encoded, err := proto.Marshal(m)
	if err != nil {
		panic(err) // of messages made here
	}
	return encoded
}

// withText appends a text field to an encoded message.
func withText(encoded []byte, field protowire.Number, text string) []byte {
	longer := make([]byte, len(encoded), len(encoded)+len(text)+8)
	copy(longer, encoded)
	return protowire.AppendString(protowire.AppendTag(longer, field, protowire.BytesType), text)
}

// numberOf is the number of a field.
func numberOf(m proto.Message, name string) protowire.Number {
	return m.ProtoReflect().Descriptor().Fields().ByTextName(name).Number()
}

// rawCall has a call take and give messages that stay encoded.
func rawCall() grpc.CallOption { return grpc.ForceCodecV2(rawCodec{}) }

// sampled is how many calls come to one whose answer is decoded and looked at.
const sampled = 256

// invoke makes a unary call; one in many is looked at.
func (b *bencher) invoke(ctx context.Context, conn *grpc.ClientConn, method string, n int64, request []byte, into proto.Message) error {
	answer := &raw{keep: n%sampled == 1}
	if err := conn.Invoke(ctx, method, &raw{bytes: request}, answer, rawCall()); err != nil {
		return err
	}
	if _, page := into.(*ententev1.QueryIntelligenceItemsResponse); answer.size == 0 && !page { // a page may be empty
		return fmt.Errorf("bench: %s answered nothing", method)
	}
	if !answer.keep {
		return nil
	}
	b.request.Store(int64(len(request)))
	b.answered.Store(int64(answer.size))
	return proto.Unmarshal(answer.bytes, into)
}

// preparedDrafts are as many encoded submits as keep repetition out of the store: one that comes again meets itself, in every identifier.
const preparedDrafts = 8192

// prepare encodes the requests of a case before it is timed.
func (b *bencher) prepare(name string) {
	switch name {
	case "get":
		b.gets = make([][][]byte, len(b.readable))
		for agency, names := range b.readable {
			for _, name := range names {
				b.gets[agency] = append(b.gets[agency], getRequest(name))
			}
		}
	case "submit", "submit_all":
		b.submits = make([][][]byte, len(b.conns))
		for n := range preparedDrafts {
			agency := n % len(b.conns)
			b.submits[agency] = append(b.submits[agency], encode(&ententev1.SubmitIntelligenceItemRequest{
				Justification: benchWhy(), Draft: b.fresh(agency, name == "submit_all"),
			}))
		}
	case "bulk":
		b.rows, b.rowsSent = make([][][]byte, len(b.conns)), make([]atomic.Int64, len(b.conns))
		for agency := range b.rows {
			for range max(bulkRows, b.preparedRows()/len(b.rows)) {
				row, _ := b.row(agency, b.options.items+b.drawn)
				b.drawn++
				b.rows[agency] = append(b.rows[agency], row)
			}
		}
	}
}

// preparedRows is how many rows the case bulk has before the first comes again: a stream of each caller in every turn, and what a quick hub takes beside it.
func (b *bencher) preparedRows() int {
	return turns * (b.options.callers*bulkRows + b.options.seconds*quickRows/turns)
}

// quickRows is how many rows a second a quick hub takes.
const quickRows = 5000

func getRequest(name string) []byte {
	return encode(&ententev1.GetIntelligenceItemRequest{Justification: benchWhy(), Selector: &ententev1.GetIntelligenceItemRequest_Name{Name: name}})
}

// fresh is a draft of the records behind those that were loaded: one to all, or one to some.
func (b *bencher) fresh(agency int, all bool) *ententev1.IntelligenceItemDraft {
	for {
		n := b.number(agency, b.options.items+b.drawn)
		b.drawn++
		if d := b.item(n); d.GetRelease().GetAudience().GetAllPartners() == all {
			return d
		}
	}
}

// echoPayload is what the echo is sent: as long as the request, and asking for an
// answer as long as the hub's.
func echoPayload(request, answer int64) []byte {
	payload := make([]byte, max(4, request-4))
	binary.BigEndian.PutUint32(payload, uint32(max(0, answer-4)))
	return encode(&wrapperspb.BytesValue{Value: payload})
}
