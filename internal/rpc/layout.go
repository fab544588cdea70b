package rpc

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// maxFieldNumber bounds the tables of a layout. Our own numbers stay below 100.
const maxFieldNumber = 4096

// layout is what the decoder must know of a message type to check its bytes
// without decoding them. Layouts are made at start and never change.
type layout struct {
	slots []slot // by field number; a slot without name is not a field
	twin  *twin  // set where a content stands beside its own bytes
}

// slot is one field of a message, as it stands on the wire.
type slot struct {
	name     string // in JSON spelling; empty for a number that is no field
	wire     protowire.Type
	packable bool    // a repeated number: may also come packed, as bytes
	text     bool    // must be UTF-8
	list     bool    // may come more than once
	message  *layout // of a message field
	// carrier is true where a content lies below a field that is no list: given
	// twice, the two would be merged, and no bytes would be the accepted ones.
	carrier bool
}

// twin names the two fields that hold a content and its bytes.
type twin struct {
	plain, bytes protowire.Number
}

// The names by which a twin is known: a message field "plain" and, in the same
// message, a bytes field "plain_bytes".
const (
	plainField = "plain"
	bytesField = "plain_bytes"
)

// slot of a field number, nil for a number that is no field.
func (l *layout) slot(n protowire.Number) *slot {
	if int(n) >= len(l.slots) || l.slots[n].name == "" {
		return nil
	}
	return &l.slots[n]
}

// accepts tells whether the field may come with this wire type.
func (s *slot) accepts(t protowire.Type) bool {
	return t == s.wire || s.packable && t == protowire.BytesType
}

// layouts makes each layout once, so that types may refer to each other.
type layouts map[protoreflect.FullName]*layout

func (all layouts) of(d protoreflect.MessageDescriptor) (*layout, error) {
	if l := all[d.FullName()]; l != nil {
		return l, nil
	}
	l := &layout{}
	all[d.FullName()] = l
	fields := d.Fields()
	for i := range fields.Len() {
		if err := all.add(l, fields.Get(i)); err != nil {
			return nil, err
		}
	}
	if plain, bytes := twinOf(d); plain != nil {
		l.twin = &twin{plain: plain.Number(), bytes: bytes.Number()}
	}
	return l, nil
}

func (all layouts) add(l *layout, f protoreflect.FieldDescriptor) error {
	wire, err := wireType(f)
	if err != nil {
		return err
	}
	n := int(f.Number())
	if n > maxFieldNumber {
		return fmt.Errorf("rpc: %s has a number above %d, for which the decoder has no room", f.FullName(), maxFieldNumber)
	}
	if n >= len(l.slots) {
		l.slots = append(l.slots, make([]slot, n+1-len(l.slots))...)
	}
	s := slot{
		name:     f.JSONName(),
		wire:     wire,
		list:     f.Cardinality() == protoreflect.Repeated,
		packable: f.IsList() && wire != protowire.BytesType,
		text:     f.Kind() == protoreflect.StringKind,
	}
	if m := f.Message(); m != nil {
		if s.message, err = all.of(m); err != nil {
			return err
		}
		s.carrier = !s.list && holdsTwin(m, nil)
	}
	l.slots[n] = s
	return nil
}

// wireType is how one value of the field is written. Groups are not: no message
// of ours has any, and they are what recursion bombs are made of.
func wireType(f protoreflect.FieldDescriptor) (protowire.Type, error) {
	switch f.Kind() {
	case protoreflect.StringKind, protoreflect.BytesKind, protoreflect.MessageKind:
		return protowire.BytesType, nil
	case protoreflect.DoubleKind, protoreflect.Fixed64Kind, protoreflect.Sfixed64Kind:
		return protowire.Fixed64Type, nil
	case protoreflect.FloatKind, protoreflect.Fixed32Kind, protoreflect.Sfixed32Kind:
		return protowire.Fixed32Type, nil
	case protoreflect.GroupKind:
		return 0, fmt.Errorf("rpc: %s is a group, which no request may hold", f.FullName())
	default:
		return protowire.VarintType, nil
	}
}

// twinOf returns the content field of a message and the field of its bytes, or
// nil twice.
func twinOf(d protoreflect.MessageDescriptor) (plain, bytes protoreflect.FieldDescriptor) {
	plain, bytes = d.Fields().ByName(plainField), d.Fields().ByName(bytesField)
	if plain == nil || plain.Message() == nil || plain.IsList() || bytes == nil || bytes.Kind() != protoreflect.BytesKind {
		return nil, nil
	}
	return plain, bytes
}

// holdsTwin tells whether a twin stands in the message or anywhere below it.
func holdsTwin(d protoreflect.MessageDescriptor, above []protoreflect.FullName) bool {
	if plain, _ := twinOf(d); plain != nil {
		return true
	}
	for _, name := range above {
		if name == d.FullName() {
			return false
		}
	}
	above = append(above, d.FullName())
	fields := d.Fields()
	for i := range fields.Len() {
		if m := fields.Get(i).Message(); m != nil && holdsTwin(m, above) {
			return true
		}
	}
	return false
}
