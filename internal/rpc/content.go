package rpc

import (
	"bytes"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/seed-1d76a664/entente/internal/fault"
)

// The reasons for which a content is refused as it was given.
const (
	// reasonGivenTwice: the content, or something around it, came more than
	// once; protocol buffers would merge the parts into bytes that nobody sent.
	reasonGivenTwice = "CONTENT_GIVEN_TWICE"
	// reasonDiffers: plain and plain_bytes are both given and are not the same.
	reasonDiffers = "CONTENT_DIFFERS"
)

// site is where the content stands in a request: at most one place, the same in
// every message of the type.
type site struct {
	path         []protoreflect.FieldDescriptor // from the request to the holder
	plain, bytes protoreflect.FieldDescriptor   // of the holder
	content      protoreflect.MessageType
}

// siteOf finds the content of a request type, nil if it has none. A type where
// it could stand in two places, or in a list, is an error: the bytes of one
// could then pass for another's.
func siteOf(t protoreflect.MessageType) (*site, error) {
	var found []*site
	search := finder{above: map[protoreflect.FullName]bool{}, found: &found}
	if err := search.in(t.Descriptor(), nil); err != nil {
		return nil, err
	}
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		found[0].content = typeAt(t, append(found[0].path, found[0].plain))
		return found[0], nil
	default:
		return nil, fmt.Errorf("rpc: %s may hold a content in more than one place", t.Descriptor().FullName())
	}
}

// typeAt is the Go type at the end of a path of singular message fields.
func typeAt(t protoreflect.MessageType, path []protoreflect.FieldDescriptor) protoreflect.MessageType {
	m := t.New()
	for _, f := range path {
		m = m.NewField(f).Message()
	}
	return m.Type()
}

type finder struct {
	above map[protoreflect.FullName]bool
	found *[]*site
}

func (s finder) in(d protoreflect.MessageDescriptor, path []protoreflect.FieldDescriptor) error {
	if plain, twin := twinOf(d); plain != nil {
		*s.found = append(*s.found, &site{path: slices.Clone(path), plain: plain, bytes: twin})
		return nil
	}
	if s.above[d.FullName()] {
		return nil
	}
	s.above[d.FullName()] = true
	defer delete(s.above, d.FullName())
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		if f.Message() == nil {
			continue
		}
		if (f.IsList() || f.IsMap()) && holdsTwin(f.Message(), nil) {
			return fmt.Errorf("rpc: %s is a list with a content below it", f.FullName())
		}
		if err := s.in(f.Message(), append(path, f)); err != nil {
			return err
		}
	}
	return nil
}

// settle makes the two spellings of a content agree in the decoded message: the
// holder's plain_bytes become the bytes that were on the wire, or its plain is
// decoded from them. What the walker saw is copied; nothing aliases the request.
func (s *site) settle(w *walker, m proto.Message) error {
	if !w.hasPlain && !w.hasTwin {
		return nil
	}
	if w.hasPlain && w.hasTwin && !bytes.Equal(w.plain, w.twin) {
		return s.refuse(reasonDiffers, "give plain or plain_bytes, or the same content in both")
	}
	holder := m.ProtoReflect()
	for _, f := range s.path {
		if !holder.Has(f) {
			return nil // another arm of a oneof came later and replaced it
		}
		holder = holder.Mutable(f).Message()
	}
	if !w.hasPlain {
		return s.decode(w.twin, holder)
	}
	if !holder.Has(s.plain) {
		return s.refuse(reasonGivenTwice, "give one kind of content")
	}
	holder.Set(s.bytes, protoreflect.ValueOfBytes(bytes.Clone(w.plain)))
	return nil
}

// decode makes plain from plain_bytes, where only those were given.
func (s *site) decode(b []byte, holder protoreflect.Message) error {
	if o := s.plain.ContainingOneof(); o != nil && holder.WhichOneof(o) != nil {
		return s.refuse(reasonGivenTwice, "give one kind of content")
	}
	content := s.content.New()
	if err := decoding().Unmarshal(b, content.Interface()); err != nil {
		return s.refuse(reasonMalformed, "give the bytes of the content as protocol buffers write it")
	}
	holder.Set(s.plain, protoreflect.ValueOfMessage(content))
	return nil
}

// refuse is a violation of the content's bytes, with the whole path.
func (s *site) refuse(reason, description string) *fault.Fault {
	f := refused(reason, description).Under(s.bytes.JSONName())
	for _, above := range slices.Backward(s.path) {
		f = f.Under(above.JSONName())
	}
	return f
}
