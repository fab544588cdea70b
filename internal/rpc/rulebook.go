package rpc

import (
	"math"
	"regexp"
	"slices"
	"unicode/utf8"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// newRulebook reads the rules of types and of all that is below them.
func newRulebook(types []protoreflect.MessageDescriptor) rulebook {
	b := rulebook{}
	for _, t := range types {
		b.chapter(t)
	}
	return b
}

// chapter reads the rules of a type; unfinished where the type is inside itself.
func (b rulebook) chapter(d protoreflect.MessageDescriptor) *chapter {
	if c, begun := b[d.FullName()]; begun {
		return c
	}
	c := new(chapter)
	b[d.FullName()] = c
	rules, err := protovalidate.ResolveMessageRules(d)
	c.either = caseOrReason(d, rules)
	c.unsure = err != nil || !c.either && !only(rules)
	for i := range d.Oneofs().Len() {
		o := d.Oneofs().Get(i)
		rules, err := protovalidate.ResolveOneofRules(o)
		c.unsure = c.unsure || err != nil || !only(rules, "required")
		if rules.GetRequired() {
			c.oneofs = append(c.oneofs, o)
		}
	}
	for i := range d.Fields().Len() {
		r := b.ruled(d.Fields().Get(i))
		switch o := r.field.ContainingOneof(); {
		case !r.matters():
		case o != nil && !o.IsSynthetic() && r.absent:
			c.arm(o, r)
		default:
			c.fields = append(c.fields, r)
		}
	}
	c.read = true
	return c
}

// arm adds a field of which one of several is set.
func (c *chapter) arm(o protoreflect.OneofDescriptor, r ruled) {
	for i := range c.choices {
		if c.choices[i].of == o {
			c.choices[i].arms = append(c.choices[i].arms, r)
			return
		}
	}
	c.choices = append(c.choices, choice{of: o, arms: []ruled{r}})
}

// caseOrReason tells that the only rule over the fields of a type is the one of Justification.
func caseOrReason(d protoreflect.MessageDescriptor, rules *validate.MessageRules) bool {
	return d.FullName() == (*ententev1.Justification)(nil).ProtoReflect().Descriptor().FullName() && only(rules, "cel") &&
		len(rules.GetCel()) == 1 && rules.GetCel()[0].GetExpression() == "this.case_reference != '' || this.reason != ''"
}

// only tells that of rules none but those named are given.
func only(rules proto.Message, names ...protoreflect.Name) bool {
	m := rules.ProtoReflect()
	if !m.IsValid() {
		return true
	}
	known := len(m.GetUnknown()) == 0
	m.Range(func(f protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
		known = known && !f.IsExtension() && slices.Contains(names, f.Name())
		return known
	})
	return known
}

// nothing tells that a chapter has no rules.
func (c *chapter) nothing() bool {
	return c.read && !c.unsure && !c.either && len(c.fields)+len(c.choices)+len(c.oneofs) == 0
}

// ruled reads the rules of a field.
func (b rulebook) ruled(f protoreflect.FieldDescriptor) ruled {
	rules, err := protovalidate.ResolveFieldRules(f)
	r := ruled{field: f, list: f.IsList(), many: math.MaxUint64}
	known := err == nil && !f.IsMap()
	if of := rules; r.list {
		list := of.GetRepeated()
		r.few, r.unique = list.GetMinItems(), list.GetUnique()
		if list.HasMaxItems() {
			r.many = list.GetMaxItems()
		}
		known = known && only(of, "required", "repeated") && only(list, "min_items", "max_items", "unique", "items")
		r.value, known = valueRules(f, list.GetItems(), known && !list.GetItems().GetRequired())
	} else {
		r.value, known = valueRules(f, of, known)
	}
	if !known {
		r.value = func(protoreflect.Value) bool { return false }
	}
	if f.Message() != nil && !f.IsMap() {
		if r.below = b.chapter(f.Message()); r.below.nothing() {
			r.below = nil
		}
	}
	switch {
	case rules.GetRequired():
	case !f.HasPresence() && !f.IsList() && !f.IsMap() && r.value != nil:
		r.absent, r.plain = r.value(f.Default()), true
	case r.list:
		r.absent = r.few == 0
	default:
		r.absent = f.HasPresence() || f.IsMap() && only(rules) || !f.IsMap() && r.value == nil
	}
	return r
}

func (r *ruled) matters() bool {
	return !r.absent || r.unique || r.many != math.MaxUint64 || r.value != nil || r.below != nil
}

// valueRules are the rules of one value; nil if there are none, and known is false if
// there are others than those that are known here.
func valueRules(f protoreflect.FieldDescriptor, rules *validate.FieldRules, sofar bool) (met func(protoreflect.Value) bool, known bool) {
	if !sofar {
		return nil, false
	}
	switch kind := f.Kind(); {
	case only(rules, "required"):
		return nil, true
	case kind == protoreflect.StringKind && only(rules, "required", "string"):
		return stringRules(rules.GetString())
	case kind == protoreflect.EnumKind && only(rules, "required", "enum"):
		return enumRules(f.Enum(), rules.GetEnum())
	case kind == protoreflect.Int32Kind && only(rules, "required", "int32"):
		return numberRules(rules.GetInt32(), func(v protoreflect.Value) int32 { return int32(v.Int()) })
	case kind == protoreflect.Int64Kind && only(rules, "required", "int64"):
		return numberRules(rules.GetInt64(), protoreflect.Value.Int)
	case kind == protoreflect.DoubleKind && only(rules, "required", "double"):
		return numberRules(rules.GetDouble(), protoreflect.Value.Float)
	case kind == protoreflect.BytesKind && only(rules, "required", "bytes") && only(rules.GetBytes(), "max_len"):
		most := atMost(rules.GetBytes().HasMaxLen(), rules.GetBytes().GetMaxLen())
		return func(v protoreflect.Value) bool { return uint64(len(v.Bytes())) <= most }, true
	default:
		return nil, false
	}
}

// atMost is the largest that a rule allows.
func atMost(given bool, most uint64) uint64 {
	if given {
		return most
	}
	return math.MaxUint64
}

func stringRules(r *validate.StringRules) (met func(protoreflect.Value) bool, known bool) {
	if !only(r, "min_len", "max_len", "max_bytes", "pattern") {
		return nil, false
	}
	pattern, err := regexp.Compile(r.GetPattern())
	if err != nil {
		return nil, false
	}
	least, most, bytes := r.GetMinLen(), atMost(r.HasMaxLen(), r.GetMaxLen()), atMost(r.HasMaxBytes(), r.GetMaxBytes())
	empty := least == 0 && pattern.MatchString("")
	return func(v protoreflect.Value) bool {
		s := v.String()
		if s == "" {
			return empty
		}
		size := uint64(len(s))
		if size > bytes || size < least {
			return false
		}
		if size > most || least > 1 {
			if n := uint64(utf8.RuneCountInString(s)); n > most || n < least {
				return false
			}
		}
		return !r.HasPattern() || pattern.MatchString(s)
	}, true
}

func enumRules(e protoreflect.EnumDescriptor, r *validate.EnumRules) (met func(protoreflect.Value) bool, known bool) {
	if !only(r, "defined_only", "in", "not_in") {
		return nil, false
	}
	defined := map[protoreflect.EnumNumber]bool{}
	for i := range e.Values().Len() {
		defined[e.Values().Get(i).Number()] = true
	}
	return func(v protoreflect.Value) bool {
		n := v.Enum()
		return (!r.GetDefinedOnly() || defined[n]) && !slices.Contains(r.GetNotIn(), int32(n)) &&
			(len(r.GetIn()) == 0 || slices.Contains(r.GetIn(), int32(n)))
	}, true
}

// numeric are the rules of numbers.
type numeric[N int32 | int64 | float64] interface {
	proto.Message
	HasGt() bool
	HasGte() bool
	HasLt() bool
	HasLte() bool
	GetGt() N
	GetGte() N
	GetLt() N
	GetLte() N
}

func numberRules[N int32 | int64 | float64](r numeric[N], of func(protoreflect.Value) N) (met func(protoreflect.Value) bool, known bool) {
	crossed := r.HasGte() && r.HasLte() && r.GetGte() > r.GetLte() // then it means what lies outside
	if crossed || r.HasLt() || !only(r, "gt", "gte", "lte", "finite") || r.HasGt() && r.HasLte() {
		return nil, false
	}
	return func(v protoreflect.Value) bool {
		n := of(v)
		return (!r.HasGt() || n > r.GetGt()) && (!r.HasGte() || n >= r.GetGte()) && (!r.HasLte() || n <= r.GetLte()) &&
			!math.IsInf(float64(n), 0) && !math.IsNaN(float64(n))
	}, true
}
