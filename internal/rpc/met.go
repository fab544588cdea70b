package rpc

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// rulebook tells of a message that it surely meets its rules, at a tenth of what it
// takes to evaluate them: nearly all messages do. It knows the kinds of rules that the
// proto files use. Of all else it is not sure, and then the validator decides, and says
// what is wrong. A test holds the two side by side.
type rulebook map[protoreflect.FullName]*chapter

// chapter is the rules of one type of message.
type chapter struct {
	unsure  bool // a rule of an unknown kind is among them
	either  bool // of a Justification: a case or a reason
	fields  []ruled
	choices []choice                       // the fields of which one of several may be set
	oneofs  []protoreflect.OneofDescriptor // of which each must be set
	read    bool                           // to its end
}

// choice is fields of which one is set, or none.
type choice struct {
	of   protoreflect.OneofDescriptor
	arms []ruled
}

// ruled is a field with rules, or with a message that has some.
type ruled struct {
	field     protoreflect.FieldDescriptor
	list      bool
	absent    bool // it may be left out
	plain     bool // to be left out is to have the default, of which the same holds
	unique    bool
	few, many uint64
	value     func(protoreflect.Value) bool // nil, or the rules of the value, or of each in the list
	below     *chapter                      // nil, or the rules of the message, or of each in the list
}

// surely tells that a message meets its rules; false if it does not, or may not.
func (b rulebook) surely(m proto.Message) bool {
	r := m.ProtoReflect()
	c := b[r.Descriptor().FullName()]
	return c != nil && c.met(r)
}

func (c *chapter) met(m protoreflect.Message) bool {
	if c.unsure || c.either && !excused(m) {
		return false
	}
	for _, o := range c.oneofs {
		if m.WhichOneof(o) == nil {
			return false
		}
	}
	for i := range c.choices {
		if !c.choices[i].met(m) {
			return false
		}
	}
	for i := range c.fields {
		if !c.fields[i].met(m) {
			return false
		}
	}
	return true
}

func (c *choice) met(m protoreflect.Message) bool {
	set := m.WhichOneof(c.of)
	if set == nil {
		return true
	}
	for i := range c.arms {
		if r := &c.arms[i]; r.field.Number() == set.Number() {
			return r.one(m.Get(set))
		}
	}
	return true
}

func (r *ruled) met(m protoreflect.Message) bool {
	if r.plain {
		return r.value(m.Get(r.field))
	}
	if !m.Has(r.field) {
		return r.absent
	}
	v := m.Get(r.field)
	if r.list {
		return r.all(v.List())
	}
	return r.one(v)
}

func (r *ruled) one(v protoreflect.Value) bool {
	return (r.value == nil || r.value(v)) && (r.below == nil || r.below.met(v.Message()))
}

// manyUnique is up to how many elements are compared each with each.
const manyUnique = 32

func (r *ruled) all(list protoreflect.List) bool {
	n := list.Len()
	if uint64(n) < r.few || uint64(n) > r.many || r.unique && n > manyUnique {
		return false
	}
	for i := range n {
		v := list.Get(i)
		if !r.one(v) {
			return false
		}
		for j := 0; r.unique && j < i; j++ {
			if list.Get(j).Equal(v) {
				return false
			}
		}
	}
	return true
}
