package rpc

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/seed-1d76a664/entente/internal/fault"
)

// schema is how the requests of one method are read. It is worked out from the
// descriptors at start; nothing is written for a single type.
type schema struct {
	root *layout
	site *site // nil for a request without content
}

// newSchema works out a request type, with the layouts that others have made.
func newSchema(t protoreflect.MessageType, all layouts) (*schema, error) {
	root, err := all.of(t.Descriptor())
	if err != nil {
		return nil, err
	}
	site, err := siteOf(t)
	if err != nil {
		return nil, err
	}
	return &schema{root: root, site: site}, nil
}

// decoding is how bytes become messages, everywhere in this room.
func decoding() proto.UnmarshalOptions { return proto.UnmarshalOptions{RecursionLimit: maxDepth} }

// decode reads a request into m. What it accepts has no unknown field at any
// depth, only UTF-8, and, where it holds a content, exactly one of which both
// spellings agree byte for byte. m shares no memory with b. The error is a
// fault.Invalid; m is then unspecified.
func (s *schema) decode(b []byte, m proto.Message) error {
	_, err := s.decodeParts(b, m)
	return err
}

// decodeParts is decode, and tells of how many messages and list elements m is made.
func (s *schema) decodeParts(b []byte, m proto.Message) (parts int, err error) {
	var w walker
	if f := w.message(s.root, b, maxDepth); f != nil {
		return w.parts, f
	}
	return w.parts, s.finish(&w, b, m)
}

// finish decodes what was found sound.
func (s *schema) finish(w *walker, b []byte, m proto.Message) error {
	if err := decoding().Unmarshal(b, m); err != nil {
		return fault.Wrap(err, fault.Invalid, reasonMalformed,
			"The bytes are no message of the type that the method declares; check the client's version of the API.")
	}
	if s.site == nil {
		return nil
	}
	return s.site.settle(w, m)
}
