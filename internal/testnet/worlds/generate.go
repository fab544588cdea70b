package worlds

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"time"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// Generator makes requests from what descriptors and validation rules say of them, and aims their texts: a text field takes a target that its rules
// allow, wherever there is one.
type Generator struct {
	// Targets are the texts to aim at: names, references, words, numbers. Those listed first are taken more often.
	Targets []string
	// Now is the moment that times lie around.
	Now time.Time

	patterns map[string]*regexp.Regexp
}

// maxDepth bounds how deep optional messages are filled in.
const maxDepth = 5

// Make makes a request of a type. The same source of chance makes the same request.
func (g *Generator) Make(t protoreflect.MessageType, chance *rand.Rand) proto.Message {
	m := t.New()
	g.fill(m, chance, 0)
	return m.Interface()
}

// Aim gives some text fields of a request other targets, and leaves the rest as it is.
func (g *Generator) Aim(m proto.Message, chance *rand.Rand) {
	g.aim(m.ProtoReflect(), chance, 3)
}

// aim aims one text field in so many; deeper ones more seldom, since they are more and one that does not fit spoils the request. It goes through the
// fields in their order: Range has none, and the same chance would make other requests.
func (g *Generator) aim(m protoreflect.Message, chance *rand.Rand, oneIn int) {
	fields := m.Descriptor().Fields()
	for n := range fields.Len() {
		f := fields.Get(n)
		v := m.Get(f)
		switch {
		case !m.Has(f), f.IsMap():
		case f.IsList() && f.Message() != nil:
			for i := range v.List().Len() {
				g.aim(v.List().Get(i).Message(), chance, 4*oneIn)
			}
		case f.Message() != nil:
			g.aim(v.Message(), chance, 4*oneIn)
		case f.Kind() == protoreflect.StringKind && !f.IsList() && chance.IntN(oneIn) == 0:
			if text, ok := g.target(rulesOf(f).GetString(), chance); ok {
				m.Set(f, protoreflect.ValueOfString(text))
			}
		}
	}
}

func (g *Generator) fill(m protoreflect.Message, chance *rand.Rand, depth int) {
	if stamp, ok := m.Interface().(*timestamppb.Timestamp); ok {
		stamp.Seconds = g.Now.Unix() + chance.Int64N(200_000) - 100_000
		return
	}
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		if f.ContainingOneof() == nil && g.wanted(f, chance, depth) {
			g.set(m, f, chance, depth)
		}
	}
	oneofs := m.Descriptor().Oneofs()
	for i := range oneofs.Len() {
		arms := oneofs.Get(i).Fields()
		g.set(m, arms.Get(chance.IntN(arms.Len())), chance, depth)
	}
}

// wanted tells whether a field is filled in: always when it must be, else by chance, and less and less often the deeper it lies.
func (g *Generator) wanted(f protoreflect.FieldDescriptor, chance *rand.Rand, depth int) bool {
	rules := rulesOf(f)
	switch {
	case rules.GetRequired(), rules.GetRepeated().GetMinItems() > 0, rules.GetString().GetMinLen() > 0:
		return true
	case f.Message() != nil && depth >= maxDepth:
		return false
	case f.Kind() == protoreflect.EnumKind && !f.IsList() && len(rules.GetEnum().GetNotIn()) > 0:
		return true // zero is refused
	case f.Kind() == protoreflect.StringKind && !f.IsList() && rules.GetString().GetPattern() != "" && !g.pattern(rules.GetString().GetPattern()).MatchString(""):
		return true // empty is refused
	}
	return chance.IntN(3) == 0
}

func (g *Generator) set(m protoreflect.Message, f protoreflect.FieldDescriptor, chance *rand.Rand, depth int) {
	if f.IsList() {
		rules := rulesOf(f).GetRepeated()
		list := m.Mutable(f).List()
		for range max(int(rules.GetMinItems()), 1+chance.IntN(2)) {
			g.add(list, f, rules.GetItems(), chance, depth)
		}
		return
	}
	if f.Message() != nil {
		g.fill(m.Mutable(f).Message(), chance, depth+1)
		return
	}
	m.Set(f, g.scalar(f, rulesOf(f), chance))
}

// add adds an element that is not there yet.
func (g *Generator) add(list protoreflect.List, f protoreflect.FieldDescriptor, rules *validate.FieldRules, chance *rand.Rand, depth int) {
	if f.Message() != nil {
		g.fill(list.AppendMutable().Message(), chance, depth+1)
		return
	}
	v := g.scalar(f, rules, chance)
	for i := range list.Len() {
		if list.Get(i).Equal(v) {
			return
		}
	}
	list.Append(v)
}

// scalar makes a value within the rules.
func (g *Generator) scalar(f protoreflect.FieldDescriptor, rules *validate.FieldRules, chance *rand.Rand) protoreflect.Value {
	switch f.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(chance.IntN(2) == 0)
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(enumValue(f, rules.GetEnum(), chance))
	case protoreflect.StringKind:
		text, _ := g.target(rules.GetString(), chance)
		return protoreflect.ValueOfString(text)
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(nil)
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(int32(chance.IntN(4)))
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(int64(chance.IntN(4)))
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(float64(chance.IntN(90)))
	default:
		return f.Default()
	}
}

func enumValue(f protoreflect.FieldDescriptor, rules *validate.EnumRules, chance *rand.Rand) protoreflect.EnumNumber {
	if in := rules.GetIn(); len(in) > 0 {
		return protoreflect.EnumNumber(in[chance.IntN(len(in))])
	}
	values := f.Enum().Values()
	return values.Get(1 + chance.IntN(values.Len()-1)).Number() // the first is "not stated"
}

// target is a text that the rules allow: an aimed one where there is one, else one made up.
func (g *Generator) target(rules *validate.StringRules, chance *rand.Rand) (text string, ok bool) {
	var fit []string
	for _, t := range g.Targets {
		if g.allows(rules, t) {
			fit = append(fit, t)
		}
	}
	if len(fit) > 0 {
		// The product of two draws prefers what stands first.
		return fit[int(chance.Float64()*chance.Float64()*float64(len(fit)))], true
	}
	for _, t := range []string{"", "word", "2026-11", "FR", "a@b.example", "+33123456789", strings.Repeat("0", 64), "image/jpeg", "/", "EUR"} {
		if g.allows(rules, t) {
			return t, false
		}
	}
	return "word", false
}

func (g *Generator) allows(rules *validate.StringRules, text string) bool {
	n := uint64(len([]rune(text)))
	switch {
	case n < rules.GetMinLen(), rules.HasMaxLen() && n > rules.GetMaxLen(), rules.HasMaxBytes() && uint64(len(text)) > rules.GetMaxBytes():
		return false
	case rules.GetPattern() == "":
		return true
	}
	return g.pattern(rules.GetPattern()).MatchString(text)
}

func (g *Generator) pattern(expression string) *regexp.Regexp {
	if g.patterns == nil {
		g.patterns = map[string]*regexp.Regexp{}
	}
	if g.patterns[expression] == nil {
		g.patterns[expression] = regexp.MustCompile(expression)
	}
	return g.patterns[expression]
}

// rulesOf are the validation rules of a field; those of nothing when there are none.
func rulesOf(f protoreflect.FieldDescriptor) *validate.FieldRules {
	rules, _ := proto.GetExtension(f.Options(), validate.E_Field).(*validate.FieldRules)
	return rules
}
