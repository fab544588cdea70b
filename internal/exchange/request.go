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

// encodeWithout encodes a request without some of its fields: the same bytes for the same request. It shares what it encodes with the request and
// changes nothing.
func encodeWithout(m proto.Message, left ...protoreflect.Name) ([]byte, error) {
	from := m.ProtoReflect()
	to := from.New()
	from.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if !slices.Contains(left, f.Name()) {
			to.Set(f, v)
		}
		return true
	})
	return proto.MarshalOptions{Deterministic: true}.Marshal(to.Interface())
}

// digest tells a retry from another request under the same request_id: over the method and everything but the id.
func digest(method string, m proto.Message) ([]byte, error) {
	encoded, err := encodeWithout(m, fieldRequestID)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	h.Write([]byte(method))
	h.Write([]byte{0})
	h.Write(encoded)
	return h.Sum(nil), nil
}
