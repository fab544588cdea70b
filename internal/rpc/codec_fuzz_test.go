package rpc

import (
	"bytes"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

func newFile(f *descriptorpb.FileDescriptorProto) (protoreflect.FileDescriptor, error) {
	return protodesc.NewFile(f, nil)
}

// FuzzDecode: whatever the bytes, decoding ends; what it refuses is Invalid; what
// it accepts holds nothing unknown, and, where there is a content, its bytes
// decode to it and stand in the request.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(nil))
	full, err := proto.Marshal(&ententev1.SubmitIntelligenceItemRequest{
		Justification: justified(), RequestId: "r",
		Draft: &ententev1.IntelligenceItemDraft{
			Content: &ententev1.IntelligenceItemDraft_Plain{Plain: &ententev1.IntelligenceContent{
				Title: "t", Narrative: "n", Subjects: []*ententev1.Subject{{}, {}},
				CrimeAreas: []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING},
			}},
			Release: &ententev1.Release{Audience: &ententev1.Audience{Agencies: []string{"agencies/it-police"}}},
		},
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(full)
	f.Add(append(bytes.Clone(full), full...))
	request := new(ententev1.SubmitIntelligenceItemRequest)
	s, err := newSchema(request.ProtoReflect().Type(), layouts{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		m := new(ententev1.SubmitIntelligenceItemRequest)
		if err := s.decode(wire, m); err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("%v", err)
			}
			return
		}
		if at := unknownIn(m.ProtoReflect()); at != "" {
			t.Fatalf("%s holds something unknown", at)
		}
		d := m.GetDraft()
		if d.GetPlain() == nil {
			return
		}
		again := new(ententev1.IntelligenceContent)
		if err := proto.Unmarshal(d.GetPlainBytes(), again); err != nil || !proto.Equal(again, d.GetPlain()) {
			t.Fatalf("the accepted bytes are not the content: %v", err)
		}
		if !bytes.Contains(wire, d.GetPlainBytes()) {
			t.Fatal("the accepted bytes were never sent")
		}
	})
}

// unknownIn names the first message that kept an unknown field.
func unknownIn(m protoreflect.Message) (at string) {
	if len(m.GetUnknown()) > 0 {
		return string(m.Descriptor().FullName())
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.Message() == nil:
		case f.IsList():
			for i := range v.List().Len() {
				if at == "" {
					at = unknownIn(v.List().Get(i).Message())
				}
			}
		default:
			at = unknownIn(v.Message())
		}
		return at == ""
	})
	return at
}

// BenchmarkDecode shows what the walk costs beside the decoding.
func BenchmarkDecode(b *testing.B) {
	request := &ententev1.SubmitIntelligenceItemRequest{Justification: justified(), Draft: &ententev1.IntelligenceItemDraft{
		Content: &ententev1.IntelligenceItemDraft_Plain{Plain: &ententev1.IntelligenceContent{Title: "t", Narrative: string(bytes.Repeat([]byte("word "), 300))}},
	}}
	wire, err := proto.Marshal(request)
	if err != nil {
		b.Fatal(err)
	}
	s, err := newSchema(request.ProtoReflect().Type(), layouts{})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(len(wire)))
		for b.Loop() {
			if err := s.decode(wire, new(ententev1.SubmitIntelligenceItemRequest)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("unmarshal alone", func(b *testing.B) {
		b.SetBytes(int64(len(wire)))
		for b.Loop() {
			if err := proto.Unmarshal(wire, new(ententev1.SubmitIntelligenceItemRequest)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
