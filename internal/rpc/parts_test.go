package rpc

import (
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// A request is bounded by what it is made of, not by its bytes alone: a mebibyte of
// empty subjects, of empty names or of packed zeros never becomes a message.
func TestPartsAreBounded(t *testing.T) {
	empty := func(field protowire.Number, n int) []byte {
		var b []byte
		for range n {
			b = protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), nil)
		}
		return b
	}
	number := func(m proto.Message, name string) protowire.Number {
		return m.ProtoReflect().Descriptor().Fields().ByTextName(name).Number()
	}
	within := func(inner []byte, fields ...protowire.Number) []byte {
		for _, f := range fields {
			inner = protowire.AppendBytes(protowire.AppendTag(nil, f, protowire.BytesType), inner)
		}
		return inner
	}
	draft, plain := number(new(ententev1.SubmitIntelligenceItemRequest), "draft"), number(new(ententev1.IntelligenceItemDraft), "plain")
	subjects, areas := number(new(ententev1.IntelligenceContent), "subjects"), number(new(ententev1.IntelligenceContent), "crime_areas")
	names := number(new(ententev1.BatchGetIntelligenceItemsRequest), "names")
	for what, c := range map[string]struct {
		wire    []byte
		into    proto.Message
		refused bool
	}{
		"subjects":     {within(empty(subjects, maxParts), plain, draft), new(ententev1.SubmitIntelligenceItemRequest), true},
		"few subjects": {within(empty(subjects, maxParts-2), plain, draft), new(ententev1.SubmitIntelligenceItemRequest), false},
		"packed":       {within(make([]byte, maxParts), areas, plain, draft), new(ententev1.SubmitIntelligenceItemRequest), true},
		"names":        {empty(names, maxParts+1), new(ententev1.BatchGetIntelligenceItemsRequest), true},
	} {
		err := schemaFor(t, c.into).decode(c.wire, c.into)
		if c.refused != (err != nil) || err != nil && fault.As(err).Violations[0].Reason != reasonTooManyParts {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// What is made of very many parts is told the first violation only.
func TestManyPartsAreToldOneViolation(t *testing.T) {
	s := must(newShape(requestTypes(services())))(t)
	m := &ententev1.BatchGetIntelligenceItemsRequest{Names: make([]string, 50)}
	if n := len(fault.As(s.check(m)).Violations); n < 50 {
		t.Errorf("%d violations of a small request", n)
	}
	if n := len(fault.As(s.checkParts(m, manyParts+1)).Violations); n != 1 {
		t.Errorf("%d violations of a large request", n)
	}
}
