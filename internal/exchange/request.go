package exchange

import (
	"crypto/sha256"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// justified is a request that says who asks, for what and why.
type justified interface {
	proto.Message
	GetJustification() *ententev1.Justification
}

// justify completes a justification by what the certificate says, or tells what is wrong with it. The caller's own message stays as it is.
func justify(call Call, j *ententev1.Justification) (*ententev1.Justification, error) {
	if v := intel.CheckJustification(j, call.Caller); len(v) > 0 {
		return nil, fault.Violated(v...).Under("justification")
	}
	return intel.CompleteJustification(j, call.Caller), nil
}

// The fields that a question or a digest leaves out.
const (
	fieldJustification = "justification"
	fieldRequestID     = "request_id"
	fieldPageSize      = "page_size"
	fieldPageToken     = "page_token"
)

// Where a content stands: in a request or in its draft, beside the bytes that it was read from.
const (
	fieldDraft      = "draft"
	fieldPlain      = "plain"
	fieldPlainBytes = "plain_bytes"
)

// encodeWithout encodes a request without some of its fields: the same bytes for the same request. It shares what it encodes with the request and
// changes nothing.
func encodeWithout(m proto.Message, left ...protoreflect.Name) ([]byte, error) {
	return encode(sparing(m.ProtoReflect(), left...))
}

func encode(m protoreflect.Message) ([]byte, error) {
	return proto.MarshalOptions{Deterministic: true}.Marshal(m.Interface())
}

// sparing is a message without some of its fields. It shares the others with it.
func sparing(from protoreflect.Message, left ...protoreflect.Name) protoreflect.Message {
	to := from.New()
	from.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if !slices.Contains(left, f.Name()) {
			to.Set(f, v)
		}
		return true
	})
	return to
}

// toldOnce is a message without its content, and without that of its draft, where the bytes of it are there: they are what was handed over.
func toldOnce(m protoreflect.Message) protoreflect.Message {
	fields := m.Descriptor().Fields()
	if f := fields.ByName(fieldDraft); f != nil && m.Has(f) {
		m.Set(f, protoreflect.ValueOfMessage(toldOnce(sparing(m.Get(f).Message()))))
	}
	if f := fields.ByName(fieldPlainBytes); f != nil && m.Has(f) {
		m.Clear(fields.ByName(fieldPlain))
	}
	return m
}

// digest tells a retry from another request under the same request_id: over the method and everything but the id.
func digest(method string, m proto.Message) ([]byte, error) {
	encoded, err := encode(toldOnce(sparing(m.ProtoReflect(), fieldRequestID)))
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	h.Write([]byte(method))
	h.Write([]byte{0})
	h.Write(encoded)
	return h.Sum(nil), nil
}
