package index

import (
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
)

// Analysis is what a content brings into the index beside the terms that are
// stored with it. It is never changed.
type Analysis struct {
	// Terms are those of ItemTextTerms or SeizureTextTerms.
	Terms []Term
	// Names are those in the content; nil for what is no content, and where they take more than MostNames.
	Names *Names
	// Spots are those of the content's places.
	Spots Spots
}

// Analyse is the analysis of a content. keys are the forms of its identifiers,
// as ContentKeys gives them.
func (h *Hasher) Analyse(content proto.Message, keys []IdentifierKey) Analysis {
	switch c := content.(type) {
	case *ententev1.IntelligenceContent:
		names := readNames(c.GetSubjects())
		return Analysis{h.itemTextTerms(c, keys, names), names.bounded(), spotsOf(c, nil)}
	case *ententev1.SeizureContent:
		names := readNames(c.GetSubjects())
		return Analysis{h.seizureTextTerms(c, keys, names), names.bounded(), spotsOf(c, c.GetAssets())}
	default:
		return Analysis{}
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
