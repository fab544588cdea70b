package worlds

import (
	"bytes"
	"fmt"
	"sort"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// answer is all that a caller can see of what came back.
type answer struct {
	status          *status.Status
	header, trailer metadata.MD
	messages        []proto.Message
}

// reason is the stable reason of a failure, empty for none.
func (a answer) reason() string {
	for _, d := range a.status.Details() {
		if info, ok := d.(interface{ GetReason() string }); ok {
			return info.GetReason()
		}
	}
	return ""
}

// decided tells whether the call got as far as a decision about what the caller may
// know: past identity, right, budget and shape.
func (a answer) decided() bool {
	switch a.status.Code() {
	case codes.Unauthenticated, codes.Unimplemented, codes.ResourceExhausted, codes.Internal, codes.Unavailable, codes.DeadlineExceeded:
		return false
	case codes.InvalidArgument:
		return false
	case codes.PermissionDenied:
		return a.reason() != "RIGHT_REQUIRED"
	}
	return true
}

// bytes is the answer in one form, in which opaque fields are their length.
func (a answer) bytes() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%v %q\n", a.status.Code(), a.status.Message())
	for _, d := range a.status.Proto().GetDetails() {
		fmt.Fprintf(&b, "detail %s %x\n", d.GetTypeUrl(), d.GetValue())
	}
	write(&b, "header", a.header)
	write(&b, "trailer", a.trailer)
	for _, m := range a.messages {
		masked := proto.Clone(m)
		mask(masked.ProtoReflect())
		encoded, err := proto.MarshalOptions{Deterministic: true}.Marshal(masked)
		fmt.Fprintf(&b, "message %x %v\n", encoded, err)
	}
	return b.Bytes()
}

func write(b *bytes.Buffer, what string, md metadata.MD) {
	keys := make([]string, 0, len(md))
	for k := range md {
		if k != "grpc-status-details-bin" { // the details, which are written already
			keys = append(keys, k)
		}
	}
	sort.Strings(keys)
	for _, k := range keys {
		fmt.Fprintf(b, "%s %s %q\n", what, k, md[k])
	}
}

// text is the answer for people.
func (a answer) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v %s %s\n", a.status.Code(), a.reason(), a.status.Message())
	for _, m := range a.messages {
		b.WriteString(prototext.Format(m))
	}
	return b.String()
}

// mask puts the length of an opaque field in its place.
func mask(m protoreflect.Message) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		opaque, _ := proto.GetExtension(f.Options(), ententev1.E_Opaque).(bool)
		switch {
		case opaque && f.Kind() == protoreflect.StringKind && !f.IsList():
			m.Set(f, protoreflect.ValueOfString(fmt.Sprintf("opaque, %d", len(v.String()))))
		case f.IsList() && f.Message() != nil:
			for i := range v.List().Len() {
				mask(v.List().Get(i).Message())
			}
		case f.Message() != nil && !f.IsMap():
			mask(v.Message())
		}
		return true
	})
}
