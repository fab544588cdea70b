package index

import (
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
)

// IdentifierKey is one form under which an identifier is compared: a value
// within a namespace, as package identifier has them. A namespace is the name
// of an identifier type, DOMAIN, or one of the hub's own, such as the keyed
// hash of a card number; it never holds a NUL.
type IdentifierKey struct{ Namespace, Value string }

// IdentifierKeys lists the forms of a finding about an identifier of the given
// type: its normal form and its further keys. Two identifiers are the same
// thing if they share one.
func IdentifierKeys(of ententev1.IdentifierType, f identifier.Finding) []IdentifierKey {
	keys := make([]IdentifierKey, 0, 1+len(f.Keys))
	keys = append(keys, IdentifierKey{Namespace: identifier.Namespace(of), Value: f.Normalized})
	for _, key := range f.Keys {
		namespace, value := identifier.SplitKey(of, key)
		keys = append(keys, IdentifierKey{Namespace: namespace, Value: value})
	}
	return keys
}

// identifiers posts or asks for identifier keys.
func (h *Hasher) identifiers(terms []Term, keys []IdentifierKey) []Term {
	for _, k := range keys {
		terms = append(terms, h.spaced(FieldIdentifier, k.Namespace, k.Value))
	}
	return terms
}

// Identifier is the term of an identifier's normal form: the first of those that Identifiers makes of its keys.
func (h *Hasher) Identifier(of ententev1.IdentifierType, normalized string) Term {
	return h.spaced(FieldIdentifier, identifier.Namespace(of), normalized)
}

// Identifiers are the terms of identifier keys: a record that has one of them has
// an identifier in one of these forms.
func (h *Hasher) Identifiers(keys []IdentifierKey) AnyOf { return h.identifiers(nil, keys) }
