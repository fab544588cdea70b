package rpc

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// The messages whose content is taken as bytes: their type, how to read the two
// spellings, and where a violation stands.
type carrier struct {
	message proto.Message
	path    string
	plain   func(proto.Message) proto.Message
	bytes   func(proto.Message) []byte
}

func carriers() []carrier {
	return []carrier{
		{new(ententev1.SubmitIntelligenceItemRequest), "draft.plainBytes",
			func(m proto.Message) proto.Message {
				return m.(*ententev1.SubmitIntelligenceItemRequest).GetDraft().GetPlain()
			},
			func(m proto.Message) []byte {
				return m.(*ententev1.SubmitIntelligenceItemRequest).GetDraft().GetPlainBytes()
			}},
		{new(ententev1.ReviseIntelligenceItemRequest), "plainBytes",
			func(m proto.Message) proto.Message { return m.(*ententev1.ReviseIntelligenceItemRequest).GetPlain() },
			func(m proto.Message) []byte { return m.(*ententev1.ReviseIntelligenceItemRequest).GetPlainBytes() }},
		{new(ententev1.BulkSubmitIntelligenceItemsRequest), "row.draft.plainBytes",
			func(m proto.Message) proto.Message {
				return m.(*ententev1.BulkSubmitIntelligenceItemsRequest).GetRow().GetDraft().GetPlain()
			},
			func(m proto.Message) []byte {
				return m.(*ententev1.BulkSubmitIntelligenceItemsRequest).GetRow().GetDraft().GetPlainBytes()
			}},
		{new(ententev1.SubmitSeizureReportRequest), "draft.plainBytes",
			func(m proto.Message) proto.Message {
				return m.(*ententev1.SubmitSeizureReportRequest).GetDraft().GetPlain()
			},
			func(m proto.Message) []byte {
				return m.(*ententev1.SubmitSeizureReportRequest).GetDraft().GetPlainBytes()
			}},
		{new(ententev1.ReviseSeizureReportRequest), "plainBytes",
			func(m proto.Message) proto.Message { return m.(*ententev1.ReviseSeizureReportRequest).GetPlain() },
			func(m proto.Message) []byte { return m.(*ententev1.ReviseSeizureReportRequest).GetPlainBytes() }},
		{new(ententev1.BulkSubmitSeizureReportsRequest), "row.draft.plainBytes",
			func(m proto.Message) proto.Message {
				return m.(*ententev1.BulkSubmitSeizureReportsRequest).GetRow().GetDraft().GetPlain()
			},
			func(m proto.Message) []byte {
				return m.(*ententev1.BulkSubmitSeizureReportsRequest).GetRow().GetDraft().GetPlainBytes()
			}},
	}
}

// in wraps the fields of the holder into the request, along the site's path.
func (c carrier) in(t *testing.T, s *schema, fields []byte) []byte {
	t.Helper()
	for _, f := range slices.Backward(s.site.path) {
		fields = protowire.AppendBytes(protowire.AppendTag(nil, f.Number(), protowire.BytesType), fields)
	}
	return fields
}

func schemaFor(t *testing.T, m proto.Message) *schema {
	t.Helper()
	return must(newSchema(m.ProtoReflect().Type(), layouts{}))(t)
}

// field is one field of bytes.
func field(f protoreflect.FieldDescriptor, b []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, f.Number(), protowire.BytesType), b)
}

// unusual is a content as no marshaller writes it: fields backwards, one twice, a
// number longer than it need be. It decodes, and must come out as it came in.
func unusual() []byte {
	b := protowire.AppendString(protowire.AppendTag(nil, 2, protowire.BytesType), "second")
	b = protowire.AppendString(protowire.AppendTag(b, 1, protowire.BytesType), "first, before")
	return protowire.AppendString(protowire.AppendTag(b, 1, protowire.BytesType), "first")
}

// The accepted bytes are those on the wire, whichever field they came in.
func TestContentBytesAreVerbatim(t *testing.T) {
	for _, c := range carriers() {
		s := schemaFor(t, c.message)
		content := unusual()
		plain, twin := field(s.site.plain, content), field(s.site.bytes, content)
		for name, fields := range map[string][]byte{"plain": plain, "bytes": twin, "both": append(slices.Clone(plain), twin...), "both, bytes first": append(slices.Clone(twin), plain...)} {
			wire := c.in(t, s, fields)
			m := proto.Clone(c.message)
			if err := s.decode(wire, m); err != nil {
				t.Errorf("%T by %s: %v", c.message, name, err)
				continue
			}
			if !bytes.Equal(c.bytes(m), content) {
				t.Errorf("%T by %s: %x became %x", c.message, name, content, c.bytes(m))
			}
			want := c.plain(m).ProtoReflect().New().Interface()
			if err := proto.Unmarshal(content, want); err != nil || !proto.Equal(c.plain(m), want) {
				t.Errorf("%T by %s: %v, want %v (%v)", c.message, name, c.plain(m), want, err)
			}
			clear(wire) // gRPC takes its buffer back
			if !bytes.Equal(c.bytes(m), content) || !proto.Equal(c.plain(m), want) {
				t.Errorf("%T by %s: the message aliases the request", c.message, name)
			}
		}
	}
}

// What would make two readings of one request possible is refused, at the field.
func TestContentTwice(t *testing.T) {
	for _, c := range carriers() {
		s := schemaFor(t, c.message)
		content := unusual()
		plain, twin := field(s.site.plain, content), field(s.site.bytes, content)
		other := field(s.site.bytes, append(unusual(), content...))
		cases := map[string][]byte{
			"plain twice":  c.in(t, s, append(slices.Clone(plain), plain...)),
			"bytes twice":  c.in(t, s, append(slices.Clone(twin), twin...)),
			"they differ":  c.in(t, s, append(slices.Clone(plain), other...)),
			"broken bytes": c.in(t, s, field(s.site.bytes, []byte{0xff})),
		}
		if len(s.site.path) > 0 {
			one := c.in(t, s, plain)
			cases["the holder twice"] = append(slices.Clone(one), one...)
			cases["half a holder each"] = append(c.in(t, s, plain), c.in(t, s, twin)...)
		}
		for name, wire := range cases {
			err := s.decode(wire, proto.Clone(c.message))
			if fault.KindOf(err) != fault.Invalid || len(fault.As(err).Violations) != 1 {
				t.Errorf("%T, %s: %v", c.message, name, err)
			}
		}
		err := s.decode(cases["they differ"], proto.Clone(c.message))
		if got := fault.As(err).Violations[0]; err == nil || got.Reason != reasonDiffers || got.Field != c.path {
			t.Errorf("%T: %+v", c.message, got)
		}
	}
}

// An empty content is a content; an empty plain_bytes is none.
func TestEmptyContent(t *testing.T) {
	for _, c := range carriers() {
		s := schemaFor(t, c.message)
		m := proto.Clone(c.message)
		if err := s.decode(c.in(t, s, field(s.site.plain, nil)), m); err != nil || !c.plain(m).ProtoReflect().IsValid() {
			t.Errorf("%T: %v, %v", c.message, err, m)
		}
		m = proto.Clone(c.message)
		if err := s.decode(c.in(t, s, field(s.site.bytes, nil)), m); err != nil || c.plain(m).ProtoReflect().IsValid() {
			t.Errorf("%T: %v, %v", c.message, err, m)
		}
	}
}

// A type in which a content could stand in two places, or in a list, is no request
// of ours; it is found at start.
func TestAmbiguousTypes(t *testing.T) {
	message := func(name string, fields ...*descriptorpb.FieldDescriptorProto) *descriptorpb.DescriptorProto {
		return &descriptorpb.DescriptorProto{Name: proto.String(name), Field: fields}
	}
	field := func(name string, n int32, of string, label descriptorpb.FieldDescriptorProto_Label) *descriptorpb.FieldDescriptorProto {
		f := &descriptorpb.FieldDescriptorProto{Name: proto.String(name), Number: proto.Int32(n), Label: label.Enum()}
		if of == "" {
			f.Type = descriptorpb.FieldDescriptorProto_TYPE_BYTES.Enum()
		} else {
			f.Type, f.TypeName = descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(), proto.String(".t."+of)
		}
		return f
	}
	const one, many = descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL, descriptorpb.FieldDescriptorProto_LABEL_REPEATED
	file := must(newFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("ambiguous.proto"), Package: proto.String("t"), Syntax: proto.String("proto3"),
		MessageType: []*descriptorpb.DescriptorProto{
			message("Content"),
			message("Holder", field("plain", 1, "Content", one), field("plain_bytes", 2, "", one)),
			message("Two", field("a", 1, "Holder", one), field("b", 2, "Holder", one)),
			message("List", field("a", 1, "Holder", many)),
			message("Deep", field("a", 1, "List", one)),
			message("High", field("a", 5000, "Content", one)),
			message("Fine", field("a", 1, "Holder", one), field("self", 2, "Fine", one)),
		},
	}))(t)
	for name, ok := range map[string]bool{"Two": false, "List": false, "Deep": false, "High": false, "Holder": true} {
		_, err := newSchema(dynamicpb.NewMessageType(file.Messages().ByName(protoreflect.Name(name))), layouts{})
		if (err == nil) != ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What protocol buffers would skip, keep or merge is refused, with its place.
func TestRefusedBytes(t *testing.T) {
	submit := new(ententev1.SubmitIntelligenceItemRequest)
	s := schemaFor(t, submit)
	d := submit.ProtoReflect().Descriptor()
	draft := d.Fields().ByName("draft")
	justification := d.Fields().ByName("justification")
	varint := func(n protowire.Number) []byte {
		return protowire.AppendVarint(protowire.AppendTag(nil, n, protowire.VarintType), 1)
	}
	for name, c := range map[string]struct {
		wire          []byte
		field, reason string
	}{
		"unknown at the top":     {varint(900), "", reasonUnknownField},
		"unknown inside":         {field(draft, varint(900)), "draft", reasonUnknownField},
		"a number beyond":        {varint(1 << 28), "", reasonUnknownField},
		"another wire type":      {varint(draft.Number()), "", reasonUnknownField},
		"a group":                {protowire.AppendTag(nil, 900, protowire.StartGroupType), "", reasonUnknownField},
		"not UTF-8":              {field(justification, field(justification.Message().Fields().ByName("officer"), []byte{0xff})), "justification.officer", reasonNotUTF8},
		"cut off":                {field(draft, []byte{1})[:2], "draft", reasonMalformed},
		"no tag":                 {[]byte{0x80}, "", reasonMalformed},
		"a tag with number zero": {[]byte{0x02, 0x00}, "", reasonMalformed},
	} {
		err := s.decode(c.wire, new(ententev1.SubmitIntelligenceItemRequest))
		f := fault.As(err)
		if f == nil || f.Kind != fault.Invalid || len(f.Violations) != 1 || f.Violations[0].Field != c.field || f.Violations[0].Reason != c.reason {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// Nesting is bounded, also where no type of ours nests for ever.
func TestDepth(t *testing.T) {
	file := must(newFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("deep.proto"), Package: proto.String("t.deep"), Syntax: proto.String("proto3"),
		MessageType: []*descriptorpb.DescriptorProto{{Name: proto.String("M"), Field: []*descriptorpb.FieldDescriptorProto{{
			Name: proto.String("m"), Number: proto.Int32(1), Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
			Type: descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(), TypeName: proto.String(".t.deep.M"),
		}}}},
	}))(t)
	typ := dynamicpb.NewMessageType(file.Messages().Get(0))
	s := must(newSchema(typ, layouts{}))(t)
	nested := func(levels int) []byte {
		var b []byte
		for range levels - 1 {
			b = field(typ.Descriptor().Fields().Get(0), b)
		}
		return b
	}
	if err := s.decode(nested(maxDepth), typ.New().Interface()); err != nil {
		t.Errorf("%d levels: %v", maxDepth, err)
	}
	for _, levels := range []int{maxDepth + 1, 5000} {
		f := fault.As(s.decode(nested(levels), typ.New().Interface()))
		if f == nil || f.Violations[0].Reason != reasonTooDeep {
			t.Errorf("%d levels: %v", levels, f)
		}
	}
}

// The place of a violation in a list counts what came before it.
func TestPlaceInList(t *testing.T) {
	content := &ententev1.IntelligenceContent{Subjects: []*ententev1.Subject{{}, {}, {}}}
	content.Subjects[2].ProtoReflect().SetUnknown(protowire.AppendVarint(protowire.AppendTag(nil, 901, protowire.VarintType), 1))
	m := &ententev1.SubmitIntelligenceItemRequest{Draft: &ententev1.IntelligenceItemDraft{Content: &ententev1.IntelligenceItemDraft_Plain{Plain: content}}}
	f := fault.As(schemaFor(t, m).decode(must(proto.Marshal(m))(t), new(ententev1.SubmitIntelligenceItemRequest)))
	if f == nil || f.Violations[0].Field != "draft.plain.subjects[2]" {
		t.Error(f)
	}
}

// The codec itself never fails for what a caller sends.
func TestCodecKeepsTheRefusal(t *testing.T) {
	c := newCodec()
	in := &inbound{schema: schemaFor(t, new(ententev1.WhoAmIRequest)), message: new(ententev1.WhoAmIRequest)}
	if err := c.Unmarshal(mem.BufferSlice{mem.SliceBuffer{0xff}}, in); err != nil || in.refusal == nil || in.size != 1 {
		t.Errorf("%v, %v, %d", err, in.refusal, in.size)
	}
	if err := c.Unmarshal(nil, new(ententev1.WhoAmIRequest)); err == nil {
		t.Error("a message was decoded round the schema")
	}
	if got := must(c.Marshal(&ententev1.WhoAmIResponse{Path: "/x"}))(t); !strings.Contains(string(got.Materialize()), "/x") {
		t.Error("answers are not written")
	}
}

// What an answer holds is less than twice its size, whatever that is; it comes out
// as it went in, also when buffers are used again.
func TestAnswersFitTheirBuffers(t *testing.T) {
	c := newCodec()
	if _, err := c.Marshal("no message"); err == nil {
		t.Error("a text was written")
	}
	for _, size := range []int{0, 1, 900, 1100, 4200, 17 << 10, 40 << 10, 100 << 10, 600 << 10, 3 << 20} {
		for _, letter := range []string{"a", "b"} {
			want := &ententev1.WhoAmIResponse{Path: strings.Repeat(letter, size)}
			slice := must(c.Marshal(want))(t)
			wire := slice.Materialize()
			got := new(ententev1.WhoAmIResponse)
			if err := proto.Unmarshal(wire, got); err != nil || !proto.Equal(got, want) {
				t.Errorf("%d bytes: %v", size, err)
			}
			if held := cap(slice[0].ReadOnlyData()); held > 2*len(wire)+1<<10 {
				t.Errorf("%d bytes are kept in %d", len(wire), held)
			}
			slice.Free()
		}
	}
}

// Every request type of the API has a schema, and its longest path a place.
func TestEverySchema(t *testing.T) {
	all := layouts{}
	for _, m := range must(methodsOf(services(), bindings(&hubStub{}), all))(t) {
		if m.schema == nil || m.schema.root == nil {
			t.Errorf("%s has no schema", m.name)
		}
	}
}
