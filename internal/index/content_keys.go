package index

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
)

// TextTerms is ItemTextTerms or SeizureTextTerms of a content whose identifiers
// have yet to be read; a message of another type has none.
func (h *Hasher) TextTerms(content proto.Message) []Term {
	switch c := content.(type) {
	case *ententev1.IntelligenceContent:
		return h.ItemTextTerms(c, ContentKeys(c))
	case *ententev1.SeizureContent:
		return h.SeizureTextTerms(c, ContentKeys(c))
	default:
		return nil
	}
}

// ContentKeys are the forms of all identifiers that stand anywhere in a
// content, in no order. Those that cannot be understood have none: a content
// that was accepted has no such.
func ContentKeys(content proto.Message) []IdentifierKey {
	var keys []IdentifierKey
	eachIdentifier(content.ProtoReflect(), func(id *ententev1.Identifier) {
		if f, err := identifier.Understand(id); err == nil {
			keys = append(keys, IdentifierKeys(id.GetType(), f)...)
		}
	})
	return keys
}

// eachIdentifier visits the identifiers in a message and in what it holds.
func eachIdentifier(m protoreflect.Message, visit func(*ententev1.Identifier)) {
	if id, ok := m.Interface().(*ententev1.Identifier); ok {
		visit(id)
		return
	}
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case field.Message() == nil || field.IsMap():
		case field.IsList():
			for i := range value.List().Len() {
				eachIdentifier(value.List().Get(i).Message(), visit)
			}
		default:
			eachIdentifier(value.Message(), visit)
		}
		return true
	})
}
