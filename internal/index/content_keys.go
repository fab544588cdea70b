package index

import (
	"google.golang.org/protobuf/proto"

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

// ContentKeys are the forms of all identifiers of a content, those of subjects
// and of assets. Those that cannot be understood have none: a content that was
// accepted has no such. Card numbers, which are in no content, are missing.
func ContentKeys(content proto.Message) (keys []IdentifierKey) {
	if c, ok := content.(*ententev1.SeizureContent); ok {
		for _, a := range c.GetAssets() {
			keys = understood(keys, a.GetIdentifiers())
		}
	}
	if c, ok := content.(interface{ GetSubjects() []*ententev1.Subject }); ok {
		for _, s := range c.GetSubjects() {
			keys = understood(keys, s.GetIdentifiers())
		}
	}
	return keys
}

func understood(keys []IdentifierKey, list []*ententev1.Identifier) []IdentifierKey {
	for _, id := range list {
		if finding, err := identifier.Understand(id); err == nil {
			keys = append(keys, IdentifierKeys(id.GetType(), finding)...)
		}
	}
	return keys
}
